"""Answers by mail: from the notice that carries an address to the post, and all that is refused."""

import io
import sys

import pytest
from django.core import mail as outbox
from django.core.management import call_command

from accounts.models import MailKind, MailPace, OutgoingMail
from accounts.tasks import send_outgoing_mail
from community.models import Follow, Post, ReceivedMail
from community.reply_addresses import reply_address, reply_to
from community.services import posts, threads
from community.services.mail_in import receive_mail
from community.services.telling import tell_followers
from core.incoming_mail import CUT
from tests.core.test_incoming_mail import ODD, mail
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def address(settings):
    settings.REPLY_ADDRESS = "reply@portal.example"


@pytest.fixture
def ana():
    return MembershipFactory(member__email="ana@example.org", member__name="Ana").member


@pytest.fixture
def post():
    thread = make.ThreadFactory(space__slug="room", title="Counting")
    return thread.posts.get()


def answer(post, member, body=b"We count *days*.", **headers):
    to = {"To": reply_address(post.pk, member.pk), "From": f"Ana <{member.email}>"}
    return mail(body, **(to | {"Message_ID": "<1@example.org>"} | headers))


def test_an_answer_becomes_a_post_once(post, ana):
    raw = answer(
        post, ana, b"We count *days*.\r\n\r\nOn Monday, 2 November, Portal wrote:\r\n> So?"
    )

    first, again = receive_mail(raw), receive_mail(raw)

    assert first == again
    assert first.outcome == "posted"
    written = post.thread.posts.get(number=2)
    assert (written.author, written.text, written.answers) == (ana, "We count *days*.", post)
    assert first.raw is None


def test_an_address_cannot_be_made_or_borrowed(post, ana):
    known = reply_address(post.pk, ana.pk)
    assert reply_to(known.upper()) == (post.pk, ana.pk)
    for forged in (
        reply_address(post.pk + 1, ana.pk).rpartition("-")[0] + f"-{known.rpartition('-')[2]}",
        "reply+1-1-0000@portal.example",
        "reply+@portal.example",
        "reply@portal.example",
        known.replace("portal", "other"),
        f"x{known}",
    ):
        assert reply_to(forged) is None
        assert receive_mail(mail(To=forged, From=ana.email)).outcome == "dropped"
    stranger = receive_mail(answer(post, ana, From="eve@example.org"))
    other = receive_mail(answer(post, ana, From=MemberFactory().email, Message_ID="<2@x>"))
    assert [stranger.outcome, other.outcome] == ["quarantined"] * 2
    assert bytes(stranger.raw)
    unproved = MemberFactory(verified=False)
    assert receive_mail(answer(post, unproved, Message_ID="<3@x>")).outcome == "quarantined"
    assert Post.objects.count() == 1


def test_machines_and_loops_are_dropped(post, ana):
    for number, headers in enumerate(
        ({"Auto_Submitted": "auto-replied"}, {"Precedence": "list"}, {"Return_Path": "<>"})
    ):
        raw = answer(post, ana, Message_ID=f"<{number}@x>", **headers)
        assert receive_mail(raw).outcome == "dropped"
    assert Post.objects.count() == 1
    assert not OutgoingMail.objects.exists()


def test_who_is_refused_gets_their_text_back(post, ana):
    threads.close_thread(post.thread, summary="", by=MemberFactory(moderator=True))

    received = receive_mail(answer(post, ana, Subject="Re: Counting\r\n Bcc: x@example.org"))

    assert received.outcome == "refused"
    told = OutgoingMail.objects.get(to=ana.email)
    assert "takes no more posts" in told.body
    assert "We count *days*." in told.body
    assert "\n" not in told.subject
    quoted = receive_mail(answer(post, ana, b"> Only a quote", Message_ID="<2@x>"))
    assert (quoted.outcome, "no text of yours" in quoted.reason) == ("refused", True)
    too_long = receive_mail(answer(post, ana, b"x" * 30_000, Message_ID="<3@x>"))
    assert too_long.outcome == "refused"


def test_who_may_not_read_it_any_more_does_not_answer(post, ana):
    closed = make.SpaceFactory(closed=True)
    type(post.thread).objects.filter(pk=post.thread.pk).update(space=closed)
    assert receive_mail(answer(post, ana)).outcome == "refused"
    gone = MemberFactory(suspended=True)
    assert receive_mail(answer(post, gone, Message_ID="<2@x>")).outcome == "quarantined"


def test_what_a_newcomer_sends_waits_for_a_moderator(post):
    new = MemberFactory()

    assert receive_mail(answer(post, new)).post.state == "held"


def test_a_notice_carries_the_words_and_is_answered(ana, django_capture_on_commit_callbacks):
    thread = make.ThreadFactory(title="Counting")
    ana.mail_choices = {MailKind.NEWS.value: MailPace.AT_ONCE.value}
    ana.save()
    Follow.objects.create(member=ana, thread=thread, level="watch")
    other = MembershipFactory(member__name="Joko").member
    posts.write_post(thread, text="How do *you* count?", by=other)
    tell_followers()

    owed = OutgoingMail.objects.get(to=ana.email)
    send_outgoing_mail(owed.pk)

    (sent,) = outbox.outbox
    assert "How do *you* count?" in sent.body
    assert CUT in sent.body
    received = receive_mail(
        mail(
            b"By days.\r\n\r\n" + b"\r\n".join(b"> " + x for x in sent.body.encode().split(b"\n")),
            From=ana.email,
            To=sent.reply_to[0],
        )
    )
    assert received.post.text == "By days."
    assert received.post.answers.author == other


def test_the_command_takes_anything_and_never_fails(post, ana, monkeypatch):
    def handed_over(raw):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        out = io.StringIO()
        call_command("receive_mail", stdout=out)
        return out.getvalue().strip()

    assert handed_over(answer(post, ana)) == "posted"
    outcomes = {handed_over(raw) for raw in ODD}
    assert outcomes <= {"dropped", "quarantined"}
    assert Post.objects.count() == 2
    assert ReceivedMail.objects.count() > 50


def test_without_an_address_nothing_is_promised(settings, post, ana):
    raw = answer(post, ana)
    settings.REPLY_ADDRESS = ""

    assert reply_address(post.pk, ana.pk) == ""
    assert receive_mail(raw).outcome == "dropped"

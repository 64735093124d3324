"""Moderators are told what waits: in one mail, as often as they want, never of what they may not
read, at once of what is sensitive.
"""

import datetime

import pytest
from django.utils import timezone

from accounts.models import DigestItem, MailAddress, OutgoingMail
from accounts.services import close_account, end_mail, send_digests
from community.models import QueueTelling, SpacePerson
from community.services.flags import flag, flag_for_words
from tests.api_clients import client_of
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.catalogue import DraftFactory
from tests.factories.hubs import MembershipFactory
from tests.factories.moderation import AppealFactory, DecisionFactory, FlagFactory

pytestmark = pytest.mark.django_db
SPARE = {"moderation": "off"}  # nothing but the queue


def moderator(**choices):
    return MemberFactory(moderator=True, mail_choices=SPARE | choices, time_zone="UTC")


START = timezone.now()


def morning(day=1):
    """Return a moment after the morning of a Tuesday, some weeks on, and of the days after it."""
    tuesday = START + datetime.timedelta(days=14 + (1 - START.weekday()) % 7 + day - 1)
    return tuesday.replace(hour=7, minute=0)


def told(member):
    return list(OutgoingMail.objects.filter(to=member.email).order_by("pk"))


@pytest.fixture
def clock(monkeypatch):
    """Return what lets a moment be now for whoever notes when they told."""

    def set_to(now):
        monkeypatch.setattr("community.services.queue_digest.timezone.now", lambda: now)
        return now

    return set_to


def test_one_mail_counts_what_waits_by_reason_and_names_nothing():
    mo = moderator()
    FlagFactory(post__text="A rude word")
    FlagFactory(post=None, thread=make.ThreadFactory(title="Rude thread"))
    make.PostFactory(state="held", text="Held words")
    MemberFactory(pending=True, name="Newcomer")
    MembershipFactory(awaiting=True)
    DraftFactory(submitted=True)
    AppealFactory()

    send_digests(morning())

    (mail,) = told(mo)
    assert "7 things wait for your decision, the oldest since" in mail.body
    for line in (
        "Reported: 2",
        "Held back: 1",
        "Text sent for review: 1",
        "Asks to join: 1",
        "Asks for a role in a hub: 1",
        "Appeal: 1",
    ):
        assert f"– {line}\n" in mail.body
    assert "/community/moderation/" in mail.body
    assert [word for word in ("ude word", "Rude thread", "Held words") if word in mail.body] == []
    assert "Newcomer" not in mail.body


def test_with_nothing_in_the_queue_there_is_no_mail():
    moderator()

    assert send_digests(morning()) == 0
    assert not QueueTelling.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_it_comes_each_morning_while_something_waits_and_says_what_is_new(clock):
    mo = moderator()
    report = FlagFactory()

    assert send_digests(clock(morning(1))) == 1
    assert send_digests(clock(morning(1) + datetime.timedelta(hours=9))) == 0
    FlagFactory(made_at=morning(1) + datetime.timedelta(hours=10))
    assert send_digests(clock(morning(2))) == 1
    assert [each.body.count("came since") for each in told(mo)] == [0, 1]
    assert "1 came since you were last told." in told(mo)[1].body
    assert "2 things wait" in told(mo)[1].body

    type(report).objects.update(state="dismissed", decision=DecisionFactory())
    send_digests(clock(morning(3)))
    assert len(told(mo)) == 2


def test_what_comes_after_the_morning_waits_for_the_next_one(clock):
    moderator()
    FlagFactory(made_at=morning(1) + datetime.timedelta(hours=1))

    assert send_digests(clock(morning(1) + datetime.timedelta(hours=2))) == 0
    assert send_digests(clock(morning(2))) == 1


def test_once_a_week_is_once_a_week(clock):
    mo = moderator(queue="weekly")
    FlagFactory()

    sent = [send_digests(clock(morning(day))) for day in range(1, 15)]

    # Overdue at first, then each Monday; the first day is a Tuesday.
    assert [day for day, number in enumerate(sent, 1) if number] == [1, 7, 14]
    assert len(told(mo)) == 3


@pytest.mark.parametrize("why", ["off", "dead", "suspended"])
def test_who_wants_or_gets_none_is_told_nothing(why):
    mo = moderator(**({"queue": "off"} if why == "off" else {}))
    FlagFactory()
    if why == "dead":
        MailAddress.objects.create(address=mo.email, state="dead")
    if why == "suspended":
        mo.status = "suspended"
        mo.save()

    assert send_digests(morning()) == 0


def test_each_is_told_of_what_they_may_read_and_decide_alone():
    mo, plain = moderator(), MemberFactory()
    space = make.SpaceFactory(closed=True)
    keeper = MemberFactory()
    SpacePerson.objects.create(space=space, member=keeper, role="moderator")
    secret = make.PostFactory(thread__space=space)
    FlagFactory(post=secret)
    FlagFactory(post__author=mo)  # nobody decides on their own

    send_digests(morning())

    assert told(mo) == told(plain) == []
    (mail,) = told(keeper)
    assert "1 thing waits for your decision" in mail.body


def test_what_waits_in_secret_changes_not_one_byte_of_another_mail():
    one, two = moderator(), moderator()
    FlagFactory()
    space = make.SpaceFactory(closed=True)
    SpacePerson.objects.create(space=space, member=two, role="moderator")
    FlagFactory(post__thread__space=space)

    assert send_digests(morning()) == 2

    assert "1 thing waits" in told(one)[0].body
    assert "2 things wait" in told(two)[0].body


def test_what_is_sensitive_leaves_at_once_also_if_it_was_reported_before():
    mo, quiet = moderator(), moderator(queue="off")
    post = make.PostFactory()

    flag("post", post, reason="rude", by=MemberFactory())
    assert told(mo) == []
    flag("post", post, reason="sensitive", by=MemberFactory())
    flag("post", post, reason="sensitive", by=MemberFactory())

    (mail,) = told(mo)
    assert "Sensitive" in mail.subject
    assert f"/community/moderation/post/{post.pk}/" in mail.body
    assert mail.unsubscribe in mail.body
    assert told(quiet) == told(post.author) == []
    assert not DigestItem.objects.exists()


def test_who_wants_all_at_once_gets_each_first_report_at_once():
    eager, mo = moderator(queue="at_once"), moderator()
    post = make.PostFactory()

    flag("post", post, reason="rude", by=MemberFactory())
    flag("post", post, reason="spam", by=MemberFactory())
    flag_for_words("post", make.PostFactory(), "cars")

    assert len(told(eager)) == 2
    assert told(mo) == []


def test_a_sensitive_report_in_a_closed_space_reaches_its_moderators_alone():
    mo = moderator()
    space = make.SpaceFactory(closed=True)
    keeper = make.SpacePersonFactory(space=space, moderator=True).member
    insider = make.SpacePersonFactory(space=space).member
    post = make.PostFactory(thread__space=space)

    flag("post", post, reason="sensitive", by=insider)

    assert (len(told(keeper)), told(mo), told(insider)) == (1, [], [])


def test_who_decides_chooses_how_often_and_others_are_not_asked():
    keeper = make.SpacePersonFactory(moderator=True).member
    fields = {
        who: set(client_of(member).get("/accounts/mail/").context["form"].fields)
        for who, member in {
            "moderator": moderator(),
            "keeper": keeper,
            "member": MemberFactory(),
        }.items()
    }

    assert "queue" in fields["moderator"] & fields["keeper"]
    assert "queue" not in fields["member"]
    assert "moderation" not in fields["keeper"]


def test_the_end_of_the_mail_that_gathers_all_ends_this_for_those_who_get_it():
    mo, member = moderator(), MemberFactory()

    for each in (mo, member):
        end_mail(each, "digest")
        each.refresh_from_db()

    assert mo.mail_pace("queue") == "off"
    assert "queue" not in member.mail_choices


def test_it_is_forgotten_with_the_account():
    keeper = make.SpacePersonFactory(moderator=True).member
    QueueTelling.objects.create(member=keeper, told_at=timezone.now())

    close_account(keeper, by=keeper)

    assert not QueueTelling.objects.exists()


@pytest.mark.parametrize("number", [1, 12])
def test_statements_do_not_grow_with_what_waits(number, django_assert_max_num_queries):
    moderator()
    for _ in range(number):
        FlagFactory()

    with django_assert_max_num_queries(18) as queries:
        assert send_digests(morning()) == 1
    assert len(queries) == 18

"""Reports, decisions with a reason, undoing, appeals: every rule and every refusal."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import Activity, OutgoingMail
from accounts.services import limit_member, suspend_member
from catalogue.models import SearchRow
from community.models import Appeal, Claim, Decision, Flag, MemberWarning, Post
from community.querysets.moderation import flaggable_by, queue_for, waiting_for
from community.services import appeals, claims, keeping, posts, words
from community.services.deciding import decide
from community.services.flags import MOST_FLAGS, flag
from community.services.undoing import undo
from core.errors import DomainError, StaleEdit
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.catalogue import EntryFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.factories.moderation import AppealFactory, DecisionFactory, FlagFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return MemberFactory(moderator=True, name="Mo")


@pytest.fixture
def other():
    return MemberFactory(moderator=True, name="Olu")


@pytest.fixture
def post():
    return make.PostFactory()


def mails(member):
    return list(OutgoingMail.objects.filter(to=member.email).order_by("pk"))


def queue(user, **asked):
    return [(row.what, row.why, row.pk) for row in queue_for(user, **asked)]


def test_a_report_is_made_once_and_told_to_those_who_decide(post, moderator):
    member = MemberFactory()
    moderator.mail_choices = {"queue": "at_once"}
    moderator.save()

    first = flag("post", post, reason="wrong-facts", text="Mali is not …", by=member)
    again = flag("post", post, reason="spam", by=member)

    assert again == first
    assert Flag.objects.get().reason == "wrong-facts"
    (mail,) = mails(moderator)
    assert f"/community/moderation/post/{post.pk}/" in mail.body
    assert mails(post.author) == []
    activity = Activity.objects.get(verb="flag.raised")
    assert (activity.object_label, activity.object_url) == ("", "")


def test_who_may_report_what(post):
    closed = make.PostFactory(thread__space=make.SpaceFactory(closed=True))
    held = make.PostFactory(state="held")
    hub = HubFactory()
    editor = MembershipFactory(hub=hub, head=True).member
    member = MemberFactory()
    cases = [
        ("post", post, member, True),
        ("post", post, post.author, False),
        ("post", post, MemberFactory(suspended=True), False),
        ("post", post, MemberFactory(pending=True), False),
        ("post", closed, member, False),
        ("post", held, member, False),
        ("thread", post.thread, member, True),
        ("thread", post.thread, post.thread.author, False),
        ("hub", hub, member, True),
        ("hub", hub, editor, False),
        ("entry", EntryFactory(published=True), member, True),
        ("entry", EntryFactory(), member, False),
        ("person", post.author, member, True),
        ("person", member, member, False),
    ]
    for kind, thing, who, may in cases:
        assert flaggable_by(kind, who).filter(pk=thing.pk).exists() is may, (kind, who.status)
        if not may:
            with pytest.raises(PermissionDenied):
                flag(kind, thing, reason="spam", by=who)


def test_nobody_reports_without_end_or_in_the_portals_name(post):
    member = MemberFactory()
    with pytest.raises(PermissionDenied):
        flag("post", post, reason="watched", by=member)
    with pytest.raises(ValidationError):
        flag("post", post, reason="because", by=member)
    for _each in range(MOST_FLAGS):
        FlagFactory(member=member, person=MemberFactory(), post=None)

    with pytest.raises(DomainError, match="20 things"):
        flag("post", post, reason="spam", by=member)


def test_the_queue_holds_what_each_may_read_and_decide_oldest_first(moderator):
    space = make.SpaceFactory(closed=True)
    keeper = make.SpacePersonFactory(space=space, moderator=True).member
    secret = make.PostFactory(thread__space=space)
    FlagFactory(post=secret)
    held = make.PostFactory(state="held", written_at=timezone.now() - datetime.timedelta(days=2))
    flagged = FlagFactory().post
    FlagFactory(post=flagged)
    own = make.PostFactory(author=moderator)
    FlagFactory(post=own)
    waiting = MemberFactory(pending=True)
    hub = HubFactory()
    FlagFactory(post=None, hub=hub)
    asked = MembershipFactory(awaiting=True)

    assert queue(moderator) == [
        ("post", "held", held.pk),
        *sorted(
            [
                ("post", "flag", flagged.pk),
                ("person", "registration", waiting.pk),
                ("hub", "flag", hub.pk),
                ("membership", "role", asked.pk),
            ],
            key=lambda row: [each[:3] for each in queue(moderator)].index(row),
        ),
    ]
    assert queue(moderator, why="held") == [("post", "held", held.pk)]
    assert queue(keeper) == [("post", "flag", secret.pk)]
    for nobody in (MemberFactory(), MemberFactory(moderator=True, status="suspended")):
        assert queue(nobody) == []


def test_removing_upholds_the_reports_and_tells_both_sides(post, moderator):
    one, two = FlagFactory(post=post), FlagFactory(post=post, reason="spam")

    decision = decide(
        "post", post, act="remove", reason="It sells cars.", by=moderator, expected_version=1
    )

    post.refresh_from_db()
    assert (post.state, post.removed_reason, post.removed_by) == (
        "removed",
        "It sells cars.",
        moderator,
    )
    one.refresh_from_db()
    assert (one.state, one.decision) == ("upheld", decision)
    (told,) = mails(post.author)
    assert "It sells cars." in told.body
    assert "/community/my/decisions/" in told.body
    for reporter in (one.member, two.member):
        (told,) = mails(reporter)
        assert post.author.name not in told.body
        assert "It sells cars." not in told.body
    assert queue(moderator) == []
    activity = Activity.objects.get(verb="moderation.decided")
    assert (activity.audience, activity.object_label) == ("moderators", "")


def test_dismissing_leaves_it_and_says_so(post, moderator):
    report = FlagFactory(post=post)

    decide("post", post, act="dismiss", reason="It is a quotation.", by=moderator)

    post.refresh_from_db()
    report.refresh_from_db()
    assert (post.state, report.state) == ("shown", "dismissed")
    assert "leaves it as it is" in mails(report.member)[0].body


def test_every_refusal(post, moderator, other):
    FlagFactory(post=post)
    space_moderator = make.SpacePersonFactory(space=post.thread.space, moderator=True).member
    sanction = {"act": "remove", "reason": "Why.", "measure": "suspend"}
    refused = [
        (PermissionDenied, MemberFactory(), {"act": "remove", "reason": "Why."}),
        (PermissionDenied, post.author, {"act": "remove", "reason": "Why."}),
        (DomainError, moderator, {"act": "remove", "reason": " "}),
        (DomainError, moderator, {"act": "contest", "reason": "Why."}),
        (DomainError, moderator, {"act": "approve", "reason": "Why."}),
        (DomainError, moderator, {"act": "measure", "reason": "Why."}),
        (DomainError, space_moderator, sanction),
        (StaleEdit, moderator, {"act": "remove", "reason": "Why.", "expected_version": 7}),
    ]
    for error, who, asked in refused:
        with pytest.raises(error):
            decide("post", post, by=who, **asked)
    claims.claim("post", post.pk, by=other)
    with pytest.raises(DomainError, match="Olu has taken this on"):
        decide("post", post, act="remove", reason="Why.", by=moderator)
    with pytest.raises(DomainError, match="Olu"):
        claims.claim("post", post.pk, by=moderator)
    Claim.objects.update(claimed_at=timezone.now() - datetime.timedelta(minutes=31))
    claims.claim("post", post.pk, by=moderator)
    decide("post", post, act="remove", reason="Why.", by=moderator)
    with pytest.raises(DomainError, match=r"Mo has decided already: Removed. Reason: Why\."):
        decide("post", post, act="dismiss", reason="Fine.", by=other)
    assert Decision.objects.count() == 1
    assert not Claim.objects.exists()


def test_an_edit_meanwhile_is_shown_before_anything_is_decided(moderator):
    post = make.PostFactory()
    FlagFactory(post=post)
    posts.change_post(post, text="Milder words.", expected_version=1, by=post.author)

    with pytest.raises(StaleEdit) as caught:
        decide("post", post, act="remove", reason="Rude.", by=moderator, expected_version=1)

    assert (caught.value.saved, caught.value.version) == ({"text": "Milder words."}, 2)
    decide("post", post, act="dismiss", reason="Mild.", by=moderator, expected_version=2)


def test_moderators_do_not_decide_on_what_they_may_not_read(moderator):
    space = make.SpaceFactory(closed=True)
    keeper = make.SpacePersonFactory(space=space, moderator=True).member
    post = make.PostFactory(thread__space=space)
    FlagFactory(post=post)

    with pytest.raises(PermissionDenied):
        decide("post", post, act="remove", reason="Why.", by=moderator)
    with pytest.raises(PermissionDenied):
        claims.claim("post", post.pk, by=moderator)
    decision = decide("post", post, act="remove", reason="Why.", measure="warn", by=keeper)

    assert list(Decision.objects.visible_to(keeper)) == [decision]
    assert not Decision.objects.visible_to(moderator).exists()
    assert not Flag.objects.visible_to(moderator).exists()
    with pytest.raises(PermissionDenied):
        undo(decision, by=moderator)


@pytest.mark.parametrize("act", ["approve", "remove"])
def test_a_first_post_is_decided_and_that_undone(act, moderator, other):
    thread = make.ThreadFactory(held=True)
    post = thread.posts.get()

    decision = decide("post", post, act=act, reason="Welcome.", by=moderator)
    post.refresh_from_db()
    assert post.state == {"approve": "shown", "remove": "removed"}[act]
    assert SearchRow.objects.filter(kind="thread").exists() == (act == "approve")

    undo(decision, by=other)

    assert not SearchRow.objects.filter(kind="thread").exists()

    post.refresh_from_db()
    thread.refresh_from_db()
    assert (post.state, thread.state, thread.post_count) == ("held", "held", 0)
    assert queue(moderator) == [("post", "held", post.pk)]
    decision.refresh_from_db()
    assert (decision.undone_by, decision.is_in_time) == (other, False)
    with pytest.raises(DomainError, match="Olu has taken this decision back"):
        undo(decision, by=moderator)


def test_nobody_gets_past_the_moderators_by_taking_back_and_restoring(moderator):
    words.watch_word("casino", action="hold", by=moderator)
    member = MembershipFactory().member
    post = posts.write_post(make.ThreadFactory(), text="Casino!", by=member)
    assert post.state == "held"
    keeping.remove_post(post, reason="Mine.", by=member)

    assert keeping.restore_post(post, by=member).state == "held"


def test_undoing_a_removal_opens_the_reports_again_and_keeps_the_answer(moderator):
    thread = make.ThreadFactory(question=True)
    post = make.PostFactory(thread=thread)
    thread.accepted = post
    thread.save()
    report, gone = FlagFactory(post=post), FlagFactory(post=post)

    decision = decide("post", post, act="remove", reason="Why.", by=moderator)
    thread.refresh_from_db()
    assert thread.accepted is None
    keeping.restore_post(post, by=moderator)
    FlagFactory(post=post, member=gone.member)
    keeping.remove_post(post, reason="Why.", by=moderator)
    undo(decision, by=moderator)

    post.refresh_from_db()
    thread.refresh_from_db()
    report.refresh_from_db()
    gone.refresh_from_db()
    assert (post.state, thread.accepted, report.state, gone.state) == (
        "shown",
        post,
        "open",
        "upheld",
    )


def test_what_changed_since_is_not_undone(moderator, other):
    old = DecisionFactory(at=timezone.now() - datetime.timedelta(hours=25))
    with pytest.raises(DomainError, match="24 hours"):
        undo(old, by=moderator)

    edited = make.PostFactory(state="held")
    approved = decide("post", edited, act="approve", reason="Fine.", by=moderator)
    posts.change_post(edited, text="Cars.", expected_version=1, by=edited.author)
    with pytest.raises(DomainError, match="author has changed it since"):
        undo(approved, by=moderator)

    thread = make.ThreadFactory(held=True)
    begun = decide("post", thread.posts.get(), act="approve", reason="Fine.", by=moderator)
    make.PostFactory(thread=thread)
    with pytest.raises(DomainError, match="Others have answered"):
        undo(begun, by=moderator)

    removed = FlagFactory().post
    decision = decide("post", removed, act="remove", reason="Why.", by=moderator)
    keeping.restore_post(removed, by=other)
    with pytest.raises(DomainError, match="it is now “Shown”"):
        undo(decision, by=moderator)

    FlagFactory(post=removed)
    decide("post", removed, act="dismiss", reason="Fine.", by=other)
    with pytest.raises(DomainError, match="Olu has decided already: Left as it is"):
        undo(decision, by=moderator)


def test_threads_and_entries_are_decided_and_that_undone(moderator):
    thread = make.ThreadFactory()
    FlagFactory(post=None, thread=thread)
    decision = decide("thread", thread, act="remove", reason="Cars.", by=moderator)
    thread.refresh_from_db()
    assert (thread.state, thread.removed_reason) == ("removed", "Cars.")
    undo(decision, by=moderator)
    thread.refresh_from_db()
    assert thread.state == "open"

    entry = EntryFactory(published=True)
    head = MembershipFactory(hub=entry.hub, head=True).member
    FlagFactory(post=None, entry=entry, reason="wrong-facts")
    decision = decide("entry", entry, act="contest", reason="The figure is of 1998.", by=moderator)
    entry.refresh_from_db()
    assert (entry.is_contested, entry.contested_statement) == (True, "The figure is of 1998.")
    assert "The figure is of 1998." in mails(head)[0].body
    undo(decision, by=moderator)
    entry.refresh_from_db()
    assert not entry.is_contested


def test_a_measure_is_taken_and_undone_with_its_decision(moderator):
    post = FlagFactory().post
    until = timezone.now() + datetime.timedelta(days=7)

    decision = decide(
        "post", post, act="remove", reason="Rude.", measure="limit", until=until, by=moderator
    )
    member = post.author
    member.refresh_from_db()
    assert (member.status, member.status_until) == ("limited", until)
    assert decision.sanction.verb == "member.limited"
    assert any("/community/appeals/" in mail.body for mail in mails(member))

    undo(decision, by=moderator)

    member.refresh_from_db()
    post.refresh_from_db()
    assert (member.status, member.status_until, post.state) == ("active", None, "shown")


def test_a_measure_that_was_changed_since_is_not_undone(moderator, other):
    post = FlagFactory().post
    decision = decide("post", post, act="remove", reason="Rude.", measure="limit", by=moderator)
    suspend_member(post.author, by=other, reason="Again.")

    with pytest.raises(DomainError, match="standing of the member has changed since: Suspended"):
        undo(decision, by=moderator)


def test_a_registration_is_declined_and_waits_again(moderator):
    member = MemberFactory(pending=True)
    decision = decide("person", member, act="decline", reason="Who is that?", by=moderator)
    member.refresh_from_db()
    assert member.status == "suspended"

    undo(decision, by=moderator)

    member.refresh_from_db()
    assert (member.status, member.approved_at) == ("pending", None)
    decide("person", member, act="admit", reason="Known to us.", by=moderator)
    member.refresh_from_db()
    assert member.status == "active"


def test_a_warning_alone_needs_no_report(moderator):
    member = MemberFactory()
    decision = decide(
        "person", member, act="measure", measure="warn", reason="Be kind.", by=moderator
    )
    assert MemberWarning.objects.get(decision=decision).seen_at is None
    assert "You are warned" in mails(member)[0].body
    undo(decision, by=moderator)
    assert MemberWarning.objects.get().withdrawn_at is not None
    with pytest.raises(PermissionDenied):
        decide("person", moderator, act="measure", measure="warn", reason="No.", by=moderator)


def test_an_appeal_goes_to_somebody_else(moderator, other):
    post = FlagFactory().post
    decision = decide("post", post, act="remove", reason="Rude.", by=moderator)
    with pytest.raises(PermissionDenied):
        appeals.appeal(decision, text="Not mine.", by=MemberFactory())

    made = appeals.appeal(decision, text="It is a proverb.", by=post.author)
    assert appeals.appeal(decision, text="Again.", by=post.author) == made
    assert queue(moderator) == []
    assert queue(other) == [("appeal", "appeal", made.pk)]
    with pytest.raises(PermissionDenied):
        appeals.decide_appeal(made, is_granted=False, reason="No.", by=moderator)
    with pytest.raises(DomainError):
        appeals.decide_appeal(made, is_granted=True, reason=" ", by=other)
    appeals.decide_appeal(made, is_granted=True, reason="It is.", by=other)

    post.refresh_from_db()
    assert post.state == "shown"
    assert "granted" in mails(post.author)[-1].body
    assert [row.act for row in Decision.objects.order_by("pk")] == ["remove", "granted"]
    with pytest.raises(DomainError, match="Olu has decided on this appeal"):
        appeals.decide_appeal(
            made, is_granted=False, reason="No.", by=MemberFactory(moderator=True)
        )


def test_who_is_shut_out_appeals_by_the_link_of_their_mail(moderator, other, client):
    member = MemberFactory()
    suspend_member(member, by=moderator, reason="Cars.")
    path = mails(member)[0].body.rsplit("http://", 1)[-1].partition("/")[2].strip()

    page = client.get(f"/{path}")
    assert b"Cars." in page.content
    client.post(f"/{path}", {"text": "I sell nothing."})
    client.post(f"/{path}", {"text": "I sell nothing."})
    appeal = Appeal.objects.get()
    assert queue(other) == [("appeal", "appeal", appeal.pk)]
    assert queue(moderator) == []
    appeals.decide_appeal(appeal, is_granted=True, reason="A mistake.", by=other)
    member.refresh_from_db()
    assert member.status == "active"
    assert client.get("/community/appeals/forged/").status_code == 404
    ended = MemberFactory()
    limit_member(ended, by=moderator, reason="Cars.")
    first = Activity.objects.get(subject=ended)
    suspend_member(ended, by=moderator, reason="Cars.")
    with pytest.raises(DomainError, match="ended already"):
        appeals.appeal_measure(ended, first, text="No.")


def test_an_appeal_about_a_closed_space_is_for_its_moderators(moderator):
    space = make.SpaceFactory(closed=True)
    keepers = [make.SpacePersonFactory(space=space, moderator=True).member for _each in "12"]
    post = make.PostFactory(thread__space=space)
    FlagFactory(post=post)
    decision = decide("post", post, act="remove", reason="Why.", by=keepers[0])
    made = AppealFactory(decision=decision)

    seen = {who: waiting_for("appeal", who).count() for who in (moderator, *keepers)}
    assert seen == {moderator: 0, keepers[0]: 0, keepers[1]: 1}
    appeals.decide_appeal(made, is_granted=False, reason="It stays.", by=keepers[1])
    assert Post.objects.get(pk=post.pk).state == "removed"

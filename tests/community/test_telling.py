"""From activities to notices: who follows is told once of what they may read, and nobody else."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Activity, MailAddress, OutgoingMail
from accounts.services import new_activity, record_activities, record_activity
from catalogue.services import archive_entry
from community import news
from community.followed import FOLLOWED
from community.models import FanOut, Follow, Notification, Reason
from community.news import LINKS, NEWS
from community.querysets.follows import TOLD_OF
from community.services import telling
from community.services.following import follow, stop_following
from community.services.telling import tell_followers
from core.errors import DomainError
from tests.factories.accounts import MemberFactory
from tests.factories.catalogue import AdoptionFactory, EntryFactory, ResourceFactory
from tests.factories.community_notices import FollowFactory
from tests.factories.evaluation import ExchangeFactory, FrameworkFactory, PartyFactory
from tests.factories.evaluation_stories import StoryFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db


def told(member):
    """Return the verbs and labels of all that a member was told, oldest first."""
    rows = Notification.objects.filter(member=member).order_by("pk")
    return [(each.activity.verb, each.activity.object_label) for each in rows]


def happens(verb, thing, **about):
    """Let the portal, or `by`, do something, and those who follow be told of it."""
    activity = record_activity(verb, thing, **{"by": None} | about)
    tell_followers()
    return activity


def published_entry():
    """Return an entry whose publication was told long ago."""
    entry = EntryFactory(published=True)
    tell_followers()
    return entry


def test_every_kind_of_news_has_links_and_every_thing_followed_is_told_of():
    assert set(LINKS) == set(TOLD_OF)
    assert {each.model for each in FOLLOWED} <= set(LINKS)
    assert all("%(thing)s" in str(sentence) for sentence in NEWS.values())


def test_who_follows_a_hub_hears_of_it_and_of_all_that_is_its_own():
    hub = HubFactory(name="Agency")
    member = FollowFactory(hub=hub).member
    stranger = FollowFactory().member
    exchange = ExchangeFactory(hub=hub, title="Visit")
    joined = ExchangeFactory(title="Theirs")
    PartyFactory(exchange=joined, hub=hub)
    things = [
        ("hub.changed", hub, "Agency"),
        ("entry.published", EntryFactory(hub=hub, title="Wells", published=True), "Wells"),
        ("resource.published", ResourceFactory(hub=hub, title="Guide"), "Guide"),
        ("exchange.published", exchange, "Visit"),
        ("exchange.published", joined, "Theirs"),
        ("framework.published", FrameworkFactory(hub=hub, title="Plan"), "Plan"),
        ("story.published", StoryFactory(exchange=exchange, title="Law", published=True), "Law"),
        ("adoption.confirmed", AdoptionFactory(entry__hub=hub, entry__published=True), None),
    ]
    FanOut.objects.all().delete()
    Notification.objects.all().delete()

    for verb, thing, _label in things:
        happens(verb, thing)

    assert [verb for verb, _ in told(member)] == [verb for verb, _, _ in things]
    assert [name for _, name in told(member)][:-1] == [name for _, _, name in things][:-1]
    assert told(stranger) == []
    assert not FanOut.objects.exists()


def test_what_is_nearest_decides_and_what_is_muted_is_silent():
    entry = published_entry()
    loud, quiet, silent = (FollowFactory(hub=entry.hub).member for _ in range(3))
    FollowFactory(member=quiet, hub=None, entry=entry, level="digest")
    FollowFactory(member=silent, hub=None, entry=entry, level="mute")
    only = FollowFactory(hub=entry.hub, level="mute").member
    FollowFactory(member=only, hub=None, entry=entry, level="watch")

    happens("entry.archived", entry)

    rows = Notification.objects.filter(activity__verb="entry.archived")
    assert {row.member: row.is_quiet for row in rows} == {loud: False, quiet: True, only: False}


def test_nobody_is_told_of_what_they_did_or_of_what_makes_no_news():
    hub = HubFactory()
    member = FollowFactory(hub=hub).member

    happens("hub.changed", hub, by=member)
    happens("assessment.saved", hub)
    happens("hub.changed", member)
    assert told(member) == []

    gone = FollowFactory(hub=hub, member=MemberFactory(suspended=True)).member
    happens("hub.verified", hub)
    assert told(gone) == []
    assert told(member) == [("hub.verified", str(hub))]


def confidential(hub):
    exchange = ExchangeFactory(hub=hub, confidential=True)
    return "exchange.published", exchange, {"audience": "public"}


CASES = {
    "a draft entry": lambda hub: ("entry.published", EntryFactory(hub=hub), {}),
    "a confidential exchange": confidential,
    "a draft exchange": lambda hub: (
        "exchange.published", ExchangeFactory(hub=hub, draft=True), {}),
    "a story that is not published": lambda hub: (
        "story.published", StoryFactory(exchange__hub=hub), {}),
    "a hidden resource": lambda hub: (
        "resource.published", ResourceFactory(hub=hub, is_published=False), {}),
    "what moderators are told": lambda hub: ("hub.changed", hub, {"audience": "moderators"}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_nobody_is_told_of_what_they_may_not_read(case):
    hub = HubFactory()
    member = FollowFactory(hub=hub).member
    verb, thing, about = CASES[case](hub)
    own = MembershipFactory(hub=hub).member
    moderator = MemberFactory(moderator=True)
    for each in (own, moderator):
        FollowFactory(member=each, hub=hub)
    Notification.objects.all().delete()
    FanOut.objects.all().delete()

    happens(verb, thing, **about)

    assert told(member) == []
    is_for_moderators = case == "what moderators are told"
    assert bool(told(own)) == (not is_for_moderators)
    sees = type(thing).objects.visible_to(moderator).filter(pk=thing.pk).exists()
    assert bool(told(moderator)) == sees
    assert sees == ("confidential" not in case and "story" not in case)


def test_what_happened_before_is_not_told_and_an_upgrade_does_not_flood():
    hub = HubFactory()
    old = new_activity("hub.changed", hub, by=None)
    old.save()  # as a release before this one wrote it
    member = FollowFactory(hub=hub).member

    assert tell_followers() == 0
    assert told(member) == []


def test_many_activities_wake_the_worker_once(django_capture_on_commit_callbacks, monkeypatch):
    hub = HubFactory()
    member = FollowFactory(hub=hub).member
    with django_capture_on_commit_callbacks() as callbacks:
        for _ in range(3):
            record_activity("hub.changed", hub, by=None)
        record_activities(new_activity("fact.added", hub, by=None) for _ in range(3))

    assert len(callbacks) == 1
    assert FanOut.objects.count() == 6
    callbacks[0]()
    assert len(told(member)) == 6


def test_what_is_undone_is_not_told(django_capture_on_commit_callbacks):
    hub = HubFactory()
    FollowFactory(hub=hub)
    with django_capture_on_commit_callbacks() as callbacks:
        with transaction.atomic():
            record_activity("hub.changed", hub, by=None)
            transaction.set_rollback(True)
        record_activity("hub.changed", hub, by=None)

    assert len(callbacks) == 1
    assert FanOut.objects.count() == 1


def test_one_that_cannot_be_told_keeps_nobody_waiting(monkeypatch):
    hub = HubFactory()
    member = FollowFactory(hub=hub).member
    bad = record_activity("hub.changed", hub, by=None)
    good = record_activity("hub.verified", hub, by=None)
    links_of = telling.links_of

    def breaks(activities):
        if bad in activities:
            raise ValueError
        return links_of(activities)

    monkeypatch.setattr(telling, "links_of", breaks)
    for _ in range(7):
        tell_followers()

    assert told(member) == [("hub.verified", str(hub))]
    assert FanOut.objects.get().attempts == telling.MOST_ATTEMPTS
    assert good.pk != bad.pk


def test_mail_leaves_at_once_only_for_those_who_want_it():
    hub = HubFactory(name="Agency")
    paces = {"at_once": False, "daily": True, "weekly": True, "off": False}
    members = {
        pace: FollowFactory(hub=hub, member=MemberFactory(mail_choices={"news": pace})).member
        for pace in paces
    }
    quiet = FollowFactory(
        hub=hub, level="digest", member=MemberFactory(mail_choices={"news": "at_once"})
    ).member
    dead = FollowFactory(hub=hub, member=MemberFactory(mail_choices={"news": "at_once"})).member
    MailAddress.objects.create(address=dead.email, state="dead")

    activity = happens("hub.changed", hub)

    (mail,) = OutgoingMail.objects.all()
    assert (mail.to, mail.subject) == (members["at_once"].email, "Changed page: Agency")
    assert f"/hubs/{hub.slug}/" in mail.body
    assert "You follow it" in mail.body
    assert mail.unsubscribe in mail.body
    assert mail.key == f"notice:{members['at_once'].pk}:{activity.pk}"
    waits = dict(Notification.objects.values_list("member", "waits_for_mail"))
    expected = {members[pace].pk: waits_ for pace, waits_ in paces.items()}
    assert waits == expected | {quiet.pk: True, dead.pk: True}


def test_mail_is_in_the_language_of_its_reader(settings):
    hub = HubFactory(name="Agency")
    FollowFactory(hub=hub, member=MemberFactory(mail_choices={"news": "at_once"}, language="ar"))

    happens("hub.changed", hub)

    assert "Agency" in OutgoingMail.objects.get().subject


def test_who_is_named_is_told_whatever_they_follow(monkeypatch):
    hub, named, blind = HubFactory(), MemberFactory(), MemberFactory()
    hidden = HubFactory(unpublished=True)
    monkeypatch.setitem(
        news.ALSO_TOLD,
        "hub.changed",
        lambda activity: [(named.pk, Reason.MENTIONED), (blind.pk, Reason.MENTIONED)],
    )
    follow(hub, level="mute", by=named)

    happens("hub.changed", hub, by=blind)
    happens("hub.changed", hidden)

    (notice,) = Notification.objects.all()
    assert (notice.member, notice.reason, notice.waits_for_mail) == (named, "mentioned", False)
    assert OutgoingMail.objects.get().to == named.email  # mentions come at once


def test_the_database_keeps_one_notice_for_each_and_one_link_in_each_follow():
    row = FollowFactory()
    other = EntryFactory()
    activity = happens("hub.changed", row.hub)
    again = {"member": row.member, "activity": activity, "reason": "follows"}
    wrong = [
        lambda: Notification.objects.create(waits_for_mail=False, **again),
        lambda: Follow.objects.create(member=row.member, hub=row.hub, level="watch"),
        lambda: Follow.objects.create(member=row.member, level="watch"),
        lambda: Follow.objects.create(member=row.member, hub=row.hub, entry=other, level="mute"),
        lambda: Follow.objects.create(member=row.member, entry=other, level="loud"),
    ]
    for act in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_following_is_for_those_who_may_see_and_take_part(monkeypatch):
    member, hub = MemberFactory(), HubFactory()
    for thing, by in (
        (HubFactory(unpublished=True), member),
        (hub, MemberFactory(pending=True)),
        (EntryFactory(), member),
    ):
        with pytest.raises(PermissionDenied):
            follow(thing, level="watch", by=by)
    first = follow(hub, level="watch", by=member)
    assert follow(hub, level="digest", by=member).pk == first.pk
    monkeypatch.setattr("community.services.following.MOST", 1)
    with pytest.raises(DomainError):
        follow(HubFactory(), level="watch", by=member)
    stop_following(hub, by=member)
    stop_following(hub, by=member)
    assert not Follow.objects.exists()


def test_what_is_hidden_later_is_followed_no_more_and_notices_of_it_are_gone():
    entry = published_entry()
    member = FollowFactory(hub=None, entry=entry).member
    happens("entry.archived", entry)
    assert Notification.objects.visible_to(member).unread().count() == 1

    entry.hub.is_published = False
    entry.hub.save()

    assert Notification.objects.visible_to(member).count() == 0
    assert Follow.objects.visible_to(member).count() == 0
    happens("entry.archived", entry)
    assert len(told(member)) == 1


def test_who_follows_later_is_not_told_what_was_before():
    hub = HubFactory()
    record_activity("hub.changed", hub, by=None)
    member = FollowFactory(hub=hub, created_at=timezone.now()).member

    assert tell_followers() == 1
    assert told(member) == []


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_tell_each_once():
    hub = HubFactory()
    members = [FollowFactory(hub=hub).member for _ in range(3)]
    for _ in range(60):
        Activity.objects.bulk_create([new_activity("hub.changed", hub, by=None)])
    FanOut.objects.bulk_create(FanOut(activity=each) for each in Activity.objects.all())

    assert sum(all_at_once(*[tell_followers] * 3)) == 60

    assert [len(told(member)) for member in members] == [60] * 3
    assert not FanOut.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_make_one_follow():
    hub, member = HubFactory(), MemberFactory()

    all_at_once(*[partial(follow, hub, level=level, by=member) for level in ("watch", "digest")])

    assert Follow.objects.count() == 1


def test_a_real_change_is_told():
    entry = published_entry()
    head = MembershipFactory(hub=entry.hub, head=True).member
    member = FollowFactory(hub=None, entry=entry).member

    archive_entry(entry, reason="Too old.", by=head)
    tell_followers()

    assert told(member) == [("entry.archived", entry.title)]

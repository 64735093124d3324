"""What happens often is told in one line, and in one mail; rights and exactly-once stay."""

import datetime
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import MailAddress, Member, OutgoingMail
from accounts.services import (
    change_mail_choices,
    new_activity,
    record_activities,
    record_activity,
    send_digests,
)
from community.gathering import GATHERED, sentence_of_many
from community.models import FanOut, Notification
from community.news import NEWS
from community.services.holding import HOLD, send_held
from community.services.notice_reading import unread_count
from community.services.posts import write_post
from community.services.telling import tell_followers
from tests.api_clients import client_of
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.catalogue import EntryFactory, ResourceFactory
from tests.factories.community_notices import FollowFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
PAGE, API = "/community/notifications/", "/api/v1/notifications/"
DAY = datetime.timedelta(days=1)
AT_ONCE = {"news": "at_once"}


@pytest.fixture(autouse=True)
def one_span(monkeypatch):
    """Let a line cover years, so that no test runs over its end."""
    monkeypatch.setattr("community.gathering.SPAN", 10**10)


def follower(hub, **columns):
    return FollowFactory(hub=hub, member=MemberFactory(**columns)).member


def imported(hub, number, *, by, verb="resource.published"):
    """Let `by` publish so many resources of a hub in one transaction, and followers be told."""
    things = [ResourceFactory(hub=hub, title=f"Guide {each}") for each in range(number)]
    record_activities([new_activity(verb, each, by=by) for each in things])
    tell_followers()
    return things


def lines(client, query=""):
    return [line["text"] for line in client.get(f"{PAGE}{query}").context["lines"]]


def later():
    """Let the time of holding be over."""
    return send_held(timezone.now() + HOLD)


def test_every_sentence_of_many_is_of_news_and_names_the_thing():
    assert set(GATHERED) <= set(NEWS)
    for verb in GATHERED:
        assert sentence_of_many(verb, 12, "EMBRAPA").startswith("12 ")
        assert "EMBRAPA" in sentence_of_many(verb, 2, "EMBRAPA")
        assert sentence_of_many(verb, 100, "EMBRAPA").startswith("99+ ")


def test_an_import_is_one_line_that_leads_to_the_list_and_counts_as_one():
    hub, editor = HubFactory(name="EMBRAPA"), MemberFactory()
    member = follower(hub)
    client = client_of(member)
    imported(hub, 12, by=editor)
    record_activity("hub.verified", hub, by=editor)
    tell_followers()

    shown = client.get(PAGE).context["lines"]

    assert [line["text"] for line in shown] == [
        "Page checked and found right: EMBRAPA",
        "12 new resources: EMBRAPA",
    ]
    assert shown[1]["address"] == f"/catalogue/resources/?hub={hub.slug}"
    assert client.get(shown[1]["address"]).context["count"] == 12
    assert unread_count(member) == 2
    assert len(client.get(API).json()["results"]) == 13  # programs are given each


def test_a_line_is_of_one_verb_one_member_one_thing_and_one_hour():
    hub, other = HubFactory(), HubFactory()
    one, two = MemberFactory(), MemberFactory()
    member = follower(hub)
    FollowFactory(member=member, hub=other)
    for where, by in ((hub, one), (hub, two), (other, one)):
        imported(where, 2, by=by)
    record_activity("hub.changed", hub, by=None)
    record_activity("hub.changed", hub, by=None)  # the portal itself: each by itself
    tell_followers()

    assert len(lines(client_of(member))) == 5
    assert unread_count(member) == 5


def test_the_next_hour_begins_a_new_line(monkeypatch):
    hub, editor = HubFactory(), MemberFactory()
    member = follower(hub)
    monkeypatch.setattr("community.gathering.SPAN", 3_600)
    now = timezone.now().replace(minute=30)
    for hours in (1, 1, 2, 2, 2):
        activity = new_activity("hub.changed", hub, by=editor)
        activity.at = now + datetime.timedelta(hours=hours)
        record_activities([activity])
    tell_followers()

    assert [text[0] for text in lines(client_of(member))] == ["3", "2"]


def test_a_burst_in_a_thread_is_one_line_whoever_writes():
    space = make.SpaceFactory()
    thread = make.ThreadFactory(space=space, title="Boats")
    member = FollowFactory(hub=None, thread=thread).member
    via_space = FollowFactory(hub=None, space=space).member
    for _ in range(3):
        write_post(thread, text="I see.", by=MembershipFactory().member)
    tell_followers()

    assert lines(client_of(member)) == ["3 new posts in: Boats"]
    assert lines(client_of(via_space)) == ["3 new posts in: Boats"]


def test_a_line_counts_what_its_reader_may_read_and_nothing_else():
    hub, editor = HubFactory(name="Agency"), MemberFactory()
    member, own = follower(hub), MembershipFactory(hub=hub).member
    FollowFactory(member=own, hub=hub)
    things = imported(hub, 4, by=editor)
    for each in things[:2]:
        each.is_published = False
        each.save()

    assert lines(client_of(member)) == ["2 new resources: Agency"]
    assert lines(client_of(own)) == ["4 new resources: Agency"]
    things[2].is_published = False
    things[2].save()
    assert lines(client_of(member)) == ["New resource: Guide 3"]
    things[3].is_published = False
    things[3].save()
    assert lines(client_of(member)) == []
    assert (unread_count(member), unread_count(own)) == (0, 1)


def test_what_is_added_in_secret_changes_not_one_byte():
    hub, editor = HubFactory(), MemberFactory()
    member = follower(hub)
    client = client_of(member)
    imported(hub, 3, by=editor)
    before = client.get(PAGE).context["lines"], unread_count(member), client.get(API).content

    hidden = [ResourceFactory(hub=hub, is_published=False) for _ in range(3)]
    record_activities([new_activity("resource.published", each, by=editor) for each in hidden])
    tell_followers()

    assert (client.get(PAGE).context["lines"], unread_count(member), client.get(API).content) == (
        before
    )


def test_a_name_that_became_private_is_not_told():
    thread = make.ThreadFactory(title="Boats")
    hub = HubFactory(name="Agency")
    entry = EntryFactory(hub=hub, published=True)
    FanOut.objects.all().delete()
    member = FollowFactory(hub=None, entry=entry).member
    editor = MemberFactory()
    for _ in range(2):
        record_activity("entry.archived", entry, by=editor)
    tell_followers()
    assert lines(client_of(member)) == [f"2 experiences set aside in the archive: {entry.title}"]

    hub.is_published = False
    hub.save()

    assert lines(client_of(member)) == []
    assert thread.title not in client_of(member).get(PAGE).text


def test_to_read_a_line_is_to_read_what_it_showed():
    hub, editor = HubFactory(), MemberFactory()
    member, other = follower(hub), follower(hub)
    client = client_of(member)
    imported(hub, 3, by=editor)
    shown = client.get(PAGE).context["lines"][0]["notice"]
    imported(hub, 1, by=editor)

    client.post(f"{PAGE}read/", {"notice": shown.pk})

    assert lines(client) == ["New resource: Guide 0"]
    assert unread_count(member) == 1
    assert lines(client, "?show=all")[0][0] == "4"
    assert unread_count(other) == 1
    client_of(other).post(f"{PAGE}read/", {"notice": shown.pk})  # of somebody else
    assert unread_count(other) == 1


def test_the_page_goes_on_by_position_over_lines():
    hub, editor = HubFactory(), MemberFactory()
    member = follower(hub)
    client = client_of(member)
    imported(hub, 30, by=editor)
    others = [HubFactory() for _ in range(26)]
    for each in others:
        FollowFactory(member=member, hub=each)
        record_activity("hub.changed", each, by=editor)
    tell_followers()

    first = client.get(PAGE)
    rest = client.get(f"{PAGE}?before={first.context['older']}")

    assert len(first.context["lines"]) == 25
    assert [line["text"][:2] for line in rest.context["lines"]] == ["Ch", "30"]
    assert rest.context["older"] is None


@pytest.mark.parametrize("number", [2, 40])
def test_lines_cost_the_same_for_few_and_many(number, django_assert_max_num_queries):
    hub, editor = HubFactory(), MemberFactory()
    member = follower(hub)
    client = client_of(member)
    client.get(PAGE)
    imported(hub, number, by=editor)

    with django_assert_max_num_queries(7) as page:
        client.get(PAGE)
    assert len(page) == 7


def test_the_mail_of_the_week_has_lines_with_some_names():
    hub, editor = HubFactory(name="EMBRAPA"), MemberFactory()
    follower(hub)
    imported(hub, 7, by=editor)

    assert send_digests(timezone.now() + 8 * DAY) == 1

    (mail,) = OutgoingMail.objects.all()
    assert "1 item" in mail.subject
    assert "7 new resources: EMBRAPA\n– Guide 6\n" in mail.body
    assert "– Guide 2\n– …\n" in mail.body
    assert f"/catalogue/resources/?hub={hub.slug}" in mail.body
    assert not Notification.objects.filter(waits_for_mail=True).exists()


def test_an_import_is_one_mail_and_comes_when_it_is_over():
    hub, editor = HubFactory(name="EMBRAPA"), MemberFactory()
    member = follower(hub, mail_choices=AT_ONCE)

    imported(hub, 45, by=editor)  # more than are told in one transaction

    assert not OutgoingMail.objects.exists()
    assert send_held() == 0
    assert [later(), later()] == [1, 0]
    (mail,) = OutgoingMail.objects.all()
    assert (mail.to, mail.subject) == (member.email, "45 new resources: EMBRAPA")
    assert mail.unsubscribe in mail.body
    assert "You follow it" in mail.body
    assert not Notification.objects.filter(held_until__isnull=False).exists()


def test_one_by_itself_leaves_at_once_and_what_follows_is_gathered():
    hub, editor = HubFactory(name="Agency"), MemberFactory()
    follower(hub, mail_choices=AT_ONCE)

    imported(hub, 1, by=editor)
    assert [mail.subject for mail in OutgoingMail.objects.all()] == ["New resource: Guide 0"]
    imported(hub, 2, by=editor)
    imported(hub, 1, by=editor)

    assert OutgoingMail.objects.count() == 1
    assert later() == 1
    assert OutgoingMail.objects.latest("pk").subject == "3 new resources: Agency"


def test_while_something_of_it_is_owed_the_mail_is_held():
    hub, editor = HubFactory(), MemberFactory()
    follower(hub, mail_choices=AT_ONCE)
    imported(hub, 2, by=editor)
    record_activity("resource.published", ResourceFactory(hub=hub), by=editor)

    assert later() == 0
    FanOut.objects.update(attempts=5)  # it cannot be told: nobody waits for it
    assert later() == 1


def test_posts_that_are_held_are_mailed_with_their_words():
    thread = make.ThreadFactory(title="Boats")
    reader = MemberFactory(mail_choices=AT_ONCE)
    FollowFactory(hub=None, thread=thread, member=reader)
    for number in range(3):
        write_post(thread, text=f"Word {number}.", by=MembershipFactory().member)
    tell_followers()

    assert later() == 1

    (mail,) = OutgoingMail.objects.filter(to=reader.email)
    assert mail.subject == "3 new posts in: Boats"
    assert [f"Word {number}." in mail.body for number in range(3)] == [True] * 3


def test_what_became_private_while_it_was_held_is_not_mailed():
    hub, editor = HubFactory(), MemberFactory()
    follower(hub, mail_choices=AT_ONCE)
    for each in imported(hub, 3, by=editor):
        each.is_published = False
        each.save()

    assert later() == 0
    assert not OutgoingMail.objects.exists()
    assert not Notification.objects.filter(held_until__isnull=False).exists()


def test_what_is_chosen_while_mail_is_held_counts():
    hub, editor = HubFactory(), MemberFactory()
    members = {
        pace: follower(hub, mail_choices=AT_ONCE) for pace in ("at_once", "weekly", "off", "dead")
    }
    suspended = follower(hub, mail_choices=AT_ONCE)
    imported(hub, 2, by=editor)
    for pace in ("weekly", "off"):
        change_mail_choices(members[pace], {"news": pace}, expected_version=1)
    MailAddress.objects.create(address=members["dead"].email, state="dead")
    suspended.status = "suspended"
    suspended.save()

    assert later() == 1

    assert OutgoingMail.objects.get().to == members["at_once"].email
    waits = set(Notification.objects.filter(waits_for_mail=True).values_list("member", flat=True))
    assert waits == {members["weekly"].pk, members["dead"].pk}


def test_who_is_named_is_told_at_once_in_a_line_of_its_own():
    thread = make.ThreadFactory()
    ana = MembershipFactory(member__slug="ana").member
    FollowFactory(hub=None, thread=thread, member=ana)
    for text in ("Hello @ana", "And again @ana"):
        write_post(thread, text=text, by=MembershipFactory().member)
    tell_followers()

    assert set(Notification.objects.filter(member=ana).values_list("line", flat=True)) == {""}
    assert OutgoingMail.objects.filter(to=ana.email).count() == 2


def test_what_cannot_be_written_keeps_no_other_mail(monkeypatch):
    hub, editor = HubFactory(), MemberFactory()
    follower(hub, mail_choices=AT_ONCE)
    imported(hub, 2, by=editor)

    def breaks(line, written):
        raise ValueError

    monkeypatch.setattr("community.services.holding.mail_of", breaks)
    assert later() == 0
    assert Notification.objects.filter(held_until__isnull=False).count() == 2
    monkeypatch.undo()
    assert later() == 1


@pytest.mark.django_db(transaction=True)
def test_several_workers_send_what_was_held_once():
    hub, editor = HubFactory(), MemberFactory()
    members = [follower(hub, mail_choices=AT_ONCE) for _ in range(3)]
    imported(hub, 25, by=editor)
    now = timezone.now() + HOLD

    numbers = all_at_once(*[partial(send_held, now)] * 4)

    assert sum(numbers) == 3
    mails = OutgoingMail.objects.filter(subject__startswith="25 new resources")
    assert set(mails.values_list("to", flat=True)) == {each.email for each in members}
    assert OutgoingMail.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_several_workers_tell_an_import_in_one_mail():
    hub, editor = HubFactory(name="Agency"), MemberFactory()
    follower(hub, mail_choices=AT_ONCE)
    things = [ResourceFactory(hub=hub) for _ in range(60)]
    record_activities([new_activity("resource.published", each, by=editor) for each in things])
    Notification.objects.all().delete()
    OutgoingMail.objects.all().delete()
    FanOut.objects.all().delete()
    activities = [new_activity("resource.published", each, by=editor) for each in things]
    for each in activities:
        each.save()
    FanOut.objects.bulk_create(FanOut(activity=each) for each in activities)

    all_at_once(*[tell_followers] * 3)

    assert later() == 1
    assert OutgoingMail.objects.get().subject == "60 new resources: Agency"


def test_a_line_whose_mail_cannot_be_made_keeps_no_other_waiting():
    hub, editor = HubFactory(), MemberFactory()
    good = [follower(hub, mail_choices=AT_ONCE) for _each in "12"]
    bad = follower(hub, mail_choices=AT_ONCE)
    imported(hub, 2, by=editor)
    Member.objects.filter(pk=bad.pk).update(mail_choices={"news": "hourly"})  # no such pace

    assert later() == 2
    told = OutgoingMail.objects.values_list("to", flat=True)
    assert sorted(told) == sorted(each.email for each in good)
    held = Notification.objects.filter(held_until__isnull=False)
    assert set(held.values_list("member", flat=True)) == {bad.pk}

    Member.objects.filter(pk=bad.pk).update(mail_choices=AT_ONCE)
    assert later() == 1
    assert OutgoingMail.objects.filter(to=bad.email).exists()
    assert later() == 0

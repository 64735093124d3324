"""News in the mail of the day and of the week: what may be read when it is sent, told once."""

import datetime
from datetime import UTC

import pytest
from django.utils import timezone

from accounts.models import MailAddress, OutgoingMail
from accounts.returned import trust_again
from accounts.services import (
    DIGEST,
    change_mail_choices,
    off_address,
    record_activity,
    send_digests,
)
from accounts.services.digest_text import MOST_BYTES
from community.models import FanOut, Notification
from community.services.notices import KEPT_FOR, forget_old_notices
from community.services.telling import tell_followers
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.catalogue import EntryFactory
from tests.factories.community_notices import FollowFactory, NotificationFactory
from tests.factories.evaluation import ExchangeFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def follower(hub, **columns):
    return FollowFactory(hub=hub, member=MemberFactory(**columns)).member


def happens(verb, thing, number=1, **about):
    for _ in range(number):
        record_activity(verb, thing, **{"by": None} | about)
    tell_followers()


def in_a_week():
    """Let a Monday's morning come everywhere."""
    return send_digests(timezone.now() + 8 * DAY)


def test_news_come_once_a_week_in_the_readers_language_and_once():
    hub = HubFactory(name="Agency")
    follower(hub, language="en", time_zone="Asia/Tokyo")
    happens("hub.changed", hub)
    happens("hub.verified", hub)

    assert send_digests(timezone.now()) == 0
    assert [in_a_week(), in_a_week(), send_digests(timezone.now() + 30 * DAY)] == [1, 0, 0]

    (mail,) = OutgoingMail.objects.all()
    assert "2 items" in mail.subject
    assert "Changed page: Agency" in mail.body
    assert "Page checked and found right: Agency" in mail.body
    assert f"/hubs/{hub.slug}/" in mail.body
    assert not Notification.objects.filter(waits_for_mail=True).exists()
    assert Notification.objects.filter(read_at=None).count() == 2  # mail leaves the page alone


def test_what_became_private_meanwhile_is_not_in_the_mail():
    hub = HubFactory()
    member, own = follower(hub), MembershipFactory(hub=hub).member
    FollowFactory(member=own, hub=hub)
    shown, kept = (ExchangeFactory(hub=hub, title=title) for title in ("Shown", "Kept back"))
    for exchange in (shown, kept):
        happens("exchange.moved", exchange)
    kept.confidentiality = "parties"
    kept.save()

    assert in_a_week() == 2

    bodies = dict(OutgoingMail.objects.values_list("to", "body"))
    assert ["Kept back" in bodies[each.email] for each in (member, own)] == [False, True]
    assert all("Shown" in body for body in bodies.values())


def test_with_nothing_left_to_read_there_is_no_mail():
    entry = EntryFactory(published=True)
    tell_followers()
    follower(entry.hub)
    happens("entry.archived", entry)
    entry.hub.is_published = False
    entry.hub.save()

    assert in_a_week() == 0
    assert not OutgoingMail.objects.exists()


def test_the_same_said_twice_stands_once_and_too_much_is_counted():
    hub = HubFactory(name="Agency")
    follower(hub)
    happens("hub.changed", hub, 30)
    for number in range(300):
        happens("hub.changed", hub, label=f"{number} " + "é" * 100)

    assert in_a_week() == 1

    (mail,) = OutgoingMail.objects.all()
    assert mail.body.count("Changed page: Agency\n") <= 1
    assert len(mail.body.encode()) <= MOST_BYTES
    assert "/community/notifications/" in mail.body
    assert not Notification.objects.filter(waits_for_mail=True).exists()


def test_one_click_ends_news_for_whoever_has_the_mail(client):
    hub = HubFactory()
    member = follower(hub)
    happens("hub.changed", hub)
    in_a_week()
    address = off_address(member, DIGEST)
    assert address in OutgoingMail.objects.get().body

    client.post("/" + address.partition("//")[2].partition("/")[2])
    happens("hub.changed", hub)

    assert send_digests(timezone.now() + 30 * DAY) == 0
    member.refresh_from_db()
    assert member.mail_pace("news") == "off"
    assert Notification.objects.count() == 2


def test_what_is_followed_quietly_comes_in_gathered_mail_even_at_once():
    hub = HubFactory()
    member = MemberFactory(mail_choices={"news": "at_once"})
    FollowFactory(member=member, hub=hub, level="digest")
    happens("hub.changed", hub)
    assert not OutgoingMail.objects.exists()

    assert send_digests(timezone.now() + DAY) == 1


def test_switched_off_before_it_was_sent_it_does_not_come_later_either():
    hub = HubFactory()
    member = follower(hub)
    happens("hub.changed", hub)
    for version, pace in enumerate(("off", "weekly"), start=1):
        change_mail_choices(member, {"news": pace}, expected_version=version)
        member.refresh_from_db()
        assert in_a_week() == 0


def test_an_address_that_takes_no_mail_is_written_to_once_it_is_put_right():
    hub = HubFactory()
    member = follower(hub)
    happens("hub.changed", hub)
    MailAddress.objects.create(address=member.email, state="dead")
    assert in_a_week() == 0

    trust_again(member.email)

    assert in_a_week() == 1


def test_statements_do_not_grow_with_members(django_assert_max_num_queries):
    hub = HubFactory()
    for _ in range(30):
        follower(hub)
    happens("hub.changed", hub, 3)

    with django_assert_max_num_queries(30):
        assert in_a_week() == 30


def test_what_was_read_long_ago_is_removed():
    now = datetime.datetime.now(UTC)
    old, new = now - KEPT_FOR - DAY, now - KEPT_FOR + DAY
    NotificationFactory(read_at=old)
    kept = [
        NotificationFactory(read_at=old, waits_for_mail=True),
        NotificationFactory(read_at=new),
        NotificationFactory(),
    ]

    assert forget_old_notices() == 1
    assert set(Notification.objects.all()) == set(kept)


def test_administrators_have_what_could_not_be_told_tried_again():
    hub = HubFactory()
    member = follower(hub)
    record_activity("hub.changed", hub, by=None)
    FanOut.objects.update(attempts=5)
    assert tell_followers() == 0
    row = FanOut.objects.get()
    client = client_of(MemberFactory(administrator=True))

    client.post(
        "/admin/community/fanout/", {"action": "retry", "_selected_action": [row.pk]}, follow=True
    )

    assert FanOut.objects.get().attempts == 0
    assert tell_followers() == 1
    assert Notification.objects.get().member == member

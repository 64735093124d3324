"""What happens by the clock and afterwards: reminders, attendance, feedback; one's own data."""

import datetime
import io
import json
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation

from accounts.models import Member, OutgoingMail
from accounts.services import close_account, export_own_data
from community import event_times
from community.models import Enrolment, Event, EventAttendance, EventFeedback, EventSession
from community.services import attending
from community.services.calendar_feeds import end_feed, member_of, new_feed, token_of
from community.services.event_reminders import remind_of_events
from community.services.seats import fill_free_seats
from core.errors import DomainError
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import ExchangeFactory
from tests.factories.events import EnrolmentFactory, EventFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
ANSWERS = {"useful": 4, "organised": 5, "applied": 3, "best": "The field", "better": ""}


def subjects(member):
    mails = OutgoingMail.objects.filter(to=member.email).order_by("pk")
    return [mail.subject.partition(":")[0] for mail in mails]


def test_who_has_a_seat_is_reminded_once_a_day_before_and_again_if_it_is_put_off():
    now = timezone.now()
    event = EventFactory(starts_at=now + 20 * HOUR, title="Soil", time_zone="Asia/Jakarta")
    seat = EnrolmentFactory(event=event, member__time_zone="Africa/Nairobi").member
    waits = EnrolmentFactory(event=event, waiting=True).member
    for other in (EventFactory(starts_at=now + 30 * HOUR), EventFactory(past=True)):
        EnrolmentFactory(event=other, member=waits)
    EnrolmentFactory(event=EventFactory(starts_at=now + HOUR, cancelled=True), member=waits)

    # The past one asks what they thought of it.
    assert remind_of_events(now) == 2
    assert remind_of_events(now + HOUR) == 0
    assert subjects(seat) == ["Soon"]
    (asked,) = subjects(waits)
    assert asked.startswith("How was it?")
    body = OutgoingMail.objects.get(to=seat.email).body
    assert "(Asia/Jakarta)" in body
    assert "(Africa/Nairobi)" in body

    Event.objects.filter(pk=event.pk).update(starts_at=now + 60 * HOUR, ends_at=now + 62 * HOUR)
    assert remind_of_events(now + 40 * HOUR) == 2  # this one and the other
    assert subjects(seat) == ["Soon", "Soon"]


def test_who_may_not_see_an_event_any_more_is_not_reminded():
    now = timezone.now()
    exchange = ExchangeFactory(confidential=True)
    event = EventFactory(starts_at=now + HOUR, exchange=exchange)
    seat = EnrolmentFactory(event=event).member

    assert remind_of_events(now) == 1

    assert subjects(seat) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_once():
    now = timezone.now()
    seat = EnrolmentFactory(event=EventFactory(starts_at=now + HOUR))

    assert sum(all_at_once(*(lambda: remind_of_events(now) for _ in range(3)))) == 1

    assert subjects(seat.member) == ["Soon"]


@pytest.fixture
def past():
    hub = HubFactory()
    event = EventFactory(past=True, hubs=[hub])
    event.head = MembershipFactory(hub=hub, head=True).member
    return event


def test_attendance_is_marked_by_session_and_only_of_those_who_were_listed(past):
    one, two, three = EnrolmentFactory.create_batch(3, event=past)
    waits = EnrolmentFactory(event=past, waiting=True)
    session = EventSession.objects.create(
        event=past, title="Opening", starts_at=past.starts_at, ends_at=past.ends_at
    )

    def mark(present, asked, part=session):
        keys = [[each.pk for each in rows] for rows in (present, asked)]
        return attending.mark_attendance(past, part, present=keys[0], asked=keys[1], by=past.head)

    assert mark([one, two, waits], [one, two, three, waits]) == 2
    assert mark([three], [two, three]) == 2  # `one` was not on that page
    here = EventAttendance.objects.filter(session=session).values_list("enrolment", flat=True)
    assert set(here) == {one.pk, three.pk}
    assert attending.parts_of(past) == [(session.pk, "Opening", 2)]
    for part in (
        None,
        EventSession.objects.create(
            event=EventFactory(past=True), title="x", starts_at=past.starts_at, ends_at=past.ends_at
        ),
    ):
        with pytest.raises(ValidationError):
            mark([one], [one], part)
    with pytest.raises(PermissionDenied):
        attending.mark_attendance(past, session, present=[], asked=[], by=one.member)


def test_attendance_of_an_event_without_agenda_and_not_before_it_begins(past):
    seat = EnrolmentFactory(event=past)
    marked = {"present": [seat.pk], "asked": [seat.pk], "by": past.head}

    assert attending.mark_attendance(past, None, **marked) == 1
    assert attending.mark_attendance(past, None, **marked) == 1
    assert attending.parts_of(past) == [(0, "The event", 1)]
    soon = EventFactory(hubs=[past.hubs.get()])
    with pytest.raises(DomainError, match="not begun"):
        attending.mark_attendance(soon, None, present=[], asked=[], by=past.head)


def test_feedback_is_given_once_by_who_had_a_seat_and_told_without_names(past):
    seats = EnrolmentFactory.create_batch(3, event=past)

    def give(by, **changed):
        return attending.give_feedback(past, answers=ANSWERS | changed, by=by)

    for by in (MemberFactory(), EnrolmentFactory(event=past, waiting=True).member):
        with pytest.raises(PermissionDenied):
            give(by)
    for wrong in ({"useful": 6}, {"applied": None}):
        with pytest.raises(ValidationError):
            give(seats[0].member, **wrong)
    give(seats[0].member, better="Longer")
    give(seats[0].member, better="Shorter")
    give(seats[1].member)
    told = attending.summary_of(past)
    assert (told["count"], told["is_told"], told["means"], told["better"]) == (2, False, [], [])

    give(seats[2].member, useful=1, best="")
    told = attending.summary_of(past)
    assert [mean for _label, mean in told["means"]] == [3, 5, 3]
    assert (told["best"], told["better"]) == (["The field", "The field"], ["Shorter"])
    assert EventFeedback.objects.count() == 3
    early = EnrolmentFactory()
    with pytest.raises(DomainError, match="once the event is over"):
        attending.give_feedback(early.event, answers=ANSWERS, by=early.member)


def test_the_address_of_a_calendar_is_ones_own_and_ends():
    member = MemberFactory()
    first = token_of(new_feed(member))
    assert member_of(first) == member
    second = token_of(new_feed(member))

    assert (member_of(first), member_of(second)) == (None, member)
    for forged in ("", "1", second[:-1], second.replace("-", "-1", 1), f"{member.pk}-3"):
        assert member_of(forged) is None
    end_feed(member)
    end_feed(member)
    assert member_of(second) is None
    third = token_of(new_feed(member))
    Member.objects.filter(pk=member.pk).update(status="suspended")
    assert member_of(third) is None


def test_what_somebody_did_at_events_is_in_their_download_and_seats_are_left(past):
    event = EventFactory(capacity=1)
    me = EnrolmentFactory(event=event, message="I come by train.").member
    waits = EnrolmentFactory(event=event, waiting=True)
    was = EnrolmentFactory(event=past, member=me)
    attending.mark_attendance(past, None, present=[was.pk], asked=[was.pk], by=past.head)
    attending.give_feedback(past, answers=ANSWERS, by=me)
    EventFactory(author=me, title="Begun")
    token = token_of(new_feed(me))

    with zipfile.ZipFile(io.BytesIO(export_own_data(me))) as archive:
        data = json.loads(archive.read("my-data.json"))
    mine = {row["slug"]: row for row in data["enrolments"]}
    assert set(mine) == {event.slug, past.slug}
    assert mine[event.slug]["message"] == "I come by train."
    assert mine[past.slug]["was_there"] == [past.title]
    assert data["event_feedback"][0]["best"] == "The field"
    assert [row["title"] for row in data["events"]] == ["Begun"]

    close_account(me, by=me)
    assert fill_free_seats() == 1
    waits.refresh_from_db()
    assert waits.state == "approved"
    assert set(
        Enrolment.objects.filter(member=me).values_list("event__slug", "state", "message")
    ) == {
        (event.slug, "cancelled", ""),
        (past.slug, "approved", ""),
    }
    assert member_of(token) is None


def test_in_a_script_from_right_to_left_numbers_stay_with_their_day_and_hour():
    start = datetime.datetime(2046, 8, 1, 9, tzinfo=datetime.UTC)
    event = EventFactory(starts_at=start, time_zone="Asia/Jakarta")

    with translation.override("ar"):
        told = event_times.told_at_place(event)
        days = event_times.told_days(event)
    with translation.override("en"):
        plain = event_times.told_at_place(event)

    assert told.startswith("\u2068\u2068")
    assert told.count("\u2068") == told.count("\u2069") == 5  # day, hours, zone and the whole
    assert (days[0], days[-1]) == ("\u2068", "\u2069")
    assert "\u2068" not in plain


def test_enrolment_closes_by_the_clock_at_the_place(client):
    closes = datetime.datetime(2046, 7, 31, 20, tzinfo=datetime.UTC)
    start = closes + datetime.timedelta(days=1)
    event = EventFactory(starts_at=start, enrolment_closes_at=closes, time_zone="Asia/Jakarta")

    body = client.get(event.get_absolute_url()).content.decode()

    assert "Enrolment closes on Aug. 1, 2046, 3 a.m. (Asia/Jakarta)." in body

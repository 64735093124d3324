"""Seats under concurrency: never more people than seats, and the first who asked come first."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Member, OutgoingMail
from accounts.services import close_account
from community.models import Enrolment, Event
from community.services import enrolling
from community.services.events import change_event
from community.services.seats import fill_free_seats
from core.errors import DomainError
from tests.factories.accounts import MemberFactory
from tests.factories.events import EnrolmentFactory, EventFactory
from tests.factories.hubs import HubFactory, MembershipFactory
from tests.races import all_at_once


def states(event):
    """Return the states in the order of the requests."""
    rows = Enrolment.objects.filter(event=event).order_by("number")
    return list(rows.values_list("state", flat=True))


def seated(event):
    rows = Enrolment.objects.filter(event=event, state="approved").order_by("number")
    return list(rows.values_list("member", flat=True))


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_for_ten_seats_and_those_who_wait_move_up_in_order():
    event = EventFactory(capacity=10)
    people = [MemberFactory() for _ in range(50)]

    results = all_at_once(*(lambda by=by: enrolling.enrol(event, by=by) for by in people))

    assert len([each for each in results if isinstance(each, Enrolment)]) == 50
    assert states(event) == ["approved"] * 10 + ["waiting"] * 40
    numbers = Enrolment.objects.filter(event=event).order_by("number")
    assert list(numbers.values_list("number", flat=True)) == list(range(1, 51))

    in_order = list(numbers.values_list("member", flat=True))
    leaving = Member.objects.in_bulk(in_order[:5])
    all_at_once(*(lambda by=by: enrolling.give_up(event, by=by) for by in leaving.values()))
    assert seated(event) == in_order[5:15]
    assert states(event)[:5] == ["cancelled"] * 5
    # Who gives up a place on the waiting list frees no seat.
    enrolling.give_up(event, by=Member.objects.get(pk=in_order[20]))
    assert seated(event) == in_order[5:15]
    assert OutgoingMail.objects.filter(key__startswith=f"event:{event.pk}:seat:").count() == 5


@pytest.mark.django_db(transaction=True)
def test_one_who_presses_twice_has_one_seat_and_the_last_seat_is_given_once():
    event = EventFactory(capacity=1)
    ana, ben = MemberFactory(), MemberFactory()

    all_at_once(*(lambda by=by: enrolling.enrol(event, by=by) for by in (ana, ana, ben)))

    assert states(event) == ["approved", "waiting"]
    assert Enrolment.objects.filter(event=event).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_seat_is_not_given_to_who_closes_their_account_meanwhile():
    event = EventFactory(capacity=1)
    first, goes, stays = MemberFactory(), MemberFactory(), MemberFactory()
    for by in (first, goes, stays):
        enrolling.enrol(event, message="I come by train.", by=by)

    all_at_once(
        lambda: enrolling.give_up(event, by=first),
        lambda: close_account(goes, by=goes),
        lambda: enrolling.enrol(EventFactory(), by=stays),
    )
    fill_free_seats()

    assert seated(event) == [stays.pk]
    assert not Enrolment.objects.filter(member=goes).exclude(message="").exists()
    with pytest.raises(PermissionDenied):
        enrolling.enrol(EventFactory(), by=Member.objects.get(pk=goes.pk))


@pytest.mark.django_db(transaction=True)
def test_decisions_at_once_never_oversell():
    hub = HubFactory()
    head = MembershipFactory(hub=hub, head=True).member
    event = EventFactory(capacity=3, approval=True, hubs=[hub])
    asked = [enrolling.enrol(event, by=MemberFactory()) for _ in range(8)]
    assert states(event) == ["requested"] * 8

    all_at_once(*(lambda each=each: enrolling.approve(each, by=head) for each in asked))

    assert sorted(states(event)) == ["approved"] * 3 + ["waiting"] * 5
    out = Enrolment.objects.filter(event=event, state="approved").first()
    waited = Enrolment.objects.filter(event=event, state="waiting").order_by("number").first()
    enrolling.decline(out, reason="Too late.", by=head)
    assert Enrolment.objects.get(pk=waited.pk).state == "approved"


@pytest.mark.django_db
def test_more_seats_go_to_those_who_wait_and_fewer_than_people_are_refused():
    hub = HubFactory()
    head = MembershipFactory(hub=hub, head=True).member
    event = EventFactory(capacity=1, hubs=[hub])
    for _ in range(4):
        enrolling.enrol(event, by=MemberFactory())

    def seats(number):
        event.refresh_from_db()
        changes = {"capacity": number}
        return change_event(event, changes=changes, expected_version=event.version, by=head)

    seats(3)
    assert states(event) == ["approved"] * 3 + ["waiting"]
    with pytest.raises(DomainError, match="3 people have a seat"):
        seats(2)
    seats(None)
    assert states(event) == ["approved"] * 4


@pytest.mark.django_db
def test_who_asks_again_stands_at_the_end():
    event = EventFactory(capacity=1)
    ana, ben, cyd = (MemberFactory() for _ in range(3))
    for by in (ana, ben, cyd):
        enrolling.enrol(event, by=by)
    enrolling.give_up(event, by=ana)

    again = enrolling.enrol(event, by=ana)

    assert (again.state, again.number) == ("waiting", 4)
    assert seated(event) == [ben.pk]
    assert enrolling.enrol(event, by=ana).number == 4  # a second time changes nothing


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("traits", "text"),
    [
        ({"cancelled": True}, "cancelled"),
        ({"past": True}, "over"),
        ({"policy": "none"}, "does not enrol"),
        ({"enrolment_closes_at": timezone.now() - datetime.timedelta(hours=1)}, "closed"),
    ],
)
def test_nobody_enrols_where_one_cannot(traits, text):
    with pytest.raises(DomainError, match=text):
        enrolling.enrol(EventFactory(**traits), by=MemberFactory())


@pytest.mark.django_db
def test_who_may_not_see_an_event_or_takes_no_part_cannot_enrol():
    hidden = EventFactory(hubs=[HubFactory(unpublished=True)])
    for event, by in (
        (hidden, MemberFactory()),
        (EventFactory(draft=True), MemberFactory()),
        (EventFactory(), MemberFactory(pending=True)),
    ):
        with pytest.raises(PermissionDenied):
            enrolling.enrol(event, by=by)
    with pytest.raises(DomainError, match="not enrolled"):
        enrolling.give_up(EventFactory(), by=MemberFactory())


@pytest.mark.django_db
def test_nobody_moves_up_in_an_event_that_is_over_or_cancelled():
    for event in (EventFactory(past=True, capacity=5), EventFactory(cancelled=True, capacity=5)):
        EnrolmentFactory(event=event, waiting=True)
    late = EventFactory(capacity=2)
    EnrolmentFactory(event=late, waiting=True)

    assert fill_free_seats() == 1

    assert states(late) == ["approved"]
    assert Event.objects.filter(enrolments__state="waiting").count() == 2

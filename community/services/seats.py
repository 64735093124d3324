"""Seats of events: who gets the free ones, in the order in which they asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Member
from community.models import Enrolment, EnrolmentState, Event, EventState
from community.services.event_mail import tell
from community.services.event_records import record_event

if TYPE_CHECKING:
    from django.db.models import QuerySet

PLENTY = 2**31


def free_seats(event: Event) -> int:
    """Return how many seats nobody has, of an event whose row is locked."""
    if event.capacity is None:
        return PLENTY
    return max(event.capacity - event.enrolments.seated().count(), 0)


def fill_seats(event: Any) -> int:
    """Give the free seats of an event, whose row is locked, to those who wait longest; return how
    many. Nobody is moved up in an event that is over or cancelled.

    Locks each member before their enrolment, as who closes an account does.
    """
    if event.state == EventState.CANCELLED or event.is_past:
        return 0
    free, filled = free_seats(event), 0
    if not free:
        return 0
    waiting = event.enrolments.waiting().values_list("pk", "member_id")
    for pk, member_pk in list(waiting):
        if filled == free:
            break
        filled += _give_seat(event, pk, member_pk)
    return filled


def _give_seat(event: Any, pk: int, member_pk: int) -> int:
    member = locked_member(member_pk)
    rows = Enrolment.objects.select_for_update(no_key=True, of=("self",))
    enrolment = rows.filter(pk=pk, state=EnrolmentState.WAITING).first()
    if member is None or enrolment is None:
        return 0  # they left in between
    enrolment.state = EnrolmentState.APPROVED
    enrolment.decided_at = timezone.now()
    enrolment.save(update_fields=["state", "decided_at"])
    record_event("enrolment.moved_up", event, by=None, is_public=False, subject=member)
    tell_seat(event, member, enrolment)
    return 1


def tell_seat(event: Event, member: Member, enrolment: Enrolment) -> None:
    """Tell somebody that they have a seat now."""
    tell(
        [member],
        event,
        key=decision_key("seat", enrolment),
        subject=gettext_lazy("You have a seat: %(title)s"),
        body=gettext_lazy(
            "You have a seat at “%(title)s”.\n\n%(when)s\n\n"
            "The page has the calendar file, and a button if you cannot come:\n%(address)s"
        ),
    )


def decision_key(effect: str, enrolment: Enrolment) -> str:
    """Return the key of the mail on one decision: who is decided on twice is told twice."""
    return f"{effect}:{enrolment.number}:{enrolment.decided_at:%Y%m%dT%H%M%S%f}"


def locked_member(pk: int) -> Member | None:
    """Return a member who takes part, and keeps taking part until the transaction ends: their
    account is not closed meanwhile.
    """
    # Django knows no lock as weak: a stronger one would let two events that give seats to the
    # same people wait for each other.
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM accounts_member WHERE id = %s FOR KEY SHARE", [pk])
    people: QuerySet[Member] = Member.objects.taking_part()
    return people.filter(pk=pk).first()


def fill_free_seats() -> int:
    """Give free seats to those who wait, of all events; return how many. Seats are given at once
    as they become free; this finds those of members who closed their account.
    """
    waited_for = Enrolment.objects.waiting().order_by().values("event")
    events = Event.objects.upcoming().with_seats().filter(pk__in=waited_for, state="published")
    owed = events.filter(Q(capacity=None) | Q(seats_taken__lt=F("capacity")))
    return sum(_fill(pk) for pk in list(owed.values_list("pk", flat=True)))


@transaction.atomic
def _fill(pk: int) -> int:
    event = Event.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    return 0 if event is None else fill_seats(event)

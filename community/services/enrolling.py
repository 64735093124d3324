"""Asking for a seat at an event, giving it up, and deciding on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import Enrolment, EnrolmentPolicy, EnrolmentState, Event, EventState
from community.services.event_mail import organising_people, tell
from community.services.event_records import record_event, refuse_cancelled
from community.services.seats import (
    decision_key,
    fill_seats,
    free_seats,
    locked_member,
    tell_seat,
)
from core.errors import DomainError
from hubs.services.rows import lock

if TYPE_CHECKING:
    from accounts.models import Member

_STANDING = (EnrolmentState.APPROVED, EnrolmentState.REQUESTED, EnrolmentState.WAITING)


@transaction.atomic
def enrol(event: Event, *, message: str = "", by: Member) -> Enrolment:
    """Ask for a seat for `by`, and return the enrolment: with a seat, on the waiting list, or
    waiting for the organisers. A second time changes nothing.

    Raises `PermissionDenied` if `by` may not see the event or takes no part in the portal,
    `DomainError` if one cannot enrol now.
    """
    current: Any = lock(event)
    if not by.takes_part or not Event.objects.visible_to(by).contains(current):
        raise PermissionDenied
    old = Enrolment.objects.filter(event=current, member=by).first()
    if old is not None and old.state in _STANDING:
        return old
    refuse_closed(current)
    if old is not None and old.state == EnrolmentState.DECLINED:
        raise DomainError(_("The organisers declined. Write to them if this is a mistake."))
    if locked_member(by.pk) is None:
        raise PermissionDenied
    enrolment = old or Enrolment(event=current, member=by)
    known = current.enrolments.aggregate(last=Max("number"))
    enrolment.number = (known["last"] or 0) + 1
    enrolment.requested_at = timezone.now()
    enrolment.message, enrolment.reason = message.strip(), ""
    enrolment.decided_at = enrolment.decided_by = None
    enrolment.state = _first_state(current)
    enrolment.full_clean(exclude=["event", "member"])
    enrolment.save()
    record_event("enrolment.asked", current, by=by, is_public=False)
    if enrolment.state == EnrolmentState.REQUESTED:
        _tell_organisers(current, enrolment)
    return enrolment


def refuse_closed(event: Event) -> None:
    """Raise `DomainError` saying why nobody can enrol now, if nobody can."""
    refuse_cancelled(event)
    if event.state != EventState.PUBLISHED or event.policy == EnrolmentPolicy.NONE:
        raise DomainError(_("One does not enrol for this event here."))
    now = timezone.now()
    if event.ends_at <= now:
        raise DomainError(_("This event is over."))
    if event.enrolment_closes_at is not None and event.enrolment_closes_at <= now:
        raise DomainError(_("Enrolment is closed."))


def _first_state(event: Any) -> EnrolmentState:
    if event.policy == EnrolmentPolicy.APPROVAL:
        return EnrolmentState.REQUESTED
    # Behind those who wait, even where a seat is free that nobody has given out yet.
    fill_seats(event)
    return EnrolmentState.APPROVED if free_seats(event) else EnrolmentState.WAITING


@transaction.atomic
def give_up(event: Event, *, by: Member) -> Enrolment:
    """Take back one's own wish, and give the seat to who waits longest; a second time changes
    nothing. Raises `DomainError` if there is none or the event is over.
    """
    current: Any = lock(event)
    if locked_member(by.pk) is None:
        raise PermissionDenied
    rows = Enrolment.objects.filter(event=current, member=by)
    enrolment = rows.select_for_update(no_key=True, of=("self",)).first()
    if enrolment is None:
        if not Event.objects.visible_to(by).contains(current):
            raise PermissionDenied
        raise DomainError(_("You are not enrolled."))
    if enrolment.state not in _STANDING:
        return enrolment
    if current.is_past:
        raise DomainError(_("This event is over."))
    enrolment.state = EnrolmentState.CANCELLED
    enrolment.save(update_fields=["state"])
    record_event("enrolment.given_up", current, by=by, is_public=False)
    fill_seats(current)
    return enrolment


@transaction.atomic
def approve(enrolment: Enrolment, *, by: Member) -> Enrolment:
    """Give a seat to who asked, or a place on the waiting list if none is free.

    Raises `PermissionDenied` if `by` does not run the event or it is their own wish,
    `DomainError` if somebody decided already, or they took it back.
    """
    event, current, member = _to_decide(enrolment, by)
    if current.state not in (EnrolmentState.REQUESTED, EnrolmentState.DECLINED):
        return current  # type: ignore[no-any-return]
    refuse_cancelled(event)
    fill_seats(event)
    has_seat = free_seats(event) > 0
    current.state = EnrolmentState.APPROVED if has_seat else EnrolmentState.WAITING
    _decided(current, by, reason="")
    record_event("enrolment.approved", event, by=by, is_public=False, subject=member)
    if has_seat:
        tell_seat(event, member, current)
    else:
        tell(
            [member],
            event,
            key=decision_key("waiting", current),
            subject=gettext_lazy("On the waiting list: %(title)s"),
            body=gettext_lazy(
                "All seats at “%(title)s” are taken. You are on the waiting list and are told as "
                "soon as a seat is yours.\n\n%(when)s\n\n%(address)s"
            ),
        )
    return current  # type: ignore[no-any-return]


@transaction.atomic
def decline(enrolment: Enrolment, *, reason: str, by: Member) -> Enrolment:
    """Refuse a wish, or take a seat back, with a reason that the member is told. The seat goes to
    who waits longest. Raises as `approve`, and `ValidationError` without a reason.
    """
    event, current, member = _to_decide(enrolment, by)
    if current.state == EnrolmentState.DECLINED:
        return current  # type: ignore[no-any-return]
    current.state = EnrolmentState.DECLINED
    _decided(current, by, reason=reason.strip())
    record_event("enrolment.declined", event, by=by, is_public=False, subject=member)
    tell(
        [member],
        event,
        key=decision_key("declined", current),
        subject=gettext_lazy("Declined: %(title)s"),
        body=gettext_lazy(
            "The organisers cannot give you a seat at “%(title)s”: %(reason)s\n\n%(address)s"
        ),
        reason=current.reason,
    )
    fill_seats(event)
    return current  # type: ignore[no-any-return]


def _to_decide(enrolment: Enrolment, by: Member) -> tuple[Any, Any, Member]:
    """Return event, enrolment and member, locked in this order."""
    event: Any = lock(enrolment.event)
    if not Enrolment.objects.decidable_by(by).contains(enrolment):
        raise PermissionDenied
    member = locked_member(enrolment.member_id)
    current = lock(enrolment)
    if member is None or current.state == EnrolmentState.CANCELLED:
        raise DomainError(_("This member does not want to come any more."))
    return event, current, member


def _decided(current: Any, by: Member, *, reason: str) -> None:
    current.decided_by, current.decided_at, current.reason = by, timezone.now(), reason
    current.full_clean(exclude=["event", "member"])
    current.save()


def _tell_organisers(event: Any, enrolment: Enrolment) -> None:
    tell(
        organising_people(event),
        event,
        key=f"asked:{enrolment.pk}:{enrolment.number}",
        subject=gettext_lazy("Somebody asks for a seat: %(title)s"),
        body=gettext_lazy("%(name)s asks for a seat at “%(title)s”. You decide here:\n%(address)s"),
        path=f"{event.get_absolute_url()}people/",
        name=enrolment.member.name,
    )

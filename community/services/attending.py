"""Who was at an event, and what they thought of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Avg, Count
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import (
    MARKS,
    Enrolment,
    EnrolmentState,
    Event,
    EventAttendance,
    EventFeedback,
    EventSession,
)
from community.services.event_records import editable_event, record_event
from community.services.seats import locked_member
from core.errors import DomainError
from hubs.services.rows import lock

if TYPE_CHECKING:
    from accounts.models import Member

FEWEST_TOLD = 3  # answers: of fewer one could guess who said what


@transaction.atomic
def mark_attendance(
    event: Event,
    session: EventSession | None,
    *,
    present: Collection[int],
    asked: Collection[int],
    by: Member,
) -> int:
    """Write down who was there, at a session or (None) at an event that has none; return how
    many are marked as present there now. Of enrolments not `asked` nothing changes.

    Raises `PermissionDenied` if `by` does not run the event, `DomainError` before it begins,
    `ValidationError` for a session of another event or none where there are some.
    """
    current = editable_event(event, by)
    if current.starts_at > timezone.now():
        raise DomainError(_("The event has not begun yet."))
    sessions = set(current.sessions.values_list("pk", flat=True))
    if (session is None and sessions) or (session is not None and session.pk not in sessions):
        raise ValidationError({"session": [_("Choose a session of this event.")]})
    seated = current.enrolments.seated().filter(pk__in=asked)
    keys = set(seated.values_list("pk", flat=True))
    here = keys & set(present)
    rows = EventAttendance.objects.filter(session=session, enrolment__event=current)
    rows.filter(enrolment__in=keys - here).delete()
    EventAttendance.objects.bulk_create(
        (EventAttendance(enrolment_id=pk, session=session, marked_by=by) for pk in sorted(here)),
        ignore_conflicts=True,
    )
    if keys:
        record_event("event.attendance_marked", current, by=by, is_public=False)
    return rows.count()


def part_of(event: Event, number: int) -> EventSession | None:
    """Return the session of an event of that number; None for 0, an event without sessions.

    Raises `EventSession.DoesNotExist` if the event has no such part.
    """
    if number:
        return event.sessions.get(pk=number)
    if event.sessions.exists():
        raise EventSession.DoesNotExist
    return None


@transaction.atomic
def give_feedback(event: Event, *, answers: Mapping[str, Any], by: Member) -> EventFeedback:
    """Save what `by` thought of an event in which they had a seat; a second time it replaces what
    they said first.

    Raises `PermissionDenied` if they may not see the event or had no seat, `DomainError` before
    its end, `ValidationError` if an answer is missing.
    """
    if locked_member(by.pk) is None:
        raise PermissionDenied
    seats = Enrolment.objects.filter(event=event, member=by, state=EnrolmentState.APPROVED)
    enrolment = seats.first()
    if enrolment is None or not Event.objects.visible_to(by).filter(pk=event.pk).exists():
        raise PermissionDenied
    current: Any = lock(enrolment)  # one sheet each, sent twice or not
    if not Event.objects.answerable_by(by).filter(pk=event.pk).exists():
        raise DomainError(_("Tell what you think once the event is over."))
    sheet = sheet_of(event, by) or EventFeedback(enrolment=current)
    for name in (*MARKS, "best", "better"):
        setattr(sheet, name, answers.get(name, getattr(sheet, name)))
    sheet.full_clean(exclude=["enrolment"])
    sheet.save()
    return sheet


def sheet_of(event: Event, member: Member) -> EventFeedback | None:
    """Return what a member thought of an event; None if they have not said so."""
    return EventFeedback.objects.filter(enrolment__event=event, enrolment__member=member).first()


def summary_of(event: Event) -> dict[str, Any]:
    """Return what all said of an event, without names: `count`, and from `FEWEST_TOLD` answers
    on the `means` and the texts, in no order of time. Four queries at most.
    """
    sheets = EventFeedback.objects.filter(enrolment__event=event)
    count = sheets.count()
    told: dict[str, Any] = {"count": count, "is_told": count >= FEWEST_TOLD}
    if not told["is_told"]:
        return told | {"means": [], "best": [], "better": []}
    found = sheets.aggregate(**{name: Avg(name) for name in MARKS})
    columns: Any = EventFeedback._meta
    told["means"] = [(columns.get_field(name).verbose_name, found[name]) for name in MARKS]
    for name in ("best", "better"):
        texts = sheets.exclude(**{name: ""}).order_by(name)
        told[name] = list(texts.values_list(name, flat=True))
    return told


def parts_of(event: Event) -> list[tuple[int, str, int]]:
    """Return what people can have been at: the number of a session (0: the event itself, which
    has none), its title, and how many were there. Two queries.
    """
    rows = EventAttendance.objects.filter(enrolment__event=event).order_by()
    counts = dict(rows.values_list("session").annotate(Count("pk")))
    sessions = list(event.sessions.all())
    if not sessions:
        return [(0, _("The event"), counts.get(None, 0))]
    return [(each.pk, each.title, counts.get(each.pk, 0)) for each in sessions]

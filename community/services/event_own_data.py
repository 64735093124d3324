"""What members did at events, for them to take away; and what is wiped when they leave."""

from __future__ import annotations

from community.models import CalendarFeed, Enrolment, EnrolmentState, Event, EventFeedback
from community.tasks import fill_event_seats
from core.tasks import enqueue

_FEEDBACK = ("enrolment__event__slug", "useful", "organised", "applied", "best", "better")
_EVENT = ("slug", "title", "kind", "state", "created_at")


def enrolments_of(member_pk: int) -> list[dict[str, object]]:
    """Return the events for which a member enrolled, and where they were."""
    found = Enrolment.objects.filter(member=member_pk).order_by("pk")
    rows = found.prefetch_related("attendances__session").select_related("event")
    return [
        {
            "event": row.event.title,
            "slug": row.event.slug,
            "state": row.state,
            "message": row.message,
            "requested_at": row.requested_at,
            "reason": row.reason,
            "was_there": [
                each.session.title if each.session else row.event.title
                for each in row.attendances.all()
            ],
        }
        for row in rows
    ]


def feedback_of(member_pk: int) -> list[dict[str, object]]:
    """Return what a member thought of events."""
    found = EventFeedback.objects.filter(enrolment__member=member_pk).order_by("pk")
    return list(found.values(*_FEEDBACK))


def events_of(member_pk: int) -> list[dict[str, object]]:
    """Return the events that a member began."""
    return list(Event.objects.filter(author=member_pk).order_by("pk").values(*_EVENT))


def leave_seats(member_pk: int) -> None:
    """Give up the seats of a member who goes; the worker gives them to those who wait. No event
    is locked here: who gives seats locks the event first and then the members.
    """
    rows = Enrolment.objects.filter(member=member_pk)
    to_come = Event.objects.upcoming().values("pk")
    left = rows.standing().filter(event__in=to_come).update(state=EnrolmentState.CANCELLED)
    rows.update(message="")
    CalendarFeed.objects.filter(member=member_pk).delete()
    if left:
        enqueue(fill_event_seats)

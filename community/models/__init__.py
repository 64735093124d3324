"""What the community keeps."""

from community.models.enrolment import (
    MARKS,
    CalendarFeed,
    Enrolment,
    EnrolmentState,
    EventAttendance,
    EventFeedback,
)
from community.models.event import (
    EnrolmentPolicy,
    Event,
    EventKind,
    EventPrecision,
    EventSession,
    EventState,
)

__all__ = [
    "MARKS",
    "CalendarFeed",
    "Enrolment",
    "EnrolmentPolicy",
    "EnrolmentState",
    "Event",
    "EventAttendance",
    "EventFeedback",
    "EventKind",
    "EventPrecision",
    "EventSession",
    "EventState",
]

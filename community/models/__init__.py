"""Spaces, threads and posts, events, and what members keep of them."""

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
from community.models.follow import Follow, FollowLevel
from community.models.notification import FanOut, Notification, Reason
from community.models.post import (
    Post,
    PostFile,
    PostMention,
    PostRevision,
    PostState,
    UsefulMark,
)
from community.models.reading import PostDraft, ThreadRead
from community.models.space import (
    Audience,
    Space,
    SpaceDimension,
    SpacePerson,
    SpaceRole,
)
from community.models.thread import Thread, ThreadKind, ThreadState
from community.querysets.threads import ABOUT

__all__ = [
    "ABOUT",
    "MARKS",
    "Audience",
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
    "FanOut",
    "Follow",
    "FollowLevel",
    "Notification",
    "Post",
    "PostDraft",
    "PostFile",
    "PostMention",
    "PostRevision",
    "PostState",
    "Reason",
    "Space",
    "SpaceDimension",
    "SpacePerson",
    "SpaceRole",
    "Thread",
    "ThreadKind",
    "ThreadRead",
    "ThreadState",
    "UsefulMark",
]

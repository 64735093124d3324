"""Spaces, threads and posts, events, and what members keep of them."""

from community.models.announcement import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementState,
    RecipientState,
    Tie,
)
from community.models.appeal import Appeal, AppealState
from community.models.article import Article, ArticleKind, ArticleState
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
from community.models.flag import Flag, FlagReason, FlagState
from community.models.follow import Follow, FollowLevel
from community.models.mail_in import MailOutcome, ReceivedMail
from community.models.moderation import (
    Act,
    Claim,
    Decision,
    Measure,
    MemberWarning,
    QueueTelling,
    WaitingKind,
)
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
from community.models.words import WatchedWord, WordAction
from community.querysets.articles import ARTICLE_ABOUT
from community.querysets.threads import ABOUT

__all__ = [
    "ABOUT",
    "ARTICLE_ABOUT",
    "MARKS",
    "Act",
    "Announcement",
    "AnnouncementRecipient",
    "AnnouncementState",
    "Appeal",
    "AppealState",
    "Article",
    "ArticleKind",
    "ArticleState",
    "Audience",
    "CalendarFeed",
    "Claim",
    "Decision",
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
    "Flag",
    "FlagReason",
    "FlagState",
    "Follow",
    "FollowLevel",
    "MailOutcome",
    "Measure",
    "MemberWarning",
    "Notification",
    "Post",
    "PostDraft",
    "PostFile",
    "PostMention",
    "PostRevision",
    "PostState",
    "QueueTelling",
    "Reason",
    "ReceivedMail",
    "RecipientState",
    "Space",
    "SpaceDimension",
    "SpacePerson",
    "SpaceRole",
    "Thread",
    "ThreadKind",
    "ThreadRead",
    "ThreadState",
    "Tie",
    "UsefulMark",
    "WaitingKind",
    "WatchedWord",
    "WordAction",
]

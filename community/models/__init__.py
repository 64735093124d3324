"""Spaces, threads and posts, and what members keep of them."""

from community.models.appeal import Appeal, AppealState
from community.models.flag import Flag, FlagReason, FlagState
from community.models.moderation import Act, Claim, Decision, Measure, MemberWarning, WaitingKind
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
from community.querysets.threads import ABOUT

__all__ = [
    "ABOUT",
    "Act",
    "Appeal",
    "AppealState",
    "Audience",
    "Claim",
    "Decision",
    "Flag",
    "FlagReason",
    "FlagState",
    "Measure",
    "MemberWarning",
    "Post",
    "PostDraft",
    "PostFile",
    "PostMention",
    "PostRevision",
    "PostState",
    "Space",
    "SpaceDimension",
    "SpacePerson",
    "SpaceRole",
    "Thread",
    "ThreadKind",
    "ThreadRead",
    "ThreadState",
    "UsefulMark",
    "WaitingKind",
    "WatchedWord",
    "WordAction",
]

"""Spaces, threads and posts, and what members keep of them."""

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
    "Audience",
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
]

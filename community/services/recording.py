"""What is recorded of threads and posts, so that nobody reads there what is not for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from accounts.models import ActivityAudience, Member
from accounts.services import record_activity
from community.models import Post, Thread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.services import Change


def is_public(thread: Thread) -> bool:
    """Return whether everybody may read the thread; one query."""
    return Thread.objects.alone(thread).visible_to(AnonymousUser()).exists()


def record(
    verb: str,
    thing: Thread | Post,
    *,
    by: Member,
    audience: ActivityAudience | None = None,
    changes: Iterable[Change] = (),
) -> None:
    """Write down what `by` did to a thread or post.

    Of one that not everybody may read, neither title nor address is written: the row can never
    be altered, and those who moderate the portal read it.
    """
    thread = thing.thread if isinstance(thing, Post) else thing
    told = is_public(thread)
    usual = ActivityAudience.PUBLIC if told else ActivityAudience.MEMBERS
    record_activity(
        verb,
        thing,
        by=by,
        audience=audience or usual,
        label=str(thread) if told else "",
        url=None if told else "",
        changes=changes if told else (),
    )

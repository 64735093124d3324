"""Threads put where they belong: moved to another space, merged, split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.services import changes_between
from community.models import Post, Space, Thread, ThreadRead, ThreadState
from community.services.counting import count_shown
from community.services.finding import index_threads
from community.services.recording import record
from community.services.threads import new_slug
from core.errors import DomainError
from hubs.services.rows import lock, readable, sign


def _kept(by: Member, *threads: Thread) -> list[Any]:
    """Return the threads locked, in the order of their keys, so that two who work on the same
    ones wait for each other; raise `PermissionDenied` if one is not moderated by `by`.
    """
    locked = {each.pk: lock(each) for each in sorted(threads, key=lambda each: each.pk)}
    kept = Thread.objects.moderated_by(by).filter(pk__in=locked)
    if kept.count() != len(locked):
        raise PermissionDenied
    return [locked[each.pk] for each in threads]


def _refuse_unless_told(*threads: Any) -> None:
    """Raise `DomainError` for a thread that is held, removed or merged."""
    if any(each.state not in (ThreadState.OPEN, ThreadState.CLOSED) for each in threads):
        raise DomainError(_("This thread is not open to readers. Decide on that first."))


@transaction.atomic
def move_thread(thread: Thread, space: Space, *, by: Member) -> Thread:
    """Put a thread into another space; who may read it follows.

    Raises `PermissionDenied` unless `by` moderates the thread and may write in the space,
    `DomainError` for comments, which belong to their page, and for one that stands there.
    """
    (current,) = _kept(by, thread)
    if not Space.objects.writable_by(by).contains(space):
        raise PermissionDenied
    if current.space_id is None:
        raise DomainError(_("Comments stay with the page that they are about."))
    _refuse_unless_told(current)
    if current.space_id == space.pk:
        raise DomainError(_("The thread is in this space already."))
    before = readable(current, ["space"])
    current.space = space
    current.version += 1
    sign(current, by)
    current.save()
    index_threads([current.pk])
    record("thread.moved", current, by=by, changes=changes_between(before, {"space": str(space)}))
    return current  # type: ignore[no-any-return]


@transaction.atomic
def merge_threads(source: Thread, target: Thread, *, by: Member) -> Thread:
    """Put the posts of `source` behind those of `target`, in their order; who opens `source` is
    led to `target`, which is returned.

    Raises `PermissionDenied` unless `by` moderates both, `DomainError` for a thread with itself,
    and for comments, which belong to their page.
    """
    if source.pk == target.pk:
        raise DomainError(_("Choose another thread."))
    old, new = _kept(by, source, target)
    if old.space_id is None:
        raise DomainError(_("Comments stay with the page that they are about."))
    _refuse_unless_told(old, new)
    _renumber(list(old.posts.order_by("number")), new)
    ThreadRead.objects.filter(thread=old).delete()
    old.drafts.all().delete()
    old.state, old.merged_into, old.accepted = ThreadState.MERGED, new, None
    old.version += 1
    sign(old, by)
    old.save()
    # Who was led to it is led on.
    Thread.objects.filter(merged_into=old).update(merged_into=new)
    count_shown(old)
    count_shown(new)
    record("thread.merged", new, by=by)
    return new  # type: ignore[no-any-return]


def _renumber(posts: Sequence[Any], target: Any) -> None:
    """Move posts to the end of `target`, which is to be counted anew."""
    for post in posts:
        target.last_number += 1
        post.thread, post.number = target, target.last_number
        post.save(update_fields=["thread", "number", "updated_at"])


@transaction.atomic
def split_thread(
    thread: Thread, posts: Sequence[Post], *, title: str, space: Space, by: Member
) -> Thread:
    """Make posts of a thread a new one in `space`, and return it. The first post stays.

    Raises `PermissionDenied` unless `by` moderates the thread and may write in the space,
    `DomainError` if no post is chosen or the first is, `ValidationError` for a wrong title.
    """
    (current,) = _kept(by, thread)
    if not Space.objects.writable_by(by).contains(space):
        raise PermissionDenied
    _refuse_unless_told(current)
    chosen = list(
        Post.objects.shown()
        .filter(thread=current, pk__in=[each.pk for each in posts], number__gt=1)
        .order_by("number")
    )
    if not chosen or len(chosen) != len(posts):
        raise DomainError(_("Choose the posts of the new thread; the first one stays."))
    new = Thread(
        space=space,
        title=title.strip(),
        slug=new_slug(title),
        language=current.language,
        author=chosen[0].author,
        split_from=current,
    )
    new.full_clean()
    sign(new, by)
    new.save()
    _renumber(chosen, new)
    if current.accepted_id in {each.pk for each in chosen}:
        current.accepted = None
        current.save(update_fields=["accepted"])
    count_shown(current)
    count_shown(new)
    record("thread.split", new, by=by)
    return new

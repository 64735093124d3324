"""What moderators of a thread do with posts, and authors with their own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from community.models import Post, PostState, Thread, ThreadState
from community.services.counting import count_shown
from community.services.finding import index_threads
from community.services.posts import announce, lock_in_thread, weigh
from community.services.recording import record
from core.errors import DomainError
from hubs.services.rows import lock, sign


@transaction.atomic
def approve_post(post: Post, *, by: Member) -> Post:
    """Show a post that was held, and its thread if it began one; from now on what its author
    writes is shown at once.

    Raises `PermissionDenied` if `by` does not moderate the thread or wrote it, `DomainError` if
    somebody has decided meanwhile.
    """
    thread, current = lock_in_thread(post)
    if current.state != PostState.HELD:
        raise DomainError(_("Somebody has decided on this post already."))
    if not Post.objects.approvable_by(by).contains(current):
        raise PermissionDenied
    if current.number > 1:  # it comes to its readers now, after what they have read
        thread.last_number += 1
        current.number = thread.last_number
    elif thread.state == ThreadState.HELD:
        _open(thread, by)
    current.state = PostState.SHOWN
    current.save(update_fields=["state", "number", "updated_at"])
    count_shown(thread)
    record("post.approved", current, by=by, audience=ActivityAudience.MODERATORS)
    announce(current)
    return current  # type: ignore[no-any-return]


def _open(thread: Thread, by: Member) -> None:
    thread.state = ThreadState.OPEN
    thread.version += 1
    sign(thread, by)
    thread.save(update_fields=["state", "version", "updated_at"])


@transaction.atomic
def remove_post(post: Post, *, reason: str, by: Member) -> Post:
    """Take a post out of sight, with a reason that is shown in its place; its answers stay.

    Raises `PermissionDenied` if `by` neither wrote it nor moderates the thread, `DomainError` if
    it is removed already.
    """
    thread, current = lock_in_thread(post)
    if current.state == PostState.REMOVED:
        raise DomainError(_("This post is removed already."))
    if not Post.objects.removable_by(by).contains(current):
        raise PermissionDenied
    current.state, current.removed_by = PostState.REMOVED, by
    current.removed_reason = reason.strip()
    current.full_clean()
    current.save(update_fields=["state", "removed_by", "removed_reason", "updated_at"])
    if thread.accepted_id == current.pk:
        thread.accepted = None
        thread.save(update_fields=["accepted"])
    count_shown(thread)
    record("post.removed", current, by=by)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def restore_post(post: Post, *, by: Member) -> Post:
    """Show a removed post again, where it was. Raises `PermissionDenied` if `by` neither
    removed their own nor moderates the thread, `DomainError` if it is not removed.
    """
    thread, current = lock_in_thread(post)
    if current.state != PostState.REMOVED:
        raise DomainError(_("This post is not removed."))
    if not Post.objects.restorable_by(by).contains(current):
        raise PermissionDenied
    # Who took back their own held post does not get past the moderators that way.
    title = thread.title if current.number == 1 else ""
    waits = current.author_id == by.pk and weigh(by, f"{title} {current.text}").waits
    current.state = PostState.HELD if waits else PostState.SHOWN
    current.removed_by, current.removed_reason = None, ""
    current.save(update_fields=["state", "removed_by", "removed_reason", "updated_at"])
    if thread.state == ThreadState.HELD and current.number == 1 and not waits:
        _open(thread, by)
    count_shown(thread)
    record("post.restored", current, by=by)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def remove_thread(thread: Thread, *, reason: str, by: Member) -> Thread:
    """Take a whole thread out of sight. Raises `PermissionDenied` if `by` does not moderate it,
    `DomainError` if it is removed or merged already.
    """
    current: Any = lock(thread)
    if not Thread.objects.moderated_by(by).contains(current):
        raise PermissionDenied
    if current.state in (ThreadState.REMOVED, ThreadState.MERGED):
        raise DomainError(_("This thread is removed already."))
    record("thread.removed", current, by=by)
    current.state, current.removed_reason = ThreadState.REMOVED, reason.strip()
    current.version += 1
    current.full_clean(exclude=["summary_html"])
    sign(current, by)
    current.save()
    index_threads([current.pk])
    return current  # type: ignore[no-any-return]


@transaction.atomic
def restore_thread(thread: Thread, *, by: Member) -> Thread:
    """Show a removed thread again. Raises `PermissionDenied` if `by` does not moderate it,
    `DomainError` if it is not removed.
    """
    current: Any = lock(thread)
    if not Thread.objects.moderated_by(by).contains(current):
        raise PermissionDenied
    if current.state != ThreadState.REMOVED:
        raise DomainError(_("This thread is not removed."))
    current.state = ThreadState.CLOSED if current.closed_at else ThreadState.OPEN
    current.removed_reason = ""
    current.version += 1
    sign(current, by)
    current.save()
    index_threads([current.pk])
    record("thread.restored", current, by=by)
    return current  # type: ignore[no-any-return]

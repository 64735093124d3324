"""Threads: begun, named, closed with a summary, opened again, pinned, locked, answered."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.services import changes_between
from community.followed import kind_of
from community.models import Post, PostState, Space, Thread, ThreadKind, ThreadState
from community.querysets.threads import things
from community.services.finding import index_threads
from community.services.posts import add_post, announce, attach, weigh
from community.services.recording import record
from core.errors import DomainError
from core.text import render_markdown
from hubs.services.rows import hold, lock, readable, refuse_stale, save_changed, sign

if TYPE_CHECKING:
    from django.db.models import Model

    from community.services.posts import Upload

FIELDS = ("title", "kind", "language", "closes_on")
KEPT_FOR_MODERATORS = (ThreadKind.ANNOUNCEMENT, ThreadKind.CONSULTATION)


@transaction.atomic
def begin_thread(
    space: Space,
    *,
    title: str,
    text: str,
    by: Member,
    kind: str = ThreadKind.DISCUSSION,
    language: str = "en",
    closes_on: datetime.date | None = None,
    about: Model | None = None,
    files: Sequence[Upload] = (),
) -> Thread:
    """Save a thread with its first post, and return it: open, or held for a moderator.

    Raises `PermissionDenied` if `by` may not write in the space, may not see what it is about or
    begins an announcement or consultation without moderating the space, `ValidationError` if a
    column is wrong.
    """
    current = lock(space)
    if not Space.objects.writable_by(by).contains(current):
        raise PermissionDenied
    moderates = Space.objects.moderated_by(by).contains(current)
    if kind in KEPT_FOR_MODERATORS and not moderates:
        raise PermissionDenied
    weighed = weigh(by, f"{title} {text}")
    weighed = weighed._replace(waits=weighed.waits and not moderates)
    thread = Thread(
        space=current,
        title=title.strip(),
        slug=new_slug(title),
        kind=kind,
        language=language,
        closes_on=closes_on,
        author=by,
        state=ThreadState.HELD if weighed.waits else ThreadState.OPEN,
    )
    if about is not None:
        setattr(thread, _seen_link(about, by), about)
    thread.full_clean()
    sign(thread, by)
    thread.save()
    post = add_post(thread, text=text, by=by, weighed=weighed)
    attach(post, files)
    if not weighed.waits:
        announce(post)
    return thread


def _seen_link(about: Any, by: Member) -> str:
    name = kind_of(about).name
    hold(about)
    if not things(name).visible_to(by).filter(pk=about.pk).exists():
        raise PermissionDenied
    return name


def new_slug(title: str) -> str:
    """Return how the title stands in the address; the number beside it makes it one of its own."""
    return slugify(title)[:80].strip("-") or "thread"


@transaction.atomic
def comments_on(thing: Model) -> Thread:
    """Return the thread of comments on `thing`, made when it is first asked for."""
    name = kind_of(thing).name
    hold(thing)
    thread, _is_new = Thread.objects.get_or_create(
        **{name: thing, "space": None},
        defaults={
            "title": str(thing)[:200],
            "slug": new_slug(str(thing)),
            "language": getattr(thing, "language", "") or "en",
        },
    )
    return thread


@transaction.atomic
def change_thread(
    thread: Thread, *, changes: Mapping[str, Any], expected_version: int, by: Member
) -> Thread:
    """Change title, kind, language or last day; return the saved row.

    Raises `PermissionDenied` if `by` may not, `StaleEdit` if it is not at `expected_version` any
    more, `ValidationError` if a column is wrong.
    """
    current: Any = _allowed(thread, "editable_by", by)
    kind = changes.get("kind", current.kind)
    moderates = Thread.objects.moderated_by(by).contains(current)
    if kind != current.kind and kind in KEPT_FOR_MODERATORS and not moderates:
        raise PermissionDenied
    refuse_stale(current, expected_version, readable(current, FIELDS))
    current.slug = new_slug(changes.get("title", current.title))
    made = save_changed(current, changes, by=by)
    index_threads([current.pk])
    record("thread.changed", current, by=by, changes=made)
    return current  # type: ignore[no-any-return]


def _allowed(thread: Thread, right: str, by: Member) -> Thread:
    """Return the thread locked; raise `PermissionDenied` if it is not among those of `right`."""
    current = lock(thread)
    if not getattr(Thread.objects.alone(current), right)(by).exists():
        raise PermissionDenied
    return current


@transaction.atomic
def close_thread(thread: Thread, *, summary: str, by: Member) -> Thread:
    """End a thread, with a summary if there is one to tell. A consultation needs one.

    Raises `PermissionDenied` if `by` may not, `DomainError` if it is closed already.
    """
    current: Any = lock(thread)
    if current.state == ThreadState.CLOSED:
        raise DomainError(_("Somebody has closed this thread already."))
    if not Thread.objects.closable_by(by).contains(current):
        raise PermissionDenied
    if current.kind == ThreadKind.CONSULTATION and not summary.strip():
        raise DomainError(_("Say what came of the consultation."))
    before = readable(current, ("state", "summary"))
    current.state, current.closed_at, current.closed_by = ThreadState.CLOSED, timezone.now(), by
    current.summary = summary.strip()
    current.summary_html = render_markdown(current.summary) if current.summary else ""
    _save(current, by)
    made = changes_between(before, readable(current, ("state", "summary")))
    record("thread.closed", current, by=by, changes=made)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def reopen_thread(thread: Thread, *, by: Member) -> Thread:
    """Open a closed thread again; its summary stays. Raises `PermissionDenied` if `by` does not
    moderate it, `DomainError` if it is not closed.
    """
    current: Any = _allowed(thread, "moderated_by", by)
    if current.state != ThreadState.CLOSED:
        raise DomainError(_("This thread is not closed."))
    current.state, current.closed_at, current.closed_by = ThreadState.OPEN, None, None
    _save(current, by)
    record("thread.reopened", current, by=by)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def set_mark(thread: Thread, *, mark: str, value: bool, by: Member) -> Thread:
    """Pin or lock a thread (`mark`: is_pinned, is_locked), or undo that; a second time changes
    nothing. Raises `PermissionDenied` if `by` does not moderate it.
    """
    current = _allowed(thread, "moderated_by", by)
    if getattr(current, mark) != value:
        before = readable(current, [mark])
        setattr(current, mark, value)
        _save(current, by)
        made = changes_between(before, readable(current, [mark]))
        record("thread.changed", current, by=by, changes=made)
    return current


@transaction.atomic
def accept_answer(thread: Thread, post: Post | None, *, by: Member) -> Thread:
    """Say which post answers a question, or with None that none does.

    Raises `PermissionDenied` if `by` neither asked nor moderates, `DomainError` for a post that
    is the question itself, is not shown or is of another thread.
    """
    current = _allowed(thread, "answerable_by", by)
    if post is not None:
        fresh = Post.objects.filter(pk=post.pk, thread=current, state=PostState.SHOWN).first()
        if fresh is None or fresh.number == 1:
            raise DomainError(_("This post cannot be the answer."))
    if current.accepted_id == (post.pk if post else None):
        return current
    current.accepted = post
    _save(current, by)
    record("thread.answered" if post else "thread.answer_withdrawn", current, by=by)
    return current


def _save(current: Thread, by: Member) -> None:
    current.version += 1
    current.full_clean(exclude=["summary_html"])
    sign(current, by)
    current.save()
    index_threads([current.pk])

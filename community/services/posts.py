"""Posts: written, changed, found useful."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from community.models import (
    Post,
    PostDraft,
    PostFile,
    PostRevision,
    PostState,
    Thread,
    ThreadState,
    UsefulMark,
)
from community.services.counting import count_shown, keep_counts
from community.services.finding import index_threads
from community.services.limits import is_known, refuse_of_new
from community.services.mentions import note_mentions, people_named, rendered
from community.services.reading import read_up_to
from community.services.recording import record
from community.services.words import note_words, waits_for_words
from core.errors import DomainError
from core.images import file_follows
from hubs.services.rows import lock, refuse_stale

if TYPE_CHECKING:
    from core.uploads import CleanedDocument

MOST_FILES = 5  # of one post
MOST_NAME = 200  # characters of a file's name


class Upload(NamedTuple):
    """A document that was found good, and what its owner calls it."""

    document: CleanedDocument
    name: str


def is_new_here(member: Member) -> bool:
    """Return whether what `member` writes waits for a moderator: nothing of theirs was shown
    yet and no hub has given them a role, or they are limited.
    """
    if member.status == Member.Status.LIMITED and not member.is_moderator:
        return True
    return not (is_known(member) or Post.objects.shown().filter(author=member).exists())


def must_wait(member: Member, text: str) -> bool:
    """Return whether a post of `text` by `member` waits for a moderator: they are new here, or
    it holds a watched word.
    """
    return is_new_here(member) or waits_for_words(member, text)


def lock_in_thread(post: Post) -> tuple[Any, Any]:
    """Return the thread of a post and the post, both locked, always in this order.

    Raises `DomainError` if somebody has put the post into another thread meanwhile.
    """
    thread, current = lock(post.thread), lock(post)
    if current.thread_id != thread.pk:
        raise DomainError(_("Somebody has moved this post meanwhile. Look at it again."))
    return thread, current


@transaction.atomic
def write_post(
    thread: Thread,
    *,
    text: str,
    by: Member,
    answers: Post | None = None,
    files: Sequence[Upload] = (),
) -> Post:
    """Save what `by` writes in a thread, and return it: shown, or held for a moderator.

    Raises `PermissionDenied` if they may not write there, `DomainError` if it is closed or
    locked meanwhile, `ValidationError` if the text is missing or too long.
    """
    current = lock(thread)
    if not Thread.objects.alone(current).replyable_by(by).exists():
        if current.state == ThreadState.OPEN and not current.is_locked and not current.is_over:
            raise PermissionDenied
        raise DomainError(_("This thread takes no more posts. What you wrote was not saved."))
    post = add_post(current, text=text, by=by, answers=answers, is_held=must_wait(by, text))
    attach(post, files)
    PostDraft.objects.filter(member=by, thread=current).delete()
    if post.state == PostState.SHOWN:
        announce(post)
    return post


def add_post(
    current: Thread, *, text: str, by: Member, is_held: bool, answers: Post | None = None
) -> Post:
    """Save the next post of a locked thread, without asking for rights. Raises `DomainError`
    where a new member writes too much.
    """
    refuse_of_new(by, text, is_another=True)
    if answers is not None and answers.thread_id != current.pk:
        answers = None
    people = people_named(current, text)
    current.last_number += 1
    post = Post(
        thread=current,
        number=current.last_number,
        author=by,
        text=text,
        html=rendered(text, people),
        answers=answers,
        state=PostState.HELD if is_held else PostState.SHOWN,
    )
    # All else is sound where it comes from, and the database keeps watch.
    post.clean_fields(exclude=["html", "thread", "author", "answers"])
    post.save()
    if people:
        note_mentions(post, people)
    note_words(post)
    if is_held:  # what waits changes nothing that others are shown
        keep_counts(current, "last_number")
    else:
        count_shown(current)
    read_up_to(current, post.number, by=by)
    return post


def attach(post: Post, files: Sequence[Upload]) -> None:
    """Keep documents with a post. Raises `DomainError` for more than `MOST_FILES`."""
    if files and post.files.count() + len(files) > MOST_FILES:
        raise DomainError(_("A post holds at most %(number)d files.") % {"number": MOST_FILES})
    for document, name in files:
        row = PostFile(post=post, content_type=document.content_type, bytes=document.bytes)
        row.file_name = PurePath(name).name[-MOST_NAME:] or str(document.file.name)
        row.file = document.file
        with file_follows(row, "file", old=""):
            row.save()


def announce(post: Post) -> None:
    """Record that a post can be read, as what its author did."""
    record("thread.begun" if post.number == 1 else "post.written", post, by=post.author)


@transaction.atomic
def change_post(post: Post, *, text: str, expected_version: int, by: Member) -> Post:
    """Save another text of one's own post; the one before stays to be read.

    Raises `PermissionDenied` if `by` may not change it now, `StaleEdit` if it is not at
    `expected_version` any more, `ValidationError` if the text is missing or too long.
    """
    _thread, current = lock_in_thread(post)
    if not Post.objects.editable_by(by).contains(current):
        raise PermissionDenied
    refuse_stale(current, expected_version, {"text": current.text})
    if text == current.text:
        return current  # type: ignore[no-any-return]
    refuse_of_new(by, text, is_another=False)
    before = PostRevision(
        post=current,
        version=current.version,
        text=current.text,
        written_at=current.edited_at or current.written_at,
    )
    people = people_named(current.thread, text)
    current.text, current.html = text, rendered(text, people)
    current.version += 1
    current.edited_at = timezone.now()
    current.full_clean()
    before.save()
    current.save()
    note_mentions(current, people)
    note_words(current)
    if current.state == PostState.SHOWN:
        index_threads([current.thread_id])
        record("post.changed", current, by=by, audience=ActivityAudience.MODERATORS)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def mark_useful(post: Post, *, by: Member, is_useful: bool) -> Post:
    """Say that a post of somebody else was useful, or take that back; a second time changes
    nothing. Raises `PermissionDenied` if they may not.
    """
    current: Any = lock(post)
    if not Post.objects.markable_by(by).contains(current):
        raise PermissionDenied
    marks = UsefulMark.objects.filter(post=current, member=by)
    if is_useful and not marks.exists():
        UsefulMark.objects.create(post=current, member=by)
        Post.objects.filter(pk=current.pk).update(useful_count=F("useful_count") + 1)
    elif not is_useful and marks.delete()[0]:
        Post.objects.filter(pk=current.pk).update(useful_count=F("useful_count") - 1)
    current.refresh_from_db(fields=["useful_count"])
    return current  # type: ignore[no-any-return]


def quoted(post: Post) -> str:
    """Return the beginning of an answer that quotes `post`."""
    lines = "\n".join(f"> {line}".rstrip() for line in post.text.strip().splitlines())
    return f"{lines}\n\n"

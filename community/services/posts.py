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
    WordAction,
)
from community.services.counting import count_one_more, keep_counts
from community.services.finding import index_threads
from community.services.limits import is_known, refuse_of_new
from community.services.mentions import note_mentions, people_named, rendered
from community.services.reading import read_up_to
from community.services.recording import record
from community.services.words import flag_words, watched_in
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


class Weighed(NamedTuple):
    """What is known of a text before it is saved: whether its author needs no proof, whether it
    waits for a moderator, and the watched words in it, by what is done about them.
    """

    is_known: bool
    waits: bool
    words: dict[str, list[str]]


def weigh(member: Member, text: str) -> Weighed:
    """Return what is known of `text`, which `member` writes. It waits if they are limited, if
    nothing of theirs was shown yet and nothing else makes them known, or for a watched word.
    """
    known, words = is_known(member), watched_in(member, text)
    waits = (
        (member.status == Member.Status.LIMITED and not member.is_moderator)
        or not (known or Post.objects.shown().filter(author=member).exists())
        or WordAction.HOLD in words
    )
    return Weighed(known, waits, words)


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
    post = add_post(current, text=text, by=by, answers=answers, weighed=weigh(by, text))
    attach(post, files)
    PostDraft.objects.filter(member=by, thread=current).delete()
    if post.state == PostState.SHOWN:
        announce(post)
    return post


def add_post(
    current: Thread, *, text: str, by: Member, weighed: Weighed, answers: Post | None = None
) -> Post:
    """Save the next post of a locked thread, without asking for rights. Raises `DomainError`
    where a new member writes too much.
    """
    if not weighed.is_known:
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
        state=PostState.HELD if weighed.waits else PostState.SHOWN,
    )
    # All else is sound where it comes from, and the database keeps watch.
    post.clean_fields(exclude=["html", "thread", "author", "answers"])
    post.save()
    if people:
        note_mentions(post, people)
    if weighed.waits:  # what waits changes nothing that others are shown, and is read anyway
        keep_counts(current, "last_number")
    else:
        flag_words(post, weighed.words)
        count_one_more(current, post)
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
    if current.state == PostState.SHOWN:
        title = current.thread.title if current.number == 1 else ""
        flag_words(current, watched_in(by, f"{title} {text}"))
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

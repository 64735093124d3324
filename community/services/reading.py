"""How far a member has read, and the reply that they have not sent yet."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import Member
from community.models import PostDraft, Thread, ThreadRead

READ = """
INSERT INTO community_threadread AS read (member_id, thread_id, number) VALUES (%s, %s, %s)
ON CONFLICT (member_id, thread_id) DO UPDATE SET number = EXCLUDED.number, at = EXCLUDED.at
WHERE read.number < EXCLUDED.number
"""


def read_up_to(thread: Thread, number: int, *, by: Member) -> None:
    """Note that `by` has read a thread up to post `number`; never takes back what was noted."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [by.pk, thread.pk, number])


def read_everything(threads: QuerySet[Any], *, by: Member) -> None:
    """Note that `by` has read all of `threads`; one statement for a thousand of them."""
    rows = threads.values_list("pk", "last_shown")
    ThreadRead.objects.bulk_create(
        [ThreadRead(member=by, thread_id=pk, number=number) for pk, number in rows],
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["member", "thread"],
        update_fields=["number"],
    )


@transaction.atomic
def keep_draft(thread: Thread, text: str, *, by: Member) -> PostDraft | None:
    """Keep a reply that is not sent yet; None of an empty one, which ends the draft.

    Raises `PermissionDenied` if they could not send it, `ValidationError` if it is too long.
    """
    if not Thread.objects.replyable_by(by).contains(thread):
        raise PermissionDenied
    drafts = PostDraft.objects
    if not text.strip():
        drafts.filter(member=by, thread=thread).delete()
        return None
    PostDraft(member=by, thread=thread, text=text).clean_fields()
    draft, _is_new = drafts.update_or_create(member=by, thread=thread, defaults={"text": text})
    return draft

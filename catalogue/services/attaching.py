"""Files and pictures of a draft: added, and taken out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.content import column_of
from catalogue.models import Attachment, Draft
from catalogue.services.drafting import lock_writable, write_content
from core.errors import DomainError
from core.images import file_follows

if TYPE_CHECKING:
    from accounts.models import Member
    from core.uploads import CleanedDocument

MOST = 20  # attachments of one entry
MAX_NAME = 200


def add_attachment(
    draft: Draft, document: CleanedDocument, *, name: str, caption: str, by: Member
) -> Attachment:
    """Keep a document that was found good, the last of the draft's.

    A file that fails leaves nothing behind. Raises `PermissionDenied` if `by` may not write the
    draft now, `DomainError` when it has `MOST` already.
    """
    new = Attachment(
        draft=draft,
        file=document.file,
        name=_short(name),
        content_type=document.content_type,
        bytes=document.bytes,
        added_by=by,
    )
    with file_follows(new, "file", old=""), transaction.atomic():
        current = lock_writable(draft, by)
        rows = column_of(current.content, "attachments")
        if len(rows) >= MOST:
            raise DomainError(_("An entry has at most %(number)d files.") % {"number": MOST})
        new.save()
        row = {
            "pk": new.pk,
            "name": new.name,
            "content_type": new.content_type,
            "caption": caption,
        }
        write_content(current, {"attachments": [*rows, row]}, by)
    return new


@transaction.atomic
def remove_attachment(draft: Draft, pk: int, *, by: Member) -> None:
    """Take an attachment out of the draft. Its file goes too, once that is committed, unless
    reviewers or readers were shown it. Raises `PermissionDenied` if `by` may not write the draft.
    """
    current = lock_writable(draft, by)
    rows = column_of(current.content, "attachments")
    write_content(current, {"attachments": [row for row in rows if row["pk"] != pk]}, by)
    own = current.attachments.filter(pk=pk, shown_in=None).first()
    if own is not None and current.round == 0:
        storage, file = own.file.storage, str(own.file.name)
        own.delete()
        transaction.on_commit(lambda: storage.delete(file))


def _short(name: str) -> str:
    """Return the name with its ending, short enough to be kept."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: MAX_NAME - len(ending) - 1]}{dot}{ending}"[:MAX_NAME]

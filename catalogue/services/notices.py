"""What those who work on a draft are told by mail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from accounts.models import MailKind
from accounts.services import notify_each

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from accounts.models import Member
    from catalogue.models import Draft


def tell_people(
    people: Iterable[Member],
    *,
    draft: Draft,
    key: str,
    subject: Promise,
    body: Promise,
    by: Member | None = None,
    note: str = "",
    kind: MailKind = MailKind.REVIEW_REQUESTS,
    path: str | None = None,
) -> None:
    """Tell each of `people` but `by` in their language, in the running transaction.

    `key` names the effect; the words have title, by, note and address.
    """
    notify_each(
        people,
        kind,
        key=f"draft:{draft.pk}:{key}",
        subject=subject,
        body=body,
        words={"title": draft, "note": note},
        path=path or draft.get_absolute_url(),
        by=by,
    )

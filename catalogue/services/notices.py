"""What those who work on a draft are told by mail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from accounts.models import MailKind
from accounts.services import notify

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
    for person in {each.pk: each for each in people}.values():
        if by is not None and person.pk == by.pk:
            continue
        with translation.override(person.language):
            words = {
                "title": str(draft),
                "by": by.name if by else settings.SITE_NAME,
                "note": note,
                "address": f"{settings.SITE_URL}{path or draft.get_absolute_url()}",
            }
            notify(
                person,
                kind,
                key=f"draft:{draft.pk}:{key}:{person.pk}",
                subject=str(subject) % words,
                body=str(body) % words,
            )

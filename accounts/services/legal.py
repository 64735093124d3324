"""Terms and privacy notice: publishing, accepting, and the texts the portal brings."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.legal import forget_current_key
from accounts.models import Acceptance, ActivityAudience, LegalText, Member
from accounts.services.record import record_activity
from core.errors import DomainError

TEXTS = Path(__file__).resolve().parent.parent / "legal_texts"
_FILE_NAME = re.compile(r"(terms|privacy)-(\d+)\.md")
EFFECTIVE_ON = datetime.date(2026, 11, 24)  # of the first versions


def load_legal_texts() -> int:
    """Add the versions that this release brings and the portal does not have; return how many.

    A text that the portal has already, in any wording, is never touched.
    """
    added = 0
    for path in sorted(TEXTS.glob("*.md")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            continue
        _text, is_new = LegalText.objects.get_or_create(
            kind=match[1],
            version=int(match[2]),
            defaults={
                "body": path.read_text(encoding="utf-8"),
                "is_published": True,
                "effective_on": EFFECTIVE_ON,
            },
        )
        added += is_new
    if added:
        transaction.on_commit(forget_current_key)
    return added


@transaction.atomic
def publish_text(text: LegalText, *, by: Member) -> LegalText:
    """Publish a version; from then on members are asked to accept it.

    Raises `PermissionDenied` unless `by` is an administrator, `DomainError` if it is
    published already.
    """
    if not by.is_administrator:
        raise PermissionDenied
    current = LegalText.objects.select_for_update().get(pk=text.pk)
    if current.is_published:
        raise DomainError(_("This version is published already."))
    current.is_published = True
    current.save(update_fields=["is_published"])
    record_activity("legal_text.published", current, by=by)
    transaction.on_commit(forget_current_key)
    return current


@transaction.atomic
def accept_texts(member: Member, texts: Iterable[LegalText]) -> None:
    """Record that `member` accepts `texts`; accepting twice changes nothing."""
    accepted = list(texts)
    Acceptance.objects.bulk_create(
        [Acceptance(member=member, text=text) for text in accepted], ignore_conflicts=True
    )
    record_activity(
        "member.texts_accepted",
        member,
        by=member,
        audience=ActivityAudience.MODERATORS,
        changes=[{"field": text.kind, "old": None, "new": str(text.version)} for text in accepted],
    )

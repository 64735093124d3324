"""The mail about work that took longer than anybody waits before a page."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.models import MailKind
from accounts.services import notify

if TYPE_CHECKING:
    from accounts.models import Member

PATIENCE = datetime.timedelta(seconds=10)


def tell_when_ready(
    member: Member, *, asked_at: datetime.datetime, key: str, subject: str, body: str
) -> None:
    """Owe the member a mail, in the running transaction, if they waited over ten seconds for
    what `key` names and they asked for then.
    """
    if timezone.now() - asked_at > PATIENCE:
        key = f"{key}:{asked_at.timestamp():.0f}"
        notify(member, MailKind.IMPORTS, key=key, subject=subject, body=body)

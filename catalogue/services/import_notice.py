"""The mail about an import that took longer than anybody waits before a page."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import MailKind
from accounts.services import notify

if TYPE_CHECKING:
    from catalogue.models import Import

PATIENCE = datetime.timedelta(seconds=10)


def tell_when_ready(imported: Import) -> None:
    """Owe the member a mail, in the running transaction, if they waited over ten seconds."""
    if timezone.now() - imported.asked_at <= PATIENCE:
        return
    words = {
        "file": imported.file_name,
        "state": imported.get_state_display(),
        "address": f"{settings.SITE_URL}{imported.get_absolute_url()}",
    }
    notify(
        imported.member,
        MailKind.IMPORTS,
        key=f"import:{imported.pk}:{imported.state}:{imported.asked_at.timestamp():.0f}",
        subject=_("Your import is ready: %(file)s") % words,
        body=_("%(file)s: %(state)s.\n\nSee the report:\n%(address)s\n") % words,
    )

"""The mail about an import that took longer than anybody waits before a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.services.patience import tell_when_ready as tell

if TYPE_CHECKING:
    from catalogue.models import Import


def tell_when_ready(imported: Import) -> None:
    """Owe the member a mail, in the running transaction, if they waited over ten seconds."""
    words = {
        "file": imported.file_name,
        "state": imported.get_state_display(),
        "address": f"{settings.SITE_URL}{imported.get_absolute_url()}",
    }
    tell(
        imported.member,
        asked_at=imported.asked_at,
        key=f"import:{imported.pk}:{imported.state}",
        subject=_("Your import is ready: %(file)s") % words,
        body=_("%(file)s: %(state)s.\n\nSee the report:\n%(address)s\n") % words,
    )

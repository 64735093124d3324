"""Which imports there are for whom."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from accounts.querysets import is_moderator
from core.owed import OwedQuerySet

if TYPE_CHECKING:
    from hubs.querysets import User


class ImportQuerySet(OwedQuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own: what a file says is nobody else's before it is imported."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        return self.filter(member=user.pk)

    def retryable_by(self, user: User) -> Self:
        """One's own; for moderators also those of others. What a file says they are not shown."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        return self.all() if is_moderator(user) else self.filter(member=user.pk)

    def left_since(self, moment: datetime.datetime) -> Self:
        """Those whose file waits since before `moment`: checked, or given up."""
        kept = self.filter(state__in=["checked", "failed"], asked_at__lt=moment)
        return kept.exclude(file="")

    def of_same_file(self, imported: Any) -> Self:
        """Other imports of the very same file as the same kind into the same hub, that were
        carried out or are being.
        """
        same = self.filter(hub=imported.hub_id, kind=imported.kind, digest=imported.digest)
        return same.filter(state__in=["running", "done"]).exclude(pk=imported.pk)

"""Which imports there are for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from core.owed import OwedQuerySet

if TYPE_CHECKING:
    from hubs.querysets import User


class ImportQuerySet(OwedQuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own: what a file says is nobody else's before it is imported."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        return self.filter(member=user.pk)

    def of_same_file(self, imported: Any) -> Self:
        """Other imports of the very same file as the same kind into the same hub, that were
        carried out or are being.
        """
        same = self.filter(hub=imported.hub_id, kind=imported.kind, digest=imported.digest)
        return same.filter(state__in=["running", "done"]).exclude(pk=imported.pk)

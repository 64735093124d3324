"""Which imports there are for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import QuerySet

if TYPE_CHECKING:
    import datetime

    from hubs.querysets import User


class ImportQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """One's own: what a file says is nobody else's before it is imported."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        return self.filter(member=user.pk)

    def at_work(self) -> Self:
        """Those that the worker owes something."""
        return self.filter(state__in=["checking", "running"])

    def owed_since(self, moment: datetime.datetime) -> Self:
        """Those at work that were asked for before `moment`."""
        return self.at_work().filter(asked_at__lt=moment)

    def left_since(self, moment: datetime.datetime) -> Self:
        """Those that wait for their member since before `moment`, their file still kept."""
        return self.filter(state="checked", asked_at__lt=moment)

    def of_same_file(self, imported: Any) -> Self:
        """Other imports of the very same file as the same kind into the same hub, that were
        carried out or are being.
        """
        same = self.filter(hub=imported.hub_id, kind=imported.kind, digest=imported.digest)
        return same.filter(state__in=["running", "done"]).exclude(pk=imported.pk)

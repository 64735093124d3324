"""Which imports there are for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q, QuerySet

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

    def same_file(self, digest: str, hub: Any) -> Self:
        """Imports of the very same file into a hub that were carried out."""
        return self.filter(Q(hub=hub, digest=digest, state="done"))

"""Whose saved searches are whose, and which are to be run again."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q, QuerySet

from accounts.querysets import TAKING_PART

if TYPE_CHECKING:
    from hubs.querysets import User

PERIODS = {"daily": datetime.timedelta(days=1), "weekly": datetime.timedelta(days=7)}


class SavedSearchQuerySet(QuerySet[Any]):
    """Saved searches: private, also to moderators."""

    def visible_to(self, user: User) -> Self:
        """The user's own."""
        return self.filter(member=user.pk) if user.is_authenticated else self.none()

    def editable_by(self, user: User) -> Self:
        """The user's own."""
        return self.visible_to(user)

    def by_name(self) -> Self:
        return self.order_by("name", "pk")

    def due(self, until: datetime.datetime) -> Self:
        """Those whose members want mail, take part, and were told for the last time a day or a
        week before `until`.
        """
        is_due = Q()
        for alert, period in PERIODS.items():
            is_due |= Q(alert=alert, told_until__lte=until - period)
        return self.filter(is_due, member__status__in=TAKING_PART)

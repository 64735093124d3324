"""Which figures there are for whom, at which moment; which computations are owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.querysets import is_moderator
from evaluation.querysets.results import framework_seen_by
from hubs.querysets import ANY_ROLE, holds_role

if TYPE_CHECKING:
    import datetime

    from hubs.querysets import User


def figure_seen_by(user: User, prefix: str = "") -> Q:
    """Return the condition "`user` may see the figure", for columns behind `prefix`.

    Figures of approved updates, for who sees the framework; with what waits, for the people of
    its hub and for moderators.
    """
    framework = f"{prefix}indicator__result__framework__"
    seen = framework_seen_by(user, framework)
    if is_moderator(user):
        return seen
    own = Q(holds_role(user, ANY_ROLE, f"{framework}hub"))
    own |= Q(holds_role(user, ANY_ROLE, f"{framework}exchange__hub"))
    return seen & (Q(**{f"{prefix}series": "approved"}) | own)


class FigureQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(figure_seen_by(user))

    def current(self) -> Self:
        return self.filter(superseded_at=None)

    def approved(self) -> Self:
        return self.filter(series="approved")

    def totals(self) -> Self:
        """Figures of wholes, not of parts."""
        return self.filter(cell=None)

    def as_of(self, moment: datetime.datetime) -> Self:
        """What was published at `moment` (rule 12)."""
        still = Q(superseded_at=None) | Q(superseded_at__gt=moment)
        return self.filter(still, computed_at__lte=moment)

    def for_list(self) -> Self:
        """With what a row says of them: indicator, framework, period and part."""
        return self.select_related(
            "indicator__definition__definition",
            "indicator__result__framework__hub",
            "indicator__result__framework__exchange",
            "period",
            "cell__dimension",
        )


class FigureLineQuerySet(QuerySet[Any]):
    def counted(self) -> Self:
        return self.filter(role="counted")

    def for_list(self) -> Self:
        """With what a row of an explanation says."""
        return self.select_related(
            "update__hub",
            "update__exchange",
            "update__author",
            "update__approver",
            "update__period",
            "child__period",
            "child__cell",
            "child_indicator__definition",
            "child_indicator__result__framework",
        )


class RecalculationQuerySet(QuerySet[Any]):
    def owed(self) -> Self:
        return self.filter(done_at=None)

    def due(self) -> Self:
        """What is to be computed now: owed, and not put off after a failure."""
        return self.owed().filter(due_at__lte=Now())

    def failed(self) -> Self:
        return self.owed().exclude(error="")


class DriftQuerySet(QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(settled_at=None)

    def settleable_by(self, user: User) -> Self:
        """What moderators may settle."""
        return self.open() if is_moderator(user) else self.none()

"""Which figures there are for whom, at which moment; which computations are owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from accounts.querysets import is_moderator
from evaluation.querysets.results import framework_seen_by
from hubs.querysets import ANY_ROLE, holds_role

if TYPE_CHECKING:
    import datetime

    from hubs.querysets import User

# The figures that one is made of, itself among them, down through what counts.
_BELOW = """
WITH RECURSIVE below(id) AS (
    SELECT %s::bigint
    UNION
    SELECT line.child_id FROM below JOIN evaluation_figureline line ON line.figure_id = below.id
    WHERE line.child_id IS NOT NULL AND line.role = 'counted'
)
SELECT id FROM below
"""
# In which order the lines of a figure are told.
TELLING_ORDER = (
    *("counted", "listed", "excluded", "unmapped", "not_latest", "not_largest", "superseded"),
    *("pending", "missing"),
)


class FigureQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Figures of approved updates, for who sees the framework; with what waits, for the
        people of its hub and for moderators.
        """
        framework = "indicator__result__framework__"
        seen = self.filter(framework_seen_by(user, framework))
        if is_moderator(user):
            return seen
        own = Q(holds_role(user, ANY_ROLE, f"{framework}hub"))
        own |= Q(holds_role(user, ANY_ROLE, f"{framework}exchange__hub"))
        return seen.filter(Q(series="approved") | own)

    def current(self) -> Self:
        return self.filter(superseded_at=None)

    def as_of(self, moment: datetime.datetime) -> Self:
        """What was published at `moment` (rule 12)."""
        still = Q(superseded_at=None) | Q(superseded_at__gt=moment)
        return self.filter(still, computed_at__lte=moment)

    def for_list(self) -> Self:
        """With what a row says of them: indicator, framework, period and part."""
        return self.select_related(
            "indicator__definition",
            "indicator__result__framework__hub",
            "indicator__result__framework__exchange",
            "period",
            "cell__dimension",
        )


class FigureLineQuerySet(QuerySet[Any]):
    def counted(self) -> Self:
        return self.filter(role="counted")

    def with_is_seen(self, user: User) -> Self:
        """With `is_seen`: whether `user` may see the report or the figure that a line names.

        A total counts what its reader may not see, and never says what that is.
        """
        update = apps.get_model("evaluation", "Update").objects.visible_to(user)
        figure = apps.get_model("evaluation", "Figure").objects.visible_to(user)
        indicator = apps.get_model("evaluation", "Indicator").objects.visible_to(user)
        seen = (
            Q(update=None, child=None, child_indicator=None)
            | Q(Exists(update.filter(pk=OuterRef("update"))))
            | Q(Exists(figure.filter(pk=OuterRef("child"))))
            | Q(Exists(indicator.filter(pk=OuterRef("child_indicator"))), child=None)
        )
        return self.annotate(is_seen=ExpressionWrapper(seen, output_field=BooleanField()))

    def visible_to(self, user: User) -> Self:
        return self.with_is_seen(user).filter(is_seen=True)

    def leaves_of(self, figure_pk: int) -> Self:
        """What a figure is made of at the very bottom, with what was left out on the way."""
        below = RawSQL(_BELOW, [figure_pk])  # noqa: S611 -- the key is a parameter
        return self.filter(figure_id__in=below).exclude(role="counted", child__isnull=False)

    def numbers_of_reports(self) -> dict[str, int]:
        """Return how many reports count (`all`), and how many of these are of exchanges that
        both sides have not confirmed (`one_side`).
        """
        of_one_side = Q(update__exchange__is_confirmed=False)
        numbers: dict[str, int] = self.counted().aggregate(
            all=Count("pk"), one_side=Count("pk", filter=of_one_side)
        )
        return numbers

    def summed(self, *by: str) -> QuerySet[Any, Any]:
        """Return rows of `by` with how many lines there are and what they add up to."""
        rows: QuerySet[Any, Any] = self.order_by().values(*by)
        summed: QuerySet[Any, Any] = rows.annotate(
            lines=Count("pk"),
            value_sum=Sum("value"),
            numerator_sum=Sum("numerator"),
            denominator_sum=Sum("denominator"),
        )
        return summed

    def with_evidence(self, user: User) -> Self:
        """With `evidence`: how many pieces of it, in force, `user` may see of the report."""
        evidence = apps.get_model("evaluation", "Evidence").objects.visible_to(user).in_force()
        of_update = evidence.filter(update=OuterRef("update")).order_by().values("update")
        number = of_update.annotate(number=Count("pk")).values("number")
        return self.annotate(evidence=Coalesce(Subquery(number), 0))

    def in_telling_order(self) -> Self:
        rank = Case(
            *(When(role=role, then=Value(place)) for place, role in enumerate(TELLING_ORDER)),
            default=Value(len(TELLING_ORDER)),
        )
        return self.order_by(rank, "pk")

    def for_page(self) -> Self:
        """With what a row of an explanation says."""
        return self.select_related(
            "update__hub",
            "update__exchange",
            "update__approver",
            "update__period",
            "child__period",
            "child__cell",
            "child_indicator__result__framework",
        )

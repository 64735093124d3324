"""A framework as it is read: its results as a tree, its indicators by period as a matrix.

Baseline, target, actual and progress in words, with the address that explains each figure.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import today
from core.http import numbered
from evaluation import figures
from evaluation.models import Figure, Frequency, Indicator, IndicatorKind, Period, Result, Series
from evaluation.services.computing import engine_definition
from evaluation.wording import amount_text, coverage_text, exact_text, figure_text, number_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from evaluation.models import DefinitionVersion, Framework, Target
    from hubs.querysets import User

STANDINGS = {
    figures.Standing.ON_TRACK: ("ok", gettext_lazy("On track")),
    figures.Standing.AT_RISK: ("warn", gettext_lazy("At risk")),
    figures.Standing.OFF_TRACK: ("bad", gettext_lazy("Off track")),
}
# What does not fit in targets; it is said and forbids nothing.
DOUBTS = {
    "life_target_differs": gettext_lazy(
        "The targets of the periods come to %(expected)s, the one for life is %(stated)s."
    ),
    "target_against_direction": gettext_lazy(
        "The target %(target)s lies on the wrong side of the baseline %(baseline)s."
    ),
}


@dataclass(frozen=True)
class Spot:
    """One indicator in one period, or in the whole life (`period` is None)."""

    indicator: Indicator
    period: Period | None
    figure: Figure | None  # approved
    waiting: Figure | None  # with what waits, where that differs
    target: Target | None

    @property
    def definition(self) -> DefinitionVersion:
        return self.indicator.definition

    @cached_property
    def text(self) -> str:
        return figure_text(self.figure, self.definition)

    @cached_property
    def is_reported(self) -> bool:
        return self.figure is not None and self.figure.reported > 0

    @property
    def waiting_text(self) -> str:
        return figure_text(self.waiting, self.definition) if self.waiting else ""

    @cached_property
    def coverage(self) -> str:
        """How many of those who should report did; "" where there is one at most."""
        if self.figure is None or self.figure.expected < 2:
            return ""
        return coverage_text(self.figure)

    @property
    def explain_url(self) -> str:
        if self.figure is None:
            return ""
        return numbered("evaluation:figure_explain", self.figure.pk)

    @property
    def target_text(self) -> str:
        return target_text(self.target, self.definition)

    @cached_property
    def progress(self) -> figures.Progress:
        """Rule 8: how far the way from the baseline to the target is gone."""
        return figures.progress(
            engine_definition(self.definition),
            baseline=baseline_of(self.indicator),
            target=number_of(self.target, self.definition) if self.target else None,
            actual=number_of(self.figure, self.definition) if self.figure else None,
        )

    @property
    def has_progress(self) -> bool:
        return self.progress.exact is not None

    @cached_property
    def progress_text(self) -> str:
        """The uncapped per cent, or why there is none; "" without a target or a figure."""
        made = self.progress
        if made.percent is not None:
            return _("%(number)s %% of the way") % {"number": number_text(made.percent)}
        return {
            figures.ProgressStatus.MISSED: _("missed"),
            figures.ProgressStatus.NO_BASELINE: _("n/a: no baseline"),
        }.get(made.status, "")

    @property
    def aim(self) -> str:
        """The target, and how far the way to it is gone."""
        words = self.progress_text
        return f"{self.target_text} · {words}" if words else self.target_text

    @property
    def bar(self) -> int:
        """The length of the bar, 0 to 100."""
        return round(self.progress.bar)

    def standing(self, share: Fraction | None) -> tuple[str, str]:
        """Return the mark and the words of whether it keeps up with the `share` of time that is
        over; ("", "") if unknown, as it is of a framework without an end.
        """
        if share is None:
            return "", ""
        limits = figures.Thresholds(
            Decimal(settings.ON_TRACK_POINTS), Decimal(settings.AT_RISK_POINTS)
        )
        mark, words = STANDINGS.get(figures.standing(self.progress, share, limits), ("", ""))
        return mark, str(words)


@dataclass
class Row:
    """One indicator of a matrix."""

    indicator: Indicator
    baseline: str
    life: Spot
    standing: tuple[str, str]
    spots: list[Spot]
    doubts: list[str]

    @property
    def all_spots(self) -> list[Spot]:
        """Its whole life first, then its periods."""
        return [self.life, *self.spots]


@dataclass
class Group:
    """The indicators of one result that are reported at one frequency."""

    result: Result
    rows: list[Row] = field(default_factory=list)


@dataclass
class Matrix:
    """All indicators of one frequency, by result, over the periods of that frequency."""

    frequency: str
    periods: list[Period]
    groups: list[Group] = field(default_factory=list)


@dataclass
class Branch:
    """A result with those that contribute to it."""

    result: Result
    below: list[Branch] = field(default_factory=list)


def branches_of(results: Iterable[Result]) -> list[Branch]:
    """Return results as trees, in their order; what would be a circle stands at the top."""
    found = {result.pk: Branch(result) for result in results}
    top = []
    for branch in found.values():
        above = found.get(branch.result.contributes_to_id or 0)
        if above is None:
            top.append(branch)
        else:
            above.below.append(branch)
    return top


def matrices_of(framework: Framework, user: User) -> list[Matrix]:
    """Return the framework's matrices, one for each frequency in use: four queries, whatever the
    number of indicators and periods. What waits for approval is there for who may see it.
    """
    indicators = list(
        Indicator.objects.filter(result__framework=framework)
        .select_related("definition__definition", "result")
        .prefetch_related("targets")
        .order_by("result__position", "result_id", "position", "pk")
    )
    periods = defaultdict(list)
    for period in Period.objects.filter(framework=framework).order_by("starts_on", "pk"):
        periods[period.frequency].append(period)
    rows = (
        Figure.objects.visible_to(user)
        .current()
        .filter(indicator__result__framework=framework, cell=None)
    )
    found = {(row.indicator_id, row.period_id, row.series): row for row in rows}
    made: dict[str, Matrix] = {}
    share = _elapsed(framework)
    for indicator in indicators:
        frequency = indicator.frequency
        matrix = made.setdefault(frequency, Matrix(frequency, periods[frequency]))
        if not matrix.groups or matrix.groups[-1].result.pk != indicator.result_id:
            matrix.groups.append(Group(indicator.result))
        targets = {each.period_id: each for each in indicator.targets.all()}
        life = _spot(indicator, None, found, targets)
        spots = [_spot(indicator, period, found, targets) for period in matrix.periods]
        matrix.groups[-1].rows.append(
            Row(
                indicator,
                baseline_text(indicator),
                life,
                life.standing(share),
                spots,
                _doubts_about_targets(life, spots),
            )
        )
    order = list(Frequency.values)
    return sorted(made.values(), key=lambda matrix: order.index(matrix.frequency))


def spots_of(matrices: Iterable[Matrix]) -> Iterator[Spot]:
    """Give every place of the matrices, each indicator's life first."""
    for matrix in matrices:
        for group in matrix.groups:
            for row in group.rows:
                yield from row.all_spots


def _spot(
    indicator: Indicator,
    period: Period | None,
    found: dict[tuple[int, int | None, str], Figure],
    targets: dict[int | None, Target],
) -> Spot:
    pk = period.pk if period else None
    return Spot(
        indicator,
        period,
        found.get((indicator.pk, pk, Series.APPROVED)),
        found.get((indicator.pk, pk, Series.WITH_PENDING)),
        targets.get(pk),
    )


def _doubts_about_targets(life: Spot, spots: list[Spot]) -> list[str]:
    """Return in words what does not fit in an indicator's targets (rule 9)."""
    if life.target is None:
        return []
    definition = life.definition
    doubts = figures.check_targets(
        engine_definition(definition),
        life=number_of(life.target, definition),
        periods=[number_of(spot.target, definition) if spot.target else None for spot in spots],
        baseline=baseline_of(life.indicator),
    )
    return [DOUBTS[doubt.code] % _in_words(doubt.params) for doubt in doubts]


def _in_words(params: Mapping[str, object]) -> dict[str, str]:
    return {name: exact_text(each) for name, each in params.items() if isinstance(each, Decimal)}


def _elapsed(framework: Framework) -> Fraction | None:
    if framework.ends_on is None:
        return None
    return figures.elapsed(framework.starts_on, framework.ends_on, today())


def number_of(row: Figure | Target, definition: DefinitionVersion) -> Decimal | Fraction | None:
    """Return a figure or target as one number; of a ratio the quotient times its factor."""
    if row.value is not None or definition.kind != IndicatorKind.RATIO:
        return row.value
    return _quotient(row.numerator, row.denominator, definition)


def baseline_of(indicator: Indicator) -> Decimal | Fraction | None:
    """Return the baseline as one number; of a ratio the quotient times its factor."""
    if indicator.baseline_value is not None or indicator.definition.kind != IndicatorKind.RATIO:
        return indicator.baseline_value
    return _quotient(
        indicator.baseline_numerator, indicator.baseline_denominator, indicator.definition
    )


def _quotient(
    numerator: Decimal | None, denominator: Decimal | None, definition: DefinitionVersion
) -> Fraction | None:
    if numerator is None or not denominator:
        return None
    return Fraction(numerator) * definition.factor / Fraction(denominator)


def baseline_text(indicator: Indicator) -> str:
    """Return the baseline in words; "" if none is stated."""
    return amount_text(
        indicator.definition,
        indicator.baseline_value,
        indicator.baseline_numerator,
        indicator.baseline_denominator,
    )


def target_text(target: Target | None, definition: DefinitionVersion) -> str:
    """Return a target in words; "" if none is set."""
    if target is None:
        return ""
    number = amount_text(definition, target.value, target.numerator, target.denominator)
    return number or target.text

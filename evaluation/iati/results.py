"""Results, indicators and what was reached, as the Standard writes them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from evaluation.figures.iati import Actual, actual_of
from evaluation.figures.values import Reported
from evaluation.iati.elements import add, tell
from evaluation.matrix import baseline_of, number_of
from evaluation.models import (
    DefinitionVersion,
    Direction,
    FigureStatus,
    Indicator,
    IndicatorKind,
    Period,
    ResultKind,
    Target,
)
from evaluation.serializers.frameworks import plain_number
from evaluation.services.computing import engine_definition

if TYPE_CHECKING:
    from evaluation.iati.reading import Measured

RESULT_TYPE = {ResultKind.OUTPUT: "1", ResultKind.OUTCOME: "2", ResultKind.IMPACT: "3"}
UNIT, PERCENTAGE, NOMINAL, ORDINAL, QUALITATIVE = "1", "2", "3", "4", "5"
ASCENDING = {Direction.UP: "1", Direction.DOWN: "0"}


def add_results(activity: Element, measured: list[Measured]) -> None:
    """Add each result with its indicators; they come in the order of results."""
    for _pk, group in groupby(measured, key=lambda each: each.indicator.result_id):
        rows = list(group)
        result = rows[0].indicator.result
        element = add(activity, "result", type=RESULT_TYPE[ResultKind(result.kind)])
        tell(add(element, "title"), result.title)
        if result.description:
            tell(add(element, "description"), result.description)
        for each in rows:
            _add_indicator(element, each)


def measure_of(definition: DefinitionVersion) -> str:
    """Return the code of how the indicator is measured."""
    if definition.kind == IndicatorKind.RATIO:
        return PERCENTAGE if definition.factor == 100 else UNIT
    return {
        IndicatorKind.YES_NO: NOMINAL,
        IndicatorKind.ORDINAL: ORDINAL,
        IndicatorKind.NARRATIVE: QUALITATIVE,
    }.get(IndicatorKind(definition.kind), UNIT)


def _add_indicator(result: Element, measured: Measured) -> None:
    indicator, definition = measured.indicator, measured.indicator.definition
    measure = measure_of(definition)
    element = add(
        result,
        "indicator",
        measure=measure,
        ascending=ASCENDING.get(Direction(definition.direction), ""),
    )
    tell(add(element, "title"), definition.title)
    if definition.meaning:
        tell(add(element, "description"), definition.meaning)
    _add_baseline(element, indicator, measure)
    targets = {row.period_id: row for row in indicator.targets.all()}
    for period in measured.periods:
        target = _target(targets.get(period.pk), definition, measure)
        actuals = list(_actuals(measured, period))
        if target or actuals:
            _add_period(element, period, target, actuals)


def _add_baseline(element: Element, indicator: Indicator, measure: str) -> None:
    """Add the baseline where its year is stated, and its number, unless it is told in words."""
    if indicator.baseline_year is None:
        return
    value = "" if measure == QUALITATIVE else plain_number(baseline_of(indicator)) or ""
    if not value and (measure != QUALITATIVE or not indicator.baseline_note):
        return
    baseline = add(element, "baseline", year=str(indicator.baseline_year), value=value)
    if indicator.baseline_note:
        tell(add(baseline, "comment"), indicator.baseline_note)


def _target(
    target: Target | None, definition: DefinitionVersion, measure: str
) -> tuple[str, str] | None:
    """Return value and comment; None where the Standard asks for a number and none is set."""
    if target is None:
        return None
    if measure == QUALITATIVE:
        return ("", target.text) if target.text else None
    value = plain_number(number_of(target, definition))
    return None if value is None else (value, target.text)


def _actuals(measured: Measured, period: Period) -> Iterator[Actual]:
    """Give what was reached: the computed figure, or each report told in words. What is not
    reported gives none, never 0.
    """
    definition = engine_definition(measured.indicator.definition)
    if measured.indicator.definition.kind == IndicatorKind.NARRATIVE:
        for text in measured.told.get(period.pk, ()):
            yield actual_of(definition, Reported(text=text))
        return
    figure = measured.figures.get(period.pk)
    if figure is None or figure.status != FigureStatus.OK:
        return
    reported = Reported(
        value=figure.value, numerator=figure.numerator, denominator=figure.denominator
    )
    actual = actual_of(definition, reported)
    if actual.value is not None:
        yield actual


def _add_period(
    element: Element, period: Period, target: tuple[str, str] | None, actuals: list[Actual]
) -> None:
    part = add(element, "period")
    add(part, "period-start", iso_date=period.starts_on.isoformat())
    add(part, "period-end", iso_date=str(period.ends_on))
    if target:
        value, comment = target
        hoped = add(part, "target", value=value)
        if comment:
            tell(add(hoped, "comment"), comment)
    for actual in actuals:
        number = "" if actual.value is None else format(actual.value, "f")
        reached = add(part, "actual", value=number)
        if actual.comment:
            tell(add(reached, "comment"), actual.comment)

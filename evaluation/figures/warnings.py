"""Rule 13: what asks for an explanation and never blocks. Codes and numbers; words elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from evaluation.figures.definition import Definition, Kind
from evaluation.figures.inputs import Cell, DimensionKind
from evaluation.figures.values import Reported, amount_of, as_decimal

DEFAULT_JUMP = Decimal(3)  # times the previous figure, or a third of it


@dataclass(frozen=True, slots=True)
class QualityWarning:
    """A doubt about what was stated: a code, and the numbers and names to put in its sentence."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """The range that is plausible, both ends in it, and how many times a figure may change."""

    low: Decimal | None = None
    high: Decimal | None = None
    jump: Decimal | None = DEFAULT_JUMP


def check(
    definition: Definition,
    reported: Reported,
    *,
    previous: Reported | None = None,
    cells: Mapping[Cell, Reported] | None = None,
    dimensions: Mapping[str, DimensionKind] | None = None,
    limits: Limits | None = None,
) -> tuple[QualityWarning, ...]:
    """Return the doubts about an update, `previous` being the same reporter's last approved one.

    Codes: `negative`, `out_of_range`, `jump`, `decreasing_total`, `numerator_over_denominator`,
    `no_denominator`, `score_off_scale`, `not_yes_or_no`, `distinct_over_participations`,
    `cells_below_total`, `cells_over_total`, `cell_over_total`.
    """
    bounds = limits or Limits()
    figure = _number(definition, reported)
    earlier = None if previous is None else _number(definition, previous)
    return (
        *_of_range(definition, figure, bounds),
        *_of_change(definition, figure, earlier, bounds),
        *_of_kind(definition, reported),
        *_of_people(reported),
        *_of_cells(definition, reported, cells or {}, dimensions or {}),
    )


def _number(definition: Definition, reported: Reported) -> Fraction | None:
    """Return what was reported as one number, of a ratio the quotient with its factor."""
    amount = amount_of(definition, reported)
    if amount is None:
        return None
    if definition.kind is Kind.RATIO:
        return amount.quotient(definition.factor)
    return amount.top


def _of_range(
    definition: Definition, figure: Fraction | None, limits: Limits
) -> Iterator[QualityWarning]:
    if figure is None:
        return
    if figure < 0 and not definition.allow_negative:
        yield QualityWarning("negative", {"value": as_decimal(figure)})
    is_low = limits.low is not None and figure < limits.low
    is_high = limits.high is not None and figure > limits.high
    if is_low or is_high:
        params = {"value": as_decimal(figure), "low": limits.low, "high": limits.high}
        yield QualityWarning("out_of_range", params)


def _of_change(
    definition: Definition, figure: Fraction | None, earlier: Fraction | None, limits: Limits
) -> Iterator[QualityWarning]:
    if figure is None or earlier is None:
        return
    params = {"value": as_decimal(figure), "previous": as_decimal(earlier)}
    if definition.accumulates and figure < earlier:
        increment = as_decimal(figure - earlier)
        yield QualityWarning("decreasing_total", {**params, "increment": increment})
    if definition.kind in {Kind.YES_NO, Kind.ORDINAL} or limits.jump is None:
        return
    smaller, larger = sorted((abs(figure), abs(earlier)))
    # From zero every step is endless; it is no sign of a mistake.
    if smaller > 0 and larger > smaller * Fraction(limits.jump):
        yield QualityWarning("jump", {**params, "times": limits.jump})


def _of_kind(definition: Definition, reported: Reported) -> Iterator[QualityWarning]:
    if definition.kind is Kind.RATIO:
        yield from _of_ratio(reported)
        return
    score = reported.value
    if score is None:
        return
    levels = len(definition.scale)
    if definition.kind is Kind.ORDINAL and score not in range(levels):
        yield QualityWarning("score_off_scale", {"value": score, "levels": levels})
    if definition.kind is Kind.YES_NO and score not in {0, 1}:
        yield QualityWarning("not_yes_or_no", {"value": score})


def _of_people(reported: Reported) -> Iterator[QualityWarning]:
    counted, people = reported.value, reported.distinct
    if counted is not None and people is not None and people > counted:
        params = {"distinct": people, "participations": counted}
        yield QualityWarning("distinct_over_participations", params)


def _of_ratio(reported: Reported) -> Iterator[QualityWarning]:
    if reported.numerator is None or reported.reason:
        return
    if not reported.denominator:
        yield QualityWarning("no_denominator", {"numerator": reported.numerator})
    elif reported.denominator < reported.numerator:
        params = {"numerator": reported.numerator, "denominator": reported.denominator}
        yield QualityWarning("numerator_over_denominator", params)


def _of_cells(
    definition: Definition,
    reported: Reported,
    cells: Mapping[Cell, Reported],
    dimensions: Mapping[str, DimensionKind],
) -> Iterator[QualityWarning]:
    """Compare cells with the total: numerators for ratios; scores and answers have no parts."""
    total = _part(definition, reported)
    if total is None:
        return
    sums: dict[str, Fraction] = {}
    for cell, stated in sorted(cells.items()):
        part = _part(definition, stated)
        if part is None:
            continue
        sums[cell.dimension] = sums.get(cell.dimension, Fraction(0)) + part
        if part > total and not definition.allow_negative:
            yield QualityWarning(
                "cell_over_total",
                {"cell": cell, "value": as_decimal(part), "total": as_decimal(total)},
            )
    for dimension, whole in sums.items():
        if dimensions.get(dimension) is DimensionKind.PARTITION and whole != total:
            yield _of_partition(dimension, whole, total)


def _of_partition(dimension: str, whole: Fraction, total: Fraction) -> QualityWarning:
    return QualityWarning(
        "cells_below_total" if whole < total else "cells_over_total",
        {
            "dimension": dimension,
            "sum": as_decimal(whole),
            "total": as_decimal(total),
            "unknown": as_decimal(total - whole),
        },
    )


def _part(definition: Definition, reported: Reported) -> Fraction | None:
    if definition.kind not in {Kind.COUNT, Kind.MEASURE, Kind.RATIO}:
        return None
    amount = amount_of(definition, reported)
    return None if amount is None else amount.top

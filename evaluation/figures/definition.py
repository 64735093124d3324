"""What an indicator measures and how its figures may be combined."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    COUNT = "count"
    MEASURE = "measure"
    RATIO = "ratio"
    YES_NO = "yes_no"
    ORDINAL = "ordinal"
    NARRATIVE = "narrative"


class TimeOp(StrEnum):
    """How the figures of periods make the figure of a longer time."""

    SUM = "sum"
    LAST = "last"
    MAX = "max"
    AVERAGE = "average"


class SpaceOp(StrEnum):
    """How the figures of reporters make the figure of them all."""

    SUM = "sum"
    RATIO = "ratio"
    MAX = "max"
    AVERAGE = "average"
    NONE = "none"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    MAINTAIN = "maintain"


# What each kind can bear. A sum of scores and a mean of percentages say nothing: neither is here.
SPACE_OPS = {
    Kind.COUNT: {SpaceOp.SUM, SpaceOp.MAX, SpaceOp.AVERAGE, SpaceOp.NONE},
    Kind.MEASURE: {SpaceOp.SUM, SpaceOp.MAX, SpaceOp.AVERAGE, SpaceOp.NONE},
    Kind.RATIO: {SpaceOp.RATIO, SpaceOp.MAX, SpaceOp.NONE},
    Kind.YES_NO: {SpaceOp.SUM, SpaceOp.MAX, SpaceOp.AVERAGE, SpaceOp.NONE},
    Kind.ORDINAL: {SpaceOp.MAX, SpaceOp.AVERAGE, SpaceOp.NONE},
    Kind.NARRATIVE: {SpaceOp.NONE},
}
TIME_OPS = {
    Kind.COUNT: set(TimeOp),
    Kind.MEASURE: set(TimeOp),
    Kind.RATIO: set(TimeOp),
    Kind.YES_NO: set(TimeOp),
    Kind.ORDINAL: {TimeOp.LAST, TimeOp.MAX, TimeOp.AVERAGE},
    Kind.NARRATIVE: {TimeOp.LAST},
}


@dataclass(frozen=True, slots=True)
class Definition:
    """The part of an indicator's definition that its arithmetic depends on.

    `factor` multiplies a ratio (100 for per cent). `scale` names the levels of an ordinal from the
    lowest; a score is an index into it. `band` holds the lowest and the highest figure that
    are as good as a target that is to be maintained; either may be open. `unit` only tells
    measures apart.
    """

    kind: Kind
    time_op: TimeOp = TimeOp.SUM
    space_op: SpaceOp = SpaceOp.SUM
    accumulates: bool = False
    direction: Direction = Direction.UP
    distinct_people: bool = False
    decimals: int = 0
    allow_negative: bool = False
    factor: int = 1
    scale: tuple[str, ...] = ()
    band: tuple[Decimal | None, Decimal | None] = (None, None)
    unit: str = ""

    @property
    def is_numeric(self) -> bool:
        return self.kind is not Kind.NARRATIVE

    @property
    def is_pair(self) -> bool:
        """Say whether its figures are a numerator over a denominator (for averages: sum, count)."""
        return self.kind is Kind.RATIO or self.space_op is SpaceOp.AVERAGE

    @property
    def keeps_totals(self) -> bool:
        """Say whether a period shows the running total itself, not what came in the period."""
        return self.accumulates and self.time_op is TimeOp.LAST


def problems_of(definition: Definition) -> tuple[str, ...]:
    """Return a code for each way in which the definition cannot be computed; none if it is sound.

    The figures of an unsound definition are listed and never combined.
    """
    found = {
        "space_op_not_of_kind": definition.space_op not in SPACE_OPS[definition.kind],
        "time_op_not_of_kind": definition.time_op not in TIME_OPS[definition.kind],
        "sum_of_averages": (definition.space_op, definition.time_op)
        == (SpaceOp.AVERAGE, TimeOp.SUM),
        "running_total_not_of_kind": definition.accumulates and not _can_accumulate(definition),
        "people_not_of_kind": definition.distinct_people and not _can_be_people(definition),
        "factor_without_ratio": definition.factor != 1 and definition.kind is not Kind.RATIO,
        "factor_not_positive": definition.factor < 1,
        "scale_missing": definition.kind is Kind.ORDINAL and len(definition.scale) < 2,
        "band_negative": _is_backwards(*definition.band),
        "decimals_negative": definition.decimals < 0,
    }
    return tuple(code for code, holds in found.items() if holds)


def _is_backwards(low: Decimal | None, high: Decimal | None) -> bool:
    return low is not None and high is not None and high < low


def _can_accumulate(definition: Definition) -> bool:
    return (
        definition.kind in {Kind.COUNT, Kind.MEASURE, Kind.RATIO}
        and definition.time_op in {TimeOp.SUM, TimeOp.LAST}
        and definition.space_op in {SpaceOp.SUM, SpaceOp.RATIO, SpaceOp.NONE}
    )


def _can_be_people(definition: Definition) -> bool:
    return (
        definition.kind is Kind.COUNT
        and definition.time_op in {TimeOp.SUM, TimeOp.LAST}
        and definition.space_op in {SpaceOp.SUM, SpaceOp.NONE}
    )


def can_roll_up(child: Definition, parent: Definition) -> bool:
    """Say whether figures of `child` mean the same thing as figures of `parent`.

    The factor of a ratio, its decimals and its direction may differ: they change how a figure is
    shown or judged, not what it is.
    """
    same = ("kind", "unit", "scale", "time_op", "keeps_totals", "is_pair")
    return all(getattr(child, name) == getattr(parent, name) for name in same)

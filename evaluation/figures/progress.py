"""Rule 8: how far the way from the baseline to the target is gone, and whether that is in time."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from evaluation.figures.definition import Definition, Direction
from evaluation.figures.values import as_decimal, exact

HUNDRED = Fraction(100)


class ProgressStatus(StrEnum):
    """`MISSED` is a target to be maintained that is not; the others than `OK` are n/a."""

    OK = "ok"
    MISSED = "missed"
    NO_ACTUAL = "no_actual"
    NO_TARGET = "no_target"
    NO_BASELINE = "no_baseline"
    TARGET_NOT_POSITIVE = "target_not_positive"


class Standing(StrEnum):
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Points of a hundred by which progress may be behind the time that has passed."""

    on_track: Decimal = Decimal(10)
    at_risk: Decimal = Decimal(25)


@dataclass(frozen=True, slots=True)
class Progress:
    """`exact` is the uncapped per cent; None when it is missed or there is none (`status`)."""

    status: ProgressStatus
    exact: Fraction | None = None

    @property
    def percent(self) -> Decimal | None:
        """The same as a Decimal, to 50 digits if it does not end."""
        return as_decimal(self.exact)

    @property
    def bar(self) -> Decimal:
        """The length of the bar, 0 to 100; an empty bar is not a statement, the status is."""
        return as_decimal(min(max(self.exact or Fraction(0), Fraction(0)), HUNDRED)) or Decimal(0)


Number = Decimal | Fraction | int | None


def progress(
    definition: Definition, *, baseline: Number, target: Number, actual: Number
) -> Progress:
    """Return the progress of `actual` (of a ratio the quotient, of an ordinal the index)."""
    goal, reached, start = exact(target), exact(actual), exact(baseline)
    if goal is None:
        return Progress(ProgressStatus.NO_TARGET)
    if reached is None:
        return Progress(ProgressStatus.NO_ACTUAL)
    if definition.direction is Direction.MAINTAIN or start == goal:
        return _kept(definition, goal, reached)
    if start is not None:
        return Progress(ProgressStatus.OK, (reached - start) / (goal - start) * HUNDRED)
    return _without_baseline(definition, goal, reached)


def _kept(definition: Definition, goal: Fraction, reached: Fraction) -> Progress:
    """Judge a target that is to be held: inside the band, or on the right side of it."""
    inside = reached == goal or _is_within(definition.band, reached)
    right_side = (definition.direction is Direction.UP and reached >= goal) or (
        definition.direction is Direction.DOWN and reached <= goal
    )
    if inside or right_side:
        return Progress(ProgressStatus.OK, HUNDRED)
    return Progress(ProgressStatus.MISSED)


def _is_within(band: tuple[Decimal | None, Decimal | None], reached: Fraction) -> bool:
    low, high = (exact(end) for end in band)
    if low is None and high is None:
        return False
    return (low is None or low <= reached) and (high is None or reached <= high)


def _without_baseline(definition: Definition, goal: Fraction, reached: Fraction) -> Progress:
    if definition.direction is Direction.DOWN:
        return Progress(ProgressStatus.NO_BASELINE)
    if goal <= 0:
        # A share of nothing, or of less than nothing, says nothing.
        return Progress(ProgressStatus.TARGET_NOT_POSITIVE)
    return Progress(ProgressStatus.OK, reached / goal * HUNDRED)


def elapsed(start: datetime.date, end: datetime.date, today: datetime.date) -> Fraction:
    """Return the share of the period (both days inside) that is over at the end of `today`."""
    days = (end - start).days + 1
    passed = min(max((today - start).days + 1, 0), days)
    return Fraction(passed, days) if days > 0 else Fraction(1)


def standing(
    made: Progress, share: Fraction | Decimal, thresholds: Thresholds | None = None
) -> Standing:
    """Return whether progress keeps up with the elapsed `share` of the period (0 to 1)."""
    if made.status is ProgressStatus.MISSED:
        return Standing.OFF_TRACK
    if made.exact is None:
        return Standing.UNKNOWN
    limits = thresholds or Thresholds()
    expected = Fraction(share) * 100
    if made.exact >= expected - Fraction(limits.on_track):
        return Standing.ON_TRACK
    if made.exact >= expected - Fraction(limits.at_risk):
        return Standing.AT_RISK
    return Standing.OFF_TRACK

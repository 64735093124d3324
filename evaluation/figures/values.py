"""Exact amounts: what was reported, and what is computed from it.

Reported numbers are `Decimal`. Computation is in `Fraction`, since an average need not end
(10 / 3); nothing is rounded before it is shown, so no order of working changes a figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import NamedTuple

from evaluation.figures.definition import Definition, Kind

KEPT_DIGITS = 50  # significant digits of a quotient that does not end, as a Decimal
_KEPT = Context(prec=KEPT_DIGITS, rounding=ROUND_HALF_UP)
ZERO = Fraction(0)
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Reported:
    """What one update states for one cell or for the total; all None and no text: nothing.

    `value` is the number of a count, measure or yes_no (1 or 0), the index of an ordinal's level;
    a ratio has `numerator` and `denominator` instead. None is "not reported", 0 a reported zero.
    `reason` is the code of "not available" and then there is no number. In an indicator of
    distinct people `value` counts participations and `distinct` the people, where the reporter
    knows them; without it each person is taken to be counted once, unless `is_distinct_unknown`.
    """

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    text: str = ""
    reason: str = ""
    distinct: Decimal | None = None
    is_distinct_unknown: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """The bounds of a number of distinct people: at least `low`, at most `high`."""

    low: Fraction
    high: Fraction

    @property
    def is_known(self) -> bool:
        return self.low == self.high


class Amount(NamedTuple):
    """An exact figure: `top` alone, or `top` over `bottom` (numerator, denominator; sum, count)."""

    top: Fraction
    bottom: Fraction | None = None
    people: People | None = None

    def over(self, parts: int) -> Amount:
        """Return one of so many equal parts of it."""
        if parts == 1:
            return self
        return Amount(self.top / parts, None if self.bottom is None else self.bottom / parts)

    def quotient(self, factor: int = 1) -> Fraction | None:
        """Return the figure as one number; None when there is nothing to divide by."""
        if self.bottom is None:
            return self.top
        if self.bottom == 0:
            return None
        return self.top * factor / self.bottom


def exact(number: Decimal | Fraction | int | None) -> Fraction | None:
    """Return the same number as a fraction. Raise `ValueError` if it is not finite."""
    if number is None:
        return None
    if isinstance(number, Decimal) and not number.is_finite():
        raise ValueError("not a finite number")
    return Fraction(number)


def as_decimal(number: Fraction | None) -> Decimal | None:
    """Return the number as a Decimal: exactly if it ends within 50 digits, else rounded there."""
    if number is None:
        return None
    return _KEPT.divide(Decimal(number.numerator), Decimal(number.denominator))


def rounded(number: Fraction | Decimal | None, decimals: int) -> Decimal | None:
    """Return the number as it is shown; halves go away from zero, as readers were taught."""
    if number is None:
        return None
    scaled = abs(Fraction(number)) * 10**decimals
    whole = int(scaled + Fraction(1, 2))
    return Decimal(whole if number >= 0 else -whole).scaleb(-decimals, Context(prec=1_000))


def amount_of(definition: Definition, reported: Reported) -> Amount | None:
    """Return the amount that an update brings; None if it states no number.

    A ratio without one of its two numbers is none, nor is something of nothing (3 of 0), which
    would raise the ratio of all; 0 of 0 is one, and changes no sum.
    """
    if definition.kind is Kind.NARRATIVE or reported.reason:
        return None
    if definition.kind is Kind.RATIO:
        return _pair(reported)
    if reported.value is None:
        return None
    top = Fraction(reported.value)
    if definition.is_pair:
        return Amount(top, ONE)
    return Amount(top, None, people_of(reported) if definition.distinct_people else None)


def _pair(reported: Reported) -> Amount | None:
    if reported.numerator is None or reported.denominator is None:
        return None
    if reported.numerator and not reported.denominator:
        return None
    return Amount(Fraction(reported.numerator), Fraction(reported.denominator))


def people_of(reported: Reported) -> People | None:
    """Return the bounds of what one reporter counted; None if it counted nothing."""
    if reported.value is None:
        return None
    counted = Fraction(reported.value)
    if reported.distinct is not None:
        distinct = Fraction(reported.distinct)
        return People(distinct, distinct)
    if reported.is_distinct_unknown:
        return People(min(ONE, counted), counted)
    return People(counted, counted)

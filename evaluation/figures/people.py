"""Rule 7: people are not events; who takes part twice is one person."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from evaluation.figures.inputs import SharedPeople
from evaluation.figures.values import Amount, People


def together(parts: Iterable[People | None]) -> People | None:
    """Return the bounds of the people of all parts: the largest low to the sum of the highs.

    Nobody may be the same, or everybody of the smaller parts may be among the largest. None if
    any part is not known at all, or there is none.
    """
    known = list(parts)
    bounds = [part for part in known if part is not None]
    if not bounds or len(bounds) < len(known):
        return None
    return People(max(part.low for part in bounds), sum((p.high for p in bounds), Fraction(0)))


def without_shared(
    whole: People, parts: list[People], statement: SharedPeople | None
) -> People | None:
    """Narrow the bounds of `parts` together by a statement of how many are the same.

    A complete statement over parts that are known makes the number known. None if it contradicts
    what the parts state: more people shared than there can be.
    """
    if statement is None:
        return whole
    shared = Fraction(statement.people)
    high = whole.high - shared
    if shared < 0 or high < whole.low:
        return None
    low = whole.low
    if statement.is_complete:
        low = max(low, sum((part.low for part in parts), Fraction(0)) - shared)
    return People(low, high)


def with_people(amount: Amount, people: People | None) -> Amount:
    return Amount(amount.top, amount.bottom, people)

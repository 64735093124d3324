"""Rules 4 and 5: one figure out of several, over periods and over reporters.

Every way of combining gives the lines it was made of, and the counted ones add up to the figure:
all of a sum or an average, the one that was taken of a last or a largest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from evaluation.figures.definition import Definition, SpaceOp, TimeOp
from evaluation.figures.people import together, with_people
from evaluation.figures.results import Line, LineStatus
from evaluation.figures.values import Amount

Contributor = tuple[int, int]
OWN, CHILD = 0, 1  # the first of a contributor: a reporter of the indicator, or an indicator below


class Moment(NamedTuple):
    """The figure of one period among several, with its line; `place` is its place in time."""

    place: int
    amount: Amount
    line: Line


class Part(NamedTuple):
    """What one contributor brings to a figure, with its lines."""

    contributor: Contributor
    amount: Amount
    lines: tuple[Line, ...]


class Combined(NamedTuple):
    """A figure out of several and its lines; `frame` holds the places in time it stands on."""

    amount: Amount | None
    lines: tuple[Line, ...]
    frame: frozenset[int] | None = None


def over_time(
    definition: Definition, moments: Sequence[Moment], frame: frozenset[int] | None = None
) -> Combined:
    """Combine the periods of one contributor.

    A cell is combined in the `frame` of its total: of the period that the total was taken from,
    or as a share of the same number of periods, so that cells and total stay comparable.
    """
    if definition.time_op is TimeOp.SUM:
        lines = tuple(moment.line for moment in moments)
        return Combined(added([moment.amount for moment in moments]), lines)
    if definition.time_op is TimeOp.AVERAGE:
        return _averaged(moments, frame)
    inside = [moment for moment in moments if frame is None or moment.place in frame]
    if not inside:
        return Combined(None, tuple(_not_taken(definition, m.line) for m in moments), frame)
    if definition.time_op is TimeOp.LAST:
        taken = max(inside, key=lambda moment: moment.place)
    else:
        # Of equals the earliest, so that the answer does not hang on the order of rows.
        taken = max(inside, key=lambda moment: (*_size(moment.amount), -moment.place))
    lines = tuple(m.line if m is taken else _not_taken(definition, m.line) for m in moments)
    return Combined(taken.amount, lines, frozenset({taken.place}))


def _averaged(moments: Sequence[Moment], frame: frozenset[int] | None) -> Combined:
    inside = [moment for moment in moments if frame is None or moment.place in frame]
    used = frozenset(moment.place for moment in inside) if frame is None else frame
    shares = {moment.place: moment.amount.over(len(used)) for moment in inside}
    lines = tuple(
        m.line._replace(amount=shares[m.place])
        if m.place in shares
        else m.line._replace(status=LineStatus.NOT_LATEST, reason="no_total")
        for m in moments
    )
    return Combined(added(list(shares.values())), lines, used)


def _not_taken(definition: Definition, line: Line) -> Line:
    is_last = definition.time_op is TimeOp.LAST
    return line._replace(status=LineStatus.NOT_LATEST if is_last else LineStatus.NOT_LARGEST)


def over_space(
    definition: Definition, parts: Sequence[Part], *, may_combine: bool, is_only: bool
) -> Combined:
    """Combine the contributors of one figure.

    Unless they `may_combine` they are listed; but where one is the only one that there can be
    (`is_only`), its figure is the figure.
    """
    if not parts:
        return Combined(None, ())
    if not may_combine:
        return Combined(None, _with_status(parts, LineStatus.LISTED))
    if definition.space_op is SpaceOp.NONE:
        if is_only and len(parts) == 1:
            return Combined(parts[0].amount, parts[0].lines)
        return Combined(None, _with_status(parts, LineStatus.LISTED))
    if definition.space_op is SpaceOp.MAX:
        # Of equals the first by number, so that the answer does not hang on the order of rows.
        taken = max(parts, key=lambda part: (*_size(part.amount), _backwards(part.contributor)))
        others = [part for part in parts if part is not taken]
        return Combined(taken.amount, (*taken.lines, *_with_status(others, LineStatus.NOT_LARGEST)))
    lines = tuple(line for part in parts for line in part.lines)
    return Combined(added([part.amount for part in parts]), lines)


def _with_status(parts: Iterable[Part], status: LineStatus) -> tuple[Line, ...]:
    return tuple(
        line._replace(status=status) if line.status is LineStatus.COUNTED else line
        for part in parts
        for line in part.lines
    )


def _backwards(contributor: Contributor) -> Contributor:
    return (-contributor[0], -contributor[1])


def _size(amount: Amount) -> tuple[bool, Fraction]:
    """Return what to compare amounts by; what has no denominator is below everything."""
    quotient = amount.quotient()
    return (quotient is not None, quotient or Fraction(0))


def added(amounts: Collection[Amount]) -> Amount | None:
    """Return the amounts together: values, or numerators and denominators each (rule 4).

    None if there is none: what nobody reported is not zero.
    """
    if not amounts:
        return None
    if len(amounts) == 1:
        return next(iter(amounts))
    first, *rest = amounts
    top = sum((amount.top for amount in rest), first.top)
    bottoms = [amount.bottom for amount in amounts if amount.bottom is not None]
    bottom = sum(bottoms[1:], bottoms[0]) if len(bottoms) == len(amounts) else None
    whole = Amount(top, bottom)
    if all(amount.people is None for amount in amounts):
        return whole
    return with_people(whole, together(amount.people for amount in amounts))

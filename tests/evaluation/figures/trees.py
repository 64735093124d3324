"""Small trees for the tests of the engine: years as periods, short ways to write updates."""

import datetime
from decimal import Decimal
from fractions import Fraction

from evaluation.figures import (
    Cell,
    DimensionKind,
    Edge,
    Expected,
    FigureKey,
    LineStatus,
    Node,
    Period,
    Reported,
    State,
    Tree,
    Update,
    evaluate,
)

SEX = {"sex": DimensionKind.PARTITION}
WOMEN, MEN = Cell("sex", "women"), Cell("sex", "men")


def day(number):
    """Return midnight of the day with this number in the time of the tests."""
    return datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(days=number)


def years(indicator, count=1):
    """Return yearly periods from 2020, with ids that no other indicator has."""
    return tuple(
        Period(
            indicator * 100 + year,
            datetime.date(2020 + year, 1, 1),
            datetime.date(2020 + year, 12, 31),
        )
        for year in range(count)
    )


def quarters(indicator, year=2020):
    """Return the four quarters of a year."""
    starts = [datetime.date(year, month, 1) for month in (1, 4, 7, 10)]
    ends = [*(start - datetime.timedelta(days=1) for start in starts[1:]),
            datetime.date(year, 12, 31)]  # fmt: skip
    return tuple(
        Period(indicator * 100 + place, start, end)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


def node(key, definition, *, reporters=(), count=1, periods=None, dimensions=None):
    return Node(
        key,
        definition,
        years(key, count) if periods is None else periods,
        tuple(Expected(reporter) for reporter in reporters),
        dimensions,
    )


def told(key, indicator, value=None, *, reporter=1, year=0, cell=None, at=0, state="approved",
         **more):  # fmt: skip
    """Return an update: `value` a number, a pair (numerator, denominator) or a `Reported`."""
    if isinstance(value, Reported):
        reported = value
    elif isinstance(value, tuple):
        reported = Reported(
            **{
                name: None if number is None else Decimal(number)
                for name, number in zip(("numerator", "denominator"), value, strict=True)
            }
        )
    else:
        reported = Reported(value=None if value is None else Decimal(value))
    moments = {"submitted_at": None if state == "draft" else day(at)}
    if state == "approved":
        moments["approved_at"] = day(at)
    return Update(key, indicator, reporter, indicator * 100 + year, reported, State(state), cell,
                  **{**moments, **more})  # fmt: skip


def figures_of(nodes, updates=(), edges=(), *, shared=(), as_of=None, with_pending=False):
    tree = Tree(tuple(nodes), tuple(edges), tuple(updates), tuple(shared))
    return evaluate(tree, as_of=as_of, with_pending=with_pending)


def figure(result, indicator, year=0, cell=None):
    """Return a figure of a year, or (None) of the life."""
    period = None if year is None else indicator * 100 + year
    return result.figures[FigureKey(indicator, period, cell)]


def under(parent, *children, **more):
    return tuple(Edge(child, parent, **more) for child in children)


def lines(found, status):
    return [line for line in found.lines if line.status == status]


def assert_adds_up(found):
    """Assert that the counted lines of a figure come to it, numerators and denominators each."""
    counted = lines(found, LineStatus.COUNTED)
    if found.amount is None:
        assert counted == []
        return
    assert counted
    assert sum((line.amount.top for line in counted), Fraction(0)) == found.amount.top
    if found.amount.bottom is not None:
        assert sum((line.amount.bottom for line in counted), Fraction(0)) == found.amount.bottom


__all__ = ["MEN", "SEX", "WOMEN", "assert_adds_up", "day", "figure", "figures_of", "lines",
           "node", "quarters", "told", "under", "years"]  # fmt: skip

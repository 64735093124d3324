"""Rules 1, 2, 3 and 12: what counts of what was reported."""

from decimal import Decimal
from fractions import Fraction

import pytest

from evaluation.figures import (
    Cell,
    Definition,
    DimensionKind,
    FigureStatus,
    Kind,
    LineStatus,
    Reported,
    SpaceOp,
    TimeOp,
)
from tests.evaluation.figures.trees import (
    SEX,
    WOMEN,
    day,
    figure,
    figures_of,
    lines,
    node,
    told,
    under,
)

COUNT = Definition(Kind.COUNT)
TOTALS = Definition(Kind.COUNT, accumulates=True)
SHOWN_TOTALS = Definition(Kind.COUNT, TimeOp.LAST, accumulates=True)


@pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
def test_rule_01_only_approved_updates_count(state):
    result = figures_of([node(1, COUNT, reporters=[1])], [told(1, 1, 7, state=state)])

    assert (figure(result, 1).value, figure(result, 1).status) == (None, FigureStatus.MISSING)
    assert figure(result, 1).coverage == (0, 1)


def test_rule_01_the_series_with_pending_is_another_one():
    updates = [told(1, 1, 7, at=1), told(2, 1, 9, at=2, state="submitted")]

    approved = figure(figures_of([node(1, COUNT)], updates), 1)
    with_pending = figure(figures_of([node(1, COUNT)], updates, with_pending=True), 1)

    assert (approved.value, approved.pending) == (Decimal(7), 1)
    assert [(line.update, line.value) for line in lines(approved, LineStatus.PENDING)] == [(2, 9)]
    assert (with_pending.value, with_pending.pending) == (Decimal(9), 0)
    assert [line.update for line in lines(with_pending, LineStatus.SUPERSEDED)] == [1]


def test_rule_01_what_waits_below_is_counted_above():
    nodes = [node(1, COUNT), node(2, COUNT)]

    result = figures_of(nodes, [told(1, 2, 7, state="submitted")], under(1, 2))

    assert [figure(result, 1, period).pending for period in (0, None)] == [1, 1]


def test_rule_01_a_draft_shows_nowhere():
    updates = [told(1, 1, 7, state="draft"), told(1, 1, 3, state="draft", cell=WOMEN)]
    nodes = [node(1, COUNT, dimensions=SEX)]

    for with_pending in (False, True):
        assert figures_of(nodes, updates, with_pending=with_pending) == figures_of(
            nodes, with_pending=with_pending
        )


def test_rule_02_a_revision_supersedes_and_never_adds():
    result = figures_of([node(1, COUNT)], [told(2, 1, 4, at=2), told(1, 1, 9, at=1)])

    assert figure(result, 1).value == Decimal(4)
    assert [line.update for line in lines(figure(result, 1), LineStatus.SUPERSEDED)] == [1]


def test_rule_02_a_revision_may_take_a_number_back():
    updates = [told(1, 1, 9, at=1), told(2, 1, Reported(reason="lost"), at=2)]

    found = figure(figures_of([node(1, COUNT, reporters=[1])], updates), 1)

    assert (found.value, found.status) == (None, FigureStatus.NOT_AVAILABLE)
    assert [line.reason for line in lines(found, LineStatus.MISSING)] == ["lost"]


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [(True, True, 12), (True, False, 5), (False, True, 5), (False, False, 5)],
)
def test_rule_02_two_sources_add_up_only_if_both_are_additive(first, second, value):
    updates = [
        told(1, 1, 7, source=1, is_additive=first, at=1),
        told(2, 1, 5, source=2, is_additive=second, at=2),
    ]

    assert figure(figures_of([node(1, COUNT)], updates), 1).value == value


def test_rule_02_each_additive_source_is_superseded_by_itself():
    updates = [
        told(1, 1, 7, source=1, is_additive=True, at=1),
        told(2, 1, 5, source=2, is_additive=True, at=2),
        told(3, 1, 6, source=1, is_additive=True, at=3),
    ]

    assert figure(figures_of([node(1, COUNT)], updates), 1).value == Decimal(11)


def test_rule_02_additive_sources_weigh_as_one_reporter_in_an_average():
    average = Definition(Kind.COUNT, TimeOp.LAST, SpaceOp.AVERAGE)
    updates = [
        told(1, 1, 2, source=1, is_additive=True),
        told(2, 1, 4, source=2, is_additive=True),
        told(3, 1, 10, reporter=2),
    ]

    found = figure(figures_of([node(1, average)], updates), 1)

    assert (found.value, found.numerator, found.denominator) == (8, 16, 2)


def test_rule_03_a_gap_is_spanned_by_the_next_total():
    updates = [told(1, 1, 10), told(2, 1, 25, year=2)]

    result = figures_of([node(1, TOTALS, count=3)], updates)

    assert [figure(result, 1, year).value for year in (0, 1, 2, None)] == [10, None, 15, 25]


def test_rule_03_totals_are_of_each_reporter():
    updates = [told(1, 1, 10), told(2, 1, 40, reporter=2), told(3, 1, 12, year=1)]

    result = figures_of([node(1, TOTALS, reporters=[1, 2], count=2)], updates)

    assert [figure(result, 1, year).value for year in (0, 1, None)] == [50, 2, 52]
    assert figure(result, 1, 1).coverage == (1, 2)


def test_rule_03_shown_totals_come_to_the_last_of_each_reporter():
    updates = [told(1, 1, 10), told(2, 1, 40, reporter=2), told(3, 1, 12, year=1)]

    result = figures_of([node(1, SHOWN_TOTALS, reporters=[1, 2], count=2)], updates)

    assert [figure(result, 1, year).value for year in (0, 1, None)] == [50, 12, 52]
    life = figure(result, 1, None)
    assert [line.update for line in lines(life, LineStatus.COUNTED)] == [3, 2]
    assert [line.update for line in lines(life, LineStatus.NOT_LATEST)] == [1]


def test_rule_03_one_total_replaces_those_of_several_sources():
    updates = [
        told(1, 1, 60, source=1, is_additive=True),
        told(2, 1, 40, source=2, is_additive=True),
        told(3, 1, 110, year=1),
    ]

    result = figures_of([node(1, TOTALS, count=2)], updates)

    assert [figure(result, 1, year).value for year in (0, 1, None)] == [100, 10, 110]


def test_rule_03_a_ratio_accumulates_in_both_numbers():
    ratio = Definition(Kind.RATIO, space_op=SpaceOp.RATIO, accumulates=True)
    updates = [told(1, 1, (3, 10)), told(2, 1, (8, 20), year=1)]

    result = figures_of([node(1, ratio, count=2)], updates)

    second, life = figure(result, 1, 1), figure(result, 1, None)
    assert (second.numerator, second.denominator) == (5, 10)
    assert (life.numerator, life.denominator, life.exact) == (8, 20, Fraction(2, 5))


def test_rule_03_what_waits_would_bring_its_increment():
    updates = [told(1, 1, 10), told(2, 1, 25, year=1, state="submitted")]

    found = figure(figures_of([node(1, TOTALS, count=2)], updates), 1, 1)

    assert [line.value for line in lines(found, LineStatus.PENDING)] == [Decimal(15)]


@pytest.mark.parametrize(("moment", "value"), [(0, None), (1, 7), (2, 7), (3, 9), (99, 9)])
def test_rule_12_a_figure_as_of_then_is_what_was_published_then(moment, value):
    updates = [told(1, 1, 7, at=1), told(2, 1, 9, at=3)]

    assert figure(figures_of([node(1, COUNT)], updates, as_of=day(moment)), 1).value == value


def test_rule_12_waiting_and_returning_have_their_moments_too():
    update = told(1, 1, 7, state="returned", at=1, returned_at=day(5))

    def pending(moment):
        return figure(figures_of([node(1, COUNT)], [update], as_of=day(moment)), 1).pending

    assert [pending(moment) for moment in (0, 1, 4, 5)] == [0, 1, 1, 0]


def test_rule_12_edges_and_reporters_have_their_moments_too():
    nodes = [node(1, COUNT), node(2, COUNT)]
    edges = under(1, 2, since=day(2), until=day(4))

    def total(moment):
        found = figure(figures_of(nodes, [told(1, 2, 7)], edges, as_of=day(moment)), 1)
        return found.value, found.coverage.expected

    assert [total(moment) for moment in (1, 2, 3, 4)] == [(None, 0), (7, 1), (7, 1), (None, 0)]


def test_updates_without_a_place_in_the_tree_are_named():
    other = {"age": DimensionKind.PARTITION}
    updates = [
        told(1, 1, 7),
        told(2, 99, 7),
        told(3, 1, 7, year=5),
        told(4, 1, 7, cell=WOMEN),
        told(5, 1, 7, cell=Cell("age", "old")),
    ]

    result = figures_of([node(1, COUNT, dimensions=other)], updates)

    assert result.adrift == (2, 3, 4)
    assert figure(result, 1).value == Decimal(7)

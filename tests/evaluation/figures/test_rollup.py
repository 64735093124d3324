"""Rules 4, 5 and 11: figures of parents, and the lines under them."""

import dataclasses
from decimal import Decimal
from fractions import Fraction

import pytest

from evaluation.figures import (
    Definition,
    Edge,
    FigureKey,
    FigureStatus,
    Kind,
    LineStatus,
    Reported,
    SpaceOp,
    TimeOp,
)
from tests.evaluation.figures.trees import (
    assert_adds_up,
    figure,
    figures_of,
    lines,
    node,
    quarters,
    told,
    under,
)

COUNT = Definition(Kind.COUNT)
RATIO = Definition(Kind.RATIO, space_op=SpaceOp.RATIO, factor=100)


def test_rule_04_a_hub_may_report_beside_its_children():
    nodes = [node(1, COUNT, reporters=[1]), node(2, COUNT)]

    total = figure(figures_of(nodes, [told(1, 1, 3), told(2, 2, 4)], under(1, 2)), 1)

    assert (total.value, total.coverage) == (Decimal(7), (2, 2))
    assert_adds_up(total)


def test_rule_04_coverage_counts_reports_at_the_bottom_of_the_tree_too():
    nodes = [node(1, COUNT), node(2, COUNT), node(3, COUNT, reporters=[1, 2]),
             node(4, COUNT, reporters=[1])]  # fmt: skip

    total = figure(figures_of(nodes, [told(1, 3, 4)], [*under(1, 2), *under(2, 3, 4)]), 1)

    assert (total.coverage, total.leaf_coverage) == ((1, 1), (1, 3))


def test_rule_04_who_reports_without_being_expected_is_covered():
    total = figure(figures_of([node(1, COUNT)], [told(1, 1, 3)]), 1)

    assert total.coverage == (1, 1)


def test_rule_04_scores_that_cannot_be_combined_are_listed():
    ordinal = Definition(Kind.ORDINAL, TimeOp.LAST, SpaceOp.NONE, scale=("none", "some", "all"))
    nodes = [node(1, ordinal), node(2, ordinal, reporters=[1]), node(3, ordinal, reporters=[1])]

    result = figures_of(nodes, [told(1, 2, 1), told(2, 3, 2)], under(1, 2, 3))

    assert (figure(result, 2).value, figure(result, 2).status) == (1, FigureStatus.OK)
    for period in (0, None):
        total = figure(result, 1, period)
        assert (total.value, total.status) == (None, FigureStatus.LIST)
    assert [line.value for line in lines(figure(result, 1), LineStatus.LISTED)] == [1, 2]


@pytest.mark.parametrize(
    ("op", "value", "counted", "others"),
    [
        (TimeOp.SUM, 10, [100, 101, 102], []),
        (TimeOp.LAST, 2, [102], [100, 101]),
        (TimeOp.MAX, 5, [101], [100, 102]),
        (TimeOp.AVERAGE, Fraction(10, 3), [100, 101, 102], []),
    ],
)
def test_rule_04_periods_combine_as_the_definition_says(op, value, counted, others):
    definition = Definition(Kind.MEASURE, op)
    updates = [told(year + 1, 1, number, year=year) for year, number in enumerate((3, 5, 2))]

    life = figure(figures_of([node(1, definition, count=4)], updates), 1, None)

    assert life.exact == value
    assert [line.figure.period for line in lines(life, LineStatus.COUNTED)] == counted
    not_taken = [line.figure.period for line in life.lines
                 if line.status in {LineStatus.NOT_LATEST, LineStatus.NOT_LARGEST}]  # fmt: skip
    assert not_taken == others
    assert [line.figure.period for line in lines(life, LineStatus.MISSING)] == [103]
    assert_adds_up(life)


@pytest.mark.parametrize(
    ("space_op", "value"),
    [(SpaceOp.SUM, 10), (SpaceOp.MAX, 7), (SpaceOp.AVERAGE, 5)],
)
def test_rule_04_reporters_combine_as_the_definition_says(space_op, value):
    definition = Definition(Kind.MEASURE, TimeOp.LAST, space_op)
    updates = [told(1, 1, 3), told(2, 1, 7, reporter=2)]

    found = figure(figures_of([node(1, definition)], updates), 1)

    assert found.value == value
    assert_adds_up(found)


def test_rule_04_an_average_is_of_reporters_and_not_of_groups():
    average = Definition(Kind.MEASURE, TimeOp.LAST, SpaceOp.AVERAGE)
    nodes = [node(1, average), node(2, average), node(3, average)]
    updates = [told(1, 2, 1), told(2, 2, 2, reporter=2), told(3, 2, 3, reporter=3), told(4, 3, 10)]

    found = figure(figures_of(nodes, updates, under(1, 2, 3)), 1)

    assert (found.value, found.numerator, found.denominator) == (4, 16, 4)


def test_rule_04_quarters_of_a_child_make_the_year_of_its_parent():
    nodes = [node(1, COUNT), node(2, COUNT, periods=quarters(2), reporters=[1])]
    updates = [told(place + 1, 2, 5, year=place) for place in range(3)]

    total = figure(figures_of(nodes, updates, under(1, 2)), 1)

    assert (total.value, total.coverage, total.leaf_coverage) == (15, (1, 1), (3, 4))
    assert [line.figure for line in lines(total, LineStatus.MISSING)] == [FigureKey(2, 203)]


def test_rule_04_a_period_outside_those_of_the_parent_is_listed_as_unmapped():
    nodes = [node(1, COUNT), node(2, COUNT, count=2)]

    result = figures_of(nodes, [told(1, 2, 5), told(2, 2, 6, year=1)], under(1, 2))

    life = figure(result, 1, None)
    assert life.value == Decimal(5)
    (line,) = lines(life, LineStatus.UNMAPPED)
    assert (line.figure, line.value, line.reason) == (FigureKey(2, 201), 6, "no_period")


def test_rule_04_periods_may_be_mapped_by_hand():
    nodes = [node(1, COUNT, count=2), node(2, COUNT)]

    result = figures_of(nodes, [told(1, 2, 5)], under(1, 2, periods={200: 101}))

    assert [figure(result, 1, year).value for year in (0, 1, None)] == [None, 5, 5]
    (line,) = lines(figure(result, 1, 0), LineStatus.MISSING)
    assert line.reason == "no_period"


@pytest.mark.parametrize(
    "change",
    [{"kind": Kind.MEASURE, "unit": "ha"}, {"time_op": TimeOp.LAST}, {"space_op": SpaceOp.AVERAGE,
     "time_op": TimeOp.LAST}],
)  # fmt: skip
def test_rule_04_another_definition_is_listed_and_never_added(change):
    nodes = [node(1, COUNT), node(2, dataclasses.replace(COUNT, **change))]

    total = figure(figures_of(nodes, [told(1, 2, 5)], under(1, 2)), 1)

    assert (total.value, total.status, total.coverage) == (None, FigureStatus.MISSING, (0, 0))
    assert [line.reason for line in lines(total, LineStatus.EXCLUDED)] == ["different_definition"]


def test_rule_04_increments_of_a_child_are_what_its_parent_sums():
    nodes = [node(1, COUNT, count=2), node(2, Definition(Kind.COUNT, accumulates=True), count=2)]

    result = figures_of(nodes, [told(1, 2, 5), told(2, 2, 8, year=1)], under(1, 2))

    assert [figure(result, 1, year).value for year in (0, 1, None)] == [5, 3, 8]


@pytest.mark.parametrize("second", [{}, {"is_excluded": True}])
def test_rule_04_an_edge_that_is_there_twice_counts_once(second):
    nodes = [node(1, COUNT), node(2, COUNT)]

    for edges in ([*under(1, 2), *under(1, 2, **second)], [*under(1, 2, **second), *under(1, 2)]):
        total = figure(figures_of(nodes, [told(1, 2, 5)], edges), 1)
        assert (total.value, total.coverage) == (Decimal(5), (1, 1))
        assert lines(total, LineStatus.EXCLUDED) == []


def test_rule_04_what_would_be_part_of_itself_does_not_count():
    nodes = [node(key, COUNT) for key in (1, 2, 3, 4)]
    edges = [*under(1, 2), *under(2, 3), *under(3, 2), *under(3, 4), Edge(1, 99), Edge(99, 1)]

    result = figures_of(nodes, [told(1, 4, 5), told(2, 2, 7)], edges)

    assert [figure(result, key).value for key in (1, 2, 3, 4)] == [7, 7, 5, 5]
    assert [line.reason for line in lines(figure(result, 2), LineStatus.EXCLUDED)] == ["cycle"]


@pytest.mark.parametrize("denominator", [None, 0])
def test_rule_05_without_a_denominator_there_is_no_per_cent(denominator):
    nodes = [node(1, RATIO), node(2, RATIO, reporters=[1])]

    result = figures_of(nodes, [told(1, 2, (3, denominator))], under(1, 2))

    for key in (1, 2):
        for period in (0, None):
            found = figure(result, key, period)
            assert (found.value, found.status) == (None, FigureStatus.NO_DENOMINATOR)


@pytest.mark.parametrize("denominator", [None, 0])
def test_rule_05_a_ratio_without_its_denominator_leaves_others_as_they_are(denominator):
    nodes = [node(1, RATIO), node(2, RATIO), node(3, RATIO)]

    total = figure(
        figures_of(nodes, [told(1, 2, (3, denominator)), told(2, 3, (1, 4))], under(1, 2, 3)), 1
    )

    assert (total.value, total.coverage) == (Decimal(25), (1, 2))


def test_rule_11_every_line_names_what_it_stands_for():
    nodes = [node(1, COUNT, reporters=[1, 2]), node(2, COUNT), node(3, COUNT)]
    updates = [
        told(1, 1, 3, at=1),
        told(2, 1, 4, at=2),
        told(3, 1, 9, at=3, state="submitted"),
        told(4, 2, 5),
        told(5, 3, 6),
    ]
    edges = [*under(1, 2), *under(1, 3, is_excluded=True)]

    total = figure(figures_of(nodes, updates, edges), 1)

    found = {(line.status, line.update, line.figure, line.reporter, line.value)
             for line in total.lines}  # fmt: skip
    assert found == {
        (LineStatus.COUNTED, 2, None, 1, 4),
        (LineStatus.COUNTED, None, FigureKey(2, 200), None, 5),
        (LineStatus.SUPERSEDED, 1, None, 1, 3),
        (LineStatus.PENDING, 3, None, 1, 9),
        (LineStatus.MISSING, None, None, 2, None),
        (LineStatus.EXCLUDED, None, FigureKey(3, 300), None, 6),
    }
    assert total.value == 4 + 5


def test_not_available_is_told_apart_from_not_reported():
    nodes = [node(1, COUNT), node(2, COUNT, reporters=[1]), node(3, COUNT, reporters=[1])]
    reason = Reported(reason="not_collected")

    one = figures_of(nodes, [told(1, 2, reason)], under(1, 2, 3))
    both = figures_of(nodes, [told(1, 2, reason), told(2, 3, reason)], under(1, 2, 3))

    assert figure(one, 2).status is FigureStatus.NOT_AVAILABLE
    assert figure(one, 1).status is FigureStatus.MISSING
    assert figure(both, 1).status is FigureStatus.NOT_AVAILABLE


def test_figures_of_an_unsound_definition_are_listed():
    unsound = Definition(Kind.RATIO, space_op=SpaceOp.SUM)

    found = figure(figures_of([node(1, unsound)], [told(1, 1, (1, 2))]), 1)

    assert (found.value, found.status) == (None, FigureStatus.UNSOUND)
    assert [line.update for line in lines(found, LineStatus.LISTED)] == [1]

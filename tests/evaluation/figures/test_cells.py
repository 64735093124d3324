"""Rules 6 and 7: figures by cells, and people who are not events."""

import time
from decimal import Decimal
from fractions import Fraction

import pytest

from evaluation.figures import (
    Cell,
    Definition,
    DimensionKind,
    Expected,
    FigureKey,
    FigureStatus,
    Kind,
    LineStatus,
    Node,
    People,
    Reported,
    SharedPeople,
    SpaceOp,
    TimeOp,
    same_cells,
)
from tests.evaluation.figures.trees import (
    MEN,
    SEX,
    WOMEN,
    assert_adds_up,
    figure,
    figures_of,
    lines,
    node,
    told,
    under,
    years,
)

COUNT = Definition(Kind.COUNT)
LAST = Definition(Kind.COUNT, TimeOp.LAST)
PEOPLE = Definition(Kind.COUNT, distinct_people=True)
PARTITION = {"d": DimensionKind.PARTITION}
OVERLAPPING = {"d": DimensionKind.OVERLAPPING}
A, B, C = (Cell("d", category) for category in "abc")


def _unmapped(result, key, dimension="d"):
    return [(line.figure.cell, line.value, line.reason)
            for line in result.breakdowns[key, dimension].unmapped]  # fmt: skip


def test_rule_06_cells_roll_up_by_their_mapping():
    nodes = [node(1, COUNT, dimensions=PARTITION), node(2, COUNT, dimensions=PARTITION)]
    updates = [told(1, 2, 10), *(told(1, 2, n, cell=c) for n, c in ((4, A), (3, B), (2, C)))]

    result = figures_of(nodes, updates, under(1, 2, cells={A: A, B: A}))

    merged = figure(result, 1, cell=A)
    assert merged.value == Decimal(7)
    assert_adds_up(merged)
    assert [line.figure.cell for line in lines(merged, LineStatus.COUNTED)] == [A, B]
    for key in (FigureKey(1, 100), FigureKey(1)):
        breakdown = result.breakdowns[key, "d"]
        assert breakdown.cells == (key._replace(cell=A),)
        assert breakdown.unknown.top == 3
        assert _unmapped(result, key) == [(C, 2, "no_place")]


def test_rule_06_without_a_mapping_everything_is_unknown_and_listed():
    nodes = [node(1, COUNT, dimensions=SEX), node(2, COUNT, dimensions=SEX)]
    updates = [told(1, 2, 10), told(1, 2, 4, cell=WOMEN)]

    result = figures_of(nodes, updates, under(1, 2))

    key = FigureKey(1, 100)
    assert result.breakdowns[key, "sex"].cells == ()
    assert result.breakdowns[key, "sex"].unknown.top == 10
    assert _unmapped(result, key, "sex") == [(WOMEN, 4, "no_place")]


def test_rule_06_overlapping_cells_are_not_merged_into_one():
    nodes = [node(1, COUNT, dimensions=OVERLAPPING), node(2, COUNT, dimensions=OVERLAPPING)]
    updates = [told(1, 2, 8), *(told(1, 2, 6, cell=c) for c in (A, B, C))]

    result = figures_of(nodes, updates, under(1, 2, cells={A: A, B: A, C: C}))

    assert result.breakdowns[FigureKey(1, 100), "d"].cells == (FigureKey(1, 100, C),)
    assert _unmapped(result, FigureKey(1, 100)) == [(A, 6, "overlapping"), (B, 6, "overlapping")]


def test_rule_06_overlapping_cells_are_no_partition_above():
    nodes = [node(1, COUNT, dimensions=PARTITION), node(2, COUNT, dimensions=OVERLAPPING)]
    updates = [told(1, 2, 8), told(1, 2, 6, cell=A)]

    result = figures_of(nodes, updates, under(1, 2, cells={A: A}))

    assert _unmapped(result, FigureKey(1, 100)) == [(A, 6, "overlapping")]


def test_rule_06_the_same_overlapping_cell_of_several_hubs_is_summed():
    nodes = [node(key, COUNT, dimensions=OVERLAPPING) for key in (1, 2, 3)]
    updates = [told(1, 2, 6, cell=A), told(2, 3, 5, cell=A)]

    result = figures_of(nodes, updates, under(1, 2, 3, cells=same_cells(A)))

    assert figure(result, 1, cell=A).value == Decimal(11)
    assert result.breakdowns[FigureKey(1, 100), "d"].unknown is None


def test_rule_06_two_dimensions_do_not_make_one():
    both = {"d": DimensionKind.PARTITION, "e": DimensionKind.PARTITION}
    other = Cell("e", "a")
    nodes = [node(1, COUNT, dimensions=PARTITION), node(2, COUNT, dimensions=both)]
    updates = [told(1, 2, 5, cell=A), told(1, 2, 5, cell=other)]

    result = figures_of(nodes, updates, under(1, 2, cells={A: A, other: A}))

    assert figure(result, 1, cell=A).value == Decimal(5)


def test_rule_06_a_mapping_to_what_is_not_there_is_refused():
    nodes = [node(1, COUNT, dimensions=PARTITION), node(2, COUNT, dimensions=PARTITION)]

    result = figures_of(nodes, [told(1, 2, 5, cell=A)], under(1, 2, cells={A: Cell("x", "a")}))

    assert _unmapped(result, FigureKey(1, 100)) == [(A, 5, "no_dimension")]


def test_rule_06_a_cross_table_is_what_was_entered_as_one():
    dimensions = {**SEX, "age": DimensionKind.PARTITION, "sex by age": DimensionKind.PARTITION}
    young = Cell("sex by age", "young women")
    updates = [told(1, 1, 10), told(1, 1, 4, cell=WOMEN), told(1, 1, 6, cell=Cell("age", "young"))]

    entered = figures_of([node(1, COUNT, dimensions=dimensions)],
                         [*updates, told(1, 1, 3, cell=young)])  # fmt: skip

    key = FigureKey(1, 100)
    assert entered.breakdowns[key, "sex by age"].unknown.top == 7
    never = figures_of([node(1, COUNT, dimensions=dimensions)], updates)
    assert never.breakdowns[key, "sex by age"].cells == ()


def test_rule_06_cells_without_a_total_make_none():
    result = figures_of([node(1, COUNT, dimensions=SEX)], [told(1, 1, 4, cell=WOMEN)])

    assert figure(result, 1).status is FigureStatus.MISSING
    assert result.breakdowns[FigureKey(1, 100), "sex"].unknown is None


def test_rule_06_more_in_cells_than_in_the_total_is_a_warning():
    updates = [told(1, 1, 8), told(1, 1, 6, cell=WOMEN), told(1, 1, 5, cell=MEN)]

    result = figures_of([node(1, COUNT, dimensions=SEX)], updates)

    assert result.breakdowns[FigureKey(1, 100), "sex"].unknown.top == -3
    assert [(w.code, w.params["period"]) for w in result.warnings] == [
        ("cells_over_total", 100),
        ("cells_over_total", None),
    ]


def test_rule_06_ratios_have_an_unknown_rest_of_both_numbers():
    ratio = Definition(Kind.RATIO, space_op=SpaceOp.RATIO)
    updates = [told(1, 1, (6, 20)), told(1, 1, (2, 5), cell=WOMEN)]

    result = figures_of([node(1, ratio, dimensions=SEX)], updates)

    unknown = result.breakdowns[FigureKey(1, 100), "sex"].unknown
    assert (unknown.top, unknown.bottom) == (4, 15)


def test_rule_06_the_cells_of_a_last_figure_are_of_the_same_period():
    updates = [
        told(1, 1, 10),
        told(1, 1, 9, cell=WOMEN),
        told(2, 1, 6, year=1),
        told(2, 1, 2, year=1, cell=MEN),
    ]

    result = figures_of([node(1, LAST, count=2, dimensions=SEX)], updates)

    breakdown = result.breakdowns[FigureKey(1), "sex"]
    assert (figure(result, 1, None, MEN).value, figure(result, 1, None, WOMEN).value) == (2, None)
    assert breakdown.unknown.top == 4


def test_rule_06_the_cells_of_shown_running_totals_are_of_the_same_period():
    totals = Definition(Kind.COUNT, TimeOp.LAST, accumulates=True)
    updates = [
        told(1, 1, 10),
        told(1, 1, 9, cell=WOMEN),
        told(2, 1, 12, year=1),
        told(2, 1, 2, year=1, cell=MEN),
    ]

    result = figures_of([node(1, totals, count=2, dimensions=SEX)], updates)

    assert (figure(result, 1, None, MEN).value, figure(result, 1, None, WOMEN).value) == (2, None)


def test_rule_06_cells_of_an_average_are_shares_of_the_same_periods():
    average = Definition(Kind.MEASURE, TimeOp.AVERAGE)
    updates = [told(1, 1, 10), told(2, 1, 20, year=1), told(2, 1, 5, year=1, cell=WOMEN)]

    result = figures_of([node(1, average, count=2, dimensions=SEX)], updates)

    assert figure(result, 1, None, WOMEN).exact == Fraction(5, 2)
    assert result.breakdowns[FigureKey(1), "sex"].unknown.top == Fraction(25, 2)


def _parent_of(*numbers, shared=()):
    nodes = [node(1, PEOPLE), *(node(key + 2, PEOPLE) for key in range(len(numbers)))]
    updates = [told(key + 1, key + 2, number) for key, number in enumerate(numbers)]
    return figures_of(nodes, updates, under(1, *range(2, len(numbers) + 2)), shared=shared)


def test_rule_07_the_parent_shows_the_largest_child_and_the_sum():
    total = figure(_parent_of(10, 12, 3), 1)

    assert (total.value, total.people) == (25, People(Fraction(12), Fraction(25)))


def test_rule_07_participations_and_people_are_told_apart():
    stated = Reported(Decimal(30), distinct=Decimal(20))

    total = figure(_parent_of(stated, 12), 1)

    assert (total.value, total.people) == (42, People(Fraction(20), Fraction(32)))


def test_rule_07_who_counted_attendances_only_knows_little_of_people():
    total = figure(_parent_of(Reported(Decimal(30), is_distinct_unknown=True)), 1)

    assert (total.value, total.people) == (30, People(Fraction(1), Fraction(30)))


def test_rule_07_a_person_of_two_periods_may_be_one():
    updates = [told(1, 1, 10), told(2, 1, 6, year=1)]

    life = figure(figures_of([node(1, PEOPLE, count=2)], updates), 1, None)

    assert (life.value, life.people) == (16, People(Fraction(10), Fraction(16)))


def test_rule_07_an_incomplete_statement_of_shared_people_lowers_the_most():
    shared = [SharedPeople(1, 100, Decimal(3), is_complete=False)]

    assert figure(_parent_of(10, 12, shared=shared), 1).people == People(Fraction(12), Fraction(19))


@pytest.mark.parametrize("people", ["11", "-1"])
def test_rule_07_a_statement_that_cannot_be_is_not_believed(people):
    result = _parent_of(10, 12, shared=[SharedPeople(1, 100, Decimal(people))])

    assert figure(result, 1).people == People(Fraction(12), Fraction(22))
    assert [warning.code for warning in result.warnings] == ["shared_people_contradict"]


def test_rule_07_the_people_of_running_totals_are_those_of_the_last_ones():
    totals = Definition(Kind.COUNT, accumulates=True, distinct_people=True)
    updates = [told(1, 1, 120), told(2, 1, 100, year=1), told(3, 1, 30, reporter=2)]

    life = figure(figures_of([node(1, totals, count=2)], updates), 1, None)

    assert (life.value, life.people) == (130, People(Fraction(100), Fraction(130)))


def test_rule_07_events_have_no_bounds():
    assert figure(figures_of([node(1, COUNT)], [told(1, 1, 5)]), 1).people is None


def test_ten_thousand_updates_over_four_layers_take_little_time():
    nodes, edges, updates = [], [], []
    for key in range(1, 1 + 1 + 10 + 100 + 500):
        layer = 0 if key == 1 else 1 if key < 12 else 2 if key < 112 else 3
        parent = {1: 1, 2: 2 + key % 10, 3: 12 + key % 100}.get(layer)
        reporters = tuple(Expected(n) for n in range(4)) if layer == 3 else ()
        nodes.append(Node(key, COUNT, years(key, 5), reporters))
        if parent:
            edges.extend(under(parent, key))
        updates.extend(
            told(len(updates) + 1 + 4 * year + reporter, key, 1, reporter=reporter, year=year)
            for year in range(5 if layer == 3 else 0)
            for reporter in range(4)
        )
    started = time.process_time()

    result = figures_of(nodes, updates, edges)

    assert time.process_time() - started < 2  # seconds of the processor
    assert (len(updates), figure(result, 1, None).value) == (10_000, 10_000)
    assert figure(result, 1, None).leaf_coverage == (10_000, 10_000)

"""The fifteen worked examples, by their numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest

from evaluation.figures import (
    Cell,
    Definition,
    DimensionKind,
    Direction,
    FigureStatus,
    Kind,
    LineStatus,
    People,
    ProgressStatus,
    Reported,
    SharedPeople,
    SpaceOp,
    TimeOp,
    progress,
    rounded,
)
from evaluation.figures.iati import Actual, actual_of
from tests.evaluation.figures.trees import (
    MEN,
    SEX,
    WOMEN,
    figure,
    figures_of,
    lines,
    node,
    told,
    under,
)

COUNT = Definition(Kind.COUNT)
RATIO = Definition(Kind.RATIO, space_op=SpaceOp.RATIO, factor=100, decimals=2)
PEOPLE = Definition(Kind.COUNT, distinct_people=True)
TOTALS = Definition(Kind.COUNT, accumulates=True)


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "actual", "percent", "bar"),
    [
        pytest.param(Direction.DOWN, 40, 10, 25, "50", "50", id="example 1"),
        pytest.param(Direction.UP, 20, 100, 60, "50", "50", id="example 2"),
        pytest.param(Direction.UP, 0, 50, 80, "160", "100", id="example 3"),
        pytest.param(Direction.UP, 20, 100, 10, "-12.5", "0", id="example 4"),
        pytest.param(Direction.UP, 95, 95, 96, "100", "100", id="example 12"),
    ],
)
def test_examples_of_progress(direction, baseline, target, actual, percent, bar):
    made = progress(
        Definition(Kind.COUNT, direction=direction),
        baseline=baseline,
        target=target,
        actual=actual,
    )

    assert made.status is ProgressStatus.OK
    assert (made.percent, made.bar) == (Decimal(percent), Decimal(bar))


def test_example_05_a_missing_child_is_not_zero():
    nodes = [node(1, COUNT), *(node(key, COUNT, reporters=[1]) for key in (2, 3, 4))]

    result = figures_of(nodes, [told(1, 2, 0), told(2, 3, 5)], under(1, 2, 3, 4))

    total = figure(result, 1)
    assert (total.value, total.coverage) == (Decimal(5), (2, 3))
    assert [line.figure.indicator for line in lines(total, LineStatus.MISSING)] == [4]
    assert figure(result, 2).value == Decimal(0)
    assert (figure(result, 4).value, figure(result, 4).status) == (None, FigureStatus.MISSING)


def test_example_06_ratios_are_summed_before_they_are_divided():
    nodes = [node(1, RATIO), node(2, RATIO), node(3, RATIO)]

    result = figures_of(nodes, [told(1, 2, (1, 2)), told(2, 3, (30, 100))], under(1, 2, 3))

    total = figure(result, 1)
    assert (total.numerator, total.denominator) == (Decimal(31), Decimal(102))
    assert total.exact == Fraction(3100, 102)
    assert rounded(total.exact, RATIO.decimals) == Decimal("30.39")


def test_example_07_a_successor_continues_the_total_of_the_unit():
    nodes = [node(1, TOTALS, count=2)]

    result = figures_of(nodes, [told(1, 1, 100, at=1), told(2, 1, 130, year=1, at=2)])

    assert figure(result, 1, None).value == Decimal(130)
    assert figure(result, 1, 1).value == Decimal(30)


def test_example_07_in_one_period_the_later_total_stands():
    result = figures_of([node(1, TOTALS)], [told(1, 1, 100, at=1), told(2, 1, 130, at=2)])

    assert figure(result, 1).value == Decimal(130)
    assert [line.update for line in lines(figure(result, 1), LineStatus.SUPERSEDED)] == [1]


def test_example_08_the_rest_of_a_partition_is_unknown():
    updates = [told(1, 1, 10), told(1, 1, 4, cell=WOMEN), told(1, 1, 5, cell=MEN)]

    result = figures_of([node(1, COUNT, dimensions=SEX)], updates)

    breakdown = result.breakdowns[figure(result, 1).key, "sex"]
    assert {key.cell: result.figures[key].value for key in breakdown.cells} == {WOMEN: 4, MEN: 5}
    assert breakdown.unknown.top == 1


def test_example_09_overlapping_cells_are_not_summed():
    sectors = {"sector": DimensionKind.OVERLAPPING}
    health, education = Cell("sector", "health"), Cell("sector", "education")
    updates = [told(1, 1, 8), told(1, 1, 6, cell=health), told(1, 1, 6, cell=education)]

    result = figures_of([node(1, COUNT, dimensions=sectors)], updates)

    assert figure(result, 1).value == Decimal(8)
    breakdown = result.breakdowns[figure(result, 1).key, "sector"]
    assert len(breakdown.cells) == 2
    assert breakdown.unknown is None
    assert result.warnings == ()


def test_example_10_people_are_counted_once_where_that_is_known():
    nodes = [node(1, PEOPLE), node(2, PEOPLE), node(3, PEOPLE)]
    updates = [told(1, 2, 10), told(2, 3, 12)]

    unknown = figure(figures_of(nodes, updates, under(1, 2, 3)), 1)
    shared = [SharedPeople(1, 100, Decimal(3))]
    known = figure(figures_of(nodes, updates, under(1, 2, 3), shared=shared), 1)

    assert (unknown.value, unknown.people) == (Decimal(22), People(Fraction(12), Fraction(22)))
    assert (known.value, known.people) == (Decimal(22), People(Fraction(19), Fraction(19)))


@pytest.mark.parametrize(("comment", "needs_comment"), [("", True), ("Recounted.", False)])
def test_example_11_a_total_that_goes_down_needs_a_comment(comment, needs_comment):
    updates = [told(1, 1, 120), told(2, 1, 100, year=1, comment=comment)]

    result = figures_of([node(1, TOTALS, count=2)], updates)

    assert figure(result, 1, 1).value == Decimal(-20)
    assert figure(result, 1, None).value == Decimal(100)
    (warning,) = result.warnings
    assert warning.code == "decreasing_total"
    assert warning.params["increment"] == Decimal(-20)
    assert warning.params["needs_comment"] is needs_comment


def test_example_13_an_excluded_child_is_listed():
    nodes = [node(1, COUNT), node(2, COUNT), node(3, COUNT)]
    edges = [*under(1, 2), *under(1, 3, is_excluded=True, reason="Counted by another network")]

    result = figures_of(nodes, [told(1, 2, 4), told(2, 3, 7)], edges)

    for total in (figure(result, 1), figure(result, 1, None)):
        assert (total.value, total.coverage) == (Decimal(4), (1, 1))
        (line,) = lines(total, LineStatus.EXCLUDED)
        assert (line.value, line.reason) == (Decimal(7), "Counted by another network")


def test_example_14_a_narrative_has_no_value():
    narrative = Definition(Kind.NARRATIVE, TimeOp.LAST, SpaceOp.NONE)
    said = Reported(text="Two ministries now share one procedure.")

    result = figures_of([node(1, narrative)], [told(1, 1, said)])

    assert (figure(result, 1).value, figure(result, 1).status) == (None, FigureStatus.NARRATIVE)
    assert actual_of(narrative, said) == Actual(None, "Two ministries now share one procedure.")


def test_example_15_nothing_of_nothing_is_not_zero_per_cent():
    total = figure(figures_of([node(1, RATIO)], [told(1, 1, (0, 0))]), 1)

    assert (total.value, total.status) == (None, FigureStatus.NO_DENOMINATOR)

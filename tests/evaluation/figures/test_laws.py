"""Laws that hold for whatever is reported, a thousand cases each."""

import dataclasses
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.figures import (
    Amount,
    Definition,
    FigureStatus,
    Kind,
    Reported,
    SpaceOp,
    State,
    TimeOp,
    evaluate,
    rounded,
)
from evaluation.figures.people import together
from evaluation.figures.rollup import added
from evaluation.figures.series import Running, increments
from evaluation.figures.values import People, as_decimal
from tests.evaluation.figures.random_trees import random_tree
from tests.evaluation.figures.trees import (
    MEN,
    SEX,
    WOMEN,
    assert_adds_up,
    day,
    figure,
    figures_of,
    node,
    told,
    under,
)

COUNT = Definition(Kind.COUNT)
RATIO = Definition(Kind.RATIO, space_op=SpaceOp.RATIO)
AVERAGE = Definition(Kind.MEASURE, TimeOp.LAST, SpaceOp.AVERAGE)
LARGEST = Definition(Kind.MEASURE, TimeOp.MAX, SpaceOp.MAX)
TOTALS = Definition(Kind.COUNT, accumulates=True)
PEOPLE = Definition(Kind.COUNT, distinct_people=True)

many = settings(max_examples=1_000, deadline=None)
numbers = st.decimals(-999, 9_999, places=2, allow_nan=False)
counts = st.integers(0, 500)
maybe = st.none() | counts
definitions = st.sampled_from([COUNT, RATIO, AVERAGE, LARGEST])
seeds = st.integers(0, 2**32)


def _reported(definition, top, bottom):
    if definition.kind is Kind.RATIO:
        return (top, bottom)
    return top


def _of_children(definition, pairs, groups=None):
    """Return the figure of a parent over children with these numbers, or over groups of them."""
    nodes = [node(1, definition)]
    edges, updates = [], []
    for place, (top, bottom) in enumerate(pairs):
        key = 10 + place
        nodes.append(node(key, definition, reporters=[1]))
        updates.append(told(place + 1, key, _reported(definition, top, bottom)))
        edges.extend(under(1 if groups is None else 2 + groups[place], key))
    if groups is not None:
        nodes.extend(node(2 + group, definition) for group in set(groups))
        edges.extend(edge for group in set(groups) for edge in under(1, 2 + group))
    return nodes, updates, edges


pairs = st.lists(st.tuples(numbers, st.integers(0, 50)), min_size=1, max_size=5)


@many
@given(definitions, pairs, st.randoms(use_true_random=False))
def test_rule_04_the_order_of_children_does_not_matter(definition, numbers, dice):
    nodes, updates, edges = _of_children(definition, numbers)
    before = figures_of(nodes, updates, edges).figures

    for rows in (nodes, updates, edges):
        dice.shuffle(rows)

    assert figures_of(nodes, updates, edges).figures == before


@many
@given(definitions, pairs, st.data())
def test_rule_04_groups_combined_are_the_same_as_all_children(definition, numbers, data):
    groups = data.draw(st.lists(st.integers(0, 2), min_size=len(numbers), max_size=len(numbers)))

    flat = figure(figures_of(*_of_children(definition, numbers)), 1)
    grouped = figure(figures_of(*_of_children(definition, numbers, groups)), 1)

    assert (grouped.amount, grouped.status) == (flat.amount, flat.status)
    assert grouped.leaf_coverage == flat.leaf_coverage


@many
@given(st.lists(maybe, min_size=1, max_size=6))
def test_rule_03_the_sum_of_increments_is_the_last_total(totals):
    nodes = [node(1, TOTALS, count=len(totals))]
    updates = [
        told(year + 1, 1, total, year=year)
        for year, total in enumerate(totals)
        if total is not None
    ]

    life = figure(figures_of(nodes, updates), 1, None)

    last = next((total for total in reversed(totals) if total is not None), None)
    assert life.value == last
    brought = increments([None if total is None else Amount(Fraction(total)) for total in totals])
    assert [step is None for step in brought] == [total is None for total in totals]
    assert sum(step.top for step in brought if step is not None) == (last or 0)


@many
@given(st.lists(st.dictionaries(st.sampled_from([None, 1, 2, 3]), counts, max_size=3), max_size=5))
def test_rule_03_increments_come_to_the_last_totals_whatever_sources_there_are(years):
    running = Running()
    brought = Fraction(0)
    for year, by_source in enumerate(years):
        if None in by_source:
            rows = [told(year, 1)]
            stated = [(rows[0], Amount(Fraction(by_source[None])))]
        else:
            stated = [
                (told(year, 1, source=source, is_additive=True), Amount(Fraction(total)))
                for source, total in by_source.items()
            ]
        brought += sum(amount.top for _update, amount in running.step(stated))

    assert brought == sum(stream.total.top for stream in running.streams.values())


@many
@given(counts, maybe, maybe)
def test_rule_06_the_cells_of_a_partition_and_the_unknown_are_the_total(total, women, men):
    updates = [told(1, 1, total)]
    for cell, number in ((WOMEN, women), (MEN, men)):
        if number is not None:
            updates.append(told(1, 1, number, cell=cell))

    result = figures_of([node(1, COUNT, dimensions=SEX)], updates)

    for period in (0, None):
        whole = figure(result, 1, period)
        breakdown = result.breakdowns[whole.key, "sex"]
        cells = [result.figures[key].amount.top for key in breakdown.cells]
        assert sum(cells) + breakdown.unknown.top == whole.amount.top == total
    over = [warning.code for warning in result.warnings]
    assert (over == ["cells_over_total"] * 2) is ((women or 0) + (men or 0) > total)


@many
@given(seeds)
def test_rule_11_counted_lines_add_up_to_their_figure(seed):
    tree = random_tree(seed, most_nodes=4)
    odd = told(10**6, 999, Reported())

    result = evaluate(dataclasses.replace(tree, updates=(*tree.updates, odd)))

    assert result.adrift == (odd.id,)
    for found in result.figures.values():
        assert_adds_up(found)
        assert found.value is None or isinstance(found.value, Decimal)


@many
@given(st.lists(maybe, min_size=1, max_size=5))
def test_rule_04_missing_is_not_zero(values):
    nodes = [node(1, COUNT, reporters=range(len(values)))]
    updates = [
        told(place + 1, 1, value, reporter=place)
        for place, value in enumerate(values)
        if value is not None
    ]

    found = figure(figures_of(nodes, updates), 1)

    there = [value for value in values if value is not None]
    assert found.value == (sum(there) if there else None)
    assert found.status == (FigureStatus.OK if there else FigureStatus.MISSING)
    assert found.coverage == (len(there), len(values))


@many
@given(st.lists(st.frozensets(st.integers(0, 12)), min_size=1, max_size=5))
def test_rule_07_the_bounds_hold_the_number_of_people(hubs):
    nodes = [node(1, PEOPLE), *(node(10 + place, PEOPLE) for place in range(len(hubs)))]
    updates = [told(place + 1, 10 + place, len(people)) for place, people in enumerate(hubs)]

    found = figure(figures_of(nodes, updates, under(1, *range(10, 10 + len(hubs)))), 1)

    distinct = len(frozenset().union(*hubs))
    assert found.people.low <= distinct <= found.people.high
    assert found.people.low == max(len(people) for people in hubs)
    assert found.people.high == found.amount.top == sum(len(people) for people in hubs)


@many
@given(st.lists(st.tuples(counts, counts), min_size=3, max_size=3))
def test_rule_07_bounds_are_the_same_however_they_are_grouped(spans):
    first, second, third = (People(Fraction(min(s)), Fraction(max(s))) for s in spans)

    whole = together([first, second, third])

    assert whole == together([together([first, second]), third])
    assert whole == together([third, together([second, first])])
    assert whole.low <= whole.high


@many
@given(seeds, st.integers(0, 60), st.booleans())
def test_rule_12_later_updates_never_change_what_was_published(seed, moment, with_pending):
    tree = random_tree(seed, most_nodes=2)
    later = {
        update.id
        for update in tree.updates
        if all(at is None or at > day(moment)
               for at in (update.submitted_at, update.approved_at, update.returned_at))
    }  # fmt: skip
    earlier = dataclasses.replace(
        tree, updates=tuple(update for update in tree.updates if update.id not in later)
    )

    now = evaluate(tree, as_of=day(moment), with_pending=with_pending)
    then = evaluate(earlier, as_of=day(moment), with_pending=with_pending)

    assert now == then


@many
@given(seeds)
def test_rule_01_what_is_not_approved_changes_no_figure(seed):
    tree = random_tree(seed, most_nodes=2)
    approved = tuple(update for update in tree.updates if update.state is State.APPROVED)
    handed_in = tuple(
        update for update in tree.updates if update.state in {State.APPROVED, State.SUBMITTED}
    )

    everything = evaluate(tree)
    only = evaluate(dataclasses.replace(tree, updates=approved)).figures

    assert evaluate(dataclasses.replace(tree, updates=handed_in)) == everything
    for key, found in everything.figures.items():
        told = only.get(key)
        assert found.amount == (None if told is None else told.amount)


@many
@given(st.permutations(range(5)), st.lists(counts, min_size=5, max_size=5))
def test_rule_02_the_last_approval_stands_in_whatever_order_rows_come(order, values):
    updates = [told(key + 1, 1, values[key], at=key) for key in order]

    found = figure(figures_of([node(1, COUNT)], updates), 1)

    assert found.value == values[-1]


@many
@given(st.lists(st.tuples(numbers, st.integers(1, 9)), min_size=1, max_size=6))
def test_amounts_are_added_exactly(rows):
    amounts = [Amount(Fraction(top) / 7, Fraction(bottom)) for top, bottom in rows]

    whole = added(amounts)

    assert whole.top * 7 == sum(Fraction(top) for top, _bottom in rows)
    assert whole == added([added(amounts[:1]), *amounts[1:]])


@many
@given(numbers, st.integers(0, 4))
def test_rounding_is_only_for_show_and_never_far(number, decimals):
    shown = rounded(number, decimals)

    assert abs(Fraction(shown) - Fraction(number)) <= Fraction(1, 2 * 10**decimals)
    assert rounded(-number, decimals) == -shown
    assert as_decimal(Fraction(number)) == number

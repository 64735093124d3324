"""The engine against the oracle, on five hundred random trees."""

import pytest

from evaluation.figures import FigureStatus, LineStatus, evaluate
from tests.evaluation.figures.oracle import LISTED, Oracle
from tests.evaluation.figures.random_trees import random_tree
from tests.evaluation.figures.trees import assert_adds_up, day

TREES = 500
BATCH = 50


def _moment(seed):
    return (None, day(30))[seed % 2], seed % 3 == 0


def _of_engine(found):
    if found.status is FigureStatus.LIST:
        amount = LISTED
    else:
        amount = None if found.amount is None else (found.amount.top, found.amount.bottom)
    people = None if found.people is None else (found.people.low, found.people.high)
    return (amount, people, *found.coverage, *found.leaf_coverage)


@pytest.mark.parametrize("first", range(0, TREES, BATCH))
def test_every_figure_is_what_the_oracle_says(first):
    for seed in range(first, first + BATCH):
        tree = random_tree(seed)
        as_of, with_pending = _moment(seed)
        result = evaluate(tree, as_of=as_of, with_pending=with_pending)
        oracle = Oracle(tree, as_of, with_pending)
        for node in tree.nodes:
            cells = [None, *oracle.cells(node)]
            assert {key.cell for key in result.figures if key.indicator == node.id} == set(cells)
            for cell in cells:
                for place, period in enumerate(oracle.periods(node)):
                    found = result.figures[node.id, period.id, cell]
                    assert _of_engine(found) == oracle.in_period(node, place, cell)[:6], (
                        seed, found.key, tree.nodes[0].definition)  # fmt: skip
                found = result.figures[node.id, None, cell]
                assert _of_engine(found) == oracle.life(node, cell)[:6], (
                    seed, found.key, tree.nodes[0].definition)  # fmt: skip


@pytest.mark.parametrize("first", range(0, TREES, BATCH))
def test_rule_11_the_counted_lines_of_every_figure_add_up_to_it(first):
    for seed in range(first, first + BATCH):
        as_of, with_pending = _moment(seed)
        result = evaluate(random_tree(seed), as_of=as_of, with_pending=with_pending)
        for found in result.figures.values():
            assert_adds_up(found)
            for line in found.lines:
                if line.figure in result.figures and line.status is LineStatus.EXCLUDED:
                    assert line.amount == result.figures[line.figure].amount

"""Random trees, the same for the same seed: several layers, revisions, gaps, cells, odd rows."""

import random
from decimal import Decimal

from evaluation.figures import (
    Cell,
    Definition,
    DimensionKind,
    Edge,
    Expected,
    Kind,
    Node,
    Reported,
    State,
    Tree,
    Update,
    problems_of,
)
from evaluation.figures.definition import SPACE_OPS, TIME_OPS
from tests.evaluation.figures.trees import day, quarters, years

CATEGORIES = ("a", "b", "c")
MOST_NODES = 9


def random_tree(seed, most_nodes=MOST_NODES):
    return _Maker(random.Random(seed), most_nodes).tree()  # noqa: S311 — a test repeats itself, it hides nothing


class _Maker:
    def __init__(self, dice, most_nodes):
        self.dice, self.most_nodes = dice, most_nodes
        self.definition = self.any_definition()
        self.nodes, self.edges, self.updates = [], [], []
        self.kind = dice.choice(list(DimensionKind))

    def any_definition(self):
        while True:
            kind = self.dice.choice([kind for kind in Kind if kind is not Kind.NARRATIVE])
            found = Definition(
                kind,
                self.dice.choice(sorted(TIME_OPS[kind])),
                self.dice.choice(sorted(SPACE_OPS[kind])),
                accumulates=self.dice.random() < 0.4,
                distinct_people=self.dice.random() < 0.4,
                factor=100 if kind is Kind.RATIO else 1,
                scale=("none", "some", "most", "all") if kind is Kind.ORDINAL else (),
            )
            if not problems_of(found):
                return found

    def tree(self):
        self.grow(None, 0)
        self.dice.shuffle(self.updates)
        self.dice.shuffle(self.nodes)
        self.dice.shuffle(self.edges)
        return Tree(tuple(self.nodes), tuple(self.edges), tuple(self.updates))

    def grow(self, parent, depth):
        key = len(self.nodes) + 1
        # A child's calendar may be finer than its parent's, or longer.
        finer = depth > 0 and self.dice.random() < 0.4
        periods = quarters(key) if finer else years(key, self.dice.choice((1, 2, 3)))
        reporters = self.dice.sample(range(1, 5), self.dice.choice((0, 1, 2)))
        self.nodes.append(
            Node(key, self.definition, periods, tuple(Expected(r) for r in reporters),
                 {"d": self.kind})
        )  # fmt: skip
        if parent is not None:
            self.edges.append(Edge(key, parent, is_excluded=self.dice.random() < 0.15,
                                   cells=self.mapping()))  # fmt: skip
        has_children = depth == 0 or self.dice.random() < 0.3
        children = self.dice.choice((1, 2, 3)) if has_children else 0
        if not children or self.dice.random() < 0.5:
            self.report(key, periods, [*reporters, self.dice.randint(1, 4)])
        for _child in range(children):
            if depth < 3 and len(self.nodes) < self.most_nodes:
                self.grow(key, depth + 1)

    def mapping(self):
        cells = [Cell("d", category) for category in CATEGORIES]
        found = {cell: self.dice.choice((cell, cell, cells[0])) for cell in cells}
        for cell in cells:
            if self.dice.random() < 0.2:
                del found[cell]
        return found

    def report(self, key, periods, reporters):
        for period in periods:
            for reporter in reporters:
                for _revision in range(self.dice.choice((0, 1, 1, 2))):
                    self.update(key, period, reporter)

    def update(self, key, period, reporter):
        state = self.dice.choice([State.APPROVED] * 4 + list(State))
        handed_in = day(self.dice.randint(0, 20))
        approved = returned = None
        if state is State.APPROVED:
            approved = day(self.dice.randint(20, 40))
        if state is State.RETURNED:
            returned = day(self.dice.randint(21, 40))
        is_additive = self.dice.random() < 0.3
        source = self.dice.choice((1, 2)) if is_additive else None
        number = len(self.updates) + 1
        cells = [None, *(Cell("d", c) for c in CATEGORIES if self.dice.random() < 0.4)]
        for cell in cells:
            self.updates.append(
                Update(
                    number,
                    key,
                    reporter,
                    period.id,
                    self.reported(),
                    state,
                    cell,
                    None if state is State.DRAFT else handed_in,
                    approved,
                    returned,
                    source=source,
                    is_additive=is_additive,
                )
            )

    def reported(self):
        if self.dice.random() < 0.1:
            return Reported(reason="not_collected")
        kind = self.definition.kind
        if kind is Kind.RATIO:
            denominator = self.dice.choice((None, 0, 3, 7, 10))
            return Reported(
                numerator=Decimal(self.dice.randint(0, 9)),
                denominator=None if denominator is None else Decimal(denominator),
            )
        if kind is Kind.YES_NO:
            return Reported(Decimal(self.dice.randint(0, 1)))
        if kind is Kind.ORDINAL:
            return Reported(Decimal(self.dice.randint(0, 3)))
        value = Decimal(self.dice.randint(0, 90))
        if self.dice.random() < 0.3 and kind is Kind.MEASURE:
            value /= 8
        distinct = Decimal(self.dice.randint(0, int(value))) if self.dice.random() < 0.3 else None
        return Reported(value, distinct=distinct, is_distinct_unknown=self.dice.random() < 0.2)

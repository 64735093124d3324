"""What a tree looks like at a moment: which child counts where, in which period and cell."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from evaluation.figures.definition import can_roll_up, problems_of
from evaluation.figures.inputs import Cell, DimensionKind, Edge, Node, Period, Tree, Update, holds
from evaluation.figures.series import is_approved, is_pending

# indicator -> cell -> reporter -> period -> updates
Reports = dict[int, dict[Cell | None, dict[int, dict[int, list[Update]]]]]


@dataclass(frozen=True, slots=True)
class Slot:
    """A child's period, and its place in the child's order of time."""

    place: int
    period: int


@dataclass(frozen=True, slots=True)
class Link:
    """A child under its parent.

    `obstacle` is the reason why it does not count, empty if it does. `slots` gives the child's
    periods inside each period of the parent, `strays` those inside none. `cells` gives the
    child's cells that make each cell of the parent, `refused` why others of the mapping cannot.
    """

    child: Node
    obstacle: str
    slots: Mapping[int, tuple[Slot, ...]]
    strays: tuple[Slot, ...]
    cells: Mapping[Cell, tuple[Cell, ...]]
    refused: Mapping[Cell, str]

    @property
    def mapped(self) -> frozenset[Cell]:
        return frozenset(cell for cells in self.cells.values() for cell in cells)

    def below(self, cell: Cell | None) -> tuple[Cell | None, ...]:
        """Return the child's cells that make `cell` of the parent; the total is made of totals."""
        return (None,) if cell is None else self.cells.get(cell, ())


@dataclass(frozen=True, slots=True)
class Plan:
    """Nodes, children before parents, each with its periods in order and its links."""

    nodes: tuple[Node, ...]
    periods: Mapping[int, tuple[Period, ...]]
    links: Mapping[int, tuple[Link, ...]]


def plan_of(tree: Tree, as_of: datetime.datetime | None) -> Plan:
    """Return the tree as it was at that moment; what no longer or not yet held is left out.

    An edge that would make a figure part of itself is kept, but does not count ("cycle").
    """
    nodes = {node.id: node for node in tree.nodes}
    periods = {node.id: in_order(node.periods) for node in tree.nodes}
    edges = _edges(tree.edges, nodes, as_of)
    circular = _circular(edges)
    links: dict[int, list[Link]] = defaultdict(list)
    order: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(sorted(nodes), ()))
    for edge in edges:
        is_circular = edge.child in circular and edge.parent in circular
        links[edge.parent].append(_link(edge, nodes, periods, is_circular=is_circular))
        if not is_circular:
            order.add(edge.parent, edge.child)
    return Plan(
        tuple(nodes[key] for key in order.static_order()),
        periods,
        {key: tuple(found) for key, found in links.items()},
    )


def in_order(periods: Iterable[Period]) -> tuple[Period, ...]:
    return tuple(sorted(periods, key=lambda period: (period.end, period.start, period.id)))


def _edges(
    edges: Iterable[Edge], nodes: Mapping[int, Node], as_of: datetime.datetime | None
) -> list[Edge]:
    """Return one edge for each child and parent; of two the one that counts the child."""
    known = [
        edge
        for edge in edges
        if edge.child in nodes and edge.parent in nodes and holds(edge.since, edge.until, as_of)
    ]
    known.sort(key=lambda edge: (edge.parent, edge.child, edge.is_excluded, edge.reason))
    return list({(edge.parent, edge.child): edge for edge in reversed(known)}.values())[::-1]


def _circular(edges: Iterable[Edge]) -> set[int]:
    """Return the nodes that are left when leaves and roots are taken away until none is left."""
    pairs = {(edge.child, edge.parent) for edge in edges}
    left = _peeled(pairs)
    return _peeled({(parent, child) for child, parent in pairs if {child, parent} <= left})


def _peeled(pairs: set[tuple[int, int]]) -> set[int]:
    """Return the nodes that something without predecessors cannot be peeled down to."""
    after: dict[int, list[int]] = defaultdict(list)
    waiting: Counter[int] = Counter()
    for first, second in pairs:
        after[first].append(second)
        waiting[second] += 1
    nodes = {node for pair in pairs for node in pair}
    free = [node for node in nodes if not waiting[node]]
    while free:
        node = free.pop()
        nodes.discard(node)
        for second in after[node]:
            waiting[second] -= 1
            if not waiting[second]:
                free.append(second)
    return nodes


def _link(
    edge: Edge,
    nodes: Mapping[int, Node],
    periods: Mapping[int, tuple[Period, ...]],
    *,
    is_circular: bool,
) -> Link:
    child, parent = nodes[edge.child], nodes[edge.parent]
    inside = edge.periods
    if inside is None:
        inside = containing(periods[child.id], periods[parent.id])
    slots: dict[int, list[Slot]] = defaultdict(list)
    strays = []
    known = {period.id for period in parent.periods}
    for place, period in enumerate(periods[child.id]):
        slot, target = Slot(place, period.id), inside.get(period.id)
        if target in known and target is not None:
            slots[target].append(slot)
        else:
            strays.append(slot)
    refused = _refused(edge.cells or {}, child, parent)
    cells: dict[Cell, list[Cell]] = defaultdict(list)
    for below, above in sorted((edge.cells or {}).items()):
        if below not in refused:
            cells[above].append(below)
    return Link(
        child,
        _obstacle(edge, child, parent, is_circular=is_circular),
        {key: tuple(found) for key, found in slots.items()},
        tuple(strays),
        {key: tuple(found) for key, found in cells.items()},
        refused,
    )


def _obstacle(edge: Edge, child: Node, parent: Node, *, is_circular: bool) -> str:
    if is_circular:
        return "cycle"
    if edge.is_excluded:
        return edge.reason or "excluded"
    if problems_of(child.definition) or not can_roll_up(child.definition, parent.definition):
        return "different_definition"
    return ""


def containing(inner: Sequence[Period], outer: Sequence[Period]) -> dict[int, int]:
    """Return for each inner period the shortest outer one that has all its days."""
    by_length = sorted(outer, key=lambda period: (period.end - period.start, period.id))
    found = {}
    seen: dict[tuple[datetime.date, datetime.date], int | None] = {}
    for period in inner:
        span = (period.start, period.end)
        if span not in seen:
            seen[span] = next(
                (o.id for o in by_length if o.start <= period.start and period.end <= o.end), None
            )
        target = seen[span]
        if target is not None:
            found[period.id] = target
    return found


def _refused(cells: Mapping[Cell, Cell], child: Node, parent: Node) -> dict[Cell, str]:
    """Return the mappings that rule 6 forbids, with a code for why."""
    makers = Counter(cells.values())
    # One dimension of the parent is made of one of the child's: two would count people twice.
    first: dict[str, str] = {}
    for below, above in sorted(cells.items()):
        first.setdefault(above.dimension, below.dimension)
    found = {}
    for below, above in cells.items():
        code = _refusal(
            (child.dimensions or {}).get(below.dimension),
            (parent.dimensions or {}).get(above.dimension),
            is_shared=makers[above] > 1,
        )
        if not code and first[above.dimension] != below.dimension:
            code = "other_dimension"
        if code:
            found[below] = code
    return found


def _refusal(below: DimensionKind | None, above: DimensionKind | None, *, is_shared: bool) -> str:
    if below is None or above is None:
        return "no_dimension"
    if below is DimensionKind.OVERLAPPING and (is_shared or above is DimensionKind.PARTITION):
        return "overlapping"
    return ""


def sorted_out(tree: Tree, as_of: datetime.datetime | None) -> tuple[Reports, tuple[int, ...]]:
    """Return updates by indicator, cell, reporter and period, and those with no place in it.

    What was neither approved nor handed in at the moment is not there: a draft changes nothing,
    not even which cells there are.
    """
    places = {
        node.id: ({period.id for period in node.periods}, set(node.dimensions or ()))
        for node in tree.nodes
    }
    reports: Reports = {
        node.id: defaultdict(lambda: defaultdict(lambda: defaultdict(list))) for node in tree.nodes
    }
    adrift = set()
    for update in tree.updates:
        periods, dimensions = places.get(update.indicator, (set(), set()))
        is_placed = update.cell is None or update.cell.dimension in dimensions
        if not (is_approved(update, as_of) or is_pending(update, as_of)):
            continue
        if update.period in periods and is_placed:
            by_reporter = reports[update.indicator][update.cell]
            by_reporter[update.reporter][update.period].append(update)
        else:
            adrift.add(update.id)
    return reports, tuple(sorted(adrift))

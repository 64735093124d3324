"""Rule 6: figures by cells; the cells of a partition and the unknown rest are the total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evaluation.figures.definition import SpaceOp
from evaluation.figures.inputs import Cell, DimensionKind, Node
from evaluation.figures.plan import Link
from evaluation.figures.results import Breakdown, Figure, FigureKey, Line, LineStatus
from evaluation.figures.rollup import added
from evaluation.figures.series import minus
from evaluation.figures.values import Amount

SUMMED = {SpaceOp.SUM, SpaceOp.RATIO}


def cells_of(
    node: Node,
    own: Iterable[Cell | None],
    links: Iterable[Link],
    below: Mapping[int, tuple[Cell, ...]],
) -> tuple[Cell, ...]:
    """Return the cells that anything of an indicator is stated for, here or below, in order."""
    found = {cell for cell in own if cell is not None}
    for link in links:
        stated = set(below.get(link.child.id, ()))
        found.update(cell for cell, makers in link.cells.items() if stated.intersection(makers))
    return tuple(sorted(found))


def unknown_rest(total: Amount | None, cells: Iterable[Amount | None]) -> Amount | None:
    """Return what of the total no cell of a partition holds; None without a total.

    It may be below zero: then the cells hold more than the whole, and a warning says so.
    """
    if total is None:
        return None
    known = added([cell for cell in cells if cell is not None])
    rest = total if known is None else minus(total, known)
    return Amount(rest.top, rest.bottom)


def breakdown_of(
    node: Node,
    dimension: str,
    key: FigureKey,
    cells: Mapping[int, tuple[Cell, ...]],
    links: Sequence[Link],
    figures: Mapping[FigureKey, Figure],
) -> Breakdown:
    """Return the figure `key` by the cells of one dimension; overlapping ones are not summed."""
    kind = (node.dimensions or {})[dimension]
    keys = tuple(key._replace(cell=cell) for cell in cells[node.id] if cell.dimension == dimension)
    unknown = None
    if kind is DimensionKind.PARTITION and node.definition.space_op in SUMMED:
        unknown = unknown_rest(figures[key].amount, [figures[k].amount for k in keys])
    lines = tuple(
        line
        for link in links
        if not link.obstacle
        for line in _unmapped(link, dimension, key, cells.get(link.child.id, ()), figures)
    )
    return Breakdown(key, dimension, kind, keys, unknown, lines)


def _unmapped(
    link: Link,
    dimension: str,
    key: FigureKey,
    cells: Iterable[Cell],
    figures: Mapping[FigureKey, Figure],
) -> Iterable[Line]:
    """Return a line for each figure of a child's cell that has no place in this dimension."""
    sources = {cell.dimension for above, below in link.cells.items()
               if above.dimension == dimension for cell in below} or {dimension}  # fmt: skip
    periods: Sequence[int | None] = [None]
    if key.period is not None:
        periods = [slot.period for slot in link.slots.get(key.period, ())]
    for cell in cells:
        if cell.dimension not in sources or cell in link.mapped:
            continue
        for period in periods:
            below_key = FigureKey(link.child.id, period, cell)
            figure = figures[below_key]
            if figure.amount is not None:
                reason = link.refused.get(cell, "no_place")
                yield Line(
                    LineStatus.UNMAPPED, figure=below_key, amount=figure.amount, reason=reason
                )

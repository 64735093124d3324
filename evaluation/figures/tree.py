"""Evaluate a tree of indicators: every figure of every period, of whole lives and of cells.

Semantics, in the order in which they apply:

- For each period of an indicator, each reporter brings what stands of its own updates and each
  child what its periods inside this one come to by `time_op`; `space_op` makes them one figure.
  So a hub may report on the indicator of the community itself, beside the hubs below it.
- A life figure is the `time_op` of the indicator's own periods; but where running totals are
  shown as such (`keeps_totals`), it is the last total of each reporter.
- Expected to report are the children that count, the reporters that are said to be, and whoever
  reports without being so.
- Averages are of reporters: a group brings its sum and its count. An average over k periods takes
  a k-th of each; so ratios and averages are never averaged themselves (rule 4).
- Cells of a last or a largest figure are those of the period that the total was taken from.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from evaluation.figures.cells import breakdown_of, cells_of
from evaluation.figures.definition import TimeOp, problems_of
from evaluation.figures.gathering import Gathering, missing, over_periods, status_of
from evaluation.figures.inputs import Cell, Node, Period, SharedPeople, Tree, holds
from evaluation.figures.own import Own, View, own_reports
from evaluation.figures.people import together, with_people, without_shared
from evaluation.figures.plan import Link, Plan, Slot, plan_of, sorted_out
from evaluation.figures.results import (
    Breakdown,
    Coverage,
    Figure,
    FigureKey,
    Line,
    LineStatus,
    Result,
)
from evaluation.figures.rollup import (
    CHILD,
    OWN,
    Contributor,
    over_space,
)
from evaluation.figures.values import Amount
from evaluation.figures.warnings import QualityWarning


def evaluate(
    tree: Tree, *, as_of: datetime.datetime | None = None, with_pending: bool = False
) -> Result:
    """Return all figures of the tree, as they were published at the moment `as_of` (rule 12).

    With `with_pending`, as if what then waited for approval had been approved: a second series
    that is always labelled (rule 1). Time is linear in updates and figures. Nothing is raised for
    odd data: it is listed beside the figures with a code.
    """
    return _Evaluation(tree, View(as_of, with_pending)).run()


class _Evaluation:
    """One run over a tree; figures of children are there before those of parents."""

    def __init__(self, tree: Tree, view: View) -> None:
        self.view = view
        self.plan: Plan = plan_of(tree, view.as_of)
        self.figures: dict[FigureKey, Figure] = {}
        self.breakdowns: dict[tuple[FigureKey, str], Breakdown] = {}
        self.warnings: list[QualityWarning] = []
        self.cells: dict[int, tuple[Cell, ...]] = {}
        self.sides: dict[FigureKey, tuple[set[Contributor], set[Contributor]]] = {}
        # Places in time that totals stand on: of children in a parent's period, and of lives.
        self.frames: dict[tuple[int, int, int | None], frozenset[int] | None] = {}
        self.shared: dict[FigureKey, SharedPeople] = {
            FigureKey(s.indicator, s.period, s.cell): s for s in tree.shared
        }
        self.is_sound = {node.id: not problems_of(node.definition) for node in tree.nodes}
        self.reports, self.adrift = sorted_out(tree, view.as_of)

    def run(self) -> Result:
        for node in self.plan.nodes:
            self._node(node)
        return Result(self.figures, self.breakdowns, tuple(self.warnings), self.adrift)

    def _node(self, node: Node) -> None:
        reports = self.reports[node.id]
        links = self.plan.links.get(node.id, ())
        periods = self.plan.periods[node.id]
        cells = cells_of(node, reports, links, self.cells)
        self.cells[node.id] = cells
        stands = None
        for cell in (None, *cells):
            own = own_reports(node.definition, periods, reports.get(cell, {}), self.view, stands)
            if cell is None:
                stands = own.stands
            self.warnings.extend(own.warnings)
            for place, period in enumerate(periods):
                self._period(node, links, own, place, period, cell)
            self._life(node, links, own, cell)
        for period_key in (*(period.id for period in periods), None):
            self._break_down(node, links, FigureKey(node.id, period_key))
        self.sides.clear()

    # One period

    def _period(
        self,
        node: Node,
        links: Sequence[Link],
        own: Own,
        place: int,
        period: Period,
        cell: Cell | None,
    ) -> None:
        found = Gathering()
        self._expect(node, found)
        found.add_own(
            own.parts.get(place, ()), own.asides.get(place, ()), own.stated.get(place, ())
        )
        for link in links:
            if link.obstacle:
                self._exclude(found, link, link.slots.get(period.id, ()), cell)
            else:
                self._child(found, node, link, period, cell)
        self._finish(node, FigureKey(node.id, period.id, cell), found)

    def _expect(self, node: Node, found: Gathering) -> None:
        found.expected.update(
            (OWN, expected.reporter)
            for expected in node.expected
            if holds(expected.since, expected.until, self.view.as_of)
        )

    def _child(
        self, found: Gathering, node: Node, link: Link, period: Period, cell: Cell | None
    ) -> None:
        """Gather what one child brings to a period: its own periods inside it, combined."""
        contributor = (CHILD, link.child.id)
        found.expected.add(contributor)
        slots = link.slots.get(period.id, ())
        below = link.below(cell)
        if not slots or not below:
            reason = "unmapped" if slots else "no_period"
            found.asides.append(missing(FigureKey(link.child.id), reason))
            found.count_leaves(0, 1)
            return
        for child_cell in below:
            keys = [FigureKey(link.child.id, slot.period, child_cell) for slot in slots]
            self._count(found, keys)
            frame_key = (link.child.id, node.id, period.id)
            frame = None if child_cell is None else self.frames.get(frame_key)
            combined, may_combine = over_periods(node.definition, slots, keys, self.figures, frame)
            if child_cell is None:
                self.frames[frame_key] = combined.frame
            found.add(contributor, combined, may_combine=may_combine)

    def _count(self, found: Gathering, keys: Iterable[FigureKey]) -> None:
        for key in keys:
            figure = self.figures.get(key)
            if figure is None:
                found.count_leaves(0, 1)
            else:
                found.count_leaves(*figure.leaf_coverage)
                found.pending += figure.pending

    def _exclude(
        self, found: Gathering, link: Link, slots: Iterable[Slot], cell: Cell | None
    ) -> None:
        """List what a child that does not count would have brought."""
        for slot in slots:
            for child_cell in link.below(cell):
                key = FigureKey(link.child.id, slot.period, child_cell)
                found.asides.append(self._aside(LineStatus.EXCLUDED, key, link.obstacle))

    def _aside(self, status: LineStatus, key: FigureKey, reason: str) -> Line:
        figure = self.figures.get(key)
        return Line(status, figure=key, amount=figure.amount if figure else None, reason=reason)

    # The whole life

    def _life(self, node: Node, links: Sequence[Link], own: Own, cell: Cell | None) -> None:
        found = Gathering()
        if node.definition.keeps_totals:
            self._last_totals(node, links, own, found, cell)
        else:
            self._periods(node, found, cell)
        for link in links:
            for child_cell in link.below(cell):
                key = FigureKey(link.child.id, None, child_cell)
                if link.obstacle:
                    found.asides.append(self._aside(LineStatus.EXCLUDED, key, link.obstacle))
                elif not node.definition.keeps_totals:
                    strays = [key._replace(period=slot.period) for slot in link.strays]
                    found.asides.extend(
                        self._aside(LineStatus.UNMAPPED, stray, "no_period") for stray in strays
                    )
        people = self._people_of_totals(node, links, own, cell)
        self._finish(node, FigureKey(node.id, None, cell), found, people)

    def _periods(self, node: Node, found: Gathering, cell: Cell | None) -> None:
        """Gather a life figure from the node's own periods, as from one contributor."""
        periods = self.plan.periods[node.id]
        slots = [Slot(place, period.id) for place, period in enumerate(periods)]
        keys = [FigureKey(node.id, period.id, cell) for period in periods]
        frame_key = (node.id, node.id, None)
        frame = None if cell is None else self.frames.get(frame_key)
        combined, may_combine = over_periods(node.definition, slots, keys, self.figures, frame)
        if cell is None:
            self.frames[frame_key] = combined.frame
        found.add((CHILD, node.id), combined, may_combine=may_combine)
        found.pending = sum(self.figures[key].pending for key in keys)
        if node.definition.time_op in {TimeOp.LAST, TimeOp.MAX} and combined.frame is not None:
            keys = [keys[place] for place in combined.frame]
        self._expect(node, found)
        found.expected.update(
            (CHILD, link.child.id) for link in self.plan.links.get(node.id, ()) if not link.obstacle
        )
        found.reported.clear()
        for key in keys:
            reported, expected = self.sides[key]
            found.reported |= reported
            found.expected |= expected
            found.count_leaves(*self.figures[key].leaf_coverage)

    def _last_totals(
        self,
        node: Node,
        links: Sequence[Link],
        own: Own,
        found: Gathering,
        cell: Cell | None,
    ) -> None:
        """Gather the last running total of each reporter and each child (rule 3)."""
        self._expect(node, found)
        found.add_own(own.life, own.earlier, [part.contributor[1] for part in own.life])
        found.pending = sum(
            line.status is LineStatus.PENDING for lines in own.asides.values() for line in lines
        )
        for link in links:
            if link.obstacle:
                continue
            contributor = (CHILD, link.child.id)
            found.expected.add(contributor)
            keys = [FigureKey(link.child.id, None, below) for below in link.below(cell)]
            if not keys:
                found.asides.append(missing(FigureKey(link.child.id), "unmapped"))
                found.count_leaves(0, 1)
            self._count(found, keys)
            for key in keys:
                combined, may_combine = over_periods(
                    node.definition, [Slot(0, 0)], [key], self.figures
                )
                found.add(contributor, combined, may_combine=may_combine)

    def _people_of_totals(
        self, node: Node, links: Sequence[Link], own: Own, cell: Cell | None
    ) -> list[Amount] | None:
        """Return what the people of a life are bounded by, where increments cannot say it."""
        definition = node.definition
        if not (definition.accumulates and definition.distinct_people):
            return None
        found = [part.amount for part in own.life]
        for link in links:
            for below in () if link.obstacle else link.below(cell):
                figure = self.figures.get(FigureKey(link.child.id, None, below))
                if figure is not None and figure.amount is not None:
                    found.append(figure.amount)
        return found

    # Any figure

    def _finish(
        self,
        node: Node,
        key: FigureKey,
        found: Gathering,
        people: list[Amount] | None = None,
    ) -> None:
        """Combine what was gathered and keep the figure."""
        is_sound = self.is_sound[node.id]
        combined = over_space(
            node.definition,
            found.parts,
            may_combine=is_sound and found.may_combine,
            is_only=len(found.expected) <= 1 or _is_life_of(key, found),
        )
        amount = combined.amount
        if amount is not None and node.definition.distinct_people:
            amounts = [part.amount for part in found.parts] if people is None else people
            amount = self._with_people(key, amount, amounts)
        lines = (*combined.lines, *found.asides)
        self.sides[key] = (found.reported, found.expected)
        self.figures[key] = Figure(
            key,
            status_of(node.definition, amount, lines, is_sound=is_sound),
            amount,
            Coverage(len(found.reported), len(found.expected)),
            found.leaves,
            lines,
            node.definition.factor,
            found.pending,
        )

    def _with_people(self, key: FigureKey, amount: Amount, amounts: list[Amount]) -> Amount:
        whole = together(part.people for part in amounts)
        statement = self.shared.get(key)
        if whole is None or statement is None:
            return with_people(amount, whole)
        parts = [part.people for part in amounts if part.people is not None]
        narrowed = without_shared(whole, parts, statement)
        if narrowed is None:
            params = {
                "indicator": key.indicator,
                "period": key.period,
                "cell": key.cell,
                "people": statement.people,
            }
            self.warnings.append(QualityWarning("shared_people_contradict", params))
        return with_people(amount, narrowed or whole)

    def _break_down(self, node: Node, links: Sequence[Link], key: FigureKey) -> None:
        for dimension in sorted(node.dimensions or {}):
            found = breakdown_of(node, dimension, key, self.cells, links, self.figures)
            self.breakdowns[key, dimension] = found
            if found.unknown is not None and _is_negative(found.unknown):
                params = {
                    "indicator": key.indicator,
                    "period": key.period,
                    "dimension": dimension,
                }
                self.warnings.append(QualityWarning("cells_over_total", params))


def _is_life_of(key: FigureKey, found: Gathering) -> bool:
    """Say whether the only part is the indicator's own periods, already combined over time."""
    return key.period is None and [part.contributor for part in found.parts] == [
        (CHILD, key.indicator)
    ]


def _is_negative(amount: Amount) -> bool:
    return amount.top < 0 or (amount.bottom is not None and amount.bottom < 0)

"""What comes together for one figure, and what can be said of it then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evaluation.figures.definition import Definition, Kind, TimeOp
from evaluation.figures.plan import Slot
from evaluation.figures.results import Coverage, Figure, FigureKey, FigureStatus, Line, LineStatus
from evaluation.figures.rollup import OWN, Combined, Contributor, Moment, Part, over_time
from evaluation.figures.values import Amount

SAYS_NOTHING = {FigureStatus.MISSING, FigureStatus.NOT_AVAILABLE}
CANNOT_COMBINE = {FigureStatus.LIST, FigureStatus.NARRATIVE, FigureStatus.UNSOUND}
# Reasons that the engine gives to a missing line; any other one is the reporter's own.
ENGINE_REASONS = {"", "pending", "no_period", "no_number", "unmapped"}


class Gathering:
    """What comes together for one figure before it is combined."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.asides: list[Line] = []
        self.reported: set[Contributor] = set()
        self.expected: set[Contributor] = set()
        self.may_combine = True
        self.leaves = Coverage(0, 0)
        self.pending = 0

    def count_leaves(self, reported: int, expected: int) -> None:
        self.leaves = Coverage(self.leaves.reported + reported, self.leaves.expected + expected)

    def add(
        self, contributor: Contributor, combined: Combined, *, may_combine: bool = True
    ) -> None:
        """Add what a contributor comes to; what cannot be combined makes the whole a list."""
        if not may_combine:
            self.may_combine = False
            self.reported.add(contributor)
            self.asides.extend(combined.lines)
        elif combined.amount is None:
            self.asides.extend(combined.lines)
        else:
            self.reported.add(contributor)
            taken = [line for line in combined.lines if line.status is LineStatus.COUNTED]
            self.parts.append(Part(contributor, combined.amount, tuple(taken)))
            self.asides.extend(
                line for line in combined.lines if line.status is not LineStatus.COUNTED
            )

    def add_own(self, parts: Iterable[Part], asides: Iterable[Line], stated: Iterable[int]) -> None:
        """Add what the indicator's own reporters state, and list those who state nothing."""
        self.parts.extend(parts)
        self.asides.extend(asides)
        self.reported.update((OWN, reporter) for reporter in stated)
        self.expected |= self.reported
        statuses = [line.status for line in self.asides]
        self.may_combine = LineStatus.LISTED not in statuses
        self.pending = statuses.count(LineStatus.PENDING)
        self._list_missing()
        self.count_leaves(len(self.reported), len(self.expected))

    def _list_missing(self) -> None:
        told = {line.reporter for line in self.asides if line.status is LineStatus.MISSING}
        waiting = {line.reporter for line in self.asides if line.status is LineStatus.PENDING}
        for kind, reporter in sorted(self.expected - self.reported):
            if kind == OWN and reporter not in told:
                reason = "pending" if reporter in waiting else ""
                self.asides.append(Line(LineStatus.MISSING, reporter=reporter, reason=reason))


def missing(key: FigureKey, reason: str) -> Line:
    return Line(LineStatus.MISSING, figure=key, reason=reason)


def _reason(figure: Figure | None) -> str:
    """Return the code of why a figure below is not there."""
    if figure is not None and figure.status is FigureStatus.NOT_AVAILABLE:
        return "not_available"
    return ""


def over_periods(
    definition: Definition,
    slots: Sequence[Slot],
    keys: Sequence[FigureKey],
    figures: Mapping[FigureKey, Figure],
    frame: frozenset[int] | None = None,
) -> tuple[Combined, bool]:
    """Combine the figures of several periods; say whether they may be (a list may not)."""
    moments, others, listed = [], [], []
    for slot, key in zip(slots, keys, strict=True):
        figure = figures.get(key)
        if figure is None or figure.status in SAYS_NOTHING:
            others.append(missing(key, _reason(figure)))
        elif figure.status in CANNOT_COMBINE:
            others.append(Line(LineStatus.LISTED, figure=key))
            listed.append(slot.place)
        elif figure.amount is None:
            others.append(missing(key, "no_denominator"))
        else:
            line = Line(LineStatus.COUNTED, figure=key, amount=figure.amount)
            moments.append(Moment(slot.place, figure.amount, line))
    if definition.time_op is TimeOp.LAST:
        latest = max((moment.place for moment in moments), default=-1)
        listed = [place for place in listed if place > latest]
    if listed:
        lines = [Line(LineStatus.LISTED, figure=m.line.figure, amount=m.amount) for m in moments]
        return Combined(None, (*lines, *others)), False
    combined = over_time(definition, moments, frame)
    return Combined(combined.amount, (*combined.lines, *others), combined.frame), True


def status_of(
    definition: Definition, amount: Amount | None, lines: Sequence[Line], *, is_sound: bool
) -> FigureStatus:
    """Return what can be said of a figure with this amount, made of these lines (rule 5)."""
    if amount is not None:
        return FigureStatus.NO_DENOMINATOR if amount.bottom == 0 else FigureStatus.OK
    if any(line.status is LineStatus.LISTED for line in lines):
        if not is_sound:
            return FigureStatus.UNSOUND
        is_narrative = definition.kind is Kind.NARRATIVE
        return FigureStatus.NARRATIVE if is_narrative else FigureStatus.LIST
    reasons = [line.reason for line in lines if line.status is LineStatus.MISSING]
    if "no_denominator" in reasons:
        return FigureStatus.NO_DENOMINATOR
    if reasons and not ENGINE_REASONS & set(reasons):
        return FigureStatus.NOT_AVAILABLE
    return FigureStatus.MISSING

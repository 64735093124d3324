"""What the reporters of one indicator state themselves, period by period, for one cell."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evaluation.figures.definition import Definition, Kind
from evaluation.figures.inputs import Period, Update
from evaluation.figures.results import Line, LineStatus
from evaluation.figures.rollup import OWN, Part, added
from evaluation.figures.series import Current, Running, amounts_of, current, minus
from evaluation.figures.values import Amount, amount_of, as_decimal
from evaluation.figures.warnings import QualityWarning

# (reporter, source) -> period of the total that a running total of a cell stands beside
Stands = Mapping[tuple[int, int | None], int]


@dataclass(frozen=True, slots=True)
class View:
    """The moment, and whether what waits for approval is taken as approved."""

    as_of: datetime.datetime | None
    with_pending: bool


@dataclass(slots=True)
class Own:
    """The own reports of an indicator for one cell, by place in time.

    `parts` count; `asides` are superseded, pending, listed or without a number. `stated` holds
    who stated something, `stands` and `life` the last running totals.
    """

    parts: dict[int, list[Part]] = field(default_factory=lambda: defaultdict(list))
    asides: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))
    stated: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    stands: dict[tuple[int, int | None], int] = field(default_factory=dict)
    life: list[Part] = field(default_factory=list)
    earlier: list[Line] = field(default_factory=list)
    warnings: list[QualityWarning] = field(default_factory=list)


def own_reports(
    definition: Definition,
    periods: Sequence[Period],
    updates: Mapping[int, Mapping[int, Sequence[Update]]],
    view: View,
    stands: Stands | None = None,
) -> Own:
    """Return what stands of `updates`, by reporter and period.

    For a cell, `stands` says where its totals stand: a running total of a cell that was stated at
    another time is not set beside them.
    """
    own = Own()
    for reporter in sorted(updates):
        running = Running()
        for place, period in enumerate(periods):
            given = updates[reporter].get(period.id)
            if given:
                found = current(definition, given, as_of=view.as_of, with_pending=view.with_pending)
                _take(own, definition, place, reporter, running, found)
        if definition.accumulates:
            _close(own, reporter, running, stands)
    return own


def _take(
    own: Own,
    definition: Definition,
    place: int,
    reporter: int,
    running: Running,
    found: Current,
) -> None:
    """Put what one reporter states for one period into `own`."""
    before = {key: stream.total for key, stream in running.streams.items()}
    stated = amounts_of(definition, found)
    brought = running.step(stated) if definition.accumulates else stated
    if definition.accumulates and stated:
        _doubt(own, reporter, stated, brought)
    if definition.keeps_totals:
        brought = stated
    lines = tuple(
        Line(LineStatus.COUNTED, update.id, None, reporter, amount) for update, amount in brought
    )
    amount = added([amount for _update, amount in brought])
    if amount is not None:
        own.parts[place].append(Part((OWN, reporter), amount, lines))
        own.stated[place].add(reporter)
    asides = own.asides[place]
    counted = {update.id for update, _amount in stated}
    for update in found.counted:
        if update.id not in counted:
            line = _without_number(definition, update)
            asides.append(line)
            if line.status is LineStatus.LISTED:
                own.stated[place].add(reporter)
    asides.extend(
        Line(LineStatus.SUPERSEDED, u.id, None, reporter, amount_of(definition, u.reported))
        for u in found.superseded
    )
    asides.extend(_waiting(definition, update, before) for update in found.pending)


def _doubt(
    own: Own,
    reporter: int,
    stated: Sequence[tuple[Update, Amount]],
    brought: Sequence[tuple[Update, Amount]],
) -> None:
    """Rule 3: a running total that goes down needs a comment."""
    whole = added([amount for _update, amount in brought])
    if whole is None or (whole.top >= 0 and (whole.bottom is None or whole.bottom >= 0)):
        return
    update = stated[-1][0]
    params = {
        "indicator": update.indicator,
        "period": update.period,
        "cell": update.cell,
        "reporter": reporter,
        "update": update.id,
        "increment": as_decimal(whole.top),
        "needs_comment": not any(u.comment.strip() for u, _amount in stated),
    }
    own.warnings.append(QualityWarning("decreasing_total", params))


def _without_number(definition: Definition, update: Update) -> Line:
    reported = update.reported
    if reported.text and definition.kind is Kind.NARRATIVE and not reported.reason:
        return Line(LineStatus.LISTED, update.id, None, update.reporter)
    reason = reported.reason
    if not reason and definition.kind is Kind.RATIO and reported.numerator is not None:
        reason = "no_denominator"
    return Line(LineStatus.MISSING, update.id, None, update.reporter, None, reason or "no_number")


def _waiting(definition: Definition, update: Update, before: Mapping[int | None, Amount]) -> Line:
    """Return the line of an update that waits, with what it would bring."""
    amount = amount_of(definition, update.reported)
    if amount is not None and definition.accumulates and not definition.keeps_totals:
        earlier = before.get(update.source if update.is_additive else None)
        amount = minus(amount, earlier)
    return Line(LineStatus.PENDING, update.id, None, update.reporter, amount)


def _close(own: Own, reporter: int, running: Running, stands: Stands | None) -> None:
    """Keep the last totals of a reporter: what its whole life comes to."""
    last = []
    for key, stream in running.streams.items():
        own.stands[reporter, key] = stream.update.period
        beside = None if stands is None else stands.get((reporter, key))
        if beside is None or beside == stream.update.period:
            last.append(stream)
    lines = tuple(
        Line(LineStatus.COUNTED, stream.update.id, None, reporter, stream.total) for stream in last
    )
    amount = added([stream.total for stream in last])
    if amount is not None:
        own.life.append(Part((OWN, reporter), amount, lines))
    taken = {line.update for line in lines}
    own.earlier.extend(
        line._replace(status=LineStatus.NOT_LATEST)
        for place in sorted(own.parts)
        for part in own.parts[place]
        if part.contributor == (OWN, reporter)
        for line in part.lines
        if line.update not in taken
    )

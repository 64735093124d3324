"""Rules 1, 2, 3 and 12: which updates of one reporter count, and what running totals bring."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from evaluation.figures.definition import Definition, Kind, SpaceOp
from evaluation.figures.inputs import State, Update
from evaluation.figures.values import Amount, amount_of

_EVER = datetime.datetime.min.replace(tzinfo=datetime.UTC)
# Two scores or two answers of one reporter do not add up, whatever is declared.
ADDITIVE_KINDS = {Kind.COUNT, Kind.MEASURE, Kind.RATIO}


@dataclass(frozen=True, slots=True)
class Current:
    """What stands of one series: the updates that count (several only of additive sources)."""

    counted: tuple[Update, ...]
    superseded: tuple[Update, ...]
    pending: tuple[Update, ...]


def is_approved(update: Update, as_of: datetime.datetime | None) -> bool:
    """Say whether it was approved by then; an approval without a date always was."""
    if update.state is not State.APPROVED:
        return False
    return as_of is None or update.approved_at is None or update.approved_at <= as_of


def is_pending(update: Update, as_of: datetime.datetime | None) -> bool:
    """Say whether it waited for approval then: handed in, and not yet approved or returned."""
    if as_of is None:
        return update.state is State.SUBMITTED
    handed_in = update.submitted_at
    if update.state is State.DRAFT or handed_in is None or handed_in > as_of:
        return False
    if update.state is State.RETURNED and update.returned_at is None:
        return False
    returned = update.returned_at
    is_returned = returned is not None and handed_in < returned <= as_of
    return not is_returned and not is_approved(update, as_of)


def current(
    definition: Definition,
    updates: Iterable[Update],
    *,
    as_of: datetime.datetime | None = None,
    with_pending: bool = False,
) -> Current:
    """Return what stands of the updates of one (indicator, reporter, period, cell).

    The latest approved one counts; a revision supersedes and never adds. If the latest is of an
    additive source, the latest of each other additive source counts beside it. With pending, a
    waiting update is taken as approved after all others, in the order of handing in.
    """
    approved = [update for update in updates if is_approved(update, as_of)]
    pending = [update for update in updates if is_pending(update, as_of)]
    if with_pending:
        approved, pending = [*approved, *pending], []
    ordered = sorted(approved, key=lambda update: _order(update, as_of))
    counted = _standing(definition, ordered)
    return Current(
        counted,
        tuple(update for update in ordered if update not in counted),
        tuple(sorted(pending, key=lambda update: _order(update, as_of))),
    )


def _order(update: Update, as_of: datetime.datetime | None) -> tuple[bool, datetime.datetime, int]:
    if is_approved(update, as_of):
        return (False, update.approved_at or _EVER, update.id)
    return (True, update.submitted_at or _EVER, update.id)


def _standing(definition: Definition, ordered: Sequence[Update]) -> tuple[Update, ...]:
    if not ordered:
        return ()
    latest = ordered[-1]
    if not latest.is_additive or definition.kind not in ADDITIVE_KINDS:
        return (latest,)
    by_source = {update.source: update for update in ordered if update.is_additive}
    return tuple(sorted(by_source.values(), key=lambda update: update.id))


def minus(amount: Amount, earlier: Amount | None) -> Amount:
    """Return what came since `earlier`; of people only the new total knows, so none are stated."""
    if earlier is None:
        return amount
    if amount.bottom is None or earlier.bottom is None:
        return Amount(amount.top - earlier.top)
    return Amount(amount.top - earlier.top, amount.bottom - earlier.bottom)


@dataclass(slots=True)
class Stream:
    """The last running total of one source, and where it was stated."""

    update: Update
    total: Amount


@dataclass(slots=True)
class Running:
    """The running totals of one reporter, period after period (rule 3).

    `streams` holds one total, or one for each additive source; an additive source that says
    nothing in a period keeps its total, since what is missing is not zero.
    """

    streams: dict[int | None, Stream] = field(default_factory=dict)

    def step(self, stated: Sequence[tuple[Update, Amount]]) -> list[tuple[Update, Amount]]:
        """Take in what counts in the next period; return what each update brings.

        The sum of everything it ever returned is the sum of the last totals. Where one total
        replaces those of several sources, or the other way round, the replaced ones are returned
        again with what they brought taken back.
        """
        if not stated:
            return []
        is_additive = stated[0][0].is_additive
        brought = self._take_back(is_additive=is_additive)
        for update, total in stated:
            key = update.source if is_additive else None
            earlier = self.streams.get(key)
            brought.append((update, minus(total, earlier.total if earlier else None)))
            self.streams[key] = Stream(update, total)
        return brought

    def _take_back(self, *, is_additive: bool) -> list[tuple[Update, Amount]]:
        replaced = [
            key
            for key, stream in self.streams.items()
            if stream.update.is_additive is not is_additive
        ]
        streams = [self.streams.pop(key) for key in replaced]
        return [(stream.update, minus(_nothing(stream.total), stream.total)) for stream in streams]


def _nothing(amount: Amount) -> Amount:
    return Amount(amount.top * 0, None if amount.bottom is None else amount.bottom * 0)


def increments(totals: Sequence[Amount | None]) -> list[Amount | None]:
    """Return what each period brought, given running totals in the order of time.

    None where nothing was reported; the next one then spans the gap.
    """
    found: list[Amount | None] = []
    earlier: Amount | None = None
    for total in totals:
        found.append(None if total is None else minus(total, earlier))
        earlier = earlier if total is None else total
    return found


def amounts_of(definition: Definition, current: Current) -> list[tuple[Update, Amount]]:
    """Return the counted updates that state a number, with it.

    Under an average, all sources of one reporter weigh together as that one reporter.
    """
    found = [
        (update, amount)
        for update in current.counted
        if (amount := amount_of(definition, update.reported)) is not None
    ]
    if len(found) > 1 and definition.space_op is SpaceOp.AVERAGE:
        return [(update, Amount(amount.top, Fraction(1, len(found)))) for update, amount in found]
    return found

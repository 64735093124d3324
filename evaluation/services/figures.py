"""Figures of a tree of indicators: computed by the engine, kept row by row with their lines."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.db import connection, transaction

from evaluation import figures
from evaluation.figures import FigureKey
from evaluation.models import Figure, FigureStatus, LineRole, Series
from evaluation.services.figure_inputs import Inputs, load

KEPT_DECIMALS = 6  # of what is stored; see `NUMBER`
STATUSES = {
    figures.FigureStatus.OK: FigureStatus.OK,
    figures.FigureStatus.MISSING: FigureStatus.NOT_REPORTED,
    figures.FigureStatus.NOT_AVAILABLE: FigureStatus.NOT_REPORTED,
    figures.FigureStatus.NO_DENOMINATOR: FigureStatus.NO_DENOMINATOR,
    figures.FigureStatus.LIST: FigureStatus.LIST,
    figures.FigureStatus.NARRATIVE: FigureStatus.LIST,
    figures.FigureStatus.UNSOUND: FigureStatus.LIST,
}
# A line that waits for approval is not part of what is published, not even as a line.
ROLES = {
    figures.LineStatus.COUNTED: (LineRole.COUNTED, ""),
    figures.LineStatus.EXCLUDED: (LineRole.EXCLUDED, ""),
    figures.LineStatus.UNMAPPED: (LineRole.UNMAPPED, ""),
    figures.LineStatus.SUPERSEDED: (LineRole.SUPERSEDED, ""),
    figures.LineStatus.MISSING: (LineRole.MISSING, ""),
    figures.LineStatus.NOT_LATEST: (LineRole.NOT_TAKEN, "not_latest"),
    figures.LineStatus.NOT_LARGEST: (LineRole.NOT_TAKEN, "not_largest"),
    figures.LineStatus.LISTED: (LineRole.NOT_TAKEN, "listed"),
}
FIGURE_COLUMNS = (
    *("status", "value", "numerator", "denominator", "distinct_low", "distinct_high"),
    *("unknown", "reported", "expected", "unmapped"),
)
_COPY_FIGURES = f"""
COPY evaluation_figure (id, indicator_id, period_id, cell_id, series, digest, computed_at,
    {", ".join(FIGURE_COLUMNS)}) FROM STDIN
"""
_COPY_LINES = """
COPY evaluation_figureline (figure_id, role, reason, update_id, child_id, child_indicator_id,
    value, numerator, denominator) FROM STDIN
"""
_KEYS = """
SELECT nextval(pg_get_serial_sequence('evaluation_figure', 'id')) FROM generate_series(1, %s)
"""


class RowKey(NamedTuple):
    """Which row: of an indicator, a period (None: life), a cell (None: the whole), a series."""

    indicator: int
    period: int | None
    cell: int | None
    series: str


class LineRow(NamedTuple):
    """A line to keep; `child` names the figure below, where there is one."""

    role: str
    reason: str
    update: int | None
    child: RowKey | None
    child_indicator: int | None
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None


@dataclass(slots=True)
class FigureRow:
    """A figure to keep: `columns` are those of `FIGURE_COLUMNS`."""

    columns: tuple[object, ...]
    lines: list[LineRow] = field(default_factory=list)
    digest: str = ""


Rows = dict[RowKey, FigureRow]


def compute(indicator_pks: list[int]) -> Rows:
    """Return all figures of these indicators, a whole tree, as they should be now.

    Those with what waits for approval only where they differ from the approved ones.
    """
    inputs = load(indicator_pks)
    approved = figures.evaluate(inputs.tree)
    rows: Rows = {}
    _add_rows(rows, inputs, approved, Series.APPROVED)
    if inputs.has_pending:
        pending = figures.evaluate(inputs.tree, with_pending=True)
        _add_rows(rows, inputs, pending, Series.WITH_PENDING)
    return rows


@transaction.atomic
def keep(indicator_pks: list[int], rows: Rows, distrusted: Collection[int] = ()) -> int:
    """Keep those of `rows` that differ from what is kept; return how many.

    Figures among `distrusted` are replaced whatever they say. What is replaced is superseded at
    the very moment from which the new row holds, so that at each moment there is one figure.
    Call it under the lock of the tree (see `recalculating`).
    """
    found = Figure.objects.current().filter(indicator__in=indicator_pks)
    columns = ("indicator_id", "period_id", "cell_id", "series", "pk", "digest")
    current = {
        RowKey(indicator, period, cell, series): (pk, digest)
        for indicator, period, cell, series, pk, digest in found.values_list(*columns)
    }
    pks = {
        key: pk
        for key, (pk, digest) in current.items()
        if pk not in distrusted and _is_same(rows.get(key), digest)
    }
    new = [key for key in rows if key not in pks]
    gone = [pk for key, (pk, _digest) in current.items() if key not in pks]
    with connection.cursor() as cursor:
        # After the lock: the transaction may have begun before another one that held it.
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime.datetime = cursor.fetchone()[0]
        Figure.objects.filter(pk__in=gone).update(superseded_at=moment)
        if new:
            cursor.execute(_KEYS, [len(new)])
            pks |= zip(new, (pk for (pk,) in cursor.fetchall()), strict=True)
            with cursor.copy(_COPY_FIGURES) as copy:
                for key in new:
                    row = rows[key]
                    copy.write_row((pks[key], *key, row.digest, moment, *row.columns))
            with cursor.copy(_COPY_LINES) as copy:
                for key in new:
                    for line in rows[key].lines:
                        copy.write_row(_line_columns(line, pks[key], pks))
    return len(new) + sum(key not in rows for key in current)


def recompute(indicator_pks: list[int]) -> int:
    """Compute and keep the figures of a whole tree; return how many changed."""
    return keep(indicator_pks, compute(indicator_pks))


def _is_same(row: FigureRow | None, digest: str) -> bool:
    return row is not None and row.digest == digest


def _line_columns(line: LineRow, figure: int, pks: Mapping[RowKey, int]) -> tuple[object, ...]:
    child = None if line.child is None else pks[line.child]
    return (figure, line.role, line.reason, line.update, child, *line[4:])


def _add_rows(rows: Rows, inputs: Inputs, result: figures.Result, series: str) -> None:
    """Add the figures of one series, children before those that are made of them."""
    unmapped = _unmapped(result)
    for key, figure in result.figures.items():
        lines = (*figure.lines, *unmapped.get(key, ()))
        if _says_nothing(figure, lines):
            continue
        row = FigureRow(_columns(figure, _unknown(key, inputs, result), lines))
        row.lines = list(_line_rows(lines, inputs, rows, series))
        row.digest = _digest(row, rows)
        approved = rows.get(_row_key(key, inputs, Series.APPROVED))
        if series == Series.APPROVED or approved is None or approved.digest != row.digest:
            rows[_row_key(key, inputs, series)] = row


def _row_key(key: FigureKey, inputs: Inputs, series: str) -> RowKey:
    cell = None if key.cell is None else inputs.cells[key.cell]
    return RowKey(key.indicator, key.period, cell, series)


def _unmapped(result: figures.Result) -> dict[FigureKey, list[figures.Line]]:
    """Return the parts that have no place above, by the figure of the whole."""
    found: dict[FigureKey, list[figures.Line]] = {}
    for (key, _dimension), breakdown in result.breakdowns.items():
        if breakdown.unmapped:
            found.setdefault(key, []).extend(breakdown.unmapped)
    return found


def _says_nothing(figure: figures.Figure, lines: Sequence[figures.Line]) -> bool:
    """Say whether nobody stated anything: then there is no figure, which is not a zero."""
    return figure.status is figures.FigureStatus.MISSING and all(
        line.status is figures.LineStatus.PENDING
        or (line.status is figures.LineStatus.MISSING and line.update is None)
        for line in lines
    )


def _unknown(key: FigureKey, inputs: Inputs, result: figures.Result) -> Fraction | None:
    """Return what no part holds, where the parts of just one dimension add up to the whole."""
    dimensions = inputs.partitions.get(key.indicator, ())
    if key.cell is not None or len(dimensions) != 1:
        return None
    breakdown = result.breakdowns.get((key, dimensions[0]))
    if breakdown is None or breakdown.unknown is None or not breakdown.cells:
        return None
    return breakdown.unknown.top if breakdown.unknown.bottom is None else None


def _columns(
    figure: figures.Figure, unknown: Fraction | None, lines: Sequence[figures.Line]
) -> tuple[object, ...]:
    amount, people = figure.amount, figure.people
    is_pair = amount is not None and amount.bottom is not None
    return (
        str(STATUSES[figure.status]),
        _kept(figure.exact),
        _kept(amount.top) if amount is not None and is_pair else None,
        _kept(amount.bottom) if amount is not None else None,
        _kept(people.low) if people else None,
        _kept(people.high) if people else None,
        _kept(unknown),
        figure.coverage.reported,
        figure.coverage.expected,
        sum(line.status is figures.LineStatus.UNMAPPED for line in lines),
    )


def _kept(number: Fraction | None) -> Decimal | None:
    if number is not None and number.denominator == 1:
        return Decimal(number.numerator)
    return figures.rounded(number, KEPT_DECIMALS)


def _line_rows(
    lines: Iterable[figures.Line], inputs: Inputs, rows: Rows, series: str
) -> Iterator[LineRow]:
    for line in lines:
        if line.status not in ROLES:
            continue
        role, reason = ROLES[line.status]
        said = "" if line.reason == "pending" else line.reason[:300]
        amount = line.amount
        is_pair = amount is not None and amount.bottom is not None
        yield LineRow(
            role=str(role),
            reason=reason or said,
            update=line.update,
            child=None if line.figure is None else _below(line.figure, inputs, rows, series),
            child_indicator=None if line.figure is None else line.figure.indicator,
            value=_kept(amount.top) if amount is not None and not is_pair else None,
            numerator=_kept(amount.top) if amount is not None and is_pair else None,
            denominator=_kept(amount.bottom) if amount is not None else None,
        )


def _below(key: FigureKey, inputs: Inputs, rows: Rows, series: str) -> RowKey | None:
    """Return the row of a figure below: the approved one where no other stands beside it."""
    for each in (series, Series.APPROVED):
        found = _row_key(key, inputs, each)
        if found in rows:
            return found
    return None


def _digest(row: FigureRow, rows: Rows) -> str:
    """Return a name of a figure and of all that it is made of, down to the last report."""
    parts = []
    for line in row.lines:
        below = "" if line.child is None else f"{line.child.series}{rows[line.child].digest}"
        parts.append(repr((*line[:3], *line[4:], below)))
    parts.sort()
    whole = "\n".join((repr(row.columns), *parts))
    return hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()

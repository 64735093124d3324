"""Figures that are kept: written only where they differ, never changed, closed when superseded."""

from __future__ import annotations

import datetime
import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from core.naming import one_at_a_time
from evaluation import figures
from evaluation.models import Cell, Figure, FigureLine, Indicator, Series
from evaluation.services.computing import cell_key, tree_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

FIGURES_LOCK = 5_014_020  # key of the advisory lock under which figures are written
SIX = Decimal("0.000001")  # places that are stored
BATCH = 2_000  # rows written at once

Key = tuple[int, int | None, figures.Cell | None, str]


class Computed(NamedTuple):
    """A figure of the engine with its series and what tells it from another: `signature`."""

    figure: figures.Figure
    series: str
    unknown: dict[str, str]
    signature: str

    @property
    def key(self) -> Key:
        key = self.figure.key
        return key.indicator, key.period, key.cell, self.series


def compute(affected: Collection[int], whole: Collection[int]) -> dict[Key, Computed]:
    """Return the figures of `affected`, computed from all that they depend on, in both series;
    the series with what waits has a figure only where that makes a difference.
    """
    tree = tree_of(whole)
    approved = _signed(figures.evaluate(tree), Series.APPROVED)
    waiting = _signed(figures.evaluate(tree, with_pending=True), Series.WITH_PENDING)
    plain = {each.figure.key: each.signature for each in approved}
    differing = [each for each in waiting if each.signature != plain.get(each.figure.key)]
    return {
        each.key: each for each in (*approved, *differing) if each.figure.key.indicator in affected
    }


def store(affected: Collection[int], computed: dict[Key, Computed]) -> int:
    """Keep what differs from the figures in force; return how many were written.

    Call it in the transaction of the computation, under `FIGURES_LOCK`.
    """
    now = timezone.now()
    cells = {cell_key(cell): cell.pk for cell in Cell.objects.select_related("dimension")}
    keys: dict[int | None, figures.Cell] = {pk: key for key, pk in cells.items()}
    kept: dict[Key, Figure] = {}
    for row in Figure.objects.current().filter(indicator__in=affected):
        kept[row.indicator_id, row.period_id, keys.get(row.cell_id), row.series] = row
    gone = [
        row.pk
        for key, row in kept.items()
        if key not in computed or computed[key].signature != row.signature
    ]
    Figure.objects.filter(pk__in=gone).update(superseded_at=now)
    fresh = [
        each
        for key, each in computed.items()
        if key not in kept or kept[key].signature != each.signature
    ]
    rows = [_row(each, cells, now) for each in fresh]
    Figure.objects.bulk_create(rows, batch_size=BATCH)
    _write_lines(list(zip(rows, fresh, strict=True)), cells)
    return len(rows)


def recompute(indicator_pks: Iterable[int], *, family: tuple[set[int], set[int]]) -> int:
    """Compute and keep the figures of a family; return how many changed. Waits for its turn."""
    one_at_a_time(FIGURES_LOCK)
    affected, whole = family
    # Names of indicators deleted meanwhile are in nobody's figures.
    affected &= set(Indicator.objects.filter(pk__in=affected).values_list("pk", flat=True))
    return store(affected, compute(affected, whole))


def _signed(result: figures.Result, series: str) -> list[Computed]:
    signatures: dict[figures.FigureKey, str] = {}
    found = []
    for key, figure in result.figures.items():
        unknown = dict(_unknown(result, key))
        signature = _signature(figure, unknown, signatures)
        signatures[key] = signature
        found.append(Computed(figure, series, unknown, signature))
    return found


def _unknown(result: figures.Result, key: figures.FigureKey) -> Iterator[tuple[str, str]]:
    """Give what no cell of a partition holds, by dimension (rule 6); of a total only."""
    if key.cell is not None:
        return
    for (of, dimension), breakdown in result.breakdowns.items():
        if of == key and breakdown.unknown is not None:
            yield dimension, str(stored(figures.as_decimal(breakdown.unknown.top)))


def _signature(
    figure: figures.Figure, unknown: dict[str, str], below: dict[figures.FigureKey, str]
) -> str:
    """Return a digest of what a figure says and is made of; that of a child is in it, so that
    a figure names the very state of those below it.
    """
    lines = [
        (line.status, line.update, line.figure, line.reporter, line.amount, line.reason,
         below.get(line.figure) if line.figure else None)
        for line in figure.lines
    ]  # fmt: skip
    said = (figure.status, figure.amount, figure.coverage, figure.leaf_coverage, figure.factor)
    made = repr((said, figure.pending, sorted(unknown.items()), lines))
    return hashlib.sha256(made.encode()).hexdigest()


def stored(number: Decimal | None) -> Decimal | None:
    """Return a number as it is stored, to six places."""
    return None if number is None else number.quantize(SIX)


def _row(computed: Computed, cells: dict[figures.Cell, int], now: datetime.datetime) -> Figure:
    figure = computed.figure
    people = figure.people
    return Figure(
        indicator_id=figure.key.indicator,
        period_id=figure.key.period,
        cell_id=cells[figure.key.cell] if figure.key.cell else None,
        series=computed.series,
        status=figure.status,
        value=stored(figure.value),
        numerator=stored(figure.numerator),
        denominator=stored(figure.denominator),
        distinct_low=stored(figures.as_decimal(people.low)) if people else None,
        distinct_high=stored(figures.as_decimal(people.high)) if people else None,
        unknown=computed.unknown,
        reported=figure.coverage.reported,
        expected=figure.coverage.expected,
        leaf_reported=figure.leaf_coverage.reported,
        leaf_expected=figure.leaf_coverage.expected,
        pending=figure.pending,
        signature=computed.signature,
        computed_at=now,
    )


def _write_lines(pairs: list[tuple[Figure, Computed]], cells: dict[figures.Cell, int]) -> None:
    """Write what each new figure is made of; children by the figures in force."""
    below = {
        line.figure.indicator for _row, each in pairs for line in each.figure.lines if line.figure
    }
    current: dict[tuple[int, int | None, int | None, str], int] = {}
    for pk, *key in (
        Figure.objects.current()
        .filter(indicator__in=below)
        .values_list("pk", "indicator", "period", "cell", "series")
    ):
        current[tuple(key)] = pk  # type: ignore[index]  # four columns
    FigureLine.objects.bulk_create(
        (
            _line(row, line, computed.series, current, cells)
            for row, computed in pairs
            for line in computed.figure.lines
        ),
        batch_size=BATCH,
    )


def _line(
    row: Figure,
    line: figures.Line,
    series: str,
    current: dict[tuple[int, int | None, int | None, str], int],
    cells: dict[figures.Cell, int],
) -> FigureLine:
    child = None
    if line.figure:
        cell = cells[line.figure.cell] if line.figure.cell else None
        key = (line.figure.indicator, line.figure.period, cell)
        child = current.get((*key, series)) or current.get((*key, Series.APPROVED))
    return FigureLine(
        figure=row,
        role=line.status,
        reason=line.reason[:300],
        update_id=line.update,
        child_id=child,
        child_indicator_id=line.figure.indicator if line.figure else None,
        value=stored(line.value),
        numerator=stored(line.numerator),
        denominator=stored(line.denominator),
    )

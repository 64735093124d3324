"""Figures that are kept: written only where they differ, never changed, closed when superseded."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from core.copying import copy_rows, new_keys
from core.memory import keeping_everything
from core.naming import one_at_a_time
from evaluation import figures
from evaluation.models import Cell, Figure, FigureLine, Indicator, Series
from evaluation.services.computing import cell_key, tree_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

FIGURES_LOCK = 5_014_020  # key of the advisory lock under which figures are written
SIX = Decimal("0.000001")  # places that are stored
FIGURE_COLUMNS = (
    *("id", "indicator_id", "period_id", "cell_id", "series", "status", "value", "numerator"),
    *("denominator", "distinct_low", "distinct_high", "unknown", "reported", "expected"),
    *("leaf_reported", "leaf_expected", "pending", "signature", "computed_at"),
)
LINE_COLUMNS = (
    *("figure_id", "role", "reason", "update_id", "child_id", "child_indicator_id"),
    *("value", "numerator", "denominator"),
)
SAID = FIGURE_COLUMNS[5:-1]  # what a figure says, without its place and its moment

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
    waiting = []
    if any(update.state is figures.State.SUBMITTED for update in tree.updates):
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
    kept: dict[Key, tuple[int, str]] = {}
    rows = Figure.objects.current().filter(indicator__in=affected)
    for indicator, period, cell, series, pk, signature in rows.values_list(
        "indicator_id", "period_id", "cell_id", "series", "pk", "signature"
    ):
        kept[indicator, period, keys.get(cell), series] = (pk, signature)
    gone = [
        pk
        for key, (pk, signature) in kept.items()
        if key not in computed or computed[key].signature != signature
    ]
    Figure.objects.filter(pk__in=gone).update(superseded_at=now)
    fresh = [
        each for key, each in computed.items() if key not in kept or kept[key][1] != each.signature
    ]
    if fresh:
        pks = _write_figures(fresh, cells, now)
        _write_lines(list(zip(pks, fresh, strict=True)), cells)
    return len(fresh)


def recompute(indicator_pks: Iterable[int], *, family: tuple[set[int], set[int]]) -> int:
    """Compute and keep the figures of a family; return how many changed. Waits for its turn."""
    one_at_a_time(FIGURES_LOCK)
    affected, whole = family
    # Names of indicators deleted meanwhile are in nobody's figures.
    affected &= set(Indicator.objects.filter(pk__in=affected).values_list("pk", flat=True))
    with keeping_everything():
        return store(affected, compute(affected, whole))


def _signed(result: figures.Result, series: str) -> list[Computed]:
    signatures: dict[figures.FigureKey, str] = {}
    found = []
    unmapped, unknowns = _unmapped(result), _unknown(result)
    for key, whole in result.figures.items():
        figure = whole
        if key in unmapped:
            figure = replace(whole, lines=(*whole.lines, *unmapped[key]))
        if series == Series.APPROVED and _has_trace_of_pending(figure):
            figure = _without_trace_of_pending(figure)
        unknown = unknowns.get(key, {})
        if _says_nothing(figure):
            continue
        signature = _signature(figure, unknown, signatures)
        signatures[key] = signature
        found.append(Computed(figure, series, unknown, signature))
    return found


def _says_nothing(figure: figures.Figure) -> bool:
    """Say whether nobody stated anything, not even why there is no number: then there is no
    figure to keep, and nothing tells that somebody asked for one.
    """
    return figure.status is figures.FigureStatus.MISSING and all(
        line.status is figures.LineStatus.MISSING and line.update is None for line in figure.lines
    )


def _unmapped(result: figures.Result) -> dict[figures.FigureKey, tuple[figures.Line, ...]]:
    """Return the parts below that have no place, by the figure of the whole (rule 6)."""
    found: dict[figures.FigureKey, tuple[figures.Line, ...]] = {}
    for (key, _dimension), breakdown in result.breakdowns.items():
        if breakdown.unmapped:
            found[key] = (*found.get(key, ()), *breakdown.unmapped)
    return found


def _has_trace_of_pending(figure: figures.Figure) -> bool:
    return bool(figure.pending) or any(
        line.reason == "pending" or line.status is figures.LineStatus.PENDING
        for line in figure.lines
    )


def _without_trace_of_pending(figure: figures.Figure) -> figures.Figure:
    """Return what everybody may read: that somebody handed in a report is not published, so
    that it does not make an approved figure another one.
    """
    lines = tuple(
        line._replace(reason="") if line.reason == "pending" else line
        for line in figure.lines
        if line.status is not figures.LineStatus.PENDING
    )
    return replace(figure, lines=lines, pending=0)


def _unknown(result: figures.Result) -> dict[figures.FigureKey, dict[str, str]]:
    """Return what no cell of a partition holds, by figure and dimension (rule 6); of totals."""
    found: dict[figures.FigureKey, dict[str, str]] = {}
    for (key, dimension), breakdown in result.breakdowns.items():
        if key.cell is None and breakdown.unknown is not None:
            number = stored(figures.as_decimal(breakdown.unknown.top))
            found.setdefault(key, {})[dimension] = str(number)
    return found


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


def _write_figures(
    fresh: list[Computed], cells: dict[figures.Cell, int], now: datetime.datetime
) -> list[int]:
    """Write new figures; return their keys."""
    pks = new_keys(Figure, len(fresh))
    rows = ((pk, *_row(each, cells, now)) for pk, each in zip(pks, fresh, strict=True))
    copy_rows(Figure, FIGURE_COLUMNS, rows)
    return pks


def _row(
    computed: Computed, cells: dict[figures.Cell, int], now: datetime.datetime
) -> tuple[object, ...]:
    """Return a figure as `FIGURE_COLUMNS`, without its key."""
    key = computed.figure.key
    return (
        key.indicator,
        key.period,
        cells[key.cell] if key.cell else None,
        str(computed.series),
        *(json.dumps(each) if isinstance(each, dict) else each for each in said(computed)),
        now,
    )


def said(computed: Computed) -> tuple[object, ...]:
    """Return what a figure says, as the columns `SAID` keep it."""
    figure, people = computed.figure, computed.figure.people
    return (
        str(figure.status),
        stored(figure.value),
        stored(figure.numerator),
        stored(figure.denominator),
        stored(figures.as_decimal(people.low)) if people else None,
        stored(figures.as_decimal(people.high)) if people else None,
        computed.unknown,
        *figure.coverage,
        *figure.leaf_coverage,
        figure.pending,
        computed.signature,
    )


def brought(computed: Computed) -> tuple[object, ...]:
    """Return how many lines a figure counts, and the sums of what each keeps of them."""
    counted = [line for line in computed.figure.lines if line.status is figures.LineStatus.COUNTED]
    return (
        len(counted),
        _sum(stored(line.value) for line in counted),
        _sum(stored(line.numerator) for line in counted),
        _sum(stored(line.denominator) for line in counted),
    )


def _sum(numbers: Iterable[Decimal | None]) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if known else None


def _write_lines(pairs: list[tuple[int, Computed]], cells: dict[figures.Cell, int]) -> None:
    """Write what each new figure is made of; children by the figures in force."""
    below = {
        line.figure.indicator for _pk, each in pairs for line in each.figure.lines if line.figure
    }
    current: dict[tuple[int, int | None, int | None, str], int] = {}
    for pk, *key in (
        Figure.objects.current()
        .filter(indicator__in=below)
        .values_list("pk", "indicator", "period", "cell", "series")
    ):
        current[tuple(key)] = pk  # type: ignore[index]  # four columns
    lines = (
        (pk, *_line(line, computed.series, current, cells))
        for pk, computed in pairs
        for line in computed.figure.lines
    )
    copy_rows(FigureLine, LINE_COLUMNS, lines)


def _line(
    line: figures.Line,
    series: str,
    current: dict[tuple[int, int | None, int | None, str], int],
    cells: dict[figures.Cell, int],
) -> tuple[object, ...]:
    """Return a line as `LINE_COLUMNS`, without its figure."""
    child = None
    if line.figure:
        cell = cells[line.figure.cell] if line.figure.cell else None
        key = (line.figure.indicator, line.figure.period, cell)
        child = current.get((*key, series)) or current.get((*key, Series.APPROVED))
    return (
        str(line.status),
        line.reason[:300],
        line.update,
        child,
        line.figure.indicator if line.figure else None,
        stored(line.value),
        stored(line.numerator),
        stored(line.denominator),
    )

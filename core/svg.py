"""Charts as numbers: what `components/_chart.html` draws, and the table that says the same.

No markup is made here and nothing is styled: shapes carry classes, so a strict content security
policy holds. Every coordinate is text, so that no locale writes a decimal comma into it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from babel.numbers import format_compact_decimal, format_decimal, format_percent
from django.utils.translation import gettext as _

from core.codes import babel_locale

Number = int | float | Decimal

SERIES_COLOURS = 8  # classes k1 to k8; a ninth series begins again, told apart by its letter
_TOP, _BOTTOM, _START, _END = 16, 34, 58, 8  # margins, in pixels
_PLOT_HEIGHT = 240
_SLOT, _WIDEST_SLOT = 52, 150  # pixels for a category
_CHARACTER = 7  # pixels that one takes in the name of a category, about
_MOST_CHARACTERS = _WIDEST_SLOT // _CHARACTER - 1  # of a name under the chart; the table has all
_BAR_SHARE = 0.68  # of its slot
_LETTER_HEIGHT = 18  # pixels that a letter needs inside a bar
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures. None is "not stated", which is not 0."""

    name: str
    values: Sequence[Number | None]
    # Positions of values that nobody approved yet; they are hatched.
    provisional: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; `letter` is empty where it would not fit."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    baseline: str
    kind: str
    letter: str
    title: str
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a point, or a line of the scale at `y`."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Legend:
    """What the colour `kind` and the letter stand for."""

    kind: str
    letter: str
    name: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart and its twin: `columns` and `rows` hold the same figures as words."""

    title: str
    unit: str
    width: str
    height: str
    start: str
    end: str
    base: str
    bars: list[Bar] = field(default_factory=list)
    scale: list[Mark] = field(default_factory=list)
    categories: list[Mark] = field(default_factory=list)
    gaps: list[Mark] = field(default_factory=list)
    legend: list[Legend] = field(default_factory=list)
    target: str = ""
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[str, list[str]]] = field(default_factory=list)
    has_provisional: bool = False


def bar_chart(
    title: str,
    categories: Sequence[object],
    series: Sequence[Series],
    *,
    unit: str = "",
    maximum: Number | None = None,
    target: Number | None = None,
    is_percent: bool = False,
    category_title: str = "",
) -> Chart:
    """Return bars for each category, the series stacked on one another.

    `maximum` fixes the top of the scale (100 for shares), which grows if a stack is taller;
    `target` draws a line across. Raises `ValueError` for a negative figure or a series of
    another length than `categories`.
    """
    for row in series:
        if len(row.values) != len(categories):
            raise ValueError(f"{row.name}: {len(row.values)} values, {len(categories)} categories")
        if any(value is not None and value < 0 for value in row.values):
            raise ValueError(f"{row.name}: a stacked bar cannot show a negative figure")
    totals = [
        math.fsum(float(row.values[i] or 0) for row in series) for i in range(len(categories))
    ]
    peak = max([*totals, float(target or 0), float(maximum or 0)], default=0.0)
    is_whole = all(not value or value == int(value) for row in series for value in row.values)
    step = _step(peak, is_whole=is_whole and not is_percent)
    top = max(math.ceil(peak / step - 1e-9), 1) * step
    base = _TOP + _PLOT_HEIGHT
    longest = max((len(str(category)) for category in categories), default=0)
    needed = min(max(_SLOT, (longest + 1) * _CHARACTER), _WIDEST_SLOT)
    width = max(_START + _END + needed * len(categories), 300)
    slot = (width - _START - _END) / max(len(categories), 1)

    def level(value: float) -> float:
        return base - value / top * _PLOT_HEIGHT

    words = _percent if is_percent else _whole
    bars, gaps = _stack(categories, series, slot, level, words)
    return Chart(
        title=title,
        unit=unit,
        width=_n(width),
        height=_n(base + _BOTTOM),
        start=_n(_START),
        end=_n(width - _END),
        base=_n(base),
        bars=bars,
        scale=[
            Mark(
                _n(_START - 8),
                _n(level(i * step)),
                _short(i * step, is_percent=is_percent),
            )
            for i in range(round(top / step) + 1)
        ],
        categories=[
            Mark(_n(_START + slot * (i + 0.5)), _n(base + 20), _shortened(str(category)))
            for i, category in enumerate(categories)
        ],
        gaps=gaps,
        legend=[Legend(_kind(i), _letter(i), row.name) for i, row in enumerate(series)],
        target="" if target is None else _n(level(float(target))),
        columns=[category_title, *(row.name for row in series)],
        rows=[
            (str(category), [_in_words(row, i, words) for row in series])
            for i, category in enumerate(categories)
        ],
        has_provisional=any(row.provisional for row in series),
    )


def _stack(
    categories: Sequence[object],
    series: Sequence[Series],
    slot: float,
    level: Callable[[float], float],
    words: Callable[[Number], str],
) -> tuple[list[Bar], list[Mark]]:
    """Return the bars, and a mark for each category where no series states anything."""
    bars, gaps = [], []
    for i, category in enumerate(categories):
        start = _START + slot * i + slot * (1 - _BAR_SHARE) / 2
        middle = start + slot * _BAR_SHARE / 2
        reached = 0.0
        for position, row in enumerate(series):
            value = row.values[i]
            if not value:
                continue
            upper, lower = level(reached + float(value)), level(reached)
            reached += float(value)
            height = lower - upper
            letter = _letter(position) if height >= _LETTER_HEIGHT and len(series) > 1 else ""
            bars.append(
                Bar(
                    x=_n(start),
                    y=_n(upper),
                    width=_n(slot * _BAR_SHARE),
                    height=_n(height),
                    middle=_n(middle),
                    baseline=_n(upper + height / 2 + 5),
                    kind=_kind(position),
                    letter=letter,
                    title=f"{category} · {row.name}: {_in_words(row, i, words)}",
                    is_provisional=i in row.provisional,
                )
            )
        if all(row.values[i] is None for row in series):
            gaps.append(Mark(_n(middle), _n(level(0) - 6), "–"))
    return bars, gaps


def _step(peak: float, *, is_whole: bool) -> float:
    """Return the distance of the scale's lines: 1, 2, 2.5 or 5 times a power of ten; a whole
    number for what is counted.
    """
    if peak <= 0:
        return 1.0
    rough = peak / _TICKS
    power = math.pow(10, math.floor(math.log10(rough)))
    steps = (m * power for m in (1.0, 2.0, 2.5, 5.0, 10.0))
    found = next(step for step in steps if step >= rough * (1 - 1e-9))
    return float(math.ceil(found - 1e-9)) if is_whole else found


def _shortened(name: str) -> str:
    return name if len(name) <= _MOST_CHARACTERS else f"{name[: _MOST_CHARACTERS - 1]}…"


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _kind(position: int) -> str:
    return f"k{position % SERIES_COLOURS + 1}"


def _letter(position: int) -> str:
    return chr(ord("A") + position % 26)


def _whole(value: Number) -> str:
    return str(format_decimal(value, locale=babel_locale()))


def _percent(value: Number) -> str:
    return str(format_percent(Decimal(str(value)) / 100, "#,##0.##%", locale=babel_locale()))


def _short(value: float, *, is_percent: bool) -> str:
    value = round(value, 9)  # three times 0.2 is a little more than 0.6
    if is_percent:
        return _percent(value)
    return str(format_compact_decimal(value, fraction_digits=1, locale=babel_locale()))


def _in_words(row: Series, position: int, words: Callable[[Number], str]) -> str:
    value = row.values[position]
    if value is None:
        return _("not stated")
    if position in row.provisional:
        return _("%(figure)s (not approved yet)") % {"figure": words(value)}
    return words(value)

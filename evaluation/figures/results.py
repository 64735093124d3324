"""What the engine gives back: figures, and the lines that each was made of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from evaluation.figures.inputs import Cell, DimensionKind
from evaluation.figures.values import Amount, People, as_decimal
from evaluation.figures.warnings import QualityWarning

__all__ = [
    "Breakdown",
    "Coverage",
    "Figure",
    "FigureKey",
    "FigureStatus",
    "Line",
    "LineStatus",
    "QualityWarning",
    "Result",
]  # fmt: skip


class FigureKey(NamedTuple):
    """Which figure: of an indicator, for a period (None: its whole life), a cell (None: total)."""

    indicator: int
    period: int | None = None
    cell: Cell | None = None


class FigureStatus(StrEnum):
    OK = "ok"
    MISSING = "missing"
    NOT_AVAILABLE = "not_available"
    NO_DENOMINATOR = "no_denominator"
    LIST = "list"
    NARRATIVE = "narrative"
    UNSOUND = "unsound"


class LineStatus(StrEnum):
    """What became of a line; only `COUNTED` ones make the figure."""

    COUNTED = "counted"
    EXCLUDED = "excluded"
    UNMAPPED = "unmapped"
    PENDING = "pending"
    SUPERSEDED = "superseded"
    MISSING = "missing"
    NOT_LATEST = "not_latest"
    NOT_LARGEST = "not_largest"
    LISTED = "listed"


class Coverage(NamedTuple):
    reported: int
    expected: int


class Line(NamedTuple):
    """One line under a figure: an update, a figure below it, or (neither) somebody who is missing.

    `amount` is what it brought to the figure, or would have brought if it counted: the increment
    of a running total, a k-th of one of k periods of an average. None: it states no number.
    `reason` is a code, or for an excluded child what people wrote.
    """

    status: LineStatus
    update: int | None = None
    figure: FigureKey | None = None
    reporter: int | None = None
    amount: Amount | None = None
    reason: str = ""

    @property
    def value(self) -> Decimal | None:
        """The number it brought; for a pair see `numerator` and `denominator`."""
        if self.amount is None or self.amount.bottom is not None:
            return None
        return as_decimal(self.amount.top)

    @property
    def numerator(self) -> Decimal | None:
        return _numerator(self.amount)

    @property
    def denominator(self) -> Decimal | None:
        return None if self.amount is None else as_decimal(self.amount.bottom)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure and the lines it was made of; the amounts of its counted lines add up to it.

    `coverage` counts those who report to it directly (its children and its own reporters),
    `leaf_coverage` every report that was due at the bottom of the tree. `factor` is that of a
    ratio. `pending` counts updates that wait for approval.
    """

    key: FigureKey
    status: FigureStatus
    amount: Amount | None
    coverage: Coverage
    leaf_coverage: Coverage
    lines: tuple[Line, ...]
    factor: int = 1
    pending: int = 0

    @property
    def exact(self) -> Fraction | None:
        """The figure as one exact number; None where it is not stated or cannot be divided."""
        return None if self.amount is None else self.amount.quotient(self.factor)

    @property
    def value(self) -> Decimal | None:
        """The same as a Decimal, to 50 digits if it does not end; see `values.rounded`."""
        return as_decimal(self.exact)

    @property
    def numerator(self) -> Decimal | None:
        """The numerator of a ratio, or the sum under an average."""
        return _numerator(self.amount)

    @property
    def denominator(self) -> Decimal | None:
        """The denominator of a ratio, or the number of reporters under an average."""
        return None if self.amount is None else as_decimal(self.amount.bottom)

    @property
    def people(self) -> People | None:
        return None if self.amount is None else self.amount.people


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A figure by the cells of one dimension.

    `unknown` is the rest of the total that no cell of a partition holds; None for an overlapping
    dimension, without a total, and where nothing is summed. `unmapped` lists the children's cells
    that the roll-up has no place for; what they brought is in the rest.
    """

    key: FigureKey
    dimension: str
    kind: DimensionKind
    cells: tuple[FigureKey, ...]
    unknown: Amount | None
    unmapped: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Every figure of a tree, with breakdowns by (total's key, dimension) and warnings.

    `adrift` holds the ids of updates whose indicator, period or dimension is not in the tree.
    """

    figures: dict[FigureKey, Figure]
    breakdowns: dict[tuple[FigureKey, str], Breakdown]
    warnings: tuple[QualityWarning, ...]
    adrift: tuple[int, ...]


def _numerator(amount: Amount | None) -> Decimal | None:
    if amount is None or amount.bottom is None:
        return None
    return as_decimal(amount.top)

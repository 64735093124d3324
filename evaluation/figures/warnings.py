"""Rule 13: what asks for an explanation and never blocks. Codes and numbers; words elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from evaluation.figures.definition import Definition
from evaluation.figures.inputs import Cell, DimensionKind
from evaluation.figures.values import Reported

DEFAULT_JUMP = Decimal(3)  # times the previous figure, or a third of it


@dataclass(frozen=True, slots=True)
class Warning:
    """A doubt about what was stated: a code, and the numbers and names to put in its sentence."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """The range that is plausible, both ends in it, and how many times a figure may change."""

    low: Decimal | None = None
    high: Decimal | None = None
    jump: Decimal | None = DEFAULT_JUMP


def check(
    definition: Definition,
    reported: Reported,
    *,
    previous: Reported | None = None,
    cells: Mapping[Cell, Reported] | None = None,
    dimensions: Mapping[str, DimensionKind] | None = None,
    limits: Limits | None = None,
) -> tuple[Warning, ...]:
    """Return the doubts about an update, `previous` being the same reporter's last approved one.

    Codes: `negative`, `out_of_range`, `jump`, `decreasing_total`, `numerator_over_denominator`,
    `no_denominator`, `score_off_scale`, `not_yes_or_no`, `distinct_over_participations`,
    `cells_below_total`, `cells_over_total`, `cell_over_total`.
    """
    raise NotImplementedError

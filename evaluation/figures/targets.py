"""Rule 9: a target for the whole life is a number of its own; a mismatch is a warning."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from evaluation.figures.definition import Definition, Direction, Kind, SpaceOp, TimeOp
from evaluation.figures.progress import Number
from evaluation.figures.values import as_decimal
from evaluation.figures.warnings import QualityWarning


def check_targets(
    definition: Definition,
    *,
    life: Number,
    periods: Sequence[Number],
    baseline: Number = None,
) -> tuple[QualityWarning, ...]:
    """Return the doubts about targets; those of periods come in the order of time.

    Codes: `life_target_differs` (expected, stated): periods combine to something else. Nothing
    is said of it while a period has no target, or for ratios and averages, whose targets do not
    combine. `target_against_direction` (baseline, target).
    """
    found = []
    combined = _combined(definition, periods)
    if life is not None and combined is not None and combined != Fraction(life):
        params = {"expected": as_decimal(combined), "stated": as_decimal(Fraction(life))}
        found.append(QualityWarning("life_target_differs", params))
    if (
        life is not None
        and baseline is not None
        and _is_against(definition, Fraction(baseline), Fraction(life))
    ):
        params = {
            "baseline": as_decimal(Fraction(baseline)),
            "target": as_decimal(Fraction(life)),
        }
        found.append(QualityWarning("target_against_direction", params))
    return tuple(found)


def _combined(definition: Definition, periods: Sequence[Number]) -> Fraction | None:
    stated = [Fraction(target) for target in periods if target is not None]
    if not stated or len(stated) < len(periods):
        return None
    if definition.time_op is TimeOp.LAST:
        return stated[-1]
    if definition.time_op is TimeOp.MAX:
        return max(stated)
    if definition.kind is Kind.RATIO or definition.space_op is SpaceOp.AVERAGE:
        return None
    if definition.time_op is TimeOp.AVERAGE:
        return sum(stated, Fraction(0)) / len(stated)
    return sum(stated, Fraction(0))


def _is_against(definition: Definition, baseline: Fraction, target: Fraction) -> bool:
    if definition.direction is Direction.UP:
        return target < baseline
    return definition.direction is Direction.DOWN and target > baseline

"""A reported figure as the `actual` of an IATI period: what cannot be a number is a comment."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from evaluation.figures.definition import Definition, Kind
from evaluation.figures.values import Reported, amount_of, rounded


@dataclass(frozen=True, slots=True)
class Actual:
    """`value` is None where the element has no value attribute: it is never invented.

    Source: IATI Standard 2.03, `result/indicator/period/actual`; for measure 5 (qualitative) the
    value is left out.
    """

    value: Decimal | None
    comment: str


def actual_of(definition: Definition, reported: Reported) -> Actual:
    """Return the update as an `actual`; a level of a scale is named in the comment."""
    comment = reported.text
    amount = amount_of(definition, reported)
    if amount is None:
        return Actual(None, comment)
    factor = definition.factor if definition.kind is Kind.RATIO else 1
    value = rounded(amount.quotient(factor), definition.decimals)
    if definition.kind is Kind.ORDINAL and value is not None:
        comment = " – ".join(part for part in (_level(definition, value), comment) if part)
    return Actual(value, comment)


def _level(definition: Definition, score: Decimal) -> str:
    index = int(score)
    return definition.scale[index] if 0 <= index < len(definition.scale) else ""

"""Figures in words: the same everywhere, in the reader's language."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.numbers import NumberPattern, parse_pattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.codes import babel_locale
from evaluation.models import FigureStatus, IndicatorKind, LineRole, SpaceOp, TimeOp

if TYPE_CHECKING:
    from evaluation.models import DefinitionVersion, Figure, FigureLine

MOST_DECIMALS = 6  # that are stored
# What a line's reason code means; an excluded child's reason is what people wrote.
REASONS = {
    "no_total": gettext_lazy("its period has no total"),
    "excluded": gettext_lazy("left out of the total above"),
    "different_definition": gettext_lazy("its definition is another one"),
    "cycle": gettext_lazy("it would be part of itself"),
    "no_period": gettext_lazy("no period above contains its period"),
    "unmapped": gettext_lazy("it has no such part"),
    "no_place": gettext_lazy("the part has no place above"),
    "no_dimension": gettext_lazy("the part has no place above"),
    "other_dimension": gettext_lazy("another breakdown stands for it already"),
    "overlapping": gettext_lazy("overlapping parts are not added up"),
    "no_denominator": gettext_lazy("no denominator"),
    "no_number": gettext_lazy("no number was given"),
    "not_available": gettext_lazy("not available"),
    "pending": gettext_lazy("waits for approval"),
    "not-collected": gettext_lazy("not collected"),
    "not-yet": gettext_lazy("not available yet"),
    "not-applicable": gettext_lazy("does not apply"),
    "confidential": gettext_lazy("cannot be told"),
}
# What stands where a figure has no number.
STATUSES = {
    FigureStatus.MISSING: gettext_lazy("not reported"),
    FigureStatus.NOT_AVAILABLE: gettext_lazy("not available"),
    FigureStatus.NO_DENOMINATOR: gettext_lazy("n/a: no denominator"),
    FigureStatus.LIST: gettext_lazy("listed, not combined"),
    FigureStatus.NARRATIVE: gettext_lazy("told in words"),
    FigureStatus.UNSOUND: gettext_lazy("its definition cannot be computed"),
}
SPACE_FORMULAS = {
    SpaceOp.SUM: gettext_lazy("The sum of what is reported."),
    SpaceOp.RATIO: gettext_lazy("The sum of the numerators over the sum of the denominators."),
    SpaceOp.MAX: gettext_lazy("The largest of what is reported."),
    SpaceOp.AVERAGE: gettext_lazy("The sum of what is reported, over the number of reporters."),
    SpaceOp.NONE: gettext_lazy("What is reported is listed and not combined."),
}
TIME_FORMULAS = {
    TimeOp.SUM: gettext_lazy("Periods are added up."),
    TimeOp.LAST: gettext_lazy("The last period with a report stands for all."),
    TimeOp.MAX: gettext_lazy("The largest period stands for all."),
    TimeOp.AVERAGE: gettext_lazy("The average of the periods with a report."),
}


def number_text(value: Decimal | int, decimals: int = 0) -> str:
    """Return a number with that many decimals, halves away from zero, in the reader's way."""
    places = min(decimals, MOST_DECIMALS)
    whole = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    # Less than nothing that rounds to nothing is nothing.
    return _written(whole if whole else whole.copy_abs(), places, babel_locale())


# A matrix writes thousands of numbers, many of them again and again.
@lru_cache(maxsize=4_096)
def _written(number: Decimal, places: int, locale: Locale) -> str:
    return str(_pattern(places).apply(number, locale))


@cache
def _pattern(places: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + "0" * places if places else ""))


def exact_text(value: Decimal | int) -> str:
    """Return a number with all the decimals that it has."""
    normal = Decimal(value).normalize()
    exponent = normal.as_tuple().exponent
    return number_text(value, max(-exponent, 0) if isinstance(exponent, int) else 0)


def amount_text(
    definition: DefinitionVersion,
    value: Decimal | None,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
) -> str:
    """Return what one report or figure states: by kind, unit and decimals; "" if no number."""
    if definition.kind == IndicatorKind.RATIO:
        return _ratio_text(definition, value, numerator, denominator)
    if value is None:
        return ""
    if definition.kind == IndicatorKind.ORDINAL and definition.space_op != SpaceOp.AVERAGE:
        return _level_text(definition, value)
    number = number_text(value, definition.decimals)
    return f"{number} {definition.unit}" if definition.unit else number


def _ratio_text(
    definition: DefinitionVersion,
    value: Decimal | None,
    numerator: Decimal | None,
    denominator: Decimal | None,
) -> str:
    if value is None and (numerator is None or denominator is None):
        return ""
    if value is None and not denominator:
        return _("n/a: no denominator")
    if value is None and numerator is not None and denominator is not None:
        value = numerator * definition.factor / denominator
    if value is None:
        return ""
    number = number_text(value, definition.decimals)
    if definition.factor == 100:
        return _("%(number)s %%") % {"number": number}
    return f"{number} {definition.unit}" if definition.unit else number


def _level_text(definition: DefinitionVersion, value: Decimal) -> str:
    """Return the name of the level; an index is 0 for the lowest."""
    place = int(value)
    if value == place and 0 <= place < len(definition.scale):
        return str(definition.scale[place])
    return exact_text(value)


def figure_text(figure: Figure | None, definition: DefinitionVersion | None = None) -> str:
    """Return a figure in words: the number, the bounds of people, or why there is none.

    The figure comes with its indicator's definition loaded, or with `definition`.
    """
    if figure is None:
        return str(STATUSES[FigureStatus.MISSING])
    if figure.status in STATUSES:
        return str(STATUSES[FigureStatus(figure.status)])
    definition = definition or figure.indicator.definition
    return amount_text(definition, figure.value, figure.numerator, figure.denominator)


def people_text(figure: Figure) -> str:
    """Return how many different people a figure counts: "19" or "19 to 22"; "" if it counts none
    (rule 7: both bounds are shown where the number is not known).
    """
    low, high = figure.distinct_low, figure.distinct_high
    if low is None or high is None:
        return ""
    if low == high:
        return _("%(number)s different people") % {"number": number_text(low)}
    return _("%(low)s to %(high)s different people") % {
        "low": number_text(low),
        "high": number_text(high),
    }


def coverage_text(figure: Figure | None) -> str:
    """Return how many of those who should report did: "2 of 3 reported"; "" if none should."""
    if figure is None or not figure.expected:
        return ""
    return _("%(reported)s of %(expected)s reported") % {
        "reported": number_text(figure.reported),
        "expected": number_text(figure.expected),
    }


def formula_text(definition: DefinitionVersion, *, is_life: bool) -> str:
    """Return how the figure is made, in words."""
    if definition.kind == IndicatorKind.NARRATIVE:
        return _("Told in words; nothing is computed.")
    parts = [str(SPACE_FORMULAS[SpaceOp(definition.space_op)])]
    if is_life:
        parts.append(str(TIME_FORMULAS[TimeOp(definition.time_op)]))
    if definition.accumulates:
        parts.append(_("Reports are running totals: each brings what came since the one before."))
    if definition.factor != 1:
        parts.append(_("Times %(factor)s.") % {"factor": number_text(definition.factor)})
    return " ".join(parts)


def reason_text(line: FigureLine) -> str:
    """Return why a line does not count, in words; "" for one that does."""
    if line.role == LineRole.COUNTED or not line.reason:
        return ""
    known = REASONS.get(line.reason)
    return str(known) if known else line.reason

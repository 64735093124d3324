"""What a report must and should be: rules that refuse it, and doubts that ask for a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import today
from core.errors import DomainError
from evaluation import figures
from evaluation.models import Cell, DefinitionVersion, Dimension, IndicatorKind, Update
from evaluation.services.computing import cell_key, engine_definition

if TYPE_CHECKING:
    from evaluation.models import Indicator, Period
    from evaluation.services.units import Unit

Kind = IndicatorKind
NUMBERS = ("value", "numerator", "denominator")
COLUMNS = (
    *("value", "numerator", "denominator", "score", "distinct_people", "narrative"),
    *("not_available", "comment", "source_name", "is_additive"),
)
STATED_BY = {
    Kind.COUNT: ("value",),
    Kind.MEASURE: ("value",),
    Kind.YES_NO: ("value",),
    Kind.RATIO: ("numerator", "denominator"),
    Kind.ORDINAL: ("score",),
    Kind.NARRATIVE: ("narrative",),
}  # the columns in which a kind of indicator states its figure
SEVERAL = gettext_lazy(
    "This framework has this indicator several times: give the number of the one that is meant."
)
Part = Mapping[str, Decimal | None]  # of a cell: `NUMBERS`


@dataclass(frozen=True)
class Stated:
    """What somebody reports: columns of `COLUMNS`, and parts by the key of their cell."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    cells: Mapping[int, Part] = field(default_factory=dict)


def cells_of(definition: DefinitionVersion) -> list[Cell]:
    """Return the cells into which a figure may be broken down, by dimension, in order."""
    cells = Cell.objects.filter(dimension__definitions=definition).select_related("dimension")
    return list(cells.order_by("dimension__code", "position", "pk"))


def refuse_period(indicator: Indicator, period: Period) -> None:
    """Raise `ValidationError` if on `indicator` nothing is reported for `period`."""
    if period.framework_id != indicator.result.framework_id:
        raise ValidationError({"period": [_("This period belongs to another framework.")]})
    if period.frequency != indicator.frequency:
        message = _("On this indicator is reported otherwise: %(frequency)s.")
        raise ValidationError(
            {"period": [message % {"frequency": indicator.get_frequency_display()}]}
        )
    if period.starts_on > today():
        raise ValidationError({"period": [_("This period has not begun yet.")]})


def refuse_wrong(definition: DefinitionVersion, stated: Stated, cells: Iterable[Cell]) -> None:
    """Raise `ValidationError` by column, a cell's as `cell-<key>` and
    `cell-<key>-numerator`, for what cannot be meant."""
    problems: dict[str, list[str]] = {}
    kind = Kind(definition.kind)
    _add(problems, "", _of_columns(definition, stated.columns))
    known = {cell.pk for cell in cells}
    for key, part in stated.cells.items():
        name = f"cell-{key}"
        if key not in known or kind not in (Kind.COUNT, Kind.MEASURE, Kind.RATIO):
            problems[name] = [_("This indicator is not broken down so.")]
            continue
        _add(problems, name, _of_numbers(definition, part))
    if stated.columns.get("not_available") and _has_number(stated):
        problems["not_available"] = [_("Give a figure, or say why there is none; not both.")]
    if problems:
        raise ValidationError(problems)


def _add(problems: dict[str, list[str]], cell: str, found: Iterator[tuple[str, str]]) -> None:
    for column, text in found:
        name = column if not cell else cell if column == "value" else f"{cell}-{column}"
        problems.setdefault(name, []).append(text)


def _has_number(stated: Stated) -> bool:
    names = (*NUMBERS, "score", "distinct_people")
    is_stated = any(stated.columns.get(name) is not None for name in names)
    return is_stated or any(
        number is not None for part in stated.cells.values() for number in part.values()
    )


def _of_columns(
    definition: DefinitionVersion, columns: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    kind = Kind(definition.kind)
    barred = {*NUMBERS, "score"} - set(STATED_BY[kind])
    for name in sorted(barred):
        if columns.get(name) is not None:
            yield name, _("Figures of this indicator are not stated here.")
    if columns.get("distinct_people") is not None and not definition.distinct_people:
        yield "distinct_people", _("This indicator does not count people.")
    yield from _of_numbers(definition, columns)
    value, score = columns.get("value"), columns.get("score")
    if kind == Kind.YES_NO and value is not None and value not in (0, 1):
        yield "value", _("Say 1 for yes or 0 for no.")
    if kind == Kind.ORDINAL and score is not None and score not in range(len(definition.scale)):
        text = _("The scale has the levels 0 to %(last)d.") % {"last": len(definition.scale) - 1}
        yield "score", text


def _of_numbers(
    definition: DefinitionVersion, numbers: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for name in NUMBERS:
        number = numbers.get(name)
        if number is None:
            continue
        if number < 0 and (name == "denominator" or not definition.allow_negative):
            yield name, _("This cannot be negative.")
        if definition.kind == Kind.COUNT and number != int(number):
            yield name, _("This is a count: write a whole number.")


def refuse_incomplete(update: Update, previous: Update | None) -> None:
    """Raise `ValidationError` if there is nothing to approve in `update`, or a running total
    falls without a comment (rule 3).
    """
    kind = Kind(update.indicator.definition.kind)
    if not update.not_available:
        for name in STATED_BY[kind]:
            if getattr(update, name) in (None, ""):
                text = _("State this, or say why there is no figure.")
                raise ValidationError({name: [text]})
    step = increment(update, previous)
    if step is not None and step < 0 and not update.comment.strip():
        text = _("The running total is lower than before. Say in the comment why.")
        raise ValidationError({"comment": [text]})


def increment(update: Update, previous: Update | None) -> Decimal | None:
    """Return what a running total grew by since `previous`; None where that says nothing."""
    if not update.indicator.definition.accumulates or update.value is None:
        return None
    if previous is None or previous.value is None:
        return None
    return Decimal(update.value) - Decimal(previous.value)


def previous_of(
    indicator: Indicator, period: Period, unit: Unit, source_name: str = ""
) -> Update | None:
    """Return the approved update of the same unit and source for the last period before
    `period` for which there is one.
    """
    hub = unit.hub.pk if unit.hub else None
    exchange = unit.exchange.pk if unit.exchange else None
    before = Update.objects.of_series(indicator.pk, hub, exchange).approved()
    found: Update | None = (
        before.filter(source_name=source_name, period__starts_on__lt=period.starts_on)
        .select_related("period")
        .order_by("-period__starts_on", "-approved_at")
        .first()
    )
    return found


def refuse_empty_source(columns: Mapping[str, Any]) -> None:
    """Raise `ValidationError` if figures shall add up whose source has no name."""
    if columns.get("is_additive") and not str(columns.get("source_name") or "").strip():
        text = _("Name the source, so that both are told apart.")
        raise ValidationError({"source_name": [text]})


def doubts_of(update: Update, previous: Update | None) -> list[str]:
    """Return, in words, what asks for an explanation (rule 13); nothing of it blocks.

    The update's cells, their dimensions and those of its definition are read: two queries, or
    none if they were fetched before.
    """
    definition = update.indicator.definition
    dimensions = {each.code: each for each in definition.dimensions.all()}
    warnings = figures.check(
        engine_definition(definition),
        _reported(update),
        previous=None if previous is None else _reported(previous),
        cells={cell_key(part.cell): _reported(part) for part in update.cells.all()},
        dimensions={code: figures.DimensionKind(each.kind) for code, each in dimensions.items()},
        limits=figures.Limits(definition.minimum, definition.maximum),
    )
    names = {cell_key(part.cell): part.cell.name for part in update.cells.all()}
    return [_in_words(warning, names, dimensions) for warning in warnings]


def unknown_of(update: Update) -> list[tuple[Dimension, Decimal]]:
    """Return, of each partition that was stated in part, what of the total is unknown (rule 6)."""
    total = _whole(update)
    if total is None:
        return []
    sums: dict[Dimension, Decimal] = {}
    for part in update.cells.all():
        number = _whole(part)
        if part.cell.dimension.kind == Dimension.Kind.PARTITION and number is not None:
            dimension = part.cell.dimension
            sums[dimension] = sums.get(dimension, Decimal(0)) + number
    return [(each, total - known) for each, known in sums.items() if known != total]


def _whole(part: Any) -> Decimal | None:
    number = part.numerator if part.value is None else part.value
    return None if number is None else Decimal(number)


def _reported(part: Any) -> figures.Reported:
    value, distinct = part.value, getattr(part, "distinct_people", None)
    if getattr(part, "score", None) is not None:
        value = Decimal(part.score)
    return figures.Reported(
        value=value,
        numerator=part.numerator,
        denominator=part.denominator,
        text=getattr(part, "narrative", ""),
        reason=getattr(part, "not_available", ""),
        distinct=None if distinct is None else Decimal(distinct),
    )


def _in_words(
    warning: figures.QualityWarning,
    cells: Mapping[figures.Cell, str],
    dimensions: Mapping[str, Dimension],
) -> str:
    said = {name: _shown(value, cells) for name, value in warning.params.items()}
    if "dimension" in said:
        said["dimension"] = str(dimensions.get(said["dimension"], said["dimension"]))
    return _sentences().get(warning.code, warning.code) % said


def _shown(value: object, cells: Mapping[figures.Cell, str]) -> str:
    if isinstance(value, figures.Cell):
        return cells.get(value, value.category)
    if isinstance(value, Decimal):
        return number_format(value.normalize() if value else Decimal(0), use_l10n=True)
    return "–" if value is None else str(value)


def _sentences() -> dict[str, str]:
    return {
        "negative": _("%(value)s is negative."),
        "out_of_range": _("%(value)s is outside what is plausible (%(low)s to %(high)s)."),
        "jump": _("From %(previous)s to %(value)s is more than %(times)s times."),
        "decreasing_total": _(
            "The running total was %(previous)s and is %(value)s now: %(increment)s."
        ),
        "numerator_over_denominator": _(
            "%(numerator)s of %(denominator)s: the part is larger than the whole."
        ),
        "no_denominator": _("n/a: no denominator. The figure is shown without a ratio."),
        "score_off_scale": _("The level %(value)s is not on the scale."),
        "not_yes_or_no": _("%(value)s is neither yes (1) nor no (0)."),
        "distinct_over_participations": _(
            "%(distinct)s different people are more than %(participations)s participations."
        ),
        "cells_below_total": _(
            "%(dimension)s: the parts come to %(sum)s of %(total)s; %(unknown)s is unknown."
        ),
        "cells_over_total": _("%(dimension)s: the parts come to %(sum)s, more than %(total)s."),
        "cell_over_total": _("%(cell)s: %(value)s is more than the whole, %(total)s."),
    }


def refuse_busy(update: Update | None) -> None:
    """Raise `DomainError` if somebody reports on the very same already."""
    if update is not None:
        raise DomainError(
            _("This is being reported already (%(state)s). Go on with that one.")
            % {"state": update.get_state_display()}
        )

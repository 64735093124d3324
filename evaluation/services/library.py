"""The indicator library: new indicators, and new versions of those that are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ActivityAudience
from accounts.querysets import is_moderator
from accounts.services import record_activity
from core.errors import DomainError, StaleEdit
from core.naming import one_at_a_time
from evaluation import figures
from evaluation.models import Cell, DefinitionVersion, Dimension, IndicatorDefinition
from evaluation.querysets import may_keep_dimensions
from evaluation.services.computing import engine_definition
from hubs.models import Hub
from hubs.services.rows import lock, readable, refuse_stale, sign

if TYPE_CHECKING:
    from accounts.models import Member

MOST_PARTS = 300  # of one dimension: the countries of the world
DEFINED = (
    *("title", "meaning", "kind", "unit", "numerator_label", "denominator_label", "factor"),
    *("scale", "time_op", "space_op", "accumulates", "direction", "band_low", "band_high"),
    *("distinct_people", "decimals", "allow_negative", "minimum", "maximum", "verification"),
    *("collection", "frequency", "users", "limits", "reference_vocabulary", "reference_code"),
    *("reference_url",),
)
RESERVED = {"add"}  # words that mean something else in addresses
LIBRARY_LOCK = 5_014_023  # key of the advisory lock under which codes and versions are chosen
PROBLEMS = {
    "space_op_not_of_kind": gettext_lazy(
        "Figures of this kind cannot be combined over reporters like this."
    ),
    "time_op_not_of_kind": gettext_lazy(
        "Figures of this kind cannot be combined over periods like this."
    ),
    "sum_of_averages": gettext_lazy("Averages of reporters cannot be added up over periods."),
    "running_total_not_of_kind": gettext_lazy(
        "Running totals are sums: this cannot be entered as one."
    ),
    "people_not_of_kind": gettext_lazy("Only a count that is added up can count people."),
    "factor_without_ratio": gettext_lazy("Only a ratio has a factor."),
    "factor_not_positive": gettext_lazy("The factor must be 1 or more."),
    "scale_missing": gettext_lazy("Name at least two levels of the scale."),
    "band_negative": gettext_lazy("The band’s end must not be below its start."),
    "decimals_negative": gettext_lazy("Decimals must be 0 or more."),
}


@transaction.atomic
def add_indicator(
    *,
    code: str,
    hub: Hub | None,
    columns: Mapping[str, Any],
    dimensions: Iterable[Dimension],
    by: Member,
) -> IndicatorDefinition:
    """Add an indicator to the library, of a hub or (moderators) of the community.

    Raises `PermissionDenied`; `DomainError` if its code is taken, or it cannot be computed.
    """
    one_at_a_time(LIBRARY_LOCK)
    may_write = Hub.objects.assessable_by(by).contains(hub) if hub else is_moderator(by)
    if not may_write:
        raise PermissionDenied
    if code in RESERVED:
        raise DomainError(_("This code means something else in addresses. Choose another."))
    if IndicatorDefinition.objects.filter(code=code).exists():
        raise DomainError(_("The library has an indicator with this code."))
    definition = IndicatorDefinition(code=code, hub=hub)
    definition.full_clean()
    definition.save()
    _add_version(definition, 1, columns, dimensions, by=by)
    return definition


@transaction.atomic
def change_indicator(
    definition: IndicatorDefinition,
    *,
    columns: Mapping[str, Any],
    dimensions: Iterable[Dimension],
    expected_number: int,
    by: Member,
) -> IndicatorDefinition:
    """Make a new version; frameworks keep the one that they name until they take it over.

    Raises `PermissionDenied`; `StaleEdit` if somebody made a version meanwhile; `DomainError` if
    nothing is said of what changed, or if it cannot be computed.
    """
    one_at_a_time(LIBRARY_LOCK)
    current = IndicatorDefinition.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=definition.pk
    )
    if not IndicatorDefinition.objects.editable_by(by).contains(current):
        raise PermissionDenied
    newest = DefinitionVersion.objects.filter(definition=current).order_by("-number").first()
    number = newest.number if newest else 0
    if number != expected_number:
        raise StaleEdit(
            _("Somebody made version %(number)s meanwhile.") % {"number": number},
            saved=readable(newest, DEFINED) if newest else {},
            version=number,
        )
    if not str(columns.get("change_note") or "").strip():
        raise DomainError(_("Say what changed."))
    _add_version(current, number + 1, columns, dimensions, by=by)
    return current


@transaction.atomic
def retire_indicator(
    definition: IndicatorDefinition, *, is_retired: bool, by: Member
) -> IndicatorDefinition:
    """Take an indicator out of what new frameworks may choose from, or back. Raises
    `PermissionDenied`.
    """
    current = IndicatorDefinition.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=definition.pk
    )
    if not IndicatorDefinition.objects.editable_by(by).contains(current):
        raise PermissionDenied
    if current.is_retired == is_retired:
        return current
    current.is_retired = is_retired
    current.save(update_fields=["is_retired", "updated_at"])
    _record(current, by=by)
    return current


@transaction.atomic
def add_dimension(
    *, code: str, name: str, kind: str, parts: Sequence[tuple[str, str]], by: Member
) -> Dimension:
    """Add a way to break figures down, with its parts (code and name) in order; of its kind it
    stays. Raises `PermissionDenied` for who does not moderate, `DomainError` if the code is
    taken, `ValidationError` for wrong columns.
    """
    one_at_a_time(LIBRARY_LOCK)
    if not may_keep_dimensions(by):
        raise PermissionDenied
    if Dimension.objects.filter(code=code).exists():
        raise DomainError(_("There is a dimension with this code."))
    dimension = Dimension(code=code, name=name, kind=kind)
    dimension.full_clean()
    sign(dimension, by)
    dimension.save()
    _save_parts(dimension, parts)
    _record_dimension(dimension, by=by)
    return dimension


@transaction.atomic
def change_dimension(
    dimension: Dimension,
    *,
    name: str,
    parts: Sequence[tuple[str, str]],
    expected_version: int,
    by: Member,
) -> Dimension:
    """Change the name of a dimension, the names and order of its parts, and add parts. Raises as
    `add_dimension`, `StaleEdit`, and `DomainError` if a part would go: figures stand on it.
    """
    one_at_a_time(LIBRARY_LOCK)
    current: Dimension = lock(dimension)
    if not Dimension.objects.editable_by(by).contains(current):
        raise PermissionDenied
    kept = list(current.cells.values_list("code", "name"))
    saved = {"name": current.name, "parts": parts_text(kept)}
    refuse_stale(current, expected_version, saved)
    if not {code for code, _name in kept} <= {code for code, _name in parts}:
        raise DomainError(_("Parts stay: figures may be stated by them."))
    current.name = name
    current.full_clean()
    sign(current, by)
    current.save()
    _save_parts(current, parts)
    _record_dimension(current, by=by)
    return current


def parts_text(parts: Iterable[tuple[str, str]]) -> str:
    """Return parts (code and name) as a person reads and types them, a line each."""
    return "\n".join(f"{code}: {name}" for code, name in parts)


def _save_parts(dimension: Dimension, parts: Sequence[tuple[str, str]]) -> None:
    """Write the parts in their order; raise `ValidationError` at "parts" for wrong ones."""
    if len(parts) > MOST_PARTS:
        text = _("Name at most %(most)d parts.") % {"most": MOST_PARTS}
        raise ValidationError({"parts": [text]})
    if len({code for code, _name in parts}) != len(parts):
        raise ValidationError({"parts": [_("Name each part once.")]})
    there = {cell.code: cell for cell in dimension.cells.all()}
    for position, (code, name) in enumerate(parts):
        cell = there.get(code) or Cell(dimension=dimension, code=code)
        cell.name, cell.position = name, position
        try:
            cell.full_clean()
        except ValidationError as error:
            raise ValidationError({"parts": error.messages}) from error
        cell.save()


def _record_dimension(dimension: Dimension, *, by: Member) -> None:
    record_activity(
        "dimension.changed",
        dimension,
        by=by,
        url="",
        audience=ActivityAudience.of(is_public=True),
    )


def _add_version(
    definition: IndicatorDefinition,
    number: int,
    columns: Mapping[str, Any],
    dimensions: Iterable[Dimension],
    *,
    by: Member,
) -> None:
    version = DefinitionVersion(definition=definition, number=number, made_by=by, **columns)
    version.full_clean()
    for problem in figures.problems_of(engine_definition(version)):
        raise DomainError(str(PROBLEMS[problem]))
    version.save()
    version.dimensions.set(dimensions)
    definition.current = version
    definition.is_starter = False
    definition.save()
    _record(definition, by=by)


def _record(definition: IndicatorDefinition, *, by: Member) -> None:
    record_activity(
        "indicator.changed",
        definition,
        by=by,
        audience=ActivityAudience.of(is_public=True),
    )

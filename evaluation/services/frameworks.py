"""Frameworks, their results and indicators: begun, changed, copied from templates, published."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience
from accounts.services import Change, record_activity
from core.errors import DomainError
from core.naming import free_slug, one_at_a_time
from evaluation import figures
from evaluation.models import Framework, Indicator, Layer, Period, Result, Target
from evaluation.services.computing import engine_definition
from evaluation.services.outbox import request_recalculation
from evaluation.services.periods import add_periods
from hubs.models import Hub
from hubs.services.rows import lock, readable, refuse_stale, save_changed

if TYPE_CHECKING:
    from accounts.models import Member

FRAMEWORK_TEXTS = ("title", "summary", "language", "starts_on", "ends_on", "lock_after_days")
RESULT_TEXTS = ("kind", "title", "description", "contributes_to", "rolls_up_to", "position")
INDICATOR_TEXTS = (
    *("definition", "frequency", "rolls_up_to", "is_excluded", "exclusion_reason"),
    *("baseline_value", "baseline_numerator", "baseline_denominator", "baseline_year"),
    *("baseline_note", "position"),
)
SLUG_LOCK = 5_014_021  # key of the advisory lock under which names of frameworks are chosen
TREE_LOCK = 5_014_022  # key of the advisory lock under which indicators are tied
RANKS = {Layer.COMMUNITY: 0, Layer.COUNTRY: 1, Layer.HUB: 2, Layer.EXCHANGE: 3}


@transaction.atomic
def begin_framework(
    *, hub: Hub | None, columns: Mapping[str, Any], by: Member, **owner: Any
) -> Framework:
    """Begin a framework of a hub, or with `owner` (layer, country, network, exchange) of others.

    Raises `PermissionDenied` for who may not write it, `ValidationError` for wrong columns.
    """
    one_at_a_time(SLUG_LOCK)
    columns = {name: value for name, value in columns.items() if name in FRAMEWORK_TEXTS}
    slug = free_slug(Framework.objects, columns["title"], most=90, otherwise="framework")
    framework = Framework(hub=hub, slug=slug, **({"layer": Layer.HUB} | owner), **columns)
    framework.full_clean()
    framework._history_user = by  # type: ignore[attr-defined]  # read by the history
    framework.save()
    _refuse_others(framework, by=by)
    _record("framework.begun", framework, by=by)
    return framework


@transaction.atomic
def start_from_template(
    template: Framework,
    *,
    hub: Hub,
    title: str,
    starts_on: datetime.date,
    ends_on: datetime.date,
    by: Member,
) -> Framework:
    """Copy a template's results and indicators for a hub, and make the periods of each frequency.

    Baselines and targets are the hub's to state, so none is copied. Raises `PermissionDenied`,
    `DomainError` for what is no template, and as `begin_framework`.
    """
    if not template.is_template or not Framework.objects.visible_to(by).contains(template):
        raise DomainError(_("This framework is no template."))
    columns = {
        "title": title,
        "summary": template.summary,
        "language": template.language,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    framework = begin_framework(hub=hub, columns=columns, by=by)
    Framework.objects.filter(pk=framework.pk).update(copied_from=template)
    copies: dict[int, Result] = {}
    for result in Result.objects.filter(framework=template).order_by("position", "pk"):
        copies[result.pk] = Result.objects.create(
            framework=framework,
            kind=result.kind,
            title=result.title,
            description=result.description,
            position=result.position,
        )
    for result in Result.objects.filter(framework=template, contributes_to__isnull=False):
        above = copies.get(result.contributes_to_id or 0)
        if above is not None:
            Result.objects.filter(pk=copies[result.pk].pk).update(contributes_to=above)
    frequencies = set()
    for indicator in Indicator.objects.filter(result__framework=template).order_by("pk"):
        frequencies.add(indicator.frequency)
        Indicator.objects.create(
            result=copies[indicator.result_id],
            definition_id=indicator.definition_id,
            frequency=indicator.frequency,
            rolls_up_to_id=indicator.rolls_up_to_id,
            position=indicator.position,
        )
    for frequency in sorted(frequencies):
        add_periods(framework, frequency, None)
    return framework


@transaction.atomic
def change_framework(
    framework: Framework, *, changes: Mapping[str, Any], expected_version: int, by: Member
) -> Framework:
    """Change what a framework says of itself. Raises `PermissionDenied`, `StaleEdit`,
    `ValidationError`.
    """
    current: Framework = lock(framework)
    _refuse_others(current, by=by)
    refuse_stale(current, expected_version, readable(current, FRAMEWORK_TEXTS))
    texts = {name: value for name, value in changes.items() if name in FRAMEWORK_TEXTS}
    made = save_changed(current, texts, by=by)
    _record("framework.changed", current, by=by, changes=made)
    return current


@transaction.atomic
def publish_framework(framework: Framework, *, is_published: bool, by: Member) -> Framework:
    """Show a framework to everybody, or take it back. Raises `PermissionDenied`, and
    `DomainError` where there is no indicator to show.
    """
    current: Framework = lock(framework)
    _refuse_others(current, by=by)
    if current.is_published == is_published:
        return current
    if is_published and not Indicator.objects.filter(result__framework=current).exists():
        raise DomainError(_("Add an indicator first: there is nothing to read yet."))
    current.is_published = is_published
    save_changed(current, {}, by=by)
    # A draft brings nothing to the frameworks above it.
    indicators = Indicator.objects.filter(result__framework=current)
    request_recalculation(indicators.values_list("pk", flat=True))
    _record("framework.published" if is_published else "framework.withdrawn", current, by=by)
    return current


@transaction.atomic
def save_result(
    framework: Framework, result: Result | None, *, columns: Mapping[str, Any], by: Member
) -> Result:
    """Add a result, or change one. Raises `PermissionDenied`, and `DomainError` for a circle, or
    for a result above that is of the wrong framework.
    """
    one_at_a_time(TREE_LOCK)
    current: Framework = lock(framework)
    _refuse_others(current, by=by)
    row = Result(framework=current) if result is None else _locked_result(result)
    for name in RESULT_TEXTS:
        if name in columns:
            setattr(row, name, columns[name])
    _refuse_wrong_place(row, current)
    row.full_clean()
    row._history_user = by  # type: ignore[attr-defined]  # read by the history
    row.save()
    _touch(current, by=by, field="result", text=str(row))
    return row


@transaction.atomic
def save_indicator(
    result: Result, indicator: Indicator | None, *, columns: Mapping[str, Any], by: Member
) -> Indicator:
    """Add an indicator to a result, or change one; its figures and those above follow.

    Raises `PermissionDenied`; `DomainError` if it would roll up to a lower layer, to itself in a
    circle, or to an indicator whose figures mean something else (rule 4).
    """
    one_at_a_time(TREE_LOCK)
    framework: Framework = lock(result.framework)
    _refuse_others(framework, by=by)
    row = Indicator(result=result) if indicator is None else _locked_indicator(indicator)
    before = row.rolls_up_to_id
    if indicator is not None and "definition" in columns:
        _refuse_other_meaning(row, columns["definition"])
    for name in INDICATOR_TEXTS:
        if name in columns:
            setattr(row, name, columns[name])
    _refuse_wrong_roll_up(row, framework)
    row.full_clean()
    row._history_user = by  # type: ignore[attr-defined]  # read by the history
    row.save()
    _touch(framework, by=by, field="indicator", text=str(row))
    request_recalculation({row.pk, *([before] if before else [])})
    return row


@transaction.atomic
def remove_indicator(indicator: Indicator, *, by: Member) -> None:
    """Take out an indicator on which nobody reported. Raises `PermissionDenied`, and
    `DomainError` where reports or children stand on it.
    """
    current: Indicator = lock(indicator)
    framework: Framework = lock(current.result.framework)
    _refuse_others(framework, by=by)
    if current.updates.exists() or current.children.exists():
        raise DomainError(
            _("Something was reported on this indicator, or rolls up to it. It stays.")
        )
    above = current.rolls_up_to_id
    _touch(framework, by=by, field="indicator removed", text=str(current))
    current._history_user = by  # type: ignore[attr-defined]  # read by the history
    current.delete()
    if above:
        request_recalculation([above])


@transaction.atomic
def set_target(
    indicator: Indicator, period: Period | None, *, columns: Mapping[str, Any], by: Member
) -> Target | None:
    """Set the target of a period, or (None) of the whole life; without any number or text, take
    it away. Raises `PermissionDenied`, `DomainError` for a period of another framework.
    """
    framework: Framework = lock(indicator.result.framework)
    _refuse_others(framework, by=by)
    if period is not None and period.framework_id != framework.pk:
        raise DomainError(_("This period is of another framework."))
    row = Target.objects.filter(indicator=indicator, period=period).first()
    said = {name: columns.get(name) for name in ("value", "numerator", "denominator")}
    text = str(columns.get("text") or "").strip()
    if all(value is None for value in said.values()) and not text:
        if row is not None:
            row.delete()
        return None
    row = row or Target(indicator=indicator, period=period)
    for name, value in said.items():
        setattr(row, name, value)
    row.text = text
    row.full_clean()
    row._history_user = by  # type: ignore[attr-defined]  # read by the history
    row.save()
    _touch(framework, by=by, field="target", text=str(row))
    return row


def possible_parents(framework: Framework, *, user: Member) -> Any:
    """Return the indicators of higher layers into which those of `framework` may roll up."""
    higher = [layer for layer, rank in RANKS.items() if rank < RANKS[Layer(framework.layer)]]
    return Indicator.objects.visible_to(user).filter(
        result__framework__layer__in=higher, result__framework__is_template=False
    )


def _locked_result(result: Result) -> Result:
    current: Result = lock(result)
    return current


def _locked_indicator(indicator: Indicator) -> Indicator:
    current: Indicator = lock(indicator)
    return current


def _refuse_others(framework: Framework, *, by: Member) -> None:
    if not Framework.objects.editable_by(by).contains(framework):
        raise PermissionDenied


def _refuse_wrong_place(row: Result, framework: Framework) -> None:
    above = row.contributes_to
    if above is not None and above.framework_id != framework.pk:
        raise DomainError(_("A result contributes to one of its own framework."))
    # As saved, not as the caller has it: the tree is locked.
    saved = Result.objects.filter(framework=framework).values_list("pk", "contributes_to")
    parents, place = dict(saved), above.pk if above else None
    while place is not None:
        if place == row.pk:
            raise DomainError(_("These results would contribute to each other in a circle."))
        place = parents.get(place)
    target = row.rolls_up_to
    if target is not None and not _is_higher(target.framework, framework):
        raise DomainError(_("A result rolls up to one of a framework of a higher layer."))


def _refuse_wrong_roll_up(row: Indicator, framework: Framework) -> None:
    """Layers make circles impossible: each step leads to a higher one."""
    above = row.rolls_up_to
    if above is None:
        return
    if not _is_higher(above.result.framework, framework):
        raise DomainError(_("An indicator rolls up to one of a framework of a higher layer."))
    child, parent = engine_definition(row.definition), engine_definition(above.definition)
    if not figures.can_roll_up(child, parent):
        raise DomainError(
            _("The indicator above means something else: kind, unit or how periods combine.")
        )


def _refuse_other_meaning(row: Indicator, version: Any) -> None:
    """Only another version of the same indicator of the library may take its place once
    something was reported.
    """
    other = version.definition_id != row.definition.definition_id
    if other and row.updates.exists():
        raise DomainError(_("Something was reported on this indicator: it cannot become another."))


def _is_higher(above: Framework, below: Framework) -> bool:
    return RANKS[Layer(above.layer)] < RANKS[Layer(below.layer)]


def _touch(framework: Framework, *, by: Member, field: str, text: str) -> None:
    save_changed(framework, {}, by=by)
    change: Change = {"field": field, "old": None, "new": text[:300]}
    _record("framework.changed", framework, by=by, changes=[change])


def _record(
    verb: str, framework: Framework, *, by: Member, changes: list[Change] | None = None
) -> None:
    is_public = Framework.objects.visible_to(AnonymousUser()).contains(framework)
    record_activity(
        verb,
        framework,
        by=by,
        audience=ActivityAudience.of(is_public=is_public),
        changes=changes or (),
    )

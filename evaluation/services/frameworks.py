"""Frameworks, their results and indicators: begun, changed, copied from templates, published."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.querysets import is_moderator
from accounts.services import changes_between
from core.errors import DomainError
from core.naming import free_slug, one_at_a_time
from evaluation import figures
from evaluation.models import Framework, Indicator, Layer, Period, Result, Target
from evaluation.services.computing import engine_definition
from evaluation.services.framework_records import (
    record_framework,
    refuse_others,
    touch_framework,
)
from evaluation.services.outbox import request_recalculation
from evaluation.services.periods import add_periods
from hubs.models import Hub, Network
from hubs.services.registers import titles_of
from hubs.services.rows import lock, readable, refuse_stale, save_changed, sign

if TYPE_CHECKING:
    from accounts.models import Member
    from hubs.models import Source
    from hubs.querysets import User

FRAMEWORK_TEXTS = ("title", "summary", "language", "starts_on", "ends_on", "lock_after_days")
RESULT_TEXTS = ("kind", "title", "description", "contributes_to", "rolls_up_to", "position")
INDICATOR_TEXTS = (
    *("definition", "frequency", "rolls_up_to", "is_excluded", "exclusion_reason"),
    *("baseline_value", "baseline_numerator", "baseline_denominator", "baseline_year"),
    *("baseline_note", "position"),
)
TARGET_TEXTS = ("value", "numerator", "denominator", "text")
RESERVED = {"begin"}  # words that mean something else in addresses
SLUG_LOCK = 5_014_021  # key of the advisory lock under which names of frameworks are chosen
TREE_LOCK = 5_014_022  # key of the advisory lock under which indicators are tied
RANKS = {Layer.COMMUNITY: 0, Layer.COUNTRY: 1, Layer.HUB: 2, Layer.EXCHANGE: 3}


@transaction.atomic
def begin_framework(
    *, hub: Hub | None, columns: Mapping[str, Any], by: Member, **owner: Any
) -> Framework:
    """Begin a framework of a hub, or with `owner` (layer, country, network, exchange) of others.

    Raises `PermissionDenied` for who may not write it, `ValidationError` for wrong columns,
    `DomainError` for a country that the hub does not serve.
    """
    one_at_a_time(SLUG_LOCK)
    columns = {name: value for name, value in columns.items() if name in FRAMEWORK_TEXTS}
    slug = free_slug(
        Framework.objects, columns["title"], most=90, otherwise="framework", taken=RESERVED
    )
    framework = Framework(hub=hub, slug=slug, **({"layer": Layer.HUB} | owner), **columns)
    framework.full_clean()
    sign(framework, by)
    framework.save()
    refuse_others(framework, by=by)
    if framework.network is not None and not networks_spoken_for(by).contains(framework.network):
        raise PermissionDenied
    if hub is not None and framework.country and framework.country not in hub.countries:
        raise DomainError(_("The hub does not serve this country."))
    record_framework("framework.begun", framework, by=by)
    return framework


def networks_spoken_for(user: User) -> QuerySet[Network]:
    """Return the networks whose frameworks `user` may begin: moderators, of any; nobody else
    speaks for all of its hubs.
    """
    return Network.objects.all() if is_moderator(user) else Network.objects.none()


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

    Baselines and targets are the hub's to state, so none is copied; nor is a tie to what is of
    no higher layer, or not for `by` to see. Raises `PermissionDenied`,
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
        higher = copies.get(result.contributes_to_id or 0)
        if higher is not None:
            Result.objects.filter(pk=copies[result.pk].pk).update(contributes_to=higher)
    # A template of exchanges may be tied to a hub's framework, which is no layer above a hub's.
    above = Indicator.objects.filter(result__framework__in=frameworks_above(framework, user=by))
    tied = set(above.filter(children__result__framework=template).values_list("pk", flat=True))
    frequencies = set()
    for indicator in Indicator.objects.filter(result__framework=template).order_by("pk"):
        frequencies.add(indicator.frequency)
        parent = indicator.rolls_up_to_id
        Indicator.objects.create(
            result=copies[indicator.result_id],
            definition_id=indicator.definition_id,
            frequency=indicator.frequency,
            rolls_up_to_id=parent if parent in tied else None,
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
    refuse_others(current, by=by)
    refuse_stale(current, expected_version, readable(current, FRAMEWORK_TEXTS))
    texts = {name: value for name, value in changes.items() if name in FRAMEWORK_TEXTS}
    made = save_changed(current, texts, by=by)
    record_framework("framework.changed", current, by=by, changes=made)
    return current


@transaction.atomic
def set_sources(
    framework: Framework, sources: Sequence[Source], *, expected_version: int, by: Member
) -> Framework:
    """Name what a framework rests on, all of it. Raises as `change_framework`."""
    current: Framework = lock(framework)
    refuse_others(current, by=by)
    before = titles_of(current.sources.all())
    refuse_stale(current, expected_version, {"sources": before})
    current.sources.set(sources)
    save_changed(current, {}, by=by)
    made = changes_between({"sources": before}, {"sources": titles_of(current.sources.all())})
    record_framework("framework.changed", current, by=by, changes=made)
    return current


@transaction.atomic
def publish_framework(framework: Framework, *, is_published: bool, by: Member) -> Framework:
    """Show a framework to everybody, or take it back. Raises `PermissionDenied`, and
    `DomainError` where there is no indicator to show.
    """
    current: Framework = lock(framework)
    refuse_others(current, by=by)
    if current.is_published == is_published:
        return current
    if is_published and not Indicator.objects.filter(result__framework=current).exists():
        raise DomainError(_("Add an indicator first: there is nothing to read yet."))
    current.is_published = is_published
    save_changed(current, {}, by=by)
    # A draft brings nothing to the frameworks above it.
    indicators = Indicator.objects.filter(result__framework=current)
    request_recalculation(indicators.values_list("pk", flat=True))
    record_framework(
        "framework.published" if is_published else "framework.withdrawn", current, by=by
    )
    return current


@transaction.atomic
def save_result(
    framework: Framework,
    result: Result | None,
    *,
    columns: Mapping[str, Any],
    by: Member,
    expected_version: int = 0,
) -> Result:
    """Add a result, or change one as it was in `expected_version`. Raises `PermissionDenied`,
    `StaleEdit`, and `DomainError` for a circle, or for a result above that is of the wrong
    framework.
    """
    one_at_a_time(TREE_LOCK)
    current: Framework = lock(framework)
    refuse_others(current, by=by)
    row = Result(framework=current) if result is None else lock(result)
    refuse_stale(row, expected_version, readable(row, RESULT_TEXTS))
    before = row.rolls_up_to_id
    for name in RESULT_TEXTS:
        if name in columns:
            setattr(row, name, columns[name])
    _refuse_wrong_place(row, current)
    if row.rolls_up_to is not None and row.rolls_up_to_id != before:
        _refuse_lower(row.rolls_up_to.framework, current, by=by)
    row.full_clean()
    sign(row, by)
    row.save()
    touch_framework(current, by=by, field="result", text=str(row))
    return row


@transaction.atomic
def remove_result(result: Result, *, expected_version: int | None = None, by: Member) -> None:
    """Take out a result that measures nothing and that no other hangs on; as it was in
    `expected_version`, if one is given. Raises `PermissionDenied`, `StaleEdit`, and `DomainError`
    where something stands on it.
    """
    framework: Framework = lock(result.framework)
    current: Result = lock(result)
    refuse_others(framework, by=by)
    if expected_version is not None:
        refuse_stale(current, expected_version, readable(current, RESULT_TEXTS))
    hanging = (current.indicators, current.contributions, current.rolled_up_from)
    if any(each.exists() for each in hanging):
        raise DomainError(_("Indicators or other results hang on this result. It stays."))
    touch_framework(framework, by=by, field="result removed", text=str(current))
    sign(current, by)
    current.delete()


@transaction.atomic
def save_indicator(
    result: Result,
    indicator: Indicator | None,
    *,
    columns: Mapping[str, Any],
    by: Member,
    expected_version: int = 0,
) -> Indicator:
    """Add an indicator to a result, or change one as it was in `expected_version`; its figures
    and those above follow.

    Raises `PermissionDenied`; `StaleEdit`; `DomainError` if it would roll up to a lower layer, to
    what `by` does not see, or to an indicator whose figures mean something else (rule 4).
    """
    one_at_a_time(TREE_LOCK)
    framework: Framework = lock(result.framework)
    refuse_others(framework, by=by)
    row = Indicator(result=result) if indicator is None else lock(indicator)
    refuse_stale(row, expected_version, readable(row, INDICATOR_TEXTS) if row.pk else {})
    before = row.rolls_up_to_id
    if indicator is not None and "definition" in columns:
        _refuse_other_meaning(row, columns["definition"])
    for name in INDICATOR_TEXTS:
        if name in columns:
            setattr(row, name, columns[name])
    if row.rolls_up_to is not None:
        if row.rolls_up_to_id != before:
            _refuse_lower(row.rolls_up_to.result.framework, framework, by=by)
        _refuse_wrong_roll_up(row, row.rolls_up_to)
    row.full_clean()
    sign(row, by)
    row.save()
    touch_framework(framework, by=by, field="indicator", text=str(row))
    request_recalculation({row.pk, *([before] if before else [])})
    return row


@transaction.atomic
def remove_indicator(
    indicator: Indicator, *, expected_version: int | None = None, by: Member
) -> None:
    """Take out an indicator on which nobody reported; as it was in `expected_version`, if one is
    given. Raises `PermissionDenied`, `StaleEdit`, and `DomainError` where reports or children
    stand on it.
    """
    current: Indicator = lock(indicator)
    framework: Framework = lock(current.result.framework)
    refuse_others(framework, by=by)
    if expected_version is not None:
        refuse_stale(current, expected_version, readable(current, INDICATOR_TEXTS))
    if current.updates.exists() or current.children.exists():
        raise DomainError(
            _("Something was reported on this indicator, or rolls up to it. It stays.")
        )
    above = current.rolls_up_to_id
    touch_framework(framework, by=by, field="indicator removed", text=str(current))
    sign(current, by)
    current.delete()
    if above:
        request_recalculation([above])


@transaction.atomic
def set_target(
    indicator: Indicator,
    period: Period | None,
    *,
    columns: Mapping[str, Any],
    by: Member,
    expected_version: int = 0,
) -> Target | None:
    """Set the target of a period, or (None) of the whole life, as it was in `expected_version`;
    without any number or text, take it away. Raises `PermissionDenied`, `StaleEdit`,
    `DomainError` for a period of another framework, `Removed` for one that went.
    """
    framework: Framework = lock(indicator.result.framework)
    refuse_others(framework, by=by)
    if period is not None and period.framework_id != framework.pk:
        raise DomainError(_("This period is of another framework."))
    if period is not None:
        lock(period)
    place = {"indicator": indicator, "period": period}
    row = Target.objects.filter(**place).first() or Target(**place)
    refuse_stale(row, expected_version, readable(row, TARGET_TEXTS))
    said = {name: columns.get(name) for name in ("value", "numerator", "denominator")}
    text = str(columns.get("text") or "").strip()
    if all(value is None for value in said.values()) and not text:
        if row.pk is not None:
            sign(row, by)
            row.delete()
            touch_framework(framework, by=by, field="target removed", text=str(indicator))
        return None
    for name, value in said.items():
        setattr(row, name, value)
    row.text = text
    row.full_clean()
    sign(row, by)
    row.save()
    touch_framework(framework, by=by, field="target", text=str(row))
    return row


def frameworks_above(framework: Framework, *, user: Member) -> Any:
    """Return the frameworks of higher layers to which `user` may let parts of one roll up."""
    higher = [layer for layer, rank in RANKS.items() if rank < RANKS[Layer(framework.layer)]]
    return Framework.objects.visible_to(user).filter(layer__in=higher, is_template=False)


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


def _refuse_lower(above: Framework, framework: Framework, *, by: Member) -> None:
    """Refuse what `by` may not roll up to. Layers make circles impossible: each step leads to a
    higher one.
    """
    if not frameworks_above(framework, user=by).contains(above):
        raise DomainError(_("What rolls up goes to a framework of a higher layer that you see."))


def _refuse_wrong_roll_up(row: Indicator, above: Indicator) -> None:
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

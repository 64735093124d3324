"""Parties, steps with the people at them, and contributions of an exchange."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import Change, changes_between
from core.errors import DomainError
from evaluation.models import (
    Attendance,
    Contribution,
    ContributionKind,
    Exchange,
    Party,
    Step,
)
from evaluation.services.exchange_rows import note_change, writable
from hubs.models import Hub
from hubs.services.rows import readable, refuse_stale, sign

if TYPE_CHECKING:
    from accounts.models import Member

PARTY_FIELDS = ("side", "hub", "organisation", "country", "note")
STEP_FIELDS = (
    *("title", "instrument", "starts_on", "ends_on", "country", "place", "is_online", "is_done"),
    "note",
)
CONTRIBUTION_FIELDS = (
    *("party", "kind", "stage", "quantity", "valuation", "amount", "currency", "dated_on"),
    "note",
)
FIELDS: dict[type[Any], tuple[str, ...]] = {
    Party: PARTY_FIELDS,
    Step: STEP_FIELDS,
    Contribution: CONTRIBUTION_FIELDS,
}
MOST: dict[type[Any], int] = {Party: 60, Step: 200, Contribution: 300}


@dataclass(frozen=True, slots=True)
class People:
    """How many people of a party took part in a step; None: not stated."""

    party: Party
    total: int
    women: int | None = None
    men: int | None = None


@transaction.atomic
def add_part(
    exchange: Exchange,
    model: type[Any],
    *,
    columns: Mapping[str, object],
    expected_version: int,
    by: Member,
) -> Any:
    """Add a `Party`, `Step` or `Contribution`; return it.

    Raises `PermissionDenied` if `by` does not write the exchange, `StaleEdit` if it was saved
    meanwhile, `DomainError` if it has very many such already or a hub is named that `by` may
    not see, `ValidationError` if a column is wrong.
    """
    current = writable(exchange, by=by, expected_version=expected_version)
    if model.objects.filter(exchange=current).count() >= MOST[model]:
        raise DomainError(_("This exchange has as many of them as it can have."))
    part = model(exchange=current)
    before = dict.fromkeys(FIELDS[model])
    _set(part, columns, by=by)
    made = changes_between(before, _told(part))
    note_change(
        f"exchange.{model._meta.model_name}_added", current, by=by, changes=_with(part, made)
    )
    return part


@transaction.atomic
def change_part(
    part: Any, *, changes: Mapping[str, object], expected_version: int, by: Member
) -> Any:
    """Change columns of a party, step or contribution; return it. Raises as `add_part`, and
    `DomainError` if somebody took it out, or for another body in the place of a party that
    spoke of the facts.
    """
    current = writable(part.exchange, by=by)
    row = _of(current, part)
    refuse_stale(current, expected_version, readable(row, FIELDS[type(row)]))
    before, body = _told(row), _body(row)
    _set(row, changes, by=by)
    if isinstance(row, Party) and _body(row) != body and row.confirmations.exists():
        raise DomainError(_("This party spoke of the facts: it cannot become somebody else."))
    made = _with(row, changes_between(before, _told(row)))
    note_change(f"exchange.{row._meta.model_name}_changed", current, by=by, changes=made)
    return row


@transaction.atomic
def remove_part(part: Any, *, expected_version: int, by: Member) -> None:
    """Take a party, step or contribution out; history and activity keep it.

    Raises as `change_part`; `DomainError` for a party that gave something, sent people or
    spoke of the facts.
    """
    current = writable(part.exchange, by=by, expected_version=expected_version)
    row = _of(current, part)
    if isinstance(row, Party):
        _refuse_used(row)
    gone: list[Change] = [
        {"field": name, "old": text, "new": None} for name, text in _told(row).items() if text
    ]
    verb = f"exchange.{row._meta.model_name}_removed"
    sign(row, by)
    row.delete()
    note_change(verb, current, by=by, changes=gone)


@transaction.atomic
def state_people(
    step: Step, people: Iterable[People], *, expected_version: int, by: Member
) -> Step:
    """State who took part in a step, party by party; a party not named has nothing stated.

    Raises as `change_part`, `DomainError` for a party of another exchange or one named twice.
    """
    current = writable(step.exchange, by=by, expected_version=expected_version)
    row: Step = _of(current, step)
    stated = list(people)
    keys = [each.party.pk for each in stated]
    own = set(current.parties.values_list("pk", flat=True))
    if len(set(keys)) < len(keys) or not own.issuperset(keys):
        raise DomainError(_("Name each party of this exchange once."))
    before = _crowd(row)
    for gone in row.attendances.exclude(party__in=keys):
        sign(gone, by)
        gone.delete()
    known = {each.party_id: each for each in row.attendances.all()}
    for each in stated:
        attendance = known.get(each.party.pk) or Attendance(step=row, party=each.party)
        attendance.total, attendance.women, attendance.men = each.total, each.women, each.men
        attendance.full_clean()
        sign(attendance, by)
        attendance.save()
    made = changes_between({"people": before}, {"people": _crowd(row)})
    note_change("exchange.people_stated", current, by=by, changes=_with(row, made))
    return row


def _set(part: Any, columns: Mapping[str, object], *, by: Member) -> None:
    for name, value in columns.items():
        if name.removesuffix("_precision") in FIELDS[type(part)]:
            setattr(part, name, value)
    _refuse_foreign(part, by=by)
    part.full_clean()
    sign(part, by)
    part.save()


def _refuse_foreign(part: Any, *, by: Member) -> None:
    """Refuse a hub that the writer, or a reader, may not see, and a party or a method of
    something else.
    """
    hub = getattr(part, "hub", None)
    if hub is not None and not Hub.objects.visible_to(by).contains(hub):
        raise DomainError(_("There is no such hub."))
    if hub is not None and part.exchange.is_public and not hub.is_published:
        raise DomainError(_("This hub is not public yet, and the exchange is."))
    if not isinstance(part, Contribution):
        return
    if part.party_id is not None and part.party.exchange_id != part.exchange_id:
        raise DomainError(_("Choose a party of this exchange."))
    if part.valuation is not None and part.valuation.kind != part.kind:
        raise DomainError(_("This method values something else."))
    if part.stage and part.kind != ContributionKind.MONEY:
        # Totals of things in kind have no stages.
        raise ValidationError({"stage": [_("Leave this empty.")]})


def _of(current: Exchange, part: Any) -> Any:
    row = type(part).objects.filter(pk=part.pk, exchange=current).first()
    if row is None:
        raise DomainError(_("Somebody took this out meanwhile."))
    return row


def _refuse_used(party: Party) -> None:
    if party.contributions.exists() or party.attendances.exists():
        raise DomainError(
            _("This party gave something or sent people. Take that out first, then the party.")
        )
    if party.confirmations.exists():
        raise DomainError(_("This party spoke of the facts: it stays."))


def _body(part: Any) -> tuple[object, ...]:
    """Return who a party is; nothing of other parts."""
    names = ("hub_id", "organisation_id", "country")
    return tuple(getattr(part, name) for name in names) if isinstance(part, Party) else ()


def _told(part: Any) -> dict[str, object]:
    return readable(part, FIELDS[type(part)])


def _with(part: Any, made: list[Change]) -> list[Change]:
    """Say first of which part the changes are."""
    name: Change = {"field": part._meta.model_name, "old": None, "new": str(part)}
    return [name, *made] if made else []


def _crowd(step: Step) -> str:
    rows = step.attendances.select_related("party__hub", "party__organisation").order_by("pk")
    return "; ".join(str(row) for row in rows)

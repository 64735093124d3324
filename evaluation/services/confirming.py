"""What providers and seekers say of the shared facts: so it is, it differs, let it differ."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import Change
from core.errors import DomainError
from evaluation.facts import with_facts
from evaluation.models import Confirmation, ConfirmationState, Exchange, ExchangeStatus, Party
from evaluation.services.exchange_rows import judge_confirmed, record_exchange, touch_exchange
from evaluation.standing import AWAITED, VOIDED, Line, standing_of
from hubs.services.rows import lock, refuse_stale

if TYPE_CHECKING:
    from accounts.models import Member


@transaction.atomic
def confirm_facts(
    party: Party, facts: Collection[str] | None, *, expected_version: int, by: Member
) -> list[Confirmation]:
    """Confirm for one side the facts of these keys as they were read; None: all that this side
    has not spoken of as they are now. Return what was written.

    Raises `PermissionDenied` if `by` may not speak for the party, `StaleEdit` if the exchange
    changed since it was read, `DomainError` if it is not published or cancelled, if `by` spoke
    for the other side, for a key that is no fact, or if there is nothing left to confirm.
    """
    current = _heard(party, by=by, expected_version=expected_version)
    lines = _lines(current)
    if facts is None:
        wanted = [line for line in lines.values() if _state(line, party) in (AWAITED, VOIDED)]
    else:
        named = (_line(lines, key) for key in dict.fromkeys(facts))
        wanted = [line for line in named if _state(line, party) != ConfirmationState.CONFIRMED]
    if not wanted:
        raise DomainError(_("There is nothing left to confirm."))
    rows = [
        Confirmation(
            exchange=current,
            party=party,
            fact=line.fact.key,
            value=line.fact.value,
            state=ConfirmationState.CONFIRMED,
            by=by,
        )
        for line in wanted
    ]
    Confirmation.objects.bulk_create(rows)
    _told(current, party, "exchange.confirmed", [line.fact.label for line in wanted], by=by)
    return rows


@transaction.atomic
def state_difference(
    party: Party,
    fact: str,
    *,
    text: str,
    stated: Any = None,
    expected_version: int,
    by: Member,
) -> Confirmation:
    """Say for one side that a fact is otherwise: in words, and as a value if there is one.
    Raises as `confirm_facts`, and `DomainError` without words.
    """
    return _say(
        party,
        fact,
        ConfirmationState.DIFFERS,
        text,
        stated,
        expected_version=expected_version,
        by=by,
    )


@transaction.atomic
def agree_to_differ(
    party: Party, fact: str, *, text: str, expected_version: int, by: Member
) -> Confirmation:
    """Let a difference stand, for one side; it is settled once every side does. Raises as
    `state_difference`, and `DomainError` if no side states that fact differently.
    """
    return _say(
        party,
        fact,
        ConfirmationState.AGREED_TO_DIFFER,
        text,
        None,
        expected_version=expected_version,
        by=by,
    )


def _say(
    party: Party,
    fact: str,
    state: ConfirmationState,
    text: str,
    stated: Any,
    *,
    expected_version: int,
    by: Member,
) -> Confirmation:
    current = _heard(party, by=by, expected_version=expected_version)
    line = _line(_lines(current), fact)
    if not text.strip():
        raise DomainError(_("Say in which way it differs."))
    if state == ConfirmationState.AGREED_TO_DIFFER and not line.may_differ:
        raise DomainError(_("No side states this differently."))
    row = Confirmation(
        exchange=current,
        party=party,
        fact=line.fact.key,
        value=line.fact.value,
        state=state,
        stated=stated,
        text=text.strip(),
        by=by,
    )
    row.full_clean(exclude=["value", "stated"])  # an empty list is a value
    row.save()
    verb = "exchange.differs" if state == ConfirmationState.DIFFERS else "exchange.agreed_to_differ"
    _told(current, party, verb, [line.fact.label], by=by)
    return row


def _heard(party: Party, *, by: Member, expected_version: int) -> Exchange:
    """Return the exchange, locked, if `by` may speak for the party now."""
    current: Exchange = lock(party.exchange)
    mine = Party.objects.visible_to(by).confirmable_by(by).filter(exchange=current)
    if not mine.contains(party):
        raise PermissionDenied
    refuse_stale(current, expected_version, {})
    if not current.is_published:
        raise DomainError(_("Publish it first, so that each side can read what it confirms."))
    if current.status == ExchangeStatus.CANCELLED:
        raise DomainError(_("This exchange was cancelled."))
    others = current.confirmations.filter(by=by).exclude(party__side=party.side)
    if others.exists():
        raise DomainError(
            _("You have spoken for the other side. Somebody else must speak for this one.")
        )
    return current


def _lines(current: Exchange) -> dict[str, Line]:
    whole: Exchange = with_facts(Exchange.objects.filter(pk=current.pk)).get()
    return {line.fact.key: line for line in standing_of(whole).lines}


def _line(lines: dict[str, Line], key: str) -> Line:
    if key not in lines:
        raise DomainError(_("There is no such fact."))
    return lines[key]


def _state(line: Line, party: Party) -> str:
    return next((said.state for said in line.said if said.party.pk == party.pk), AWAITED)


def _told(current: Exchange, party: Party, verb: str, labels: list[str], *, by: Member) -> None:
    """Judge whether all is confirmed, and write the activity; the version stays, so that two
    sides may speak at once.
    """
    touch_exchange(current)
    current.refresh_from_db(fields=["updated_at"])
    judge_confirmed(current, by=by)
    changes: list[Change] = [{"field": str(party), "old": None, "new": "; ".join(labels)}]
    record_exchange(verb, current, by=by, changes=changes)

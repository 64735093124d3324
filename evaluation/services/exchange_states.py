"""The life of an exchange: agreed, under way, completed, cancelled; shown to others or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import Change
from core.errors import DomainError
from evaluation.errors import TransitionError
from evaluation.models import CONFIRMING_SIDES, Exchange, ExchangeStatus
from evaluation.services.exchange_rows import note_change, refuse_hidden, said, writable
from evaluation.services.outbox import recalculate_exchange

if TYPE_CHECKING:
    from accounts.models import Member


@transaction.atomic
def move_exchange(
    exchange: Exchange,
    status: ExchangeStatus,
    *,
    expected_version: int,
    by: Member,
    reason: str = "",
) -> Exchange:
    """Take an exchange into the state `status`. Cancelling, and going back from an end, need a
    reason.

    Raises `PermissionDenied` if `by` does not write it, `StaleEdit` if it was saved meanwhile,
    `TransitionError` if the state cannot follow the present one, `DomainError` without a reason
    that is needed.
    """
    current = writable(exchange, by=by, expected_version=expected_version)
    before = ExchangeStatus(current.status)
    if status not in Exchange.NEXT[before]:
        words = {"old": before.label, "new": ExchangeStatus(status).label}
        raise TransitionError(_("From “%(old)s” it cannot become “%(new)s”.") % words)
    is_end = before in (ExchangeStatus.COMPLETED, ExchangeStatus.CANCELLED)
    if is_end or status == ExchangeStatus.CANCELLED:
        reason = said(reason)
    current.status = status
    current.cancel_reason = reason[:500] if status == ExchangeStatus.CANCELLED else ""
    current.full_clean()
    changes: list[Change] = [
        {"field": "status", "old": str(before.label), "new": str(ExchangeStatus(status).label)}
    ]
    if reason:
        changes.append({"field": "reason", "old": None, "new": reason})
    return note_change("exchange.moved", current, by=by, changes=changes)


@transaction.atomic
def publish_exchange(exchange: Exchange, *, expected_version: int, by: Member) -> Exchange:
    """Show an exchange to everybody, or if it is confidential to the hubs of its parties.

    Raises as `move_exchange`; `DomainError` if it is shown already, or lacks a provider or a
    seeker, or names a hub that is not public where everybody would read it.
    """
    current = writable(exchange, by=by, expected_version=expected_version)
    if current.is_published:
        raise DomainError(_("This exchange is published already."))
    sides = set(current.parties.values_list("side", flat=True))
    if not set(CONFIRMING_SIDES) <= sides:
        raise DomainError(_("An exchange needs a provider and a seeker before it is published."))
    current.is_published = True
    refuse_hidden(current)
    recalculate_exchange(current.pk)
    return note_change("exchange.published", current, by=by)


@transaction.atomic
def withdraw_exchange(exchange: Exchange, *, reason: str, by: Member) -> Exchange:
    """Show an exchange to its own hub only, at once, whoever saved it meanwhile.

    Raises `PermissionDenied` if `by` does not write it, `DomainError` if it is not published,
    or without a reason.
    """
    current = writable(exchange, by=by)
    if not current.is_published:
        raise DomainError(_("This exchange is not published."))
    why: Change = {"field": "reason", "old": None, "new": said(reason)}
    current.is_published = False
    recalculate_exchange(current.pk)
    return note_change("exchange.withdrawn", current, by=by, changes=[why])

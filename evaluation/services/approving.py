"""Deciding on what was reported: approved by somebody else, returned with a note, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from evaluation.models import Update, UpdateState
from evaluation.services.locks import refuse_locked
from evaluation.services.outbox import request_recalculation
from evaluation.services.reporting import locked
from evaluation.services.update_checks import COLUMNS
from evaluation.services.update_records import record_update, refuse_step, tell_author
from hubs.services.rows import lock, readable, refuse_stale

if TYPE_CHECKING:
    from accounts.models import Member

MOST_AT_ONCE = 200  # decisions of one press


class Outcome(NamedTuple):
    """What became of one of many: `refusal` says why it was not approved, "" that it was."""

    update: Update
    refusal: str = ""


@transaction.atomic
def approve_update(update: Update, *, expected_version: int, by: Member) -> Update:
    """Approve a figure as it was read; the one of the same series that was approved before is
    superseded in the same moment, and never edited (rules 1 and 2).

    Raises `PermissionDenied` if `by` may not decide or wrote any of it, `StaleEdit` if it says
    something else by now, `DomainError` if it was decided already or the period is locked.
    """
    current = locked(update)
    refuse_step(current, UpdateState.APPROVED)
    if not Update.objects.approvable_by(by).contains(current):
        raise PermissionDenied
    refuse_stale(current, expected_version, readable(current, COLUMNS))
    # Of two revisions of one series that are approved at once, the second sees the first.
    lock(current.indicator)
    earlier = _approved_twin(current)
    refuse_locked(current.indicator, current.period)
    now = timezone.now()
    if earlier is not None:
        earlier.state, earlier.ended_at = UpdateState.SUPERSEDED, now
        earlier.version += 1
        earlier.save(update_fields=["state", "ended_at", "version", "updated_at"])
        record_update("update.superseded", earlier, by=by)
    current.state, current.approver, current.approved_at = UpdateState.APPROVED, by, now
    current.supersedes = earlier
    current.return_note = ""
    current.version += 1
    current.save(
        update_fields=[
            *("state", "approver", "approved_at", "supersedes", "return_note", "version"),
            "updated_at",
        ]
    )
    record_update("update.approved", current, by=by)
    tell_author(current)
    request_recalculation([current.indicator_id])
    return current


@transaction.atomic
def return_update(update: Update, *, note: str, expected_version: int, by: Member) -> Update:
    """Send a figure back to who reported it; `note` says what has to change.

    Raises as `approve_update`, and `ValidationError` without a note.
    """
    current = locked(update)
    refuse_step(current, UpdateState.RETURNED)
    if not Update.objects.approvable_by(by).contains(current):
        raise PermissionDenied
    refuse_stale(current, expected_version, readable(current, COLUMNS))
    current.state, current.return_note = UpdateState.RETURNED, _said(note, "note")
    current.version += 1
    current.save(update_fields=["state", "return_note", "version", "updated_at"])
    record_update("update.returned", current, by=by)
    tell_author(current, note=current.return_note)
    request_recalculation([current.indicator_id])
    return current


@transaction.atomic
def withdraw_update(update: Update, *, reason: str, expected_version: int, by: Member) -> Update:
    """Take a draft, what was returned, or an approved figure out; the row stays, with the reason.

    Raises `PermissionDenied` if `by` may not, `StaleEdit` if it changed meanwhile,
    `DomainError` if it is gone already or the period is locked, `ValidationError` for an
    approved one without a reason.
    """
    current = locked(update)
    refuse_step(current, UpdateState.WITHDRAWN)
    if not Update.objects.withdrawable_by(by).contains(current):
        raise PermissionDenied
    refuse_stale(current, expected_version, readable(current, COLUMNS))
    if current.state == UpdateState.APPROVED:
        refuse_locked(current.indicator, current.period)
        current.withdrawn_reason = _said(reason, "reason")
    else:
        current.withdrawn_reason = reason.strip()[:500]
    current.state, current.ended_at = UpdateState.WITHDRAWN, timezone.now()
    current.version += 1
    current.save(update_fields=["state", "ended_at", "withdrawn_reason", "version", "updated_at"])
    record_update("update.withdrawn", current, by=by)
    request_recalculation([current.indicator_id])
    return current


def approve_updates(versions: Iterable[tuple[Update, int]], *, by: Member) -> list[Outcome]:
    """Approve many, each by itself and as it was read; what fails is named and stops no other.

    At most `MOST_AT_ONCE`. Raises `DomainError` for more.
    """
    chosen = list(versions)
    if len(chosen) > MOST_AT_ONCE:
        raise DomainError(_("At most %(most)d can be approved at once.") % {"most": MOST_AT_ONCE})
    return [_outcome(update, version, by) for update, version in chosen]


def _outcome(update: Update, version: int, by: Member) -> Outcome:
    try:
        return Outcome(approve_update(update, expected_version=version, by=by))
    except PermissionDenied:
        return Outcome(update, _("You wrote it yourself, or may not decide on it."))
    except DomainError as error:
        return Outcome(update, str(error))


def _approved_twin(current: Update) -> Update | None:
    same = Update.objects.of_series(current.indicator_id, current.hub_id, current.exchange_id)
    rows = same.approved().filter(period=current.period_id, source_name=current.source_name)
    found: Update | None = rows.for_list().select_for_update(no_key=True, of=("self",)).first()
    return found


def _said(text: str, name: str) -> str:
    said = text.strip()
    if not said:
        words = {"note": _("Say what has to change."), "reason": _("Say why it is withdrawn.")}
        raise ValidationError({name: [words[name]]})
    return said

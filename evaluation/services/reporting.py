"""Reporting figures: begun, changed, sent for approval, taken back, revised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.services import changes_between
from evaluation.models import Indicator, Update, UpdateCell, UpdateState
from evaluation.services.locks import refuse_locked
from evaluation.services.outbox import request_recalculation
from evaluation.services.units import Unit, may_report, unit_of
from evaluation.services.update_checks import (
    COLUMNS,
    NUMBERS,
    Stated,
    cells_of,
    previous_of,
    refuse_busy,
    refuse_empty_source,
    refuse_incomplete,
    refuse_period,
    refuse_wrong,
)
from evaluation.services.update_records import record_update, refuse_step
from hubs.services.rows import lock, readable, refuse_stale

if TYPE_CHECKING:
    from accounts.models import Member
    from evaluation.models import Period


@transaction.atomic
def begin_update(
    indicator: Indicator, period: Period, unit: Unit, *, stated: Stated, by: Member
) -> Update:
    """Begin the report of `unit` on `indicator` for `period`, as a draft.

    Where an approved one is there, this is its revision and supersedes it once approved.
    Raises `PermissionDenied` if `by` may not report for the unit on this indicator,
    `DomainError` if the period is locked or somebody reports on the same already,
    `ValidationError` by column for what cannot be meant.
    """
    reportable = Indicator.objects.reportable_by(by).contains(indicator)
    if not reportable or not may_report(indicator.result.framework, unit, by):
        raise PermissionDenied
    update = write_new(indicator, period, unit, stated=stated, author=by)
    record_update("update.begun", update, by=by)
    return update


def write_new(
    indicator: Indicator,
    period: Period,
    unit: Unit,
    *,
    stated: Stated,
    author: Member | None,
    author_name: str = "",
) -> Update:
    """Write a draft whose right was asked for; call it in the transaction of the report.

    The indicator stays locked, so that of two who begin the same one is first.
    """
    lock(indicator)
    refuse_period(indicator, period)
    refuse_locked(indicator, period)
    series = Update.objects.filter(
        **_series(indicator, period, unit),
        source_name=str(stated.columns.get("source_name") or "").strip(),
    )
    refuse_busy(series.open().first())
    update = Update(
        indicator=indicator,
        period=period,
        hub=unit.hub,
        exchange=unit.exchange,
        author=author,
        author_name=author_name,
        supersedes=series.approved().first(),
    )
    _state(update, stated)
    update.save()
    _write_cells(update, stated)
    if author is not None:
        update.writers.add(author)
    return update


@transaction.atomic
def change_update(update: Update, *, stated: Stated, expected_version: int, by: Member) -> Update:
    """Change a draft or what was returned; columns that `stated` does not name stay, its cells
    are all there are.

    Raises `PermissionDenied` if `by` may not, `StaleEdit` if it is not at `expected_version`
    any more, and else as `begin_update`.
    """
    current = locked(update)
    if not Update.objects.editable_by(by).contains(current):
        raise PermissionDenied
    refuse_stale(current, expected_version, readable(current, COLUMNS))
    lock(current.indicator)
    refuse_locked(current.indicator, current.period)
    before = readable(current, COLUMNS)
    _state(current, stated)
    twins = Update.objects.filter(
        **_series(current.indicator, current.period, unit_of(current)),
        source_name=current.source_name,
    ).exclude(pk=current.pk)
    refuse_busy(twins.open().first())
    current.supersedes = twins.approved().first()
    current.version += 1
    current.save()
    _write_cells(current, stated)
    current.writers.add(by)
    made = changes_between(before, readable(current, COLUMNS))
    record_update("update.changed", current, by=by, changes=made)
    return current


@transaction.atomic
def submit_update(update: Update, *, expected_version: int, by: Member) -> Update:
    """Send a draft, or what was returned, for approval.

    Raises as `change_update`, and `ValidationError` by column if nothing is stated, or a
    running total falls without a comment (rule 3).
    """
    current = locked(update)
    if not Update.objects.editable_by(by).contains(current):
        raise PermissionDenied
    refuse_stale(current, expected_version, readable(current, COLUMNS))
    submit_locked(current)
    record_update("update.submitted", current, by=by)
    return current


def submit_locked(current: Update) -> None:
    """Send a locked row whose right was asked for, in the running transaction."""
    refuse_step(current, UpdateState.SUBMITTED)
    refuse_locked(current.indicator, current.period)
    previous = previous_of(current.indicator, current.period, unit_of(current), current.source_name)
    refuse_incomplete(current, previous)
    current.state = UpdateState.SUBMITTED
    current.submitted_at = timezone.now()
    current.version += 1
    current.save(update_fields=["state", "submitted_at", "version", "updated_at"])
    request_recalculation([current.indicator_id])


@transaction.atomic
def recall_update(update: Update, *, by: Member) -> Update:
    """Take what waits for approval back, to go on with it. Raises `PermissionDenied` if `by` may
    not, `DomainError` if it was decided meanwhile.
    """
    current = locked(update)
    refuse_step(current, UpdateState.DRAFT)
    if not Update.objects.recallable_by(by).contains(current):
        raise PermissionDenied
    current.state = UpdateState.DRAFT
    current.submitted_at = None
    current.version += 1
    current.save(update_fields=["state", "submitted_at", "version", "updated_at"])
    record_update("update.recalled", current, by=by)
    request_recalculation([current.indicator_id])
    return current


@transaction.atomic
def revise_update(update: Update, *, by: Member) -> Update:
    """Begin a revision that says what the approved one says; that one stays as it is until the
    revision is approved. Raises `PermissionDenied` if `by` may not, and else as `begin_update`.
    """
    # Not locked: an approval locks the indicator first and then what it supersedes.
    current: Update = Update.objects.for_list().get(pk=update.pk)
    if not Update.objects.revisable_by(by).contains(current):
        raise PermissionDenied
    cells = {
        part.cell_id: {name: getattr(part, name) for name in NUMBERS}
        for part in current.cells.all()
    }
    stated = Stated({name: getattr(current, name) for name in COLUMNS}, cells)
    revision = write_new(
        current.indicator, current.period, unit_of(current), stated=stated, author=by
    )
    record_update("update.revised", revision, by=by)
    return revision


def locked(update: Update) -> Update:
    """Return the row as it is now, locked until the transaction ends, with all it is about."""
    rows = Update.objects.select_for_update(no_key=True, of=("self",)).for_list()
    current: Update = rows.get(pk=update.pk)
    return current


def _series(indicator: Indicator, period: Period, unit: Unit) -> dict[str, Any]:
    return {
        "indicator": indicator,
        "period": period,
        "hub": unit.hub,
        "exchange": unit.exchange,
    }


def _state(update: Update, stated: Stated) -> None:
    """Set what is stated; raise `ValidationError` by column for what cannot be meant."""
    for name in COLUMNS:
        if name in stated.columns:
            setattr(update, name, stated.columns[name])
    update.source_name = update.source_name.strip()
    all_columns = {name: getattr(update, name) for name in COLUMNS}
    definition = update.indicator.definition
    refuse_empty_source(all_columns)
    refuse_wrong(definition, Stated(all_columns, stated.cells), cells_of(definition))
    update.full_clean(validate_unique=False, validate_constraints=False)


def _write_cells(update: Update, stated: Stated) -> None:
    update.cells.all().delete()
    UpdateCell.objects.bulk_create(
        UpdateCell(update=update, cell_id=key, **part)
        for key, part in stated.cells.items()
        if any(number is not None for number in part.values())
    )


__all__ = [
    "begin_update",
    "change_update",
    "locked",
    "recall_update",
    "revise_update",
    "submit_locked",
    "submit_update",
    "write_new",
]

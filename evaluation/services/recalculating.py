"""Figures computed anew after what they are made of changed, and looked after at night."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience
from accounts.querysets import is_moderator
from accounts.services import record_activity
from core.errors import DomainError
from core.naming import one_at_a_time
from evaluation.models import Drift, Figure, FigureLine, Framework, Indicator, Recalculation
from evaluation.services.computing import cell_key, family_of
from evaluation.services.outbox import request_recalculation
from evaluation.services.storing import (
    FIGURES_LOCK,
    SAID,
    Computed,
    Key,
    brought,
    compute,
    recompute,
    said,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import Member

logger = structlog.get_logger(__name__)
MOST = 2_000  # requests taken at once
MOST_ATTEMPTS = 8  # after which a failed one waits for a moderator
BROUGHT = ("value", "numerator", "denominator")  # what lines bring
NO_LINES = (0, None, None, None)
FIRST_PAUSE = 10  # seconds before the second attempt; twice as long each time


class Done(NamedTuple):
    requests: int
    figures: int


def recalculate_due() -> Done:
    """Compute what is due, in one transaction with the mark that it is done.

    A request written meanwhile stays due; a worker that is killed leaves everything as it was.
    One computation runs at a time; a second finds nothing left to do. What failed together is
    tried again in smaller parts, so that one that cannot be computed holds up no other.
    """
    taken: list[int] = []
    try:
        with transaction.atomic():
            one_at_a_time(FIGURES_LOCK)
            now = timezone.now()
            rows = _due_together(now)
            if not rows:
                return Done(0, 0)
            taken = [row.pk for row in rows]
            asked = {row.indicator_id for row in rows}
            changed = recompute(asked, family=family_of(asked))
            Recalculation.objects.filter(pk__in=taken).update(done_at=timezone.now(), error="")
    except Exception as error:
        _keep_failure(taken, error)
        raise
    logger.info("figures_recalculated", requests=len(taken), figures=changed)
    return Done(len(taken), changed)


def _due_together(now: datetime.datetime) -> list[Recalculation]:
    """Return, locked, the requests that are computed together: the new ones, or else some of
    those that failed as often; an eighth with each attempt, in the end one alone.
    """
    due = (
        Recalculation.objects.filter(done_at=None, due_at__lte=now, attempts__lt=MOST_ATTEMPTS)
        .order_by("attempts", "pk")
        .select_for_update(no_key=True)
    )
    first = due.first()
    if first is None:
        return []
    most = max(MOST >> 3 * first.attempts, 1)
    return list(due.filter(attempts=first.attempts)[:most])


def _keep_failure(pks: list[int], error: Exception) -> None:
    """Keep why it failed; it is due again after a pause that doubles."""
    with transaction.atomic():
        for row in Recalculation.objects.select_for_update().filter(pk__in=pks, done_at=None):
            row.attempts += 1
            row.error = f"{type(error).__name__}: {error}"[:2_000]
            pause = FIRST_PAUSE * 2 ** (row.attempts - 1)
            row.due_at = timezone.now() + datetime.timedelta(seconds=pause)
            row.save(update_fields=["attempts", "error", "due_at"])


@transaction.atomic
def retry_recalculations(pks: list[int], *, by: Member) -> int:
    """Make failed computations due at once; return how many. Raises `PermissionDenied` for who
    does not moderate, `DomainError` if none of them failed and is still owed.
    """
    _refuse_others(by)
    failed = Recalculation.objects.filter(pk__in=pks, done_at=None).exclude(error="")
    indicators = list(Indicator.objects.filter(recalculations__in=failed).order_by("pk"))
    if not indicators:
        raise DomainError(_("None of these failed and is still owed."))
    failed.update(attempts=0, due_at=timezone.now())
    request_recalculation(indicator.pk for indicator in indicators)
    for indicator in indicators:
        _record("figures.retried", indicator, by)
    return len(indicators)


@transaction.atomic
def recalculate_framework(framework: Framework, *, by: Member) -> int:
    """Owe the worker all figures of a framework and those above; return of how many indicators.
    Raises `PermissionDenied` for who does not moderate, `DomainError` where there is no indicator.
    """
    _refuse_others(by)
    indicators = Indicator.objects.filter(result__framework=framework)
    pks = list(indicators.values_list("pk", flat=True))
    if not pks:
        raise DomainError(_("This framework has no indicators."))
    request_recalculation(pks)
    record_activity("figures.requested", framework, by=by, audience=ActivityAudience.MODERATORS)
    return len(pks)


@transaction.atomic
def find_drift() -> int:
    """Compute every figure anew and list those stored differently; return how many (rule 11):
    those that say something else, and those whose counted lines are others.

    What waits to be computed is left alone: it is not drift. Nothing that was published is
    corrected; a figure that nobody stored is owed to the worker.
    """
    one_at_a_time(FIGURES_LOCK)
    due = set(Recalculation.objects.filter(done_at=None).values_list("indicator", flat=True))
    waiting, _whole = family_of(due)
    pks = set(Indicator.objects.values_list("pk", flat=True)) - waiting
    _affected, whole = family_of(pks)
    computed = compute(pks, whole)
    current = Figure.objects.current().filter(indicator__in=pks)
    lines = {
        row["figure"]: (row["lines"], *(row[f"{name}_sum"] for name in BROUGHT))
        for row in FigureLine.objects.filter(figure__in=current).counted().summed("figure")
    }
    drifts: list[Drift] = []
    for row in current.select_related("cell__dimension"):
        found = computed.pop(_key_of(row), None)
        drifts.extend(_drift_of(row, lines.get(row.pk, NO_LINES), found))
    if computed:
        logger.warning("figures_missing", figures=len(computed))
        request_recalculation(key[0] for key in computed)
    known = set(Drift.objects.filter(settled_at=None).values_list("figure", flat=True))
    fresh = [drift for drift in drifts if drift.figure_id not in known]
    Drift.objects.bulk_create(fresh)
    return len(fresh)


def _drift_of(row: Figure, lines: tuple[object, ...], found: Computed | None) -> Iterator[Drift]:
    """Give the drift of a stored figure from what it comes to, if there is one."""
    if found is None:
        yield Drift(figure=row, stored=str(row.value), computed="–")
    elif tuple(getattr(row, name) for name in SAID) != said(found):
        yield Drift(figure=row, stored=str(row.value), computed=str(found.figure.value)[:120])
    elif lines != brought(found):
        texts = (f"Σ {_told(each)}"[:120] for each in (lines, brought(found)))
        yield Drift(figure=row, **dict(zip(("stored", "computed"), texts, strict=True)))


def _told(lines: tuple[object, ...]) -> str:
    """Return how many lines there are, and their sums, as a moderator reads them."""
    return " / ".join(str(each) for each in lines if each is not None)


@transaction.atomic
def settle_drift(drift: Drift, *, note: str, by: Member) -> Drift:
    """Close a drift with a note and compute its indicator anew; the figure that was published
    stays to be asked for. Raises `PermissionDenied` for who does not moderate, `DomainError` if
    it is settled already or the note says nothing.
    """
    _refuse_others(by)
    current = Drift.objects.select_for_update().get(pk=drift.pk)
    if current.settled_at is not None:
        raise DomainError(_("This drift is settled already."))
    if not note.strip():
        raise DomainError(_("Say what was found."))
    current.settled_at, current.settled_by, current.note = timezone.now(), by, note.strip()
    current.save(update_fields=["settled_at", "settled_by", "note"])
    # What is kept is not trusted any more, whatever it says: it is written anew.
    Figure.objects.filter(pk=current.figure_id, superseded_at=None).update(signature="")
    request_recalculation([current.figure.indicator_id])
    _record("figures.settled", current.figure.indicator, by)
    return current


def _record(verb: str, indicator: Indicator, by: Member) -> None:
    record_activity(
        verb,
        indicator,
        by=by,
        url=indicator.result.framework.get_absolute_url(),
        audience=ActivityAudience.MODERATORS,
    )


def _refuse_others(by: Member) -> None:
    if not is_moderator(by):
        raise PermissionDenied


def _key_of(row: Figure) -> Key:
    cell = cell_key(row.cell) if row.cell else None
    return row.indicator_id, row.period_id, cell, row.series

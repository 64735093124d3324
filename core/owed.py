"""Work on one row that the worker owes: checked, then carried out, whatever ends on the way.

A row has `state` (`checking` and `running` while something is owed, `checked` while it waits for
its member), `attempts` and `asked_at` of the step. It stays locked while a step is done, and
what was done is committed together with its new state: whoever is lost on the way leaves
nothing behind, so the next one begins anew.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any, Self

import structlog
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

logger = structlog.get_logger(__name__)
AT_WORK = ("checking", "running")
MOST_ATTEMPTS = 3  # of a step, before what ends workers is given up
SWEEP_AFTER = datetime.timedelta(seconds=30)  # age at which a step counts as forgotten
PROGRESS_SECONDS = 600  # for which it is known how far a step is


class OwedQuerySet(QuerySet[Any]):
    """Rows that go step by step."""

    def at_work(self) -> Self:
        """Those that the worker owes something."""
        return self.filter(state__in=AT_WORK)

    def owed_since(self, moment: datetime.datetime) -> Self:
        """Those at work that were asked for before `moment`."""
        return self.at_work().filter(asked_at__lt=moment)

    def left_since(self, moment: datetime.datetime) -> Self:
        """Those that wait for their member since before `moment`."""
        return self.filter(state="checked", asked_at__lt=moment)


def lock_owed(rows: OwedQuerySet, pk: int) -> Any:
    """Return the row if something is owed for it and nobody is at it, locked; else None."""
    free = rows.select_for_update(no_key=True, skip_locked=True, of=("self",))
    return free.at_work().filter(pk=pk).first()


def look_then_lock(rows: OwedQuerySet, pk: int) -> Iterator[Any]:
    """Give the row as it is, and then locked, to be looked at both times: a second click is
    refused before it waits for the worker, which has locked what it is at.
    """
    yield rows.get(pk=pk)
    yield rows.select_for_update(no_key=True).get(pk=pk)


@transaction.atomic
def take_up(rows: OwedQuerySet, pk: int, *, give_up: Callable[[Any], None]) -> bool:
    """Count an attempt; what ended several workers is given up. False: nothing is owed."""
    current = lock_owed(rows, pk)
    if current is None:
        return False
    current.attempts += 1
    if current.attempts > MOST_ATTEMPTS:
        give_up(current)
    current.save()
    return current.state in AT_WORK


def sweep_owed(rows: OwedQuerySet, work: Callable[[int], object]) -> int:
    """Take up what a lost worker left; return how much."""
    owed = list(rows.owed_since(timezone.now() - SWEEP_AFTER).values_list("pk", flat=True))
    for pk in owed:
        try:
            work(pk)
        except Exception:  # one that breaks must not keep the others waiting
            logger.exception("owed_work_failed", model=rows.model._meta.label_lower, pk=pk)
    return len(owed)


def note_progress(row: Any, done: int) -> None:
    """Let pages know how many rows of a table are done; for those who look, nothing more."""
    cache.set(_progress_key(row), done, PROGRESS_SECONDS)


def progress_of(row: Any) -> int:
    """Return how many rows of a table are done in the step at work."""
    return int(cache.get(_progress_key(row), 0))


def _progress_key(row: Any) -> str:
    return f"owed:{row._meta.label_lower}:{row.pk}:rows"

"""Working on the recalculations that are owed, one worker at a time for each tree."""

from __future__ import annotations

import datetime
from collections.abc import Collection

import structlog
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from accounts.querysets import is_moderator
from accounts.services import record_activity
from core.errors import DomainError
from core.tasks import enqueue
from evaluation.models import Recalculation
from evaluation.services.figure_inputs import tree_of
from evaluation.services.figures import recompute
from evaluation.tasks import recalculate

logger = structlog.get_logger(__name__)

TREE_LOCK = 7_203_000_000_000  # of the database, plus the key of the tree's first indicator
FIRST_WAIT = datetime.timedelta(seconds=15)  # after a failure, doubled each time
LONGEST_WAIT = datetime.timedelta(hours=1)
MOST_DOUBLINGS = 8  # beyond it the longest wait holds
KEPT_ERROR = 2_000  # characters


def recalculate_due() -> int:
    """Work on everything that is due; return how many requests were met.

    Of two workers at once the second leaves a tree to the first, who looks again after its
    commit. Whoever is lost on the way leaves nothing behind: figures and the mark that they are
    done are one transaction.
    """
    met, busy = 0, set[int]()
    while True:
        due = Recalculation.objects.due().exclude(indicator__in=busy).order_by("pk")
        first = due.values_list("indicator_id", flat=True).first()
        if first is None:
            return met
        tree = tree_of([first])
        number = _work_on(first)
        met += number
        if not number:
            busy.update(tree)


def _work_on(indicator_pk: int) -> int:
    """Compute the tree of an indicator; return how many requests were met: 0 if another worker
    is at it, or it failed.
    """
    with transaction.atomic():
        tree = tree_of([indicator_pk])
        if not tree or not _is_ours(tree[0]):
            return 0
        first, tree = tree[0], tree_of([indicator_pk])  # as it is since the lock is held
        if tree[0] != first and not _is_ours(tree[0]):
            return 0
        # Taken before anything is read: what is asked for from now on stays owed.
        rows = Recalculation.objects.due().filter(indicator__in=tree).order_by("pk")
        pks = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))
        if not pks:
            return 0
        try:
            changed = recompute(tree)
        except Exception as error:  # one broken tree must not keep the others waiting
            failure: Exception = error
        else:
            taken = Recalculation.objects.filter(pk__in=pks)
            taken.update(done_at=timezone.now(), error="")
            logger.info("figures_computed", indicators=len(tree), changed=changed)
            return len(pks)
        transaction.set_rollback(True)
    _put_off(pks, failure)
    return 0


def _is_ours(first_pk: int) -> bool:
    """Take the lock of a tree until the transaction ends, unless another worker has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TREE_LOCK + first_pk])
        return bool(cursor.fetchone()[0])


def _put_off(pks: Collection[int], failure: Exception) -> None:
    """Keep why it failed, and try again later: each time after twice the wait."""
    logger.error("recalculation_failed", requests=len(pks), exc_info=failure)
    error = f"{type(failure).__name__}: {failure}".replace("\x00", "")[:KEPT_ERROR]
    with transaction.atomic():
        for row in Recalculation.objects.owed().filter(pk__in=pks).select_for_update():
            wait = FIRST_WAIT * 2 ** min(row.attempts, MOST_DOUBLINGS)
            row.attempts += 1
            row.error = error
            row.due_at = timezone.now() + min(wait, LONGEST_WAIT)
            row.save(update_fields=["attempts", "error", "due_at"])


@transaction.atomic
def retry_recalculations(pks: Collection[int], *, by: Member) -> int:
    """Try failed ones again at once; return how many.

    Raise `PermissionDenied` if `by` does not moderate, `DomainError` if none of them failed.
    """
    if not is_moderator(by):
        raise PermissionDenied
    rows = Recalculation.objects.failed().filter(pk__in=pks)
    failed = list(
        rows.select_for_update(skip_locked=True, of=("self",)).select_related("indicator")
    )
    if not failed:
        raise DomainError(_("None of these failed and is still owed."))
    Recalculation.objects.filter(pk__in=[row.pk for row in failed]).update(due_at=Now(), attempts=0)
    for row in failed:
        record_activity(
            "figures.retried",
            row.indicator,
            by=by,
            label=f"{row}",
            audience=ActivityAudience.MODERATORS,
        )
    enqueue(recalculate)
    return len(failed)

"""Hand work to the worker without ever failing the request that asked for it; nightly work."""

from functools import partial

import structlog
from celery import Task, shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from core.orphans import remove_orphans

logger = structlog.get_logger(__name__)


def enqueue(task: Task, *args: object, after: int | None = None) -> None:
    """Send `task` once the transaction is committed, to be done at once or `after` seconds.

    The rows the task works on are the record of what is owed: when the broker is away the
    sweeper finds them later, so a lost message is logged and nothing else.
    """
    transaction.on_commit(partial(_send, task, args, after))


def enqueue_once(task: Task) -> None:
    """Send `task` once the transaction is committed: once, however often this is called in it."""
    send = partial(_send, task, (), None)
    waiting = (
        each[1]
        for each in transaction.get_connection().run_on_commit
        if isinstance(each[1], partial)
    )
    if not any((each.func, each.args) == (send.func, send.args) for each in waiting):
        transaction.on_commit(send)


def _send(task: Task, args: tuple[object, ...], after: int | None) -> None:
    try:
        task.apply_async(args, countdown=after, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("task_not_sent", task=task.name, error=str(error))


@shared_task
def remove_orphan_files() -> int:
    """Remove files that no row names; return how many."""
    return remove_orphans()

"""Hand work to the worker without ever failing the request that asked for it."""

from functools import partial

import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)


def enqueue(task: Task, *args: object) -> None:
    """Send `task` once the transaction is committed.

    The rows the task works on are the record of what is owed: when the broker is away the
    sweeper finds them later, so a lost message is logged and nothing else.
    """
    transaction.on_commit(partial(_send, task, args))


def _send(task: Task, args: tuple[object, ...]) -> None:
    try:
        task.apply_async(args, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("task_not_sent", task=task.name, error=str(error))

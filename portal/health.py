"""For machines: is the process alive, and can it serve."""

import datetime
from http import HTTPStatus

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from kombu.connection import Connection
from kombu.exceptions import OperationalError as BrokerError

from accounts.models import OutgoingMail

logger = structlog.get_logger(__name__)
MAX_QUEUE_AGE = datetime.timedelta(minutes=5)  # unsent mail older than this: the worker is down


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when pages can be served, else 503; each check by name.

    The age of the queue is the age in seconds of the oldest mail not sent yet. A broker that
    is away makes nothing unservable but work late, so it counts too.
    """
    checks: dict[str, object] = {}
    try:
        checks["database"] = "ok"
        checks["migrations"] = _migrations()
        checks["queue_age_seconds"] = age = _queue_age()
        checks["queue"] = "ok" if age <= MAX_QUEUE_AGE.total_seconds() else "late"
    except DatabaseError as error:
        logger.warning("not_ready", check="database", error=str(error))
        checks["database"] = "away"
    checks["broker"] = _broker()
    is_ready = all(value == "ok" for key, value in checks.items() if key != "queue_age_seconds")
    return JsonResponse(
        {"status": "ok" if is_ready else "not ready", "checks": checks},
        status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE,
    )


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "missing" if plan else "ok"


def _queue_age() -> float:
    oldest = (
        OutgoingMail.objects.filter(sent_at=None, attempts=0)
        .order_by("created_at")
        .values_list("created_at", flat=True)
        .first()
    )
    return round((timezone.now() - oldest).total_seconds(), 1) if oldest else 0.0


def _broker() -> str:
    try:
        with Connection(  # type: ignore[no-untyped-call]  # kombu ships no types
            settings.CELERY_BROKER_URL,
            transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
            connect_timeout=1,
        ) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
    except (BrokerError, OSError) as error:
        logger.warning("not_ready", check="broker", error=str(error))
        return "away"
    return "ok"

"""Background work of the catalogue: sums of the search, copies of resources, imports, mails."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from celery import shared_task
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from catalogue.models import Import, ImportState, Resource, ResourceLink
from core.outgoing import Answer, ask
from core.owed import sweep_owed
from core.tasks import enqueue

if TYPE_CHECKING:
    from catalogue.querysets import ResourceLinkQuerySet

logger = structlog.get_logger(__name__)
KEPT_FOR = datetime.timedelta(days=14)  # that a checked file waits for its member
BATCH = 25  # links of one task: at ten seconds each, of one slow server, it still ends in time
AT_ONCE = 8  # servers asked at the same time; each is asked one thing at a time
AGAIN_AFTER = datetime.timedelta(hours=20)  # since the last check, so that nights may shift
PATIENCE = 2  # times that a server may stay silent before it is asked no more this time
CUT_OFF = 5  # servers, none of which answers: then it is the portal that is cut off
# What a server says that is there and lets no program in.
GUARDED = {401, 403, 405, 406, 407, 418, 429, 451, 999}
FOLD = """
WITH folded AS (
    DELETE FROM catalogue_searchcount RETURNING kind, audience, hub_id, code, number
)
INSERT INTO catalogue_searchcount (kind, audience, hub_id, code, number)
SELECT kind, audience, hub_id, code, sum(number) FROM folded
GROUP BY kind, audience, hub_id, code HAVING sum(number) <> 0
"""
SPARE = """
SELECT count(*) - count(DISTINCT (kind, audience, hub_id, code)) FROM catalogue_searchcount
"""


@shared_task
def send_search_alerts() -> int:
    """Tell members what their saved searches found anew; return how many mails are owed."""
    return int(call_command("send_search_alerts", stdout=StringIO()) or 0)


@shared_task
def remind_of_drafts() -> int:
    """Remind those for whom drafts wait; return how many drafts wait too long."""
    return int(call_command("remind_of_drafts", stdout=StringIO()) or 0)


@shared_task
def fold_search_counts(at_least: int = 500) -> int:
    """Fold the rows of `SearchCount` together, unless fewer than `at_least` would be saved;
    return how many were saved. The sums stay as they are, for everybody, at every moment.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SPARE)
        spare = int(cursor.fetchone()[0])
        if spare < at_least:
            return 0
        cursor.execute(FOLD)
    return spare


@shared_task
def check_links() -> int:
    """Look whether the next copies that are due can be had; return how many were looked at.

    Calls itself until none is due. Two at once share the work: each link is claimed before it
    is asked for, and a link that was claimed is not due again before the next night.
    """
    now = timezone.now()
    with transaction.atomic():
        due = ResourceLink.objects.due_before(now - AGAIN_AFTER)
        links = list(_claimed(due)[:BATCH])
        pks = [link.pk for link in links]
        ResourceLink.objects.filter(pk__in=pks).update(checked_at=now)
    by_server = sorted(links, key=_server)
    servers = [list(group) for _name, group in groupby(by_server, key=_server)]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        answers = dict(pair for pairs in pool.map(_ask_server, servers) for pair in pairs)
    has_answer = any(answer.status is not None for answer in answers.values())
    if len(servers) >= CUT_OFF and not has_answer:
        logger.warning("link_check_cut_off", servers=len(servers))
        return len(links)
    _write(links, answers, now)
    if len(links) == BATCH:
        enqueue(check_links)
    return len(links)


def is_there(answer: Answer) -> bool:
    """Return whether a server's answer means that the page exists."""
    return answer.status is not None and (answer.status < 400 or answer.status in GUARDED)


def _claimed(due: ResourceLinkQuerySet) -> ResourceLinkQuerySet:
    return due.select_for_update(skip_locked=True, no_key=True, of=("self",)).order_by(
        "checked_at", "pk"
    )


def _server(link: ResourceLink) -> str:
    try:
        return urlsplit(link.address).netloc.lower()
    except ValueError:  # an address that only looks like one
        return ""


def _ask_server(links: Iterable[ResourceLink]) -> list[tuple[int, Answer]]:
    """Return the answers by link; touches no database, for it runs beside others."""
    answers, silent = [], 0
    for link in links:
        answer = Answer(None, "silent") if silent >= PATIENCE else ask(link.address)
        silent += answer.status is None
        answers.append((link.pk, answer))
    return answers


def _write(links: list[ResourceLink], answers: dict[int, Answer], now: datetime.datetime) -> None:
    """Keep what was found; a resource whose copy comes or goes has changed."""
    turned = set()
    with transaction.atomic():
        for link in links:
            answer = answers[link.pk]
            since = None if is_there(answer) else link.unreachable_since or now
            if bool(since) != bool(link.unreachable_since):
                turned.add(link.resource_id)
            ResourceLink.objects.filter(pk=link.pk, address=link.address).update(
                last_status=answer.status, unreachable_since=since
            )
        Resource.objects.filter(pk__in=turned).update(updated_at=now)
    logger.info("links_checked", links=len(links), turned=len(turned))


@shared_task
def work_on_import(pk: int) -> None:
    """Check a file, or import it, whichever is owed; nothing if it is being done already."""
    call_command("work_on_import", str(pk), verbosity=0)


@shared_task
def sweep_imports() -> int:
    """Take up imports whose worker was lost, and drop files that nobody confirmed or
    tried again in two weeks; return how many.
    """
    swept = sweep_owed(Import.objects.all(), work_on_import)
    now = timezone.now()
    return swept + sum(_drop(pk, now) for pk in _left(now))


def _left(now: datetime.datetime) -> list[int]:
    return list(Import.objects.left_since(now - KEPT_FOR).values_list("pk", flat=True))


def _drop(pk: int, now: datetime.datetime) -> int:
    with transaction.atomic():
        left = Import.objects.left_since(now - KEPT_FOR).select_for_update().filter(pk=pk).first()
        if left is None:
            return 0
        transaction.on_commit(lambda: left.file.storage.delete(str(name)))
        name, left.file, left.state = left.file.name, "", ImportState.FAILED
        left.save(update_fields=["file", "state"])
    return 1

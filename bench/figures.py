"""Work on figures that the worker does, timed: printed as JSON, in the portal's surroundings.

`python -m bench.inside figures SEED ROWS` computes what is owed for the exchanges generated with
`SEED`, checks and takes a table of `ROWS` figures, and counts the statements of pages.
"""

import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Member
from core.sheets import Line
from evaluation.models import (
    Figure,
    FigureLine,
    Framework,
    Indicator,
    Period,
    Update,
    UploadState,
)
from evaluation.services import upload_steps
from evaluation.services.recalculating import recalculate_due
from evaluation.services.units import exchanges_reporting
from hubs.models import Hub, Membership

COLUMNS = ["indicator", "period_start", "hub", "exchange", "value", "comment"]


def main(arguments: list[str]) -> None:
    seed, rows = arguments[0], int(arguments[1])
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout TO 0")  # as workers have it
    reports = Update.objects.filter(
        indicator__result__framework__slug__startswith=f"synthetic-{seed}-of-"
    )
    rolled_up = timed(compute)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE evaluation_figure, evaluation_figureline")
    of_community = Figure.objects.current().filter(
        indicator__result__framework__slug=f"synthetic-{seed}-community"
    )
    figure = of_community.get(period=None)
    wide = Framework.objects.get(slug=f"synthetic-{seed}-wide")
    explained = f"/evaluation/figures/{figure.pk}/explain/"
    sys.stdout.write(
        json.dumps(
            {
                "reports": reports.count(),
                "rolled_up": rolled_up,
                "leaves": FigureLine.objects.leaves_of(figure.pk).count(),
                "explained": explained,
                "framework": wide.get_absolute_url(),
                "statements": {
                    path: statements(path) for path in (explained, wide.get_absolute_url())
                },
                **uploaded(wide, rows),
            }
        )
    )


def compute() -> None:
    """Compute all that is owed."""
    while recalculate_due().requests:
        pass


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Return the seconds that `work` took, and those of this process's processor."""
    started, spent = time.perf_counter(), time.process_time()
    work()
    return {"s": time.perf_counter() - started, "cpu_s": time.process_time() - spent}


def uploaded(framework: Framework, number: int) -> dict[str, Any]:
    """Check a table of `number` figures and take it, as the worker does."""
    hub = framework.hub
    if hub is None:
        raise RuntimeError(f"{framework} is of no hub.")
    member = _reporter(hub)
    lines = itertools.islice(_lines(framework, hub, member), number + 1)
    upload = upload_steps.begin_upload(framework, lines, language="en", is_sent=True, by=member)
    checked = timed(lambda: upload_steps.work_on_upload(upload.pk))
    upload.refresh_from_db()
    if upload.report["new"] != number:
        raise RuntimeError(f"Only {upload.report['new']} of {number}: {upload.report}")
    upload_steps.confirm_upload(upload, by=member)
    taken = timed(lambda: upload_steps.work_on_upload(upload.pk))
    upload.refresh_from_db()
    if upload.state != UploadState.DONE:
        raise RuntimeError(f"The table was not taken: {upload.report}")
    return {"rows": number, "checked": checked, "taken": taken}


def _reporter(hub: Hub) -> Member:
    reporter, confirmer = _member("reporter"), _member("confirmer")
    Membership.objects.create(
        member=reporter,
        hub=hub,
        role="head",
        confirmed_at=timezone.now(),
        confirmed_by=confirmer,
    )
    return reporter


def _member(name: str) -> Member:
    member: Member = Member.objects.create(
        email=f"{name}@bench.example",
        name=name,
        slug=f"bench-{name}",
        status=Member.Status.ACTIVE,
        password="!",  # noqa: S106 -- nobody can sign in
    )
    return member


def _lines(framework: Framework, hub: Hub, member: Member) -> Iterator[Line]:
    """Give figures of the hub's exchanges on all indicators and periods, then of the hub."""
    indicators = Indicator.objects.filter(result__framework=framework)
    codes = list(indicators.values_list("definition__definition__code", flat=True))
    days = [day.isoformat() for day in Period.objects.filter(framework=framework).values_list(
        "starts_on", flat=True
    )]  # fmt: skip
    exchanges = exchanges_reporting(framework, member).values_list("slug", flat=True)
    units = [["", slug] for slug in exchanges] + [[hub.slug, ""]]
    yield Line(1, COLUMNS)
    places = itertools.product(units, codes, days)
    for row, (unit, code, day) in enumerate(places, start=2):
        yield Line(row, [code, day, *unit, str(1_000 + row), "As counted"])


def statements(path: str) -> int:
    """Return how many statements a page needs that nobody asked for yet."""
    client = Client(headers={"host": "127.0.0.1"})
    client.get(path)  # what is read once and kept does not count
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}")
    return len(queries)

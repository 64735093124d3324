"""What the database alone needs for the same: printed as JSON, in the portal's surroundings.

`python -m bench.inside raw WORDS…` asks on one connection, statement by statement.
"""

import json
import statistics
import sys
import time
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from catalogue import search
from catalogue.models import SAMPLE, Entry, SearchRow
from catalogue.querysets import SearchStatements, statements
from catalogue.searchable import kinds
from catalogue.serializers import ENTRY_COLUMNS
from catalogue.services import publish_content

TIMES = 20
UNCAPPED = 10**9
NAIVE = """
SELECT object_pk FROM catalogue_searchrow, portal_query(%s) query
WHERE body_vector @@ query
ORDER BY 4 * ts_rank(title_vector, query) + ts_rank(body_vector, query) DESC LIMIT 20
"""


def main(arguments: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout TO 0; SET enable_seqscan TO off")
    copy_s, copied = copy()
    slugs = list(Entry.objects.published().order_by("-pk").values_list("slug", flat=True)[:20])
    sys.stdout.write(
        json.dumps(
            {
                "sql": {words: searched(words) for words in sys.argv[1:]},
                "copy_s": copy_s,
                "copied": copied,
                "save_p50_ms": saving(),
                "slugs": slugs,
            }
        )
    )


def searched(words: str) -> dict[str, Any]:
    """Return times of a search's SQL, and how far caps and sample are from the truth."""
    ((reading,),) = asked("SELECT portal_query(%s)::text", [words])
    rows = SearchRow.objects.visible_to(AnonymousUser()).filter(kind__in=kinds())
    found = rows.statements(reading, fenced=search.FENCED, sample=SAMPLE)
    best = found.best(20, 0, search.CANDIDATES)
    times = [timed(best) for _ in range(TIMES)]
    started = time.perf_counter()
    asked(NAIVE, [words])
    naive = (time.perf_counter() - started) * 1000
    statements.WEIGHED = UNCAPPED
    whole = asked(found.best(20, 0, UNCAPPED))
    kept = {row[:2] for row in asked(best)} & {row[:2] for row in whole}
    return {
        "p50_ms": statistics.median(times),
        "naive_ms": naive,
        "kept": len(kept) / max(len(whole), 1),
        "sample_error": sample_error(found),
    }


def sample_error(found: SearchStatements) -> dict[str, float] | None:
    """Return how wrong the sample is on codes that over 1 % have; None where all are counted."""
    if found.is_fenced:
        return None
    ((number,),) = asked(found.count(UNCAPPED))
    if number <= search.COUNTED:
        return None
    true, about = (
        dict(asked(found.codes(is_sample=False))),
        dict(asked(found.codes(is_sample=True))),
    )
    errors = [abs(about.get(code, 0) / n - 1) for code, n in true.items() if n > number / 100]
    return {"mean": statistics.mean(errors), "most": max(errors)}


def copy() -> tuple[float, int]:
    """Return seconds and bytes of COPY of what the CSV holds."""
    stored = {field.name for field in Entry._meta.get_fields()}
    columns = ", ".join(f"entry.{name}" for name in ENTRY_COLUMNS if name in stored - {"hub"})
    started, size = time.perf_counter(), 0
    with connection.cursor() as cursor:
        statement = (
            f"COPY (SELECT {columns}, hub.slug, entry.slug, entry.slug FROM catalogue_entry entry"  # noqa: S608
            " JOIN hubs_hub hub ON hub.id = entry.hub_id WHERE entry.state = 'published'"
            " ORDER BY entry.published_at DESC, entry.id) TO STDOUT WITH CSV"
        )
        with cursor.copy(statement) as lines:
            for line in lines:
                size += len(line)
    return time.perf_counter() - started, size


def saving() -> float:
    """Goal 13: return the median of publishing a changed entry, with its search row, in ms."""
    taken = []
    for entry in Entry.objects.published().order_by("-pk")[:30]:
        entry.summary += " Changed."
        started = time.perf_counter()
        with transaction.atomic():
            entry.save()
            publish_content(entry, by=None)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def timed(sql: str) -> float:
    started = time.perf_counter()
    asked(sql)
    return (time.perf_counter() - started) * 1000


def asked(sql: str, given: list[str] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())

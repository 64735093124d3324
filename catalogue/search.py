"""The one function that searches: which published things fit some words best.

Ranking reads the vectors of everything it ranks, so its cost follows the hits. Therefore it ranks
those with the words in their title, and others only to fill up, of each the first `CANDIDATES`
that the index gives; and it counts no further than `COUNTED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from catalogue.models import SearchRow

if TYPE_CHECKING:
    from hubs.querysets import User

CANDIDATES = 2_000  # things that are ranked, of those found in the title and of the others
COUNTED = 10_000
COLUMNS = ("object_pk", "published_at", "title_vector", "body_vector")
# Around what the reader may find, which the queryset says; six times the query, twice the limit.
BEST = """
WITH readable AS NOT MATERIALIZED ({readable}), in_title AS MATERIALIZED (
    SELECT object_pk, published_at, 0 AS tier,
        4 * ts_rank(title_vector, %s::tsquery) + ts_rank(body_vector, %s::tsquery) AS rank
    FROM readable WHERE title_vector @@ %s::tsquery
    LIMIT {candidates}
), in_text AS MATERIALIZED (
    SELECT object_pk, published_at, 1 AS tier, ts_rank(body_vector, %s::tsquery) AS rank
    FROM readable WHERE body_vector @@ %s::tsquery AND NOT title_vector @@ %s::tsquery
        AND (SELECT count(*) FROM in_title) < %s
    LIMIT {candidates}
)
SELECT object_pk FROM (SELECT * FROM in_title UNION ALL SELECT * FROM in_text) AS found
ORDER BY tier, rank DESC, published_at DESC, object_pk LIMIT %s
"""
COUNT = """
WITH readable AS NOT MATERIALIZED ({readable})
SELECT count(*) FROM (
    SELECT FROM readable WHERE body_vector @@ %s::tsquery LIMIT {most}
) AS found
"""


@dataclass(frozen=True, slots=True)
class Found:
    """The keys of the best things, the best first, and how many there are at most `COUNTED`."""

    keys: list[int]
    count: int
    is_more: bool  # than `count`


def search(text: str, *, user: User, kind: str, limit: int) -> Found:
    """Return which things of `kind` that `user` may find fit `text` best.

    Three statements: the query is read first, for PostgreSQL plans well only what it knows.
    """
    rows = SearchRow.objects.visible_to(user).filter(kind=kind).order_by().values(*COLUMNS)
    readable, given = rows.query.sql_with_params()
    best = BEST.format(readable=readable, candidates=CANDIDATES)
    counted = COUNT.format(readable=readable, most=COUNTED + 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_query(%s)::text", [text])
        query = cursor.fetchone()[0]
        if not query:
            return Found([], 0, is_more=False)
        cursor.execute(best, [*given, *[query] * 6, limit, limit])
        keys = [key for (key,) in cursor.fetchall()]
        cursor.execute(counted, [*given, query])
        count = cursor.fetchone()[0]
    return Found(keys, min(count, COUNTED), is_more=count > COUNTED)

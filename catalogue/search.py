"""The one function that searches: which published things fit some words best.

Ranking reads the vectors of everything it ranks, so its cost follows the hits. Therefore it ranks
those with the words in their title, and others only to fill up, of each the first `CANDIDATES`
that the index gives; and it counts no further than `COUNTED`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

CANDIDATES = 2_000  # things that are ranked, of those found in the title and of the others
COUNTED = 10_000
# What everybody may read: the rows of hubs that are published.
READABLE = "hub_id IN (SELECT id FROM hubs_hub WHERE is_published)"
BEST = f"""
WITH in_title AS MATERIALIZED (
    SELECT object_pk, published_at, 0 AS tier,
        4 * ts_rank(title_vector, %(query)s::tsquery) + ts_rank(body_vector, %(query)s::tsquery)
            AS rank
    FROM catalogue_searchrow
    WHERE title_vector @@ %(query)s::tsquery AND kind = %(kind)s AND {READABLE}
    LIMIT {CANDIDATES}
), in_text AS MATERIALIZED (
    SELECT object_pk, published_at, 1 AS tier, ts_rank(body_vector, %(query)s::tsquery) AS rank
    FROM catalogue_searchrow
    WHERE body_vector @@ %(query)s::tsquery AND NOT title_vector @@ %(query)s::tsquery
        AND kind = %(kind)s AND {READABLE}
        AND (SELECT count(*) FROM in_title) < %(limit)s
    LIMIT {CANDIDATES}
)
SELECT object_pk FROM (SELECT * FROM in_title UNION ALL SELECT * FROM in_text) AS found
ORDER BY tier, rank DESC, published_at DESC, object_pk LIMIT %(limit)s
"""  # noqa: S608 -- made of constants
COUNT = f"""
SELECT count(*) FROM (
    SELECT FROM catalogue_searchrow
    WHERE body_vector @@ %(query)s::tsquery AND kind = %(kind)s AND {READABLE}
    LIMIT {COUNTED} + 1
) AS found
"""  # noqa: S608 -- made of constants


@dataclass(frozen=True, slots=True)
class Found:
    """The keys of the best things, the best first, and how many there are at most `COUNTED`."""

    keys: list[int]
    count: int
    is_more: bool  # than `count`


def search(text: str, *, kind: str, limit: int) -> Found:
    """Return which published things of `kind` fit `text` best; the same for every reader.

    Three statements: the query is read first, for PostgreSQL plans well only what it knows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_query(%s)::text", [text])
        given = {"query": cursor.fetchone()[0], "kind": kind, "limit": limit}
        if not given["query"]:
            return Found([], 0, is_more=False)
        cursor.execute(BEST, given)
        keys = [key for (key,) in cursor.fetchall()]
        cursor.execute(COUNT, given)
        count = cursor.fetchone()[0]
    return Found(keys, min(count, COUNTED), is_more=count > COUNTED)

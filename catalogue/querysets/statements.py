"""The statements of a search, round the rows that a reader may find."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection

# Each statement begins with what may be found and, for phrases, the rows with all their words.
READABLE = "WITH readable AS NOT MATERIALIZED ({readable})"
FENCED = """
WITH readable AS NOT MATERIALIZED ({readable}), fenced AS MATERIALIZED (
    SELECT * FROM readable WHERE body_vector @@ {loose} LIMIT {fenced}
)
"""
BEST = """
, in_title AS MATERIALIZED (
    SELECT kind, object_pk, published_at, body_vector,
        4 * ts_rank(title_vector, {query}) AS rank
    FROM readable WHERE title_vector @@ {query}
    LIMIT {candidates}
), by_title AS MATERIALIZED (
    SELECT kind, object_pk, published_at, 0 AS tier,
        rank + ts_rank(body_vector, {query}) AS rank
    FROM (SELECT * FROM in_title ORDER BY rank DESC, published_at DESC LIMIT {weighed}) AS best
), in_text AS MATERIALIZED (
    SELECT kind, object_pk, published_at, 1 AS tier, ts_rank(body_vector, {query}) AS rank
    FROM {source} WHERE body_vector @@ {query} AND NOT title_vector @@ {query}
        AND (SELECT count(*) FROM in_title) < {last}
    LIMIT {candidates}
)
SELECT kind, object_pk, rank + 1 - tier
FROM (SELECT * FROM by_title UNION ALL SELECT * FROM in_text) AS found
ORDER BY {by}, published_at DESC, object_pk LIMIT {limit} OFFSET {offset}
"""
IN_ORDER = """
SELECT kind, object_pk, NULL FROM {source} WHERE {condition}
ORDER BY {by}, object_pk LIMIT {limit} OFFSET {offset}
"""
# Where the sample alone says that there are more than are counted, nothing else is counted.
COUNT = """
SELECT CASE WHEN (
    SELECT count(*) FROM (
        SELECT FROM readable WHERE {condition} AND is_sampled LIMIT {surely}
    ) AS sampled
) = {surely} THEN {most} ELSE (
    SELECT count(*) FROM (SELECT FROM readable WHERE {condition} LIMIT {most}) AS found
) END
"""
CODES = """
, found AS MATERIALIZED (SELECT codes FROM readable WHERE {condition} {sampled})
SELECT code, count(*) * {weight} FROM (SELECT unnest(codes) AS code FROM found) AS codes
GROUP BY code
"""
# A phrase is looked for once, for all numbers: "" counts what is found, " " what was looked at.
FENCED_CODES = """
, found AS MATERIALIZED (SELECT codes FROM fenced WHERE {condition})
SELECT code, count(*) FROM (SELECT unnest(codes || ''::varchar) AS code FROM found) AS codes
GROUP BY code UNION ALL SELECT ' ', count(*) FROM fenced
"""
ORDERS = {
    "newest": "published_at DESC",
    "title": "sort_title",
    "year": "year DESC NULLS LAST",
}
SURELY = 1.28  # times a number in the sample: then there are more of them, by nine deviations
FEWEST = 400  # in the sample, below which it says nothing surely
WEIGHED = 100  # of those found in the title, the best by it, whose text is weighed too
COLUMNS = (
    *("kind", "object_pk", "published_at", "sort_title", "year", "codes", "is_sampled"),
    *("title_vector", "body_vector"),
)
_PHRASE = re.compile(r" <(?:-|\d+)> ")  # between two words in PostgreSQL's writing of a query


@dataclass(frozen=True, slots=True)
class SearchStatements:
    """Statements as SQL without parameters: `readable`, the rows that may be found, and
    `reading`, what is looked for in PostgreSQL's own writing ("" for everything).
    """

    readable: str
    reading: str
    fenced: int
    sample: int

    def best(self, limit: int, offset: int, candidates: int, *, is_loose: bool = False) -> str:
        """(kind, object_pk, score), those found in the title first: their score is above 1.

        Where some of the words will do, those with more of them, wherever, come first.
        """
        return self._whole(
            BEST,
            limit=limit,
            offset=offset,
            last=limit + offset,
            candidates=candidates,
            by="rank DESC" if is_loose else "tier, rank DESC",
            weighed=max(WEIGHED, limit + offset),
        )

    def in_order(self, order: str, limit: int, offset: int) -> str:
        """(kind, object_pk, nothing) in one of `ORDERS`."""
        return self._whole(IN_ORDER, by=ORDERS[order], limit=limit, offset=offset)

    def count(self, most: int) -> str:
        """How many there are, no further than `most`; not for a phrase (`fenced_codes`)."""
        surely = max(round(most * SURELY / self.sample), FEWEST)
        return self._whole(COUNT, most=most, surely=surely)

    def codes(self, *, is_sample: bool) -> str:
        """(code, how many have it): of all, or of all as the sample lets suppose; not for a
        phrase.
        """
        return self._whole(
            CODES,
            sampled="AND is_sampled" if is_sample else "",
            weight=self.sample if is_sample else 1,
        )

    def fenced_codes(self) -> str:
        """(code, how many have it) of a phrase, with how many there are and were looked at."""
        return self._whole(FENCED_CODES)

    @property
    def is_fenced(self) -> bool:
        """Whether a phrase is looked for, among no more than `fenced` rows with its words."""
        return bool(_PHRASE.search(self.reading)) and "!" not in self.reading

    def _whole(self, template: str, **given: object) -> str:
        query = _literal(self.reading)
        start = FENCED if self.is_fenced else READABLE
        return (start + template).format(
            readable=self.readable,
            loose=_literal(_PHRASE.sub(" & ", self.reading)),
            query=query,
            fenced=self.fenced,
            source="fenced" if self.is_fenced else "readable",
            condition=f"body_vector @@ {query}" if self.reading else "true",
            **given,
        )


def _literal(reading: str) -> str:
    sql: str = connection.ops.compose_sql("%s::tsquery", [reading])  # type: ignore[attr-defined]
    return sql

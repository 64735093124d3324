"""Synthetic entries in any number, for measurements: by COPY, at constant memory."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from typing import Any

from django.db import connection

from catalogue.codelists import SDGS, Instrument
from catalogue.services import index_entries
from catalogue.tasks import fold_search_counts
from catalogue.words import VOCABULARY, word
from core import codes
from hubs.models import Hub

VARIED = (
    *("hub_id", "title", "slug", "summary", "countries", "sectors", "sdgs", "instruments"),
    *("what_was_done", "published_at", "updated_at"),
)
# The other columns without a default of the database.
FIXED: dict[str, Any] = {
    **{"provider_countries": [], "expertise": [], "editorial_fields": []},
    **dict.fromkeys(("challenge", "lessons", "note", "contested_statement", "cost_band"), ""),
    **dict.fromkeys(("cost_text", "enabling", "hindering", "what_did_not_work"), ""),
    **dict.fromkeys(("how_to_adapt", "contacts", "withdrawn_reason"), ""),
    **{"language": "en", "working_languages": ["en"], "size": "snapshot", "state": "published"},
    **{"is_contested": False, "is_starter": False, "latest_version": 1, "version": 1},
}
COLUMNS = (*VARIED, *FIXED)
TITLE, SUMMARY, BODY = 6, 25, 150  # words
INDEXED_AT_ONCE = 10_000  # entries
VERSIONS = """
INSERT INTO catalogue_entryversion (entry_id, number, content, published_at)
SELECT entry.id, 1, to_jsonb(entry) - 'id' - 'hub_id' || jsonb_build_object(
        'hub', jsonb_build_object('slug', hub.slug, 'name', hub.name),
        'partners', '[]'::jsonb, 'results', '[]'::jsonb, 'sources', '[]'::jsonb),
    entry.published_at
FROM catalogue_entry entry JOIN hubs_hub hub ON hub.id = entry.hub_id
WHERE entry.id BETWEEN %s AND %s
"""


def generate_entries(number: int, *, seed: int) -> int:
    """Add `number` published entries of the published hubs; return how many were added."""
    hubs = list(Hub.objects.published().values_list("pk", flat=True))
    if not hubs:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout TO 0")  # a page's limit, and this is none
        columns = ", ".join(COLUMNS)
        with cursor.copy(f"COPY catalogue_entry ({columns}) FROM STDIN") as copy:
            for row in synthetic_rows(number, seed, hubs):
                copy.write_row(row)
        cursor.execute(
            "SELECT min(id), max(id) FROM catalogue_entry WHERE slug LIKE %s",
            [f"synthetic-{seed}-%"],
        )
        first, last = cursor.fetchone()
        with _without_word_indexes():
            for start in range(first, last + 1, INDEXED_AT_ONCE):
                end = min(start + INDEXED_AT_ONCE - 1, last)
                cursor.execute(VERSIONS, [start, end])
                index_entries(range(start, end + 1))
        fold_search_counts(at_least=0)  # so many changes of the counts would slow each page down
        cursor.execute("ANALYZE catalogue_entry, catalogue_searchrow, catalogue_entryversion")
    return number


@contextmanager
def _without_word_indexes() -> Iterator[None]:
    """Build the indexes of words once, at the end: ten times faster than row by row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE tablename = 'catalogue_searchrow' AND indexdef LIKE '%USING gin%'"
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # an index waits for what is to be checked
        cursor.execute("SET LOCAL maintenance_work_mem TO '256MB'")
        for _name, definition in indexes:
            cursor.execute(definition)


def synthetic_rows(number: int, seed: int, hubs: list[int]) -> Iterator[tuple[Any, ...]]:
    """Give `number` entries of `hubs` (their keys) as rows of `COLUMNS`."""
    chance = random.Random(seed)  # noqa: S311 -- the same content for the same seed
    words = [word(rank) for rank in range(VOCABULARY)]
    weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
    sectors, goals = list(codes.SECTORS), list(SDGS)
    for each in range(number):
        text = chance.choices(words, cum_weights=weights, k=TITLE + SUMMARY + BODY)
        title, summary = text[:TITLE], text[TITLE : TITLE + SUMMARY]
        year = chance.randint(2000, 2024)
        published = f"{year}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}T00:00:00Z"
        yield (
            chance.choice(hubs),
            " ".join(title).capitalize(),
            f"synthetic-{seed}-{each}",
            f"Synthetic. {' '.join(summary)}.",
            chance.sample(codes.COUNTRIES, chance.randint(1, 3)),
            chance.sample(sectors, chance.randint(1, 2)),
            chance.sample(goals, chance.randint(1, 3)),
            chance.sample(Instrument.values, chance.randint(1, 3)),
            " ".join(text[TITLE + SUMMARY :]),
            published,
            published,
            *FIXED.values(),
        )

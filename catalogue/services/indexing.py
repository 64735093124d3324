"""The rows by which things are found, kept in step with what is published."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from catalogue.searchable import kinds, searchable
from core import codes

LONGEST = 300_000  # characters of a text that are indexed
# Around the rows of a kind; the same for one thing and for all: nothing is indexed in two ways.
WITHDRAW = """
DELETE FROM catalogue_searchrow row WHERE kind = %s AND (%s OR object_pk = ANY(%s))
    AND NOT EXISTS (SELECT FROM ({rows}) AS thing WHERE thing.row_pk = row.object_pk)
"""
INDEX = """
INSERT INTO catalogue_searchrow (kind, object_pk, hub_id, audience, title, language,
    published_at, sort_title, year, codes, title_vector, body_vector)
SELECT %s, row_pk, row_hub, row_audience, left(row_title, 200), row_language, row_published_at,
    left(lower(unaccent(row_title)), 400), row_year,
    ARRAY(
        SELECT 'country:' || code FROM unnest(row_countries) code
        UNION ALL SELECT 'sector:' || code FROM unnest(row_sectors) code
        UNION ALL SELECT 'sdg:' || code FROM unnest(row_sdgs) code
        UNION ALL SELECT 'instrument:' || code FROM unnest(row_instruments) code
        UNION ALL SELECT 'language:' || code FROM unnest(row_working_languages) code
        UNION ALL SELECT unnest(row_codes)
        UNION ALL SELECT code FROM (VALUES
            ('hub:' || hub.slug),
            ('year:' || row_year),
            (CASE row_is_contested WHEN true THEN 'contested:yes'
                WHEN false THEN 'contested:no' END)
        ) AS single (code) WHERE code IS NOT NULL
    ),
    portal_vector(row_language, row_title),
    portal_vector(row_language, left(concat_ws(E'\\n', row_title, row_text, hub.name, hub.acronym,
        (SELECT string_agg(%s::jsonb ->> code, E'\\n')
         FROM unnest(row_countries::text[] || row_other_countries::text[]) code)), {longest}))
FROM ({rows}) AS thing LEFT JOIN hubs_hub hub ON hub.id = row_hub
ON CONFLICT (kind, object_pk) DO UPDATE SET
    hub_id = EXCLUDED.hub_id, audience = EXCLUDED.audience, title = EXCLUDED.title,
    language = EXCLUDED.language, published_at = EXCLUDED.published_at,
    sort_title = EXCLUDED.sort_title, year = EXCLUDED.year, codes = EXCLUDED.codes,
    title_vector = EXCLUDED.title_vector, body_vector = EXCLUDED.body_vector
"""


@transaction.atomic
def index_rows(kind: str, keys: Sequence[int] | None = None) -> int:
    """Write the search rows of the things `keys` of a kind, or of all of them; remove those of
    things that are not published any more. Return how many can be found.
    """
    things = searchable(kind).rows()
    if keys is not None:
        things = things.filter(pk__in=keys)
    sql, given = things.order_by().query.sql_with_params()
    withdraw = WITHDRAW.format(rows=sql)
    index = INDEX.format(rows=sql, longest=LONGEST)
    with connection.cursor() as cursor:
        cursor.execute(withdraw, [kind, keys is None, list(keys or ()), *given])
        cursor.execute(index, [kind, _country_names(), *given])
        return int(cursor.rowcount)


def index_entries(keys: Sequence[int] | None = None) -> int:
    """Do the same for entries."""
    return index_rows("entry", keys)


def index_everything() -> int:
    """Write the rows of all kinds anew; return how many things can be found."""
    return sum(index_rows(kind) for kind in kinds())


@cache
def _country_names() -> str:
    """Return, as JSON, the names of each country in all languages of the portal."""
    names: dict[str, list[str]] = {code: [] for code in codes.COUNTRIES}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for code, known in names.items():
                known.append(codes.country_name(code))
    return json.dumps({code: " ".join(dict.fromkeys(known)) for code, known in names.items()})

"""The rows by which things are found, kept in step with what is published."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import connection, transaction

from catalogue.code_names import code_names, wider_codes
from catalogue.registers import INDEXED
from catalogue.searchable import kinds, searchable

LONGEST = 300_000  # characters of a text that are indexed
# Around the rows of a kind; the same for one thing and for all: nothing is indexed in two ways.
WITHDRAW = """
DELETE FROM catalogue_searchrow row WHERE kind = %s AND (%s OR object_pk = ANY(%s))
    AND NOT EXISTS (SELECT FROM ({rows}) AS thing WHERE thing.row_pk = row.object_pk)
"""
INDEX = """
INSERT INTO catalogue_searchrow (kind, object_pk, hub_id, audience, title, language,
    published_at, sort_title, year, codes, title_vector, body_vector)
SELECT %s, row_pk, row_hub::bigint, row_audience, left(row_title, 200), row_language,
    coalesce(row_published_at::timestamptz, (SELECT published_at FROM catalogue_searchrow before
        WHERE before.kind = %s AND before.object_pk = row_pk), now()),
    left(lower(unaccent(row_title)), 400), row_year::smallint, coded.codes,
    portal_vector(row_language, row_title){titles},
    portal_vector(row_language,
        left(concat_ws(E'\\n', row_title, row_text, hub.name, hub.acronym), {longest}))
        {translations}{names}
FROM ({rows}) AS thing LEFT JOIN hubs_hub hub ON hub.id = row_hub::bigint
CROSS JOIN LATERAL (SELECT ARRAY(
    SELECT 'type:' || %s
    UNION ALL SELECT 'country:' || code FROM unnest(row_countries::text[]) code
    UNION SELECT unnest(name.wider) FROM catalogue_searchname name
        WHERE name.code IN (SELECT 'country:' || unnest(row_countries::text[]))
    UNION ALL SELECT 'sector:' || code FROM unnest(row_sectors::text[]) code
    UNION ALL SELECT 'sdg:' || code FROM unnest(row_sdgs::text[]) code
    UNION ALL SELECT 'instrument:' || code FROM unnest(row_instruments::text[]) code
    UNION ALL SELECT 'language:' || code FROM unnest(row_working_languages::text[]) code
    UNION ALL SELECT unnest(row_codes::text[])
    UNION ALL SELECT code FROM (VALUES
        ('hub:' || hub.slug),
        ('year:' || row_year),
        (CASE WHEN row_is_contested::boolean THEN 'contested:yes'
            WHEN NOT row_is_contested::boolean THEN 'contested:no' END)
    ) AS single (code) WHERE code IS NOT NULL
) AS codes) AS coded
ON CONFLICT (kind, object_pk) DO UPDATE SET
    hub_id = EXCLUDED.hub_id, audience = EXCLUDED.audience, title = EXCLUDED.title,
    language = EXCLUDED.language, published_at = EXCLUDED.published_at,
    sort_title = EXCLUDED.sort_title, year = EXCLUDED.year, codes = EXCLUDED.codes,
    title_vector = EXCLUDED.title_vector, body_vector = EXCLUDED.body_vector
"""
# The names of its codes, and of others that are not counted.
NAMES = """
    || coalesce((SELECT portal_together(name.vector) FROM catalogue_searchname name
        WHERE name.code = ANY(coded.codes)
            OR name.code IN (SELECT 'country:' || unnest(row_other_countries::text[]))), '')
"""
TRANSLATIONS = """
    || coalesce(
        portal_vector('{language}', left(row_translations::jsonb ->> '{language}', {longest})), '')
"""
# Each name by the stem of its own language, for queries are read so.
WRITE_NAMES = """
INSERT INTO catalogue_searchname (code, vector)
SELECT code, portal_together(portal_vector(language, name))
FROM unnest(%s::text[], %s::text[], %s::text[]) AS named (code, language, name) GROUP BY code
ON CONFLICT (code) DO UPDATE SET vector = EXCLUDED.vector
"""
WRITE_WIDER = """
UPDATE catalogue_searchname name SET wider = ARRAY(
    SELECT region FROM unnest(%s::text[], %s::text[]) AS within (country, region)
    WHERE country = name.code)
"""
TITLES = """
    || coalesce(portal_vector('{language}', row_titles::jsonb ->> '{language}'), '')
"""
MORE = """
UPDATE catalogue_searchrow SET body_vector = body_vector || portal_vector(language, %s)
WHERE kind = %s AND object_pk = %s
"""
# In one order, so that two at once do not wait for each other.
WORDS = """
INSERT INTO catalogue_searchword (plain)
SELECT DISTINCT word FROM (
    SELECT unnest(regexp_matches(sort_title, '[[:alpha:]]{4,40}', 'g')) AS word
    FROM catalogue_searchrow WHERE kind = %s AND (%s OR object_pk = ANY(%s))
) AS words
ORDER BY word ON CONFLICT DO NOTHING
"""


@transaction.atomic
def index_rows(kind: str, keys: Sequence[int] | None = None) -> int:
    """Write the search rows of the things `keys` of a kind, or of all of them; remove those of
    things that are not published any more. Return how many can be found.
    """
    sql, given = searchable(kind).rows_for(keys).order_by().query.sql_with_params()
    withdraw = WITHDRAW.format(rows=sql)
    languages = [language for language, _name in settings.LANGUAGES]
    index = INDEX.format(
        rows=sql,
        longest=LONGEST,
        titles="".join(TITLES.format(language=each) for each in languages),
        translations="".join(
            TRANSLATIONS.format(language=each, longest=LONGEST) for each in languages
        ),
        names=NAMES,
    )
    with connection.cursor() as cursor:
        cursor.execute(index, [kind, kind, *given, kind])
        number = int(cursor.rowcount)
        if keys is None or number < len(set(keys)):
            cursor.execute(withdraw, [kind, keys is None, list(keys or ()), *given])
        cursor.execute(WORDS, [kind, keys is None, list(keys or ())])
    for follow in INDEXED if keys else ():
        follow(kind, keys or ())
    return number


def index_more(kind: str, key: int, text: str) -> None:
    """Add `text` to the words by which a thing of a kind is found, as if it had stood at the end
    of its text; of what cannot be found, nothing. All its texts together may have `LONGEST`
    characters.
    """
    with connection.cursor() as cursor:
        cursor.execute(MORE, [text, kind, key])


def index_entries(keys: Sequence[int] | None = None) -> int:
    """Do the same for entries."""
    return index_rows("entry", keys)


def index_everything() -> int:
    """Write the names of all codes and the rows of all kinds anew; return how many things can
    be found.
    """
    write_code_names()
    return sum(index_rows(kind) for kind in kinds())


def write_code_names() -> None:
    """Write the words by which each code is found: its name in all languages of the portal."""
    with connection.cursor() as cursor:
        cursor.execute(WRITE_NAMES, code_names())
        cursor.execute(WRITE_WIDER, wider_codes())

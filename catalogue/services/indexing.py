"""The rows by which things are found, kept in step with what is published."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import translation

from core import codes

# The same for one entry and for all: nothing is indexed in two ways.
INDEX_ENTRIES = """
INSERT INTO catalogue_searchrow
    (kind, object_pk, hub_id, title, published_at, title_vector, body_vector)
SELECT 'entry', entry.id, entry.hub_id, entry.title, entry.published_at,
       portal_vector(entry.language, entry.title),
       portal_vector(entry.language, concat_ws(E'\\n', entry.title, entry.summary, entry.challenge,
           entry.what_was_done, entry.lessons, entry.note, entry.contested_statement,
           hub.name, hub.acronym,
           (SELECT string_agg(%(names)s::jsonb ->> code, E'\\n')
            FROM unnest(entry.countries || entry.provider_countries) code),
           (SELECT string_agg(statement, E'\\n') FROM catalogue_resultrow
            WHERE entry_id = entry.id)))
FROM catalogue_entry entry JOIN hubs_hub hub ON hub.id = entry.hub_id
WHERE entry.state IN ('published', 'archived') AND (%(all)s OR entry.id = ANY(%(keys)s))
ON CONFLICT (kind, object_pk) DO UPDATE SET
    hub_id = EXCLUDED.hub_id, title = EXCLUDED.title, published_at = EXCLUDED.published_at,
    title_vector = EXCLUDED.title_vector, body_vector = EXCLUDED.body_vector
"""


def index_entries(keys: Sequence[int] | None = None) -> int:
    """Write the search rows of the published entries `keys`, or of all; return how many."""
    given: dict[str, Any] = {
        "all": keys is None,
        "keys": list(keys or ()),
        "names": _country_names(),
    }
    with connection.cursor() as cursor:
        cursor.execute(INDEX_ENTRIES, given)
        return int(cursor.rowcount)


@cache
def _country_names() -> str:
    """Return, as JSON, the names of each country in all languages of the portal."""
    names: dict[str, list[str]] = {code: [] for code in codes.COUNTRIES}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for code, known in names.items():
                known.append(codes.country_name(code))
    return json.dumps({code: " ".join(dict.fromkeys(known)) for code, known in names.items()})

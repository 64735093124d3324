"""Entries as rows that can be edited in a spreadsheet and imported again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from catalogue.cells import READ_ONLY, content_cells, contents_of
from catalogue.models import Entry
from catalogue.serializers.entries import ADDRESSES, completed

PORTION = 250  # entries whose texts are in memory at once
_STORED = tuple(name for name in READ_ONLY if name not in ADDRESSES)


def editing_rows(
    entries: QuerySet[Any], *, root: str, columns: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """Give every entry as a row of `columns`: four queries and three more a portion."""
    found = entries.select_related("hub").iterator(chunk_size=PORTION)
    while portion := list(itertools.islice(found, PORTION)):
        contents = contents_of(portion)
        rows = (_row(entry, contents[entry.pk]) for entry in portion)
        yield from completed(rows, root=root, columns=columns)


def _row(entry: Entry, content: dict[str, Any]) -> dict[str, Any]:
    told = {name: getattr(entry, name) for name in _STORED}
    keys = {"pk": entry.pk, "slug": entry.slug, "hub__slug": entry.hub.slug}
    return content_cells(content) | told | keys

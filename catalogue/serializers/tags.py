"""Tags as plain rows: the same for the API and its CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from catalogue.serializers.entries import ADDRESSES
from hubs.serializers import Addresses

TAG_COLUMNS = ("slug", "name", "language", "names", "entries", "updated_at", "url", "api_url")


def tag_values(tags: Any, columns: Sequence[str]) -> QuerySet[Any]:
    """Return `tags` as dictionaries of what `columns` need: one query."""
    stored = [name for name in columns if name not in (*ADDRESSES, "entries")]
    rows: QuerySet[Any] = tags.values(*dict.fromkeys(["pk", "slug", *stored]))
    return rows


def completed_tags(
    rows: Iterable[dict[str, Any]], *, root: str, counts: Mapping[str, int], columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `tag_values` with `columns` only; `counts` says of each slug how many entries
    the reader finds by it.
    """
    counted = (row | {"entries": counts.get(row["slug"], 0)} for row in rows)
    return Addresses(root, "tag", "catalogue").complete(counted, columns)


class TagSerializer(serializers.Serializer[Any]):
    """A word of the vocabulary by which entries are found."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    language = serializers.CharField(help_text="Language of the name (ISO 639-1).")
    names = serializers.DictField(
        child=serializers.CharField(), help_text="Its names in other languages, by language."
    )
    entries = serializers.IntegerField(help_text="Published entries with it.")
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()

"""Results of a search as plain rows: the same for the API and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rest_framework import serializers

from catalogue.models import SearchRow
from catalogue.searchable import Shown

SEARCH_COLUMNS = ("type", "title", "hub", "language", "summary", "published_at", "url", "api_url")


def search_rows(
    found: Iterable[tuple[SearchRow, Shown]], *, root: str
) -> Iterator[dict[str, object]]:
    """Give what was found as rows of `SEARCH_COLUMNS`."""
    for row, shown in found:
        yield shown_row(row.kind, shown, root=root) | {"published_at": row.published_at}


def shown_row(kind: str, shown: Shown, *, root: str) -> dict[str, object]:
    """Return what is shown of a thing; `root` is the portal's address without its last slash."""
    return {
        "type": kind,
        "title": shown.title,
        "hub": shown.hub,
        "language": shown.language,
        "summary": shown.summary,
        "url": f"{root}{shown.path}",
        "api_url": f"{root}{shown.api_path}",
    }


class SearchResultSerializer(serializers.Serializer[Any]):
    """One thing that was found."""

    type = serializers.CharField()
    title = serializers.CharField()
    hub = serializers.CharField(help_text="Short name of the hub, or empty.")
    language = serializers.CharField(help_text="Of the thing itself.")
    summary = serializers.CharField()
    url = serializers.URLField()
    api_url = serializers.URLField()
    score = serializers.FloatField(
        allow_null=True,
        help_text="Greater is better, within one answer; null in any other order.",
    )
    highlights = serializers.ListField(
        child=serializers.CharField(),
        help_text="HTML: a passage with the words found in mark elements, all else escaped.",
    )

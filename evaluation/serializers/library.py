"""Indicators of the library as rows: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from evaluation.services.library import DEFINED
from hubs.serializers import Addresses

INDICATOR_COLUMNS = (
    *("code", "version", "hub", *DEFINED, "is_retired", "is_starter", "updated_at"),
    *("url", "api_url"),
)
_NAMED = {
    "hub": "hub__slug",
    "version": "current__number",
    **{name: f"current__{name}" for name in DEFINED},
}


def indicator_values(indicators: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return `indicators` as dictionaries of what `columns` need: one query."""
    stored = [_NAMED.get(name, name) for name in columns if name not in ("url", "api_url")]
    rows: QuerySet[Any] = indicators.values(*dict.fromkeys(["pk", "code", *stored]))
    return rows


def completed_indicators(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `indicator_values` with `columns` only and the addresses."""
    named = (
        row
        | {name: row.get(column) for name, column in _NAMED.items()}
        | {"slug": row["code"], "hub": row.get("hub__slug") or ""}
        for row in rows
    )
    return Addresses(root, "indicator", "evaluation").complete(named, columns)


def indicator_rows(
    indicators: QuerySet[Any], *, root: str, columns: Sequence[str] = INDICATOR_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every indicator as a row, fetched in portions: what a CSV needs."""
    rows = indicator_values(indicators, columns).iterator(chunk_size=500)
    return completed_indicators(rows, root=root, columns=columns)


class IndicatorSerializer(serializers.Serializer[Any]):
    """An indicator of the library in its newest version."""

    code = serializers.SlugField()
    version = serializers.IntegerField()
    hub = serializers.CharField(help_text="The hub that keeps it; empty: the community.")
    title = serializers.CharField()
    meaning = serializers.CharField()
    kind = serializers.CharField(help_text="count, measure, ratio, yes-no, ordinal, narrative.")
    unit = serializers.CharField()
    numerator_label = serializers.CharField()
    denominator_label = serializers.CharField()
    factor = serializers.IntegerField(help_text="100 for per cent.")
    scale = serializers.ListField(child=serializers.CharField())
    time_op = serializers.CharField(help_text="How periods combine: sum, last, max, average.")
    space_op = serializers.CharField(help_text="How reporters combine: sum, ratio, max …")
    accumulates = serializers.BooleanField(help_text="Entered as running totals.")
    direction = serializers.CharField()
    band_low = serializers.DecimalField(24, 6, allow_null=True)
    band_high = serializers.DecimalField(24, 6, allow_null=True)
    distinct_people = serializers.BooleanField()
    decimals = serializers.IntegerField()
    allow_negative = serializers.BooleanField()
    minimum = serializers.DecimalField(24, 6, allow_null=True)
    maximum = serializers.DecimalField(24, 6, allow_null=True)
    verification = serializers.CharField()
    collection = serializers.CharField()
    frequency = serializers.CharField()
    users = serializers.CharField()
    limits = serializers.CharField()
    reference_vocabulary = serializers.CharField()
    reference_code = serializers.CharField()
    reference_url = serializers.CharField()
    is_retired = serializers.BooleanField()
    is_starter = serializers.BooleanField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()

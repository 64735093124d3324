"""Updates as plain rows: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject
from rest_framework import serializers

from core.api.views import RowShape
from evaluation.models import NotAvailable, UpdateCell
from hubs.serializers import Addresses
from hubs.serializers.fields import StrictBodyMixin

UPDATE_COLUMNS = (
    *("id", "framework", "indicator", "indicator_id", "indicator_title", "unit_of_measure"),
    *("period_start", "period_end", "hub", "exchange", "source_name", "is_additive"),
    *("value", "numerator", "denominator", "score", "distinct_people", "narrative"),
    *("not_available", "comment", "cells", "state", "supersedes"),
    *("submitted_at", "approved_at", "ended_at", "updated_at", "url", "api_url"),
)
_STORED = {
    "framework": "indicator__result__framework__slug",
    "indicator": "indicator__definition__definition__code",
    "indicator_title": "indicator__definition__title",
    "unit_of_measure": "indicator__definition__unit",
    "period_start": "period__starts_on",
    "period_end": "period__ends_on",
    "hub": "hub__slug",
    "exchange": "exchange__slug",
    "cells": "cell_list",
    "id": "pk",
    "url": "pk",
    "api_url": "pk",
}


def update_values(updates: Any, columns: Sequence[str]) -> QuerySet[Any]:
    """Return `updates` as dictionaries of what `columns` need: one query, cells included."""
    stored = [_STORED.get(name, name) for name in columns]
    parts = UpdateCell.objects.filter(update=OuterRef("pk")).order_by("cell__dimension", "cell")
    listed = ArraySubquery(
        parts.values(
            json=JSONObject(
                dimension=F("cell__dimension__code"),
                part=F("cell__code"),
                value=_text("value"),
                numerator=_text("numerator"),
                denominator=_text("denominator"),
            )
        )
    )
    annotated = updates.annotate(cell_list=listed) if "cells" in columns else updates
    rows: QuerySet[Any] = annotated.values(*dict.fromkeys(["pk", *stored]))
    return rows


def completed_updates(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `update_values` with `columns` only, named as these, with addresses."""
    named = (row | {name: row.get(stored) for name, stored in _STORED.items()} for row in rows)
    return Addresses(root, "update", "evaluation", key="pk").complete(named, columns)


def update_rows(
    updates: Any, *, root: str, columns: Sequence[str] = UPDATE_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every update as a row, fetched in portions: what a CSV needs."""
    rows = update_values(updates, columns).iterator(chunk_size=500)
    return completed_updates(rows, root=root, columns=columns)


UPDATES = RowShape("updates", UPDATE_COLUMNS, update_values, completed_updates)


def _text(name: str) -> Any:
    # As text: JSON would make a floating number of an exact one.
    return Cast(F(name), TextField())


class CellSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """What falls into one part of a dimension."""

    dimension = serializers.SlugField(help_text="Code of the dimension.")
    part = serializers.SlugField(help_text="Code of the part.")
    value = serializers.DecimalField(24, 6, allow_null=True, required=False)
    numerator = serializers.DecimalField(24, 6, allow_null=True, required=False)
    denominator = serializers.DecimalField(24, 6, allow_null=True, required=False)


class UpdateSerializer(serializers.Serializer[Any]):
    """One figure for one indicator, period and reporting unit; null is "not reported"."""

    id = serializers.IntegerField()
    framework = serializers.SlugField()
    indicator = serializers.SlugField(help_text="Code in the indicator library.")
    indicator_id = serializers.IntegerField(help_text="Number of the indicator; as in figures.")
    indicator_title = serializers.CharField()
    unit_of_measure = serializers.CharField()
    period_start = serializers.DateField()
    period_end = serializers.DateField(allow_null=True)
    hub = serializers.SlugField(allow_null=True, help_text="The hub that reports, or:")
    exchange = serializers.SlugField(allow_null=True, help_text="The exchange.")
    source_name = serializers.CharField()
    is_additive = serializers.BooleanField()
    value = serializers.DecimalField(24, 6, allow_null=True)
    numerator = serializers.DecimalField(24, 6, allow_null=True)
    denominator = serializers.DecimalField(24, 6, allow_null=True)
    score = serializers.IntegerField(allow_null=True, help_text="Level, from 0.")
    distinct_people = serializers.IntegerField(allow_null=True)
    narrative = serializers.CharField()
    not_available = serializers.CharField(help_text="Why there is no figure; empty if there is.")
    comment = serializers.CharField()
    cells = CellSerializer(many=True)
    state = serializers.CharField(
        help_text="draft, submitted, returned, approved, superseded, withdrawn."
    )
    supersedes = serializers.IntegerField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class UpdateContentSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """What is reported."""

    value = serializers.DecimalField(24, 6, allow_null=True, required=False)
    numerator = serializers.DecimalField(24, 6, allow_null=True, required=False)
    denominator = serializers.DecimalField(24, 6, allow_null=True, required=False)
    score = serializers.IntegerField(allow_null=True, required=False, min_value=0, max_value=32_767)
    distinct_people = serializers.IntegerField(
        allow_null=True, required=False, min_value=0, max_value=2**31 - 1
    )
    narrative = serializers.CharField(required=False, allow_blank=True, max_length=8_000)
    not_available = serializers.ChoiceField(NotAvailable.choices, required=False, allow_blank=True)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    source_name = serializers.CharField(required=False, allow_blank=True, max_length=120)
    is_additive = serializers.BooleanField(required=False)
    cells = CellSerializer(many=True, required=False)


class UpdateCreateSerializer(UpdateContentSerializer):
    """What is reported, on which indicator, for which period, by whom."""

    framework = serializers.SlugField()
    indicator = serializers.SlugField(help_text="Code in the indicator library.")
    indicator_id = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**62,
        help_text="Number of the indicator, where the framework has one several times.",
    )
    period_start = serializers.DateField()
    hub = serializers.SlugField(required=False, help_text="The hub that reports, or `exchange`.")
    exchange = serializers.SlugField(required=False)


class ReturnSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """What has to change."""

    note = serializers.CharField(max_length=2_000)


class WithdrawSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Why a figure is taken out; of an approved one it must be said."""

    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)

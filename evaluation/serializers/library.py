"""Indicators of the library as rows: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from core.api.views import RowShape
from evaluation.models import (
    DefinitionVersion,
    Dimension,
    DimensionKind,
    Direction,
    Frequency,
    IndicatorKind,
    SpaceOp,
    TimeOp,
)
from evaluation.services.library import DEFINED, MOST_PARTS
from hubs.models import Hub
from hubs.serializers import Addresses
from hubs.serializers.fields import OwnChoices, OwnChoicesMixin, StrictBodyMixin

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


INDICATORS = RowShape("indicators", INDICATOR_COLUMNS, indicator_values, completed_indicators)


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


class IndicatorDetailSerializer(IndicatorSerializer):
    """An indicator of the library with the dimensions by which it is broken down."""

    dimensions = serializers.ListField(child=serializers.SlugField())


class DefinitionVersionSerializer(serializers.Serializer[Any]):
    """That an indicator was described anew; frameworks keep the version that they name."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    change_note = serializers.CharField()
    made_at = serializers.DateTimeField()


class DefinitionContentSerializer(StrictBodyMixin, serializers.ModelSerializer[DefinitionVersion]):
    """What an indicator means, and how its figures combine."""

    kind = serializers.ChoiceField(IndicatorKind.choices)
    time_op = serializers.ChoiceField(TimeOp.choices, required=False)
    space_op = serializers.ChoiceField(SpaceOp.choices, required=False)
    direction = serializers.ChoiceField(Direction.choices, required=False)
    frequency = serializers.ChoiceField(Frequency.choices, required=False)
    scale = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, max_length=100
    )
    dimensions = serializers.SlugRelatedField(
        slug_field="code", queryset=Dimension.objects.all(), many=True, required=False
    )

    class Meta:
        model = DefinitionVersion
        fields = [*DEFINED, "dimensions"]


class ChangedDefinitionSerializer(DefinitionContentSerializer):
    """What changes in the next version, and a word on it."""

    change_note = serializers.CharField(max_length=500)

    class Meta(DefinitionContentSerializer.Meta):
        fields = [*DEFINED, "dimensions", "change_note"]


class NewDefinitionSerializer(OwnChoicesMixin, DefinitionContentSerializer):
    """A new indicator of a hub; without a hub, of the community."""

    code = serializers.SlugField(max_length=80)
    hub = serializers.SlugRelatedField(
        slug_field="slug", queryset=Hub.objects.none(), required=False
    )
    own_choices: ClassVar[OwnChoices] = {"hub": Hub.objects.visible_to}

    class Meta(DefinitionContentSerializer.Meta):
        fields = ["code", "hub", *DEFINED, "dimensions"]


# Dimensions


class DimensionPartSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """One part of a dimension."""

    code = serializers.SlugField(max_length=60)
    name = serializers.CharField(max_length=120)


class DimensionNameSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """The name of a dimension, and all of its parts in order; those that are there stay."""

    name = serializers.CharField(max_length=120)
    parts = serializers.ListField(child=DimensionPartSerializer(), max_length=MOST_PARTS)


class DimensionSerializer(DimensionNameSerializer):
    """One way to break a figure down."""

    code = serializers.SlugField(max_length=60)
    kind = serializers.ChoiceField(
        DimensionKind.choices, help_text="Whether the parts add up to the whole, or overlap."
    )


def dimension_row(dimension: Dimension) -> dict[str, Any]:
    """Return a dimension, fetched with its cells, as `DimensionSerializer` says."""
    return {
        "code": dimension.code,
        "name": dimension.name,
        "kind": dimension.kind,
        "parts": [{"code": cell.code, "name": cell.name} for cell in dimension.cells.all()],
    }

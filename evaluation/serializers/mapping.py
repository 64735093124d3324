"""Mappings of parts for programs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hubs.serializers.fields import StrictBodyMixin


class MappingSerializer(serializers.Serializer[Any]):
    """A part below, and the part above into which it counts."""

    id = serializers.IntegerField(allow_null=True, help_text="Null: it has no place.")
    part_dimension = serializers.SlugField()
    part = serializers.SlugField()
    part_name = serializers.CharField()
    into_dimension = serializers.SlugField()
    into = serializers.CharField(help_text="Empty: listed above, not counted.")
    into_name = serializers.CharField()


class MappedPartSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Where one part counts."""

    part = serializers.SlugField()
    into = serializers.SlugField(allow_null=True)


class MappedPartsSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Where parts of one dimension count in another; parts left out stay."""

    part_dimension = serializers.SlugField()
    into_dimension = serializers.SlugField()
    parts = serializers.ListField(child=MappedPartSerializer(), max_length=300, min_length=1)

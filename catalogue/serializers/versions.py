"""The versions of an entry, and what changed between two, as programs read them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class EntryVersionSerializer(serializers.Serializer[Any]):
    """A published text of an entry; its addresses never change what they say."""

    number = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class PieceSerializer(serializers.Serializer[Any]):
    """A piece of a text: same, gone or new."""

    kind = serializers.CharField()
    text = serializers.CharField()


class PartSerializer(serializers.Serializer[Any]):
    """A field in which two versions differ; a list as lines."""

    name = serializers.CharField()
    label = serializers.CharField(help_text="In your language.")  # type: ignore[assignment]
    pieces = PieceSerializer(many=True)


class DifferenceSerializer(serializers.Serializer[Any]):
    """What changed: both texts of each part can be read from its pieces."""

    to = serializers.IntegerField()
    parts = PartSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        # A word of the language cannot be declared as an attribute.
        return {"from": serializers.IntegerField(), **super().get_fields()}

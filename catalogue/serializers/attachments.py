"""Files and pictures of drafts, as programs read and write them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hubs.serializers.fields import StrictBodyMixin


class AttachmentSerializer(serializers.Serializer[Any]):
    """A file or picture that a draft names."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    caption = serializers.CharField()
    address = serializers.URLField()


class NewAttachmentSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """A file, judged by its content, and what it shows."""

    file = serializers.FileField(help_text="Up to 9 MB.")
    caption = serializers.CharField(max_length=200, allow_blank=True, default="")

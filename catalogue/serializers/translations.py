"""Entries in other languages, as programs read and write them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from catalogue.content import TRANSLATED
from catalogue.models import TranslationState
from catalogue.serializers.drafts import MAX_ROWS
from catalogue.serializers.entries import EntryTranslationSerializer
from core import codes
from hubs.serializers.fields import CodeField, StrictBodyMixin

MADE = TranslationState.choices[:2]  # what somebody can say of their own
TRANSLATION_COLUMNS = ("language", "state", "from_version", "is_stale", "texts", "updated_at")


class TranslationSerializer(EntryTranslationSerializer):
    """An entry in another language."""

    updated_at = serializers.DateTimeField()
    url = serializers.URLField(help_text="The entry's page in this language.")
    api_url = serializers.URLField()


class TranslationTextsSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """What is translated: texts that the original has, and the statements of its results."""

    results = serializers.ListField(
        child=serializers.CharField(allow_blank=True),
        max_length=MAX_ROWS,
        required=False,
        help_text="The statements of the result rows, in their order.",
    )

    def get_fields(self) -> dict[str, Any]:
        texts: dict[str, Any] = {
            name: serializers.CharField(required=False, allow_blank=True) for name in TRANSLATED
        }
        return texts | super().get_fields()


class TranslationContentSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """A translation that somebody or something made; it is reviewed by somebody else."""

    state = serializers.ChoiceField(MADE, required=False, help_text="How it was made; else human.")
    from_version = serializers.IntegerField(
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text="The version of the entry that was translated. Of a new translation the newest "
        "where it is not stated; of another as it was.",
    )
    texts = TranslationTextsSerializer()


class NewTranslationSerializer(TranslationContentSerializer):
    """A translation into a language in which there is none yet."""

    language = CodeField(codes.LANGUAGES)

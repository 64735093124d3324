"""Entries as plain rows and in full: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from hubs.serializers import Addresses

ENTRY_COLUMNS = (
    "slug", "title", "hub", "language", "summary", "countries", "provider_countries", "sectors",
    "sdgs", "instruments", "expertise", "working_languages", "tags", "year_from", "year_to", "size",
    "cost_band", "is_contested", "state", "adoption_count", "latest_version", "published_at",
    "updated_at", "url", "api_url",
)  # fmt: skip
ADDRESSES = ("url", "api_url")


def entry_values(entries: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return `entries` as dictionaries of what `columns` need: one query."""
    stored = [name for name in columns if name not in (*ADDRESSES, "hub")]
    rows: QuerySet[Any] = entries.values(*dict.fromkeys(["pk", "slug", "hub__slug", *stored]))
    return rows


def completed(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `entry_values` with `columns` only: the hub by its slug, and the addresses."""
    named = (row | {"hub": row["hub__slug"]} for row in rows)
    return Addresses(root, "entry", "catalogue").complete(named, columns)


def entry_rows(
    entries: QuerySet[Any], *, root: str, columns: Sequence[str] = ENTRY_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every entry as a row, fetched in portions: what a CSV needs."""
    rows = entry_values(entries, columns).iterator(chunk_size=500)
    return completed(rows, root=root, columns=columns)


class EntryRowSerializer(serializers.Serializer[Any]):
    """An entry in the list, as it was last published."""

    slug = serializers.SlugField()
    title = serializers.CharField()
    hub = serializers.SlugField(help_text="The hub that shares it.")
    language = serializers.CharField()
    summary = serializers.CharField()
    countries = serializers.ListField(child=serializers.CharField())
    provider_countries = serializers.ListField(child=serializers.CharField())
    sectors = serializers.ListField(child=serializers.CharField())
    sdgs = serializers.ListField(child=serializers.CharField())
    instruments = serializers.ListField(child=serializers.CharField())
    expertise = serializers.ListField(child=serializers.CharField())
    working_languages = serializers.ListField(child=serializers.CharField())
    tags = serializers.ListField(
        child=serializers.SlugField(), help_text="Tags of the vocabulary (/api/v1/tags/)."
    )
    year_from = serializers.IntegerField(allow_null=True)
    year_to = serializers.IntegerField(allow_null=True)
    size = serializers.CharField(help_text="snapshot or full.")
    cost_band = serializers.CharField(help_text="In US dollars of its time; empty: not stated.")
    is_contested = serializers.BooleanField()
    state = serializers.CharField(help_text="published, or archived: no longer kept up.")
    adoption_count = serializers.IntegerField(
        help_text="Adoptions that the originator confirmed, those that failed too."
    )
    latest_version = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class EntryPartnerSerializer(serializers.Serializer[Any]):
    """A body that took part, and as what."""

    role = serializers.CharField()
    name = serializers.CharField()
    hub = serializers.CharField(help_text="The hub that it is, or empty.")
    organisation = serializers.CharField(help_text="The organisation that it is, or empty.")


class EntryResultSerializer(serializers.Serializer[Any]):
    """One result; value and unit where the source gives a figure, the value exact, as text."""

    statement = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    period = serializers.CharField()
    level = serializers.CharField()
    cited = serializers.CharField(help_text="Address of the source.")


class EntrySourceSerializer(serializers.Serializer[Any]):
    """A page or document that says so."""

    title = serializers.CharField()
    publisher = serializers.CharField()
    address = serializers.CharField()


class EntryTranslationSerializer(serializers.Serializer[Any]):
    """The entry in another language."""

    language = serializers.CharField()
    state = serializers.CharField(help_text="machine, human or reviewed.")
    from_version = serializers.IntegerField()
    is_stale = serializers.BooleanField(help_text="The original has changed since.")
    texts = serializers.DictField(
        help_text="Translated fields by name; results: statements; captions of attachments by key."
    )


class EntrySerializer(EntryRowSerializer):
    """An entry in full."""

    challenge = serializers.CharField()
    what_was_done = serializers.CharField()
    enabling = serializers.CharField()
    hindering = serializers.CharField()
    what_did_not_work = serializers.CharField()
    lessons = serializers.CharField()
    how_to_adapt = serializers.CharField()
    cost_text = serializers.CharField()
    contacts = serializers.CharField()
    note = serializers.CharField()
    contested_statement = serializers.CharField()
    editorial_fields = serializers.ListField(
        child=serializers.CharField(),
        help_text="Fields that are the portal's own coding and no claim of the sources.",
    )
    partners = EntryPartnerSerializer(many=True)
    results = EntryResultSerializer(many=True)
    sources = EntrySourceSerializer(many=True)
    building_blocks = serializers.ListField(
        child=serializers.SlugField(), help_text="The building blocks that it has."
    )
    versions = serializers.ListField(child=serializers.URLField())
    translations = EntryTranslationSerializer(many=True)

"""Experts as plain rows and in full: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from hubs.serializers import Addresses

EXPERT_COLUMNS = (
    "slug", "name", "headline", "sectors", "languages", "countries", "years", "availability",
    "hub", "employer", "updated_at", "url", "api_url",
)  # fmt: skip
_STORED_AS = {
    "name": "person",
    "languages": "spoken_list",
    "years": "shown_years",
    "hub": "shown_hub",
    "employer": "shown_employer",
    "biography": "shown_biography",
    "contact": "shown_contact",
    "text_language": "language",
}
_ADDRESSES = ("url", "api_url")


def expert_values(experts: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return experts `with_shown` as dictionaries of what `columns` need: one query."""
    stored = [_STORED_AS.get(name, name) for name in columns if name not in _ADDRESSES]
    rows: QuerySet[Any] = experts.values(*dict.fromkeys(["pk", "slug", *stored]))
    return rows


def completed_experts(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `expert_values` with `columns` only; languages as code and level."""

    def named(row: dict[str, Any]) -> dict[str, Any]:
        row = row | {name: row[stored] for name, stored in _STORED_AS.items() if stored in row}
        if "languages" in row:
            row["languages"] = {each["language"]: each["level"] for each in row["languages"]}
        for name in ("employer", "biography", "contact"):
            if name in row:
                row[name] = row[name] or ""
        return row

    found = (named(row) for row in rows)
    return Addresses(root, "expert", "catalogue").complete(found, columns)


def expert_rows(
    experts: QuerySet[Any], *, root: str, columns: Sequence[str] = EXPERT_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every expert as a row, fetched in portions: what a CSV needs."""
    rows = expert_values(experts, columns).iterator(chunk_size=500)
    return completed_experts(rows, root=root, columns=columns)


class ExpertRowSerializer(serializers.Serializer[Any]):
    """An expert in the list, as far as you may see them."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    headline = serializers.CharField()
    sectors = serializers.ListField(child=serializers.CharField())
    languages = serializers.DictField(
        child=serializers.CharField(), help_text="Level (fluent, working, basic) by language."
    )
    countries = serializers.ListField(child=serializers.CharField(), help_text="Served.")
    years = serializers.IntegerField(
        allow_null=True, help_text="Of experience; null: not stated, or not for you."
    )
    availability = serializers.CharField()
    hub = serializers.SlugField(allow_null=True, help_text="The hub that employs them.")
    employer = serializers.CharField(help_text="If that is no hub.")
    updated_at = serializers.DateTimeField(help_text="When what everybody sees last changed.")
    url = serializers.URLField()
    api_url = serializers.URLField()


class ExpertSerializer(ExpertRowSerializer):
    """An expert in full, as far as you may see them."""

    text_language = serializers.CharField()
    biography = serializers.CharField()
    contact = serializers.CharField()

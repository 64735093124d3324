"""Resources as plain rows and in full: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import serializers

from catalogue.codelists import ResourceKind
from catalogue.models import Resource
from catalogue.querysets import availability
from catalogue.serializers.entries import ADDRESSES
from catalogue.services.resources import MAX_ENTRIES
from core import codes
from hubs.models import Hub
from hubs.serializers import Addresses
from hubs.serializers.fields import (
    CodeField,
    CodeListField,
    OwnChoices,
    OwnChoicesMixin,
    StrictBodyMixin,
)

RESOURCE_COLUMNS = (
    "slug", "title", "type", "authors", "publisher", "year", "languages", "licence", "hub",
    "copy", "copies", "note", "updated_at", "url", "api_url",
)  # fmt: skip
_STORED_AS = {"type": "kind", "hub": "hub__slug", "copies": "link_list"}


def resource_values(resources: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return `resources` as dictionaries of what `columns` need: one query."""
    stored = [_STORED_AS.get(name, name) for name in columns if name not in ADDRESSES]
    if "copy" in columns:
        resources = resources.annotate(copy=availability())
    if "copies" in columns:
        resources = resources.with_link_list()  # type: ignore[attr-defined]
    rows: QuerySet[Any] = resources.values(*dict.fromkeys(["pk", "slug", *stored]))
    return rows


def completed_resources(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `resource_values` with `columns` only, each copy by its whole address."""

    def named(row: dict[str, Any]) -> dict[str, Any]:
        row = row | {name: row.get(stored) for name, stored in _STORED_AS.items()}
        if "link_list" in row:
            row["copies"] = [copy_address(link, row["slug"], root) for link in row["link_list"]]
        return row

    found = (named(row) for row in rows)
    return Addresses(root, "resource", "catalogue").complete(found, columns)


def resource_rows(
    resources: QuerySet[Any], *, root: str, columns: Sequence[str] = RESOURCE_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every resource as a row, fetched in portions: what a CSV needs."""
    rows = resource_values(resources, columns).iterator(chunk_size=500)
    return completed_resources(rows, root=root, columns=columns)


def copy_address(link: Mapping[str, Any], slug: str, root: str) -> str:
    """Return the whole address of a copy: elsewhere, or of the portal's own file."""
    own = reverse("catalogue:resource_file", args=[slug, link["pk"]])
    return str(link["address"] or f"{root}{own}")


def copy_row(link: Mapping[str, Any], slug: str, root: str) -> dict[str, Any]:
    """Return a copy of `with_link_list` as `ResourceLinkSerializer` says."""
    told = ("language", "content_type", "bytes", "unreachable_since")
    return {
        "id": link["pk"],
        "address": copy_address(link, slug, root),
        **{name: link[name] for name in told},
    }


class ResourceRowSerializer(serializers.Serializer[Any]):
    """A resource in the list."""

    slug = serializers.SlugField()
    title = serializers.CharField()
    type = serializers.CharField()
    authors = serializers.CharField(help_text="Separated by semicolons.")
    publisher = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    languages = serializers.ListField(child=serializers.CharField())
    licence = serializers.CharField()
    hub = serializers.SlugField(
        allow_null=True, help_text="The hub that holds it; null: the portal's own library."
    )
    copy = serializers.CharField(
        help_text="reachable or unreachable when it was last looked for, or none."
    )
    copies = serializers.ListField(
        child=serializers.URLField(), help_text="Where it can be had; empty: no copy found."
    )
    note = serializers.CharField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class ResourceLinkSerializer(serializers.Serializer[Any]):
    """Where a copy is, and whether it could be had when it was last looked for."""

    id = serializers.IntegerField()
    language = serializers.CharField(help_text="Empty: not stated.")
    address = serializers.URLField()
    content_type = serializers.CharField(help_text="Of a file that the portal keeps, else empty.")
    bytes = serializers.IntegerField(allow_null=True)
    unreachable_since = serializers.DateTimeField(allow_null=True)


class ResourceSourceSerializer(serializers.Serializer[Any]):
    """A page that names it."""

    title = serializers.CharField()
    publisher = serializers.CharField()
    address = serializers.CharField()


class ResourceSerializer(ResourceRowSerializer):
    """A resource in full."""

    language = serializers.CharField(help_text="Language of the title.")
    is_published = serializers.BooleanField(help_text="False: only its hub's people see it.")
    links = ResourceLinkSerializer(many=True)
    entries = serializers.ListField(
        child=serializers.SlugField(), help_text="Experience that it documents."
    )
    sources = ResourceSourceSerializer(many=True)


class ResourceContentSerializer(OwnChoicesMixin, StrictBodyMixin, serializers.ModelSerializer[Any]):
    """What is known of a resource; only moderators write those of the portal's own library."""

    type = serializers.ChoiceField(ResourceKind.choices, source="kind")
    language = CodeField(codes.LANGUAGES, help_text="Language of the title.")
    languages = CodeListField(codes.LANGUAGES, required=False)
    hub = serializers.SlugRelatedField(
        slug_field="slug", queryset=Hub.objects.none(), allow_null=True, required=False
    )
    entries = serializers.ListField(
        child=serializers.SlugField(max_length=100),
        max_length=MAX_ENTRIES,
        required=False,
        help_text="Experience of your hubs that it documents; of other hubs' it keeps its own.",
    )
    own_choices: ClassVar[OwnChoices] = {"hub": Hub.objects.visible_to}

    class Meta:
        model = Resource
        fields = (
            *("title", "type", "language", "authors", "publisher", "year", "languages"),
            *("licence", "note", "hub", "entries"),
        )


class NewCopySerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """A copy: an address elsewhere, or as multipart/form-data a file for the portal to keep."""

    language = CodeField(codes.LANGUAGES, allow_blank=True, default="")
    address = serializers.CharField(
        max_length=1_000, allow_blank=True, default="", help_text="Or a file, not both."
    )
    file = serializers.FileField(required=False, help_text="Up to 9 MB; multipart only.")

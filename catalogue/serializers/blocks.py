"""Building blocks as plain rows and in full: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from catalogue.models import BuildingBlock, Entry
from catalogue.serializers.entries import ADDRESSES
from core import codes
from hubs.models import Hub
from hubs.serializers import Addresses
from hubs.serializers.fields import CodeField, OwnChoices, OwnChoicesMixin, StrictBodyMixin

if TYPE_CHECKING:
    from hubs.querysets import User

BLOCK_COLUMNS = (
    *("slug", "title", "hub", "language", "description", "is_published", "entries"),
    *("updated_at", "url", "api_url"),
)


def block_values(blocks: Any, columns: Sequence[str], *, user: User) -> QuerySet[Any]:
    """Return `blocks` as dictionaries of what `columns` need: one query."""
    stored = [name for name in columns if name not in (*ADDRESSES, "hub", "entries")]
    if "entries" in columns:
        blocks = blocks.with_entry_slugs(user)
        stored.append("entries_using")
    rows: QuerySet[Any] = blocks.values(*dict.fromkeys(["pk", "slug", "hub__slug", *stored]))
    return rows


def completed_blocks(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `block_values` with `columns` only: hub and entries by slug, the addresses."""
    named = (
        row | {"hub": row["hub__slug"], "entries": row.get("entries_using", [])} for row in rows
    )
    return Addresses(root, "block", "catalogue").complete(named, columns)


def block_rows(
    blocks: Any, *, user: User, root: str, columns: Sequence[str] = BLOCK_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every building block as a row, fetched in portions: what a CSV needs."""
    rows = block_values(blocks, columns, user=user).iterator(chunk_size=500)
    return completed_blocks(rows, root=root, columns=columns)


class BuildingBlockSerializer(serializers.Serializer[Any]):
    """A part of experience that works by itself."""

    slug = serializers.SlugField()
    title = serializers.CharField()
    hub = serializers.SlugField(help_text="The hub that describes it.")
    language = serializers.CharField()
    description = serializers.CharField(help_text="Markdown.")
    is_published = serializers.BooleanField(help_text="False: only the hub's editors see it.")
    entries = serializers.ListField(
        child=serializers.SlugField(), help_text="The published entries that have it."
    )
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class BlockContentSerializer(StrictBodyMixin, serializers.ModelSerializer[BuildingBlock]):
    """The texts of a building block."""

    language = CodeField(codes.LANGUAGES)

    class Meta:
        model = BuildingBlock
        fields: tuple[str, ...] = ("title", "language", "description")


class NewBlockSerializer(OwnChoicesMixin, BlockContentSerializer):
    """A new building block, of a hub that you edit."""

    hub = serializers.SlugRelatedField(slug_field="slug", queryset=Hub.objects.none())
    own_choices: ClassVar[OwnChoices] = {"hub": Hub.objects.editable_by}

    class Meta(BlockContentSerializer.Meta):
        fields = ("hub", *BlockContentSerializer.Meta.fields)


class BlockEntrySerializer(OwnChoicesMixin, StrictBodyMixin, serializers.Serializer[Any]):
    """An entry, of a hub that you edit, that has the building block."""

    entry = serializers.SlugRelatedField(slug_field="slug", queryset=Entry.objects.none())
    own_choices: ClassVar[OwnChoices] = {"entry": Entry.objects.of_hubs_edited_by}

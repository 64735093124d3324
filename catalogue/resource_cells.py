"""Resources as cells of a table that can be edited and read again.

`copies` is one address a line, each with the language of that copy behind a "|"; files that the
portal keeps are not in it. `entries` names experiences that everybody may read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from catalogue.cells import rows_cell, value_cell
from catalogue.models import Entry

if TYPE_CHECKING:
    from catalogue.models import Resource
    from catalogue.querysets import ResourceQuerySet

# column -> what the model calls it
RESOURCE_TEXTS = {
    "title": "title",
    "language": "language",
    "type": "kind",
    "authors": "authors",
    "publisher": "publisher",
    "year": "year",
    "languages": "languages",
    "licence": "licence",
    "note": "note",
}
COPY_PARTS = ("address", "language")
RESOURCE_EDITING = (
    *("slug", "hub", *RESOURCE_TEXTS, "copies", "entries", "is_published"),
    *("version", "updated_at", "url", "api_url"),
)


def with_cells(resources: ResourceQuerySet) -> ResourceQuerySet:
    """Fetch what `resource_cells` reads: two queries more."""
    readable = Entry.objects.published().only("slug").order_by("slug")
    return resources.prefetch_related("links", Prefetch("entries", readable, "readable_entries"))


def copies_of(resource: Resource) -> list[dict[str, Any]]:
    """Return the addresses of a resource of `with_cells`, in their order."""
    return [
        {"address": link.address, "language": link.language}
        for link in resource.links.all()
        if link.address
    ]


def resource_cells(resource: Resource) -> dict[str, str]:
    """Return the cells of what can be changed in a resource of `with_cells`, by column."""
    cells = {name: value_cell(getattr(resource, field)) for name, field in RESOURCE_TEXTS.items()}
    entries: list[Entry] = resource.readable_entries  # type: ignore[attr-defined]
    return cells | {
        "copies": rows_cell(copies_of(resource), COPY_PARTS),
        "entries": value_cell([entry.slug for entry in entries]),
        "is_published": "true" if resource.is_published else "false",
    }

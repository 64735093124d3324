"""Entries, resources and experts as rows that can be edited in a spreadsheet and imported again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from catalogue.cells import READ_ONLY, content_cells, contents_of
from catalogue.expert_cells import expert_cells
from catalogue.models import Entry, Resource
from catalogue.resource_cells import resource_cells, with_cells
from catalogue.serializers.entries import ADDRESSES, completed
from hubs.serializers import Addresses

PORTION = 250  # entries whose texts are in memory at once
_STORED = tuple(name for name in READ_ONLY if name not in ADDRESSES)


def entry_editing_rows(
    entries: QuerySet[Any], *, root: str, columns: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """Give every entry as a row of `columns`: four queries and three more a portion."""
    found = entries.select_related("hub").iterator(chunk_size=PORTION)
    while portion := list(itertools.islice(found, PORTION)):
        contents = contents_of(portion)
        rows = (_row(entry, contents[entry.pk]) for entry in portion)
        yield from completed(rows, root=root, columns=columns)


def resource_editing_rows(
    resources: QuerySet[Any], *, root: str, columns: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """Give every resource as a row of `columns`: one query and two more a portion."""
    found = with_cells(resources.select_related("hub")).iterator(chunk_size=PORTION)  # type: ignore[arg-type]
    addresses = Addresses(root, "resource", "catalogue")
    return addresses.complete((_resource_row(each) for each in found), columns)


def expert_editing_rows(
    experts: QuerySet[Any], *, root: str, columns: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """Give every expert of `with_cells` as a row of `columns`: one query."""
    found = experts.select_related("hub").iterator(chunk_size=PORTION)
    addresses = Addresses(root, "expert", "catalogue")
    return addresses.complete((_expert_row(each) for each in found), columns)


def _expert_row(expert: Any) -> dict[str, Any]:
    told = {name: getattr(expert, name) for name in ("slug", "version", "updated_at")}
    return expert_cells(expert) | told | {"hub": expert.hub.slug if expert.hub else ""}


def _resource_row(resource: Resource) -> dict[str, Any]:
    told = {name: getattr(resource, name) for name in ("slug", "version", "updated_at")}
    hub = resource.hub.slug if resource.hub else ""
    return resource_cells(resource) | told | {"hub": hub}


def _row(entry: Entry, content: dict[str, Any]) -> dict[str, Any]:
    told = {name: getattr(entry, name) for name in _STORED}
    keys = {"pk": entry.pk, "slug": entry.slug, "hub__slug": entry.hub.slug}
    return content_cells(content) | told | keys

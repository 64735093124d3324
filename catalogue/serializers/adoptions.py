"""Adoptions as plain rows: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import serializers

if TYPE_CHECKING:
    from hubs.querysets import User

ADOPTION_COLUMNS = (
    *("id", "entry", "block", "hub", "organisation", "resulting_entry", "outcome", "state"),
    *("kept", "changed", "dropped", "why", "confirmed_at", "created_at", "updated_at", "url"),
)
# Columns that are named by the slug of what they point to.
_SLUGS = {name: f"{name}__slug" for name in ("entry", "block", "hub", "organisation")}
_NAMED = {**_SLUGS, "resulting_entry": "result_slug", "url": "pk"}


def adoption_values(adoptions: Any, columns: Sequence[str], *, user: User) -> QuerySet[Any]:
    """Return `adoptions` as dictionaries of what `columns` need: one query."""
    stored = [_NAMED.get(name, name) for name in columns]
    rows: QuerySet[Any] = adoptions.with_result(user).values(*dict.fromkeys(["pk", *stored]))
    return rows


def completed_adoptions(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `adoption_values` with `columns` only: what they name by slug, the address.

    An entry that came of it and that the reader may not see is None, as where there is none.
    """
    start, _zero, end = reverse("catalogue:adoption_detail", args=[0]).rpartition("0")
    for row in rows:
        named = {name: row.get(stored) for name, stored in _NAMED.items()}
        found = row | named | {"url": f"{root}{start}{row['pk']}{end}"}
        yield {column: found[column] for column in columns}


def adoption_rows(
    adoptions: Any, *, user: User, root: str, columns: Sequence[str] = ADOPTION_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every adoption as a row, fetched in portions: what a CSV needs."""
    rows = adoption_values(adoptions, columns, user=user).iterator(chunk_size=500)
    return completed_adoptions(rows, root=root, columns=columns)


class AdoptionSerializer(serializers.Serializer[Any]):
    """Something that a hub or organisation took up, and what became of it."""

    id = serializers.IntegerField()
    entry = serializers.SlugField(allow_null=True, help_text="The entry that was taken up, or:")
    block = serializers.SlugField(allow_null=True, help_text="The building block.")
    hub = serializers.SlugField(allow_null=True, help_text="The hub that took it up, or:")
    organisation = serializers.SlugField(allow_null=True, help_text="The organisation.")
    resulting_entry = serializers.SlugField(
        allow_null=True, help_text="The adopter's own account of it."
    )
    outcome = serializers.CharField(help_text="working, partly, failed, unknown.")
    state = serializers.CharField(
        help_text="claimed: stated by the adopter; confirmed: by the originator too."
    )
    kept = serializers.CharField()
    changed = serializers.CharField()
    dropped = serializers.CharField()
    why = serializers.CharField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()

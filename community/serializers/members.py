"""Members as plain rows: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from community.services.contributions import Contributions
from core.api.views import RowShape
from hubs.serializers import Addresses

MEMBER_COLUMNS = (
    "slug", "name", "organisation", "country", "languages", "sectors", "hubs", "joined_at",
    "url", "api_url",
)  # fmt: skip
MEMBER_DETAIL = (*MEMBER_COLUMNS, "biography")
_STORED_AS = {
    "hubs": "shown_hub_slugs",
    **{
        name: f"shown_{name}"
        for name in ("organisation", "country", "languages", "sectors", "biography")
    },
}


def member_values(members: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return `listed_members` as dictionaries of what `columns` need: one query."""
    stored = [_STORED_AS.get(name, name) for name in columns if name not in ("url", "api_url")]
    rows: QuerySet[Any] = members.values(*dict.fromkeys(["pk", "slug", *stored]))
    return rows


def completed_members(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `member_values` with `columns` only and the addresses."""
    named = (
        row | {name: row[stored] for name, stored in _STORED_AS.items() if stored in row}
        for row in rows
    )
    return Addresses(root, "member", "community").complete(named, columns)


def member_rows(
    members: QuerySet[Any], *, root: str, columns: Sequence[str] = MEMBER_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every member as a row, fetched in portions: what a CSV needs."""
    rows = member_values(members, columns).iterator(chunk_size=500)
    return completed_members(rows, root=root, columns=columns)


def contribution_rows(groups: Iterable[Contributions], *, root: str) -> list[dict[str, Any]]:
    """Return contributions as plain rows, kind after kind, the newest first."""
    return [
        {
            "kind": group.kind,
            "title": thing.title,
            "language": thing.language,
            "at": thing.on,
            "url": f"{root}{thing.address}",
        }
        for group in groups
        for thing in group.things
    ]


MEMBERS = RowShape("members", MEMBER_COLUMNS, member_values, completed_members)


class MemberRowSerializer(serializers.Serializer[Any]):
    """A member in the list; fields that are not for you are empty."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    organisation = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2.")
    languages = serializers.ListField(child=serializers.CharField(), help_text="Spoken.")
    sectors = serializers.ListField(child=serializers.CharField(), help_text="Of interest.")
    hubs = serializers.ListField(
        child=serializers.SlugField(), help_text="In which they hold a role; for members only."
    )
    joined_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class MemberContributionSerializer(serializers.Serializer[Any]):
    """One thing that a member contributed."""

    kind = serializers.CharField(help_text="Kind of contribution, such as entries or threads.")
    title = serializers.CharField()
    language = serializers.CharField(help_text="Of the title; empty if it is not stated.")
    at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField()


class MemberSerializer(MemberRowSerializer):
    """A member, as far as you may see them."""

    biography = serializers.CharField()
    contributions = MemberContributionSerializer(
        many=True, help_text="The newest of each kind, as far as you may see them."
    )

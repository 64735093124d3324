"""How many entries have each tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalogue.search import Search, search

if TYPE_CHECKING:
    from hubs.querysets import User


def tag_counts(user: User) -> dict[str, int]:
    """Return how many published entries `user` finds by each tag, by its slug."""
    found = search(Search(("entry",), facets=("tag",)), user=user, limit=1)
    return found.facets.get("tag", {})

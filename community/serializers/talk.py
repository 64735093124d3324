"""Spaces, threads and posts as plain rows: the same for the API, its CSV and the pages' CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.urls import reverse

from community.models import ABOUT
from community.models.thread import ABOUT_SEGMENT
from core.api.views import RowShape
from hubs.serializers import Addresses

PORTION = 500  # rows of a file that are fetched at a time
SPACE_COLUMNS = (
    *("slug", "name", "description", "readers", "writers", "people_shown_to", "dimension"),
    *("sector", "hub", "is_archived", "updated_at", "url", "api_url"),
)
THREAD_COLUMNS = (
    *("id", "title", "space", "kind", "about", "about_slug", "language", "author", "state"),
    *("is_pinned", "is_locked", "closes_on", "accepted_post", "summary", "posts", "views"),
    *("begun_at", "last_post_at", "updated_at", "url", "api_url"),
)
POST_COLUMNS = (
    *("id", "thread", "number", "author", "state", "text", "answers", "useful", "removed_reason"),
    *("version", "written_at", "edited_at", "updated_at", "url", "api_url"),
)
_SPACE_STORED = {"hub": "hub__slug"}
_THREAD_STORED = {
    "id": "pk",
    "space": "space__slug",
    "author": "author__slug",
    "accepted_post": "accepted",
    "posts": "post_count",
    "begun_at": "created_at",
}
_POST_STORED = {
    "id": "pk",
    "author": "author__slug",
    "text": "shown_text",
    "useful": "useful_count",
}
_MADE = ("url", "api_url", "about", "about_slug")


def _values(
    things: QuerySet[Any], columns: Sequence[str], stored: dict[str, str], *always: str
) -> QuerySet[Any]:
    names = [stored.get(name, name) for name in columns if name not in _MADE]
    rows: QuerySet[Any] = things.values(*dict.fromkeys(["pk", *always, *names]))
    return rows


def space_values(spaces: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return `spaces` as dictionaries of what `columns` need: one query."""
    return _values(spaces, columns, _SPACE_STORED, "slug")


def completed_spaces(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `space_values` with `columns` only and the addresses."""
    named = (_named(row, _SPACE_STORED) for row in rows)
    return Addresses(root, "space", "community").complete(named, columns)


def _named(row: dict[str, Any], stored: dict[str, str]) -> dict[str, Any]:
    return row | {name: row[column] for name, column in stored.items() if column in row}


def thread_values(threads: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return `threads` as dictionaries of what `columns` need: one query."""
    links = [f"{name}__slug" for name in ABOUT] if {"about", "about_slug"} & {*columns} else []
    return _values(threads, columns, _THREAD_STORED, "slug", "space__slug", *links)


def completed_threads(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `thread_values` with `columns` only and the addresses."""
    api = f"{root}{reverse('thread-detail', args=[0])}"
    for row in rows:
        place = row["space__slug"] or ABOUT_SEGMENT
        path = reverse("community:thread_detail", args=[place, row["pk"], row["slug"]])
        made = {"url": f"{root}{path}", "api_url": api.replace("/0/", f"/{row['pk']}/")}
        about = next((name for name in ABOUT if row.get(f"{name}__slug")), "")
        made |= {"about": about, "about_slug": row.get(f"{about}__slug", "")}
        told = _named(row, _THREAD_STORED) | made
        yield {column: told[column] for column in columns}


def post_values(posts: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return `posts` as dictionaries of what `columns` need, removed ones without their text:
    one query.
    """
    shown = Case(When(state="removed", then=Value("")), default=F("text"), output_field=TextField())
    return _values(posts.annotate(shown_text=shown), columns, _POST_STORED)


def completed_posts(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `post_values` with `columns` only and the addresses."""
    named = (_named(row, _POST_STORED) for row in rows)
    return Addresses(root, "post", "community", key="pk").complete(named, columns)


SPACES = RowShape("spaces", SPACE_COLUMNS, space_values, completed_spaces)
THREADS = RowShape("threads", THREAD_COLUMNS, thread_values, completed_threads)
POSTS = RowShape("posts", POST_COLUMNS, post_values, completed_posts)


def rows_of(shape: RowShape, things: QuerySet[Any], *, root: str) -> Iterable[dict[str, Any]]:
    """Give every one of `things` as a row, fetched in portions: what a CSV needs."""
    rows = shape.values(things, shape.columns).iterator(chunk_size=PORTION)
    return shape.complete(rows, root=root, columns=shape.columns)

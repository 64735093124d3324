"""Threads, to be searched: those that everybody may read, by all that is written in them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, OuterRef, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from catalogue.searchable import Lines, Searchable, Shown, register, row_columns
from community.models import Post, Thread
from community.services.finding import FOUND_BY

if TYPE_CHECKING:
    from hubs.querysets import User

MOST_SUMMARY = 300  # characters


def rows() -> QuerySet[Any, Any]:
    """Return every public thread as a row to index."""
    return _as_rows(Thread.objects.public())


def rows_of(keys: Collection[int]) -> QuerySet[Any, Any]:
    """Return those of the threads `keys`; a query more, which spares the database to plan for
    what none of them is about.
    """
    return _as_rows(Thread.objects.among(keys).public())


def _as_rows(threads: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """A thread is found by its title, its summary and its posts."""
    posts: Any = Post.objects.shown().filter(thread=OuterRef("pk")).order_by("number")
    texts = ArraySubquery(posts.values("text")[:FOUND_BY])
    found: QuerySet[Any, Any] = threads.values(
        **row_columns(
            pk=F("pk"),
            hub=F("hub"),
            title=F("title"),
            language=F("language"),
            published_at=F("created_at"),
            text=Lines(F("summary"), Func(texts, Value("\n"), function="array_to_string")),
        )
    )
    return found


def shown(keys: Collection[int], user: User) -> dict[int, Shown]:
    """Return what results say of the threads `keys` that everybody may read; three queries."""
    found: Any = Thread.objects.among(keys).public().select_related("space")
    first: Any = Post.objects.shown().filter(thread__in=keys).order_by("thread", "number")
    texts = dict(first.distinct("thread").values_list("thread", "text"))
    return {
        thread.pk: Shown(
            title=thread.title,
            summary=_short(thread.summary or texts.get(thread.pk, "")),
            language=thread.language,
            path=thread.get_absolute_url(),
            api_path=f"/api/v1/threads/{thread.pk}/",
            published_at=thread.created_at,
            hub=thread.space.name if thread.space else "",
            text=texts.get(thread.pk, ""),
        )
        for thread in found
    }


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= MOST_SUMMARY else f"{plain[:MOST_SUMMARY]}…"


register(Searchable("thread", _("Threads"), rows, shown, rows_of))

"""Articles, to be searched: those that everybody may read."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.translation import gettext_lazy as _

from catalogue.searchable import Lines, Searchable, Shown, register, row_columns
from community.models import Article
from community.querysets.articles import HUB_PATHS

if TYPE_CHECKING:
    from hubs.querysets import User


def rows() -> QuerySet[Any, Any]:
    """Return every public article as a row to index, under the year in which it appeared."""
    found: QuerySet[Any, Any] = Article.objects.public().values(
        **row_columns(
            pk=F("pk"),
            hub=Coalesce(*HUB_PATHS),
            title=F("title"),
            language=F("language"),
            published_at=F("published_at"),
            text=Lines(F("summary"), F("text")),
            year=ExtractYear("appears_on"),
        )
    )
    return found


def shown(keys: Collection[int], user: User) -> dict[int, Shown]:
    """Return what results say of the articles `keys` that everybody may read; one query."""
    found: Any = Article.objects.public().filter(pk__in=keys).select_related("hub")
    return {
        article.pk: Shown(
            title=article.title,
            summary=article.summary,
            language=article.language,
            path=article.get_absolute_url(),
            api_path=f"/api/v1/articles/{article.slug}/",
            published_at=article.published_at,
            hub=article.hub.short_name if article.hub else "",
            text=article.summary,
        )
        for article in found
    }


register(Searchable("article", _("Stories and announcements"), rows, shown))

"""What can be found, and how words become a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.search import SearchQuery, TrigramWordDistance
from django.db.models import BooleanField, ExpressionWrapper, F, FloatField, Func, Q, QuerySet

if TYPE_CHECKING:
    from hubs.querysets import User


class PortalQuery(SearchQuery):
    """Words as a query, read in every language of the portal (core, migration 0002).

    As a subquery, so that PostgreSQL reads the words once and not anew for each row.
    """

    template = "(SELECT %(function)s(%(expressions)s))"

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.function = "portal_query"


class SearchRowQuerySet(QuerySet[Any]):
    """What can be found. Only things that everybody may read have rows."""

    def visible_to(self, user: User) -> Self:
        """Rows of hubs that are published: what search finds is the same for everybody."""
        return self.filter(hub__is_published=True)

    def matching(self, text: str) -> Self:
        """Rows whose title or text `text` finds."""
        return self.filter(body_vector=PortalQuery(text))

    def ranked(self, text: str) -> Self:
        """Annotate `is_in_title` and `rank`, the words of the title counting four times."""
        query = PortalQuery(text)
        return self.annotate(
            is_in_title=ExpressionWrapper(Q(title_vector=query), output_field=BooleanField()),
            rank=4 * Func(F("title_vector"), query, function="ts_rank", output_field=FloatField())
            + Func(F("body_vector"), query, function="ts_rank", output_field=FloatField()),
        )

    def like(self, word: str) -> Self:
        """Rows with a word in the title that looks like `word`, the most alike first."""
        return self.filter(title__trigram_word_similar=word).order_by(
            TrigramWordDistance(word, "title"), "pk"
        )

"""What can be found, how many there are, and how words become a query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.search import SearchQuery, TrigramDistance
from django.db import connection
from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Concat

from catalogue.querysets.statements import COLUMNS, SearchStatements

if TYPE_CHECKING:
    from hubs.querysets import User


def audiences_of(user: User) -> list[str]:
    """Return the audiences that `user` belongs to, as `SearchAudience` values."""
    return ["public", "members"] if user.is_authenticated and user.takes_part else ["public"]


class PortalQuery(SearchQuery):
    """Words as a query, read in every language of the portal (core, migration 0002).

    As a subquery, so that PostgreSQL reads the words once and not anew for each row.
    """

    template = "(SELECT %(function)s(%(expressions)s))"

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.function = "portal_query"


class SearchRowQuerySet(QuerySet[Any]):
    """What can be found. Only things that are published have rows."""

    def visible_to(self, user: User) -> Self:
        """Rows of hubs that are published, or of none, for an audience the user belongs to."""
        hubs = apps.get_model("hubs", "Hub").objects.published().values("pk")
        return self.filter(Q(hub=None) | Q(hub__in=hubs), audience__in=audiences_of(user))

    def with_codes(self, chosen: Mapping[str, Sequence[str]]) -> Self:
        """Rows with any of the values chosen of each facet."""
        found = self
        for facet, values in chosen.items():
            if values:
                found = found.filter(codes__overlap=[f"{facet}:{value}" for value in values])
        return found

    def matching(self, text: str) -> Self:
        """Rows whose title or text `text` finds."""
        return self.filter(body_vector=PortalQuery(text))

    def statements(self, reading: str, *, fenced: int, sample: int) -> SearchStatements:
        """Return the statements of a search among these rows."""
        sql, given = self.order_by().values(*COLUMNS).query.sql_with_params()
        readable = connection.ops.compose_sql(sql, given)  # type: ignore[attr-defined]
        return SearchStatements(readable, reading, fenced, sample)

    def ranked(self, text: str) -> Self:
        """Annotate `is_in_title` and `rank`, the words of the title counting four times."""
        query = PortalQuery(text)
        return self.annotate(
            is_in_title=ExpressionWrapper(Q(title_vector=query), output_field=BooleanField()),
            rank=4 * Func(F("title_vector"), query, function="ts_rank", output_field=FloatField())
            + Func(F("body_vector"), query, function="ts_rank", output_field=FloatField()),
        )


class SearchWordQuerySet(QuerySet[Any]):
    """Words of titles."""

    def titles_like(self, word: str, rows: SearchRowQuerySet, most: int) -> list[str]:
        """Return titles among `rows`, each for one of the `most` words in them that look most
        like `word`.
        """
        plain = Func(Value(word.lower()), function="unaccent", output_field=TextField())
        query = SearchQuery(OuterRef("plain"), config="portal_simple")
        holding = rows.filter(
            title_vector=query,
            sort_title__regex=Concat(Value(r"\m"), OuterRef("plain"), Value(r"\M")),
        )
        found = (
            self.annotate(title=Subquery(holding.order_by("pk").values("title")[:1]))
            .exclude(title=None)
            .order_by(TrigramDistance("plain", plain), "plain")  # type: ignore[arg-type]
        )
        return list(found.values_list("title", flat=True)[:most])


class SearchCountQuerySet(QuerySet[Any]):
    """How many things have a code."""

    def visible_to(self, user: User) -> Self:
        """The counts of what `SearchRowQuerySet.visible_to` shows."""
        shown = Q(hub=None) | Q(hub__is_published=True)  # of no hub: the portal's own
        return self.filter(shown, audience__in=audiences_of(user))

    def totals(self, kinds: Iterable[str], *, code: str | None = None) -> dict[str, int]:
        """Return how many things of `kinds` have each code, or that one; "" is how many there
        are.
        """
        counts = self.filter(kind__in=list(kinds), **({} if code is None else {"code": code}))
        rows = counts.order_by().values_list("code").annotate(Sum("number"))
        return {each: number for each, number in rows if number}

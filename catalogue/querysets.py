"""Which entries there are for whom. Every such rule is here, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, TrigramWordDistance
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
    TextField,
    Value,
)
from django.db.models.functions import Concat, JSONObject

from hubs.querysets import ANY_ROLE, holds_role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import Member

    User: TypeAlias = Member | AnonymousUser

SNIPPET = "StartSel=\x02,StopSel=\x03,MaxWords=45,MinWords=25"  # of ts_headline
PUBLIC_STATES = ("published", "archived")


class EntryQuerySet(QuerySet[Any]):
    def published(self) -> Self:
        """Entries whose newest version may be read: also those set aside in the archive."""
        return self.filter(state__in=PUBLIC_STATES, hub__is_published=True)

    def visible_to(self, user: User) -> Self:
        """Published entries of published hubs; those of one's own hubs in any state; all, for
        moderators.
        """
        if user.is_authenticated and user.is_moderator:
            return self
        public = Q(state__in=PUBLIC_STATES) & Q(hub__is_published=True)
        return self.filter(public | holds_role(user, ANY_ROLE))

    def matching(self, text: str) -> Self:
        """Published entries that `text` finds, in the syntax of web search engines: words,
        "phrases", `or`, `-not`. Case, accents and endings do not matter.
        """
        if not text.strip():
            return self
        rows = apps.get_model("catalogue", "SearchRow").objects.matching(text)
        return self.filter(pk__in=rows.filter(kind="entry").values("object_pk"))

    def by_relevance(self, text: str) -> Self:
        """Entries found in the title first, then by how well they fit, then the newest."""
        rows = apps.get_model("catalogue", "SearchRow").objects
        row: Any = rows.filter(kind="entry", object_pk=OuterRef("pk")).ranked(text)
        return self.annotate(
            is_in_title=Subquery(row.values("is_in_title")), rank=Subquery(row.values("rank"))
        ).order_by("-is_in_title", "-rank", "-published_at", "pk")

    def with_snippet(self, text: str) -> Self:
        """Annotate `snippet`: where `text` was found, the words between START and STOP of
        `catalogue.wording`, which no text can hold.
        """
        words = Concat(
            "challenge",
            Value(" "),
            "what_was_done",
            Value(" "),
            "lessons",
            output_field=TextField(),
        )
        return self.annotate(
            snippet=Func(
                Func(F("language"), function="portal_configuration", output_field=TextField()),
                words,
                PortalQuery(text),
                Value(SNIPPET),
                function="ts_headline",
                output_field=TextField(),
            )
        )

    def for_list(self) -> Self:
        """Fetch what a row of a list shows, in one query."""
        return self.select_related("hub").only(
            *("slug", "title", "summary", "language", "countries", "sectors", "sdgs"),
            *("instruments", "year_from", "year_to", "state", "is_contested", "updated_at"),
            *("published_at", "is_starter", "latest_version"),
            *("hub__slug", "hub__name", "hub__acronym"),
        )

    def with_source_list(self) -> Self:
        """Annotate `source_list`: the entry's sources as JSON objects, at no further query."""
        sources = apps.get_model("hubs", "Source").objects.filter(entries=OuterRef("pk"))
        return self.annotate(source_list=ArraySubquery(_as_json(sources)))


def _as_json(sources: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    columns = ("pk", "title", "publisher", "address", "dated_on", "dated_on_precision", "seen_on")
    return sources.order_by("dated_on", "pk").values(
        json=JSONObject(**{name: name for name in columns})
    )


class EntryPartQuerySet(QuerySet[Any]):
    """Rows that belong to an entry: its partners, its results."""

    def visible_to(self, user: User) -> Self:
        """Those of the entries that the user may see."""
        entries = apps.get_model("catalogue", "Entry").objects.visible_to(user)
        return self.filter(entry__in=entries.values("pk"))


class EntryVersionQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Versions of the entries that the user may see: what was published stays readable."""
        entries = apps.get_model("catalogue", "Entry").objects.visible_to(user)
        return self.filter(entry__in=entries.values("pk"))

    def newest_first(self) -> Self:
        return self.order_by("-number")


class PortalQuery(SearchQuery):
    """Words as a query, read in every language of the portal (core, migration 0002)."""

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
        query = PortalQuery(text)
        return self.filter(body_vector=query)

    def ranked(self, text: str) -> Self:
        """Annotate `is_in_title` and `rank`, the words of the title counting four times."""
        query = PortalQuery(text)
        return self.annotate(
            is_in_title=ExpressionWrapper(Q(title_vector=query), output_field=BooleanField()),
            rank=Func(F("title_vector"), query, function="ts_rank", output_field=FloatField()) * 4
            + Func(F("body_vector"), query, function="ts_rank", output_field=FloatField()),
        )

    def like(self, word: str) -> Self:
        """Rows with a word in the title that looks like `word`, the most alike first."""
        return self.filter(title__trigram_word_similar=word).order_by(
            TrigramWordDistance(word, "title"), "pk"
        )

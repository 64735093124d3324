"""Which entries, and parts and versions of them, there are for whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import TrigramDistance
from django.db.models import (
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.utils.translation import get_language

from accounts.querysets import is_moderator
from hubs.querysets import ANY_ROLE, holds_role, may_edit

if TYPE_CHECKING:
    from hubs.querysets import User

# What everybody may read: entries of published hubs, also those set aside in the archive.
PUBLISHED_STATES = ("published", "archived")  # what was set aside stays readable
PUBLISHED = Q(state__in=PUBLISHED_STATES)
PUBLIC = PUBLISHED & Q(hub__is_published=True)


def entry_seen_by(user: User, entry: str = "") -> Q:
    """Return the condition "`user` may see the entry", or the one that a column points to
    (`entry`, as in "entry__"): published entries of published hubs; those of one's own hubs in
    any state; all, for moderators.
    """
    if is_moderator(user):
        return Q((f"{entry}pk__isnull", False))
    state, hub = f"{entry}state__in", f"{entry}hub__is_published"
    public = Q((state, PUBLISHED_STATES), (hub, True))
    return public | Q(holds_role(user, ANY_ROLE, f"{entry}hub"))


def shows_evidence() -> Exists:
    """Return whether an entry has a result with the source that says so."""
    results = apps.get_model("catalogue", "ResultRow").objects.filter(entry=OuterRef("pk"))
    return Exists(results.exclude(source=None))


class EntryQuerySet(QuerySet[Any]):
    def published(self) -> Self:
        """Entries whose newest version may be read: also those set aside in the archive."""
        return self.filter(PUBLIC)

    def visible_to(self, user: User) -> Self:
        """Published entries of published hubs; those of one's own hubs in any state; all, for
        moderators.
        """
        return self.filter(entry_seen_by(user))

    def tombstones(self) -> Self:
        """Withdrawn entries of published hubs: what everybody may know of them is why."""
        return self.filter(state="withdrawn", hub__is_published=True)

    def revisable_by(self, user: User) -> Self:
        """Entries of which `user` may write the next version, or set them aside: the hub's
        editors and heads, and moderators.
        """
        return self.filter(PUBLISHED, may_edit(user))

    def of_hubs_edited_by(self, user: User) -> Self:
        """Entries, in any state, of the hubs that `user` edits; all, for moderators."""
        return self.filter(may_edit(user))

    def translatable_by(self, user: User) -> Self:
        """Entries that `user` may write in other languages: whoever has a role in the hub;
        moderators.
        """
        return self.filter(PUBLISHED, Q(may_edit(user)) | Q(holds_role(user, ANY_ROLE)))

    def contestable_by(self, user: User) -> Self:
        """Entries that `user` may mark as contested: all that were published, for moderators."""
        return self.filter(PUBLISHED) if is_moderator(user) else self.none()

    def matching(self, text: str) -> Self:
        """Published entries that `text` finds, in the syntax of web search engines: words,
        "phrases", `or`, `-not`. Case, accents and endings do not matter.
        """
        if not text.strip():
            return self
        rows = apps.get_model("catalogue", "SearchRow").objects.matching(text)
        return self.filter(pk__in=rows.filter(kind="entry").values("object_pk"))

    def alike(self, title: str, countries: list[str]) -> Self:
        """Entries of a title much like `title` with a country in common, the most alike first."""
        return (
            self.filter(countries__overlap=countries, title__trigram_similar=title)
            .annotate(distance=TrigramDistance("title", title))
            .order_by("distance", "pk")
        )

    def by_relevance(self, text: str) -> Self:
        """Entries found in the title first, then by how well they fit, then the newest."""
        rows = apps.get_model("catalogue", "SearchRow").objects
        row: Any = rows.filter(kind="entry", object_pk=OuterRef("pk")).ranked(text)
        return self.annotate(
            is_in_title=Subquery(row.values("is_in_title")), rank=Subquery(row.values("rank"))
        ).order_by("-is_in_title", "-rank", "-published_at", "pk")

    def told_in(self, language: str = "") -> Self:
        """Annotate `translated`: what lists say of the entry in `language`, the reader's unless
        stated, as an object; None where it is not told in it. `Entry.told` reads it.
        """
        code = language or (get_language() or "").partition("-")[0]
        row: Any = apps.get_model("catalogue", "Translation").objects.filter(
            entry=OuterRef("pk"), language=code
        )
        return self.annotate(translated=Subquery(row.with_is_stale().as_json()))

    def for_list(self) -> Self:
        """Fetch what a row of a list shows, in the reader's language, in one query."""
        return (
            self.told_in()
            .select_related("hub")
            .only(
                *("slug", "title", "summary", "language", "countries", "sectors", "instruments"),
                *("year_from", "year_to", "is_contested", "adoption_count"),
                *("hub__slug", "hub__name", "hub__acronym"),
            )
        )

    def for_comparison(self, slugs: Sequence[str]) -> list[Any]:
        """Return the published ones of `slugs`, in their order, with hubs and results: two
        queries, however many they are.
        """
        found = self.published().filter(slug__in=slugs).told_in().select_related("hub")
        by_slug = {entry.slug: entry for entry in found.prefetch_related("results")}
        return [by_slug[slug] for slug in slugs if slug in by_slug]

    def with_source_list(self) -> Self:
        """Annotate `source_list`: the entry's sources as JSON objects, at no further query."""
        sources = apps.get_model("hubs", "Source").objects.filter(entries=OuterRef("pk"))
        return self.annotate(source_list=ArraySubquery(sources.as_json()))


class EntryPartQuerySet(QuerySet[Any]):
    """Rows that belong to an entry: its partners, its results."""

    def visible_to(self, user: User) -> Self:
        """Those of the entries that the user may see."""
        entries = apps.get_model("catalogue", "Entry").objects.visible_to(user)
        return self.filter(entry__in=entries.values("pk"))


class EntryPartnerQuerySet(EntryPartQuerySet):
    def visible_to(self, user: User) -> Self:
        """As every part, less the hubs that the user may not see."""
        hubs = apps.get_model("hubs", "Hub").objects.visible_to(user)
        seen = Q(hub=None) | Q(hub__in=hubs.values("pk"))
        return super().visible_to(user).filter(seen)

    def with_bodies(self) -> Self:
        """Fetch the hubs and organisations that partners are, in the same query."""
        return self.select_related("hub", "organisation")


class EntryVersionQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Versions of the entries that the user may see: what was published stays readable."""
        entries = apps.get_model("catalogue", "Entry").objects.visible_to(user)
        return self.filter(entry__in=entries.values("pk"))

    def newest_first(self) -> Self:
        return self.order_by("-number")

"""Which entries there are for whom. Every such rule is here, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from hubs.querysets import ANY_ROLE, holds_role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import Member

    User: TypeAlias = Member | AnonymousUser

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
        """Entries whose title or texts hold every word of `text`; accents do not matter."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(title__unaccent__icontains=word)
                | Q(summary__unaccent__icontains=word)
                | Q(challenge__unaccent__icontains=word)
                | Q(what_was_done__unaccent__icontains=word)
                | Q(lessons__unaccent__icontains=word)
            )
        return found

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

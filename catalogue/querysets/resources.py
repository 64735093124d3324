"""Which resources of the library, and copies of them, there are for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject

from accounts.querysets import is_moderator
from hubs.querysets import ANY_ROLE, holding_words, holds_role, may_edit

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection

    from hubs.querysets import User

# What everybody may read: published ones of the portal's own library and of published hubs.
PUBLIC = Q(is_published=True) & (Q(hub=None) | Q(hub__is_published=True))


def _links(**conditions: object) -> QuerySet[Any]:
    """Return the outer resource's copies."""
    links = apps.get_model("catalogue", "ResourceLink")._default_manager
    found: QuerySet[Any] = links.filter(resource=OuterRef("pk"), **conditions)
    return found


def availability() -> Case:
    """Return the expression of a resource's copies: one was "reachable" when they were last
    looked for, all were "unreachable", or there is "none".
    """
    return Case(
        When(Exists(_links(unreachable_since=None)), then=Value("reachable")),
        When(Exists(_links()), then=Value("unreachable")),
        default=Value("none"),
        output_field=CharField(),
    )


def may_add_resources(user: User) -> bool:
    """Return whether the user may add any: who edits a hub, and moderators."""
    if not user.is_authenticated:
        return False
    hubs = apps.get_model("hubs", "Hub").objects
    return user.is_moderator or bool(hubs.editable_by(user).exists())


class ResourceQuerySet(QuerySet[Any]):
    def published(self) -> Self:
        """Resources that lists hold."""
        return self.filter(PUBLIC)

    def visible_to(self, user: User) -> Self:
        """Published resources; drafts and those of unpublished hubs for the hub's own people
        and for moderators.
        """
        if is_moderator(user):
            return self
        return self.filter(PUBLIC | holds_role(user, ANY_ROLE))

    def editable_by(self, user: User) -> Self:
        """Resources of hubs that the user edits; all, for moderators, who alone write the
        portal's own library.
        """
        return self.filter(may_edit(user))

    def matching(self, text: str) -> Self:
        """Resources whose title, authors, publisher or note hold every word of `text`."""
        return self.filter(holding_words(text, "title", "authors", "publisher", "note"))

    def available(self, how: Collection[str]) -> Self:
        """Resources whose `availability` is one of `how`."""
        return self.alias(availability=availability()).filter(availability__in=how)

    def with_link_list(self) -> Self:
        """Annotate `link_list`: the copies as JSON objects, in their order, at no further
        query.
        """
        columns = ("pk", "language", "address", "content_type", "bytes", "unreachable_since")
        links = _links().order_by("position", "pk")
        return self.annotate(
            link_list=ArraySubquery(
                links.values(json=JSONObject(**{name: name for name in columns}))
            )
        )

    def with_source_list(self) -> Self:
        """Annotate `source_list`: the pages that name it as JSON objects."""
        sources = apps.get_model("hubs", "Source").objects.filter(resources=OuterRef("pk"))
        return self.annotate(source_list=ArraySubquery(sources.as_json()))


class ResourceLinkQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Copies of the resources that the user may see."""
        resources = apps.get_model("catalogue", "Resource").objects.visible_to(user)
        return self.filter(resource__in=resources.values("pk"))

    def due_before(self, moment: datetime.datetime) -> Self:
        """Addresses of published resources that were not looked at since `moment`."""
        is_due = Q(checked_at=None) | Q(checked_at__lt=moment)
        return self.filter(is_due, resource__is_published=True).exclude(address="")

"""Who follows what, and which notices there are for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.querysets import is_moderator
from community.followed import FOLLOWED, Followed

if TYPE_CHECKING:
    from hubs.querysets import User

# What activities that make news are about: models whose managers have `visible_to`. What is
# visible to everybody is visible to every member.
TOLD_OF = tuple(dict.fromkeys([*(each.model for each in FOLLOWED), "catalogue.Adoption"]))


def audiences_of(user: User) -> list[str]:
    """Return the audiences of activities to which a member belongs who takes part."""
    return ["public", "members", "moderators"] if is_moderator(user) else ["public", "members"]


def _of_visible(user: User, kind: Followed) -> Q:
    seen = kind.things.visible_to(user).filter(pk=OuterRef(kind.name))
    return Q(**{f"{kind.name}__isnull": False}) & Q(Exists(seen))


class FollowQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """One's own, of what one may see now."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        seen = Q()
        for kind in FOLLOWED:
            seen |= _of_visible(user, kind)
        return self.filter(seen, member=user.pk)

    def of(self, kind: Followed, pks: Any) -> Self:
        """Those of things of a kind."""
        return self.filter(**{f"{kind.name}__in": pks})

    def with_things(self) -> Self:
        """Fetch what each is about: no query a row."""
        return self.select_related(*(each.name for each in FOLLOWED))


class NotificationQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """One's own, of what one may read now."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        seen = Q()
        for label in TOLD_OF:
            app, _dot, name = label.lower().partition(".")
            things: Any = apps.get_model(label)._default_manager
            seen |= Q(activity__object_app=app, activity__object_model=name) & Q(
                Exists(things.visible_to(user).filter(pk=OuterRef("activity__object_pk")))
            )
        told = Q(activity__audience__in=audiences_of(user))
        return self.filter(told & seen, member=user.pk)

    def unread(self) -> Self:
        """What its member did not read yet; not what comes by mail only."""
        return self.filter(read_at=None, is_quiet=False)

    def for_list(self) -> Self:
        """Newest first, with what happened: one query."""
        return self.select_related("activity__actor", "activity__subject").order_by("-pk")

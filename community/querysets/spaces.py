"""Which spaces there are for whom, who writes in them and who keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.querysets import is_moderator
from accounts.reached import Reached
from hubs.querysets import ANY_ROLE, NOBODY, holds_role

if TYPE_CHECKING:
    from hubs.querysets import User


def _belongs(user: User, **role: str) -> Exists:
    people = apps.get_model("community", "SpacePerson").objects
    return Exists(people.filter(space=OuterRef("pk"), member=user.pk, **role))


def _is_of(user: User, setting: str) -> Q:
    """Return the condition "`user` is among those of whom `setting` speaks"."""
    told = Q((setting, "everybody"))
    if not user.is_authenticated or not user.takes_part:
        return told
    told |= Q((setting, "members"))
    return told | (Q((setting, "hub")) & Q(holds_role(user, ANY_ROLE)))


class SpaceQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Those whose readers the user is among, and those that they belong to; of a hub, to
        those alone who may see the hub. Moderators of the portal have no other rule.
        """
        seen = _is_of(user, "readers")
        if user.is_authenticated and user.takes_part:
            seen |= Q(_belongs(user))
        of_hub = Q(Reached("hub", apps.get_model("hubs", "Hub"), user))
        return self.filter(Q(hub=None) | of_hub, seen)

    def writable_by(self, user: User) -> Self:
        """Open ones that they read, and whose writers they are among, belong to or moderate."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        found = self.visible_to(user).open()
        if is_moderator(user):
            return found
        return found.filter(_is_of(user, "writers") | Q(_belongs(user)))

    def moderated_by(self, user: User) -> Self:
        """Those whose moderator they are; of those that they read, all, for moderators of the
        portal.
        """
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        if is_moderator(user):
            return self.visible_to(user)
        return self.filter(_belongs(user, role="moderator"))

    def showing_people_to(self, user: User) -> Self:
        """Those whose people the user may see listed."""
        shown = _is_of(user, "people_shown_to")
        if user.is_authenticated and user.takes_part:
            shown |= Q(_belongs(user))
        return self.visible_to(user).filter(shown)

    def with_rights_of(self, user: User) -> Self:
        """Annotate `can_write`, `can_moderate` and `shows_people`, for buttons."""
        space = apps.get_model("community", "Space")
        return self.annotate(
            can_write=Reached("pk", space, user, "writable_by"),
            can_moderate=Reached("pk", space, user, "moderated_by"),
            shows_people=Reached("pk", space, user, "showing_people_to"),
        )

    def open(self) -> Self:
        return self.filter(is_archived=False)


class SpacePersonQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """The people of spaces that show them to the user, and the user."""
        shown = Reached("space", apps.get_model("community", "Space"), user, "showing_people_to")
        return self.filter(Q(shown) | own(user))


def own(user: User, column: str = "member") -> Q:
    """Return the condition "it is the user's own"."""
    return Q((column, user.pk)) if user.is_authenticated else NOBODY

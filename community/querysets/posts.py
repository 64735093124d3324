"""Which posts, and parts of them, there are for whom, and who may do what with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.reached import Reached
from community.querysets.spaces import own

if TYPE_CHECKING:
    from hubs.querysets import User


def _in_threads(right: str, user: User) -> Reached:
    return Reached("thread", apps.get_model("community", "Thread"), user, right)


class PostQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Posts of threads that the user may see; held ones for who wrote them and for
        moderators of the thread. What is removed stays as a tombstone, without its text.
        """
        told = ~Q(state="held") | own(user, "author")
        if user.is_authenticated and user.takes_part:
            told |= Q(_in_threads("moderated_by", user))
        return self.filter(_in_threads("visible_to", user)).filter(told)

    def in_thread_for(self, user: User, *, is_moderator: bool) -> Self:
        """Those of one thread, which the user may see and perhaps moderates."""
        return self if is_moderator else self.filter(~Q(state="held") | own(user, "author"))

    def public(self) -> Self:
        """What everybody may read."""
        return self.shown().visible_to(AnonymousUser())

    def shown(self) -> Self:
        return self.filter(state="shown")

    def held(self) -> Self:
        return self.filter(state="held")

    def editable_by(self, user: User) -> Self:
        """Their own, while they may write in the thread, or while its first post waits."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        waits = Q(thread__state="held", thread__is_locked=False)
        found = self.visible_to(user).filter(author=user.pk).exclude(state="removed")
        return found.filter(Q(_in_threads("replyable_by", user)) | waits)

    def removable_by(self, user: User) -> Self:
        """Their own; all of threads that they moderate."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        takes = own(user, "author") | Q(_in_threads("moderated_by", user))
        return self.visible_to(user).filter(takes).exclude(state="removed")

    def restorable_by(self, user: User) -> Self:
        """Removed ones of threads that they moderate; their own, if they removed it."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        mine = own(user, "author") & own(user, "removed_by")
        taken = mine | Q(_in_threads("moderated_by", user))
        return self.visible_to(user).filter(taken, state="removed")

    def approvable_by(self, user: User) -> Self:
        """Those that wait in threads that they moderate, but for their own."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        return self.held().filter(_in_threads("moderated_by", user)).exclude(author=user.pk)

    def markable_by(self, user: User) -> Self:
        """Shown ones of others, which they may say were useful."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        return self.shown().visible_to(user).exclude(author=user.pk)


class PostPartQuerySet(QuerySet[Any]):
    """Files, earlier texts, mentions and marks of posts."""

    def visible_to(self, user: User) -> Self:
        """Those of posts that the user may see and that are not removed."""
        seen = Reached("post", apps.get_model("community", "Post"), user)
        return self.filter(seen).exclude(post__state="removed")

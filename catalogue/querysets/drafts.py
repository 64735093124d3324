"""Which drafts there are for whom: to read, to write, to review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.querysets import is_moderator
from hubs.querysets import (
    ANY_ROLE,
    EDITING_ROLES,
    NOBODY,
    holds_role,
    may_edit,
)

if TYPE_CHECKING:
    from hubs.querysets import User

WITH_AUTHORS = Q(state__in=["draft", "changes_requested"])
IN_REVIEW = Q(state="submitted")


def is_author(user: User) -> Exists | Q:
    """Return the condition "`user` wrote in the draft"."""
    if not user.is_authenticated or not user.takes_part:
        return NOBODY
    authors = apps.get_model("catalogue", "Draft").authors.through.objects
    return Exists(authors.filter(draft=OuterRef("pk"), member=user.pk))


def is_assigned(user: User) -> Exists | Q:
    """Return the condition "`user` was asked to review the draft"."""
    if not user.is_authenticated or not user.takes_part:
        return NOBODY
    assignments = apps.get_model("catalogue", "ReviewerAssignment").objects
    return Exists(assignments.filter(draft=OuterRef("pk"), reviewer=user.pk))


class DraftQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Drafts that `user` works on: as editor or head of the hub, as author who still has
        a role there, as reviewer; all, for moderators.
        """
        if is_moderator(user):
            return self
        return self.filter(self._written_by(user) | Q(is_assigned(user)))

    def _written_by(self, user: User) -> Q:
        own = Q(is_author(user)) & Q(holds_role(user, ANY_ROLE))
        return Q(holds_role(user, EDITING_ROLES)) | own

    def editable_by(self, user: User) -> Self:
        """Drafts whose text `user` may change now: none while reviewers read it."""
        right = Q(may_edit(user)) | self._written_by(user)
        return self.filter(WITH_AUTHORS, right)

    def submittable_by(self, user: User) -> Self:
        """Drafts that `user` may send to review: the hub stands behind what it sends."""
        return self.filter(WITH_AUTHORS, may_edit(user))

    def withdrawable_by(self, user: User) -> Self:
        """Open drafts that `user` may take back: who may send them, and their authors."""
        right = Q(may_edit(user)) | self._written_by(user)
        return self.filter(WITH_AUTHORS | IN_REVIEW, right)

    def reviewable_by(self, user: User) -> Self:
        """Drafts that `user` may judge now: moderators and those who were asked; never who
        wrote in it, nor anybody of the hub.
        """
        drafts = self.filter(IN_REVIEW)
        if not is_moderator(user):
            drafts = drafts.filter(is_assigned(user))
        return drafts.exclude(is_author(user)).exclude(holds_role(user, ANY_ROLE))

    def decidable_by(self, user: User) -> Self:
        """Drafts that `user` may decline and for which they may choose reviewers: moderators
        who may review them.
        """
        return self.reviewable_by(user) if is_moderator(user) else self.none()

    def open(self) -> Self:
        """Drafts that are still on their way."""
        return self.filter(WITH_AUTHORS | IN_REVIEW)

    def in_review(self) -> Self:
        """Drafts that reviewers read now."""
        return self.filter(IN_REVIEW)

    def with_authors_asked(self) -> Self:
        """Drafts whose authors were asked for changes."""
        return self.filter(state="changes_requested")

    def for_queue(self) -> Self:
        """Fetch what a line of the queue shows, the longest waiting first: four queries."""
        return (
            self.select_related("hub")
            .prefetch_related("assignments__reviewer", "rounds__verdicts")
            .order_by("state_since", "pk")
        )


class DraftPartQuerySet(QuerySet[Any]):
    """Rounds, assignments and messages."""

    def visible_to(self, user: User) -> Self:
        """Those of drafts that `user` works on."""
        drafts = apps.get_model("catalogue", "Draft").objects.visible_to(user)
        return self.filter(draft__in=drafts.values("pk"))


class RoundPartQuerySet(QuerySet[Any]):
    """Verdicts."""

    def visible_to(self, user: User) -> Self:
        """Those of rounds of drafts that `user` works on."""
        drafts = apps.get_model("catalogue", "Draft").objects.visible_to(user)
        return self.filter(round__draft__in=drafts.values("pk"))

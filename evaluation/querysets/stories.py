"""Which impact stories there are for whom, who writes and who publishes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.querysets import is_moderator
from evaluation.querysets.exchanges import exchange_counted, exchange_seen_by
from hubs.querysets import ANY_ROLE, ASSESSING_ROLES, NOBODY, holding_words, holds_role

if TYPE_CHECKING:
    from hubs.querysets import User

HUB = "exchange__hub"


def story_seen_by(user: User, prefix: str = "") -> Q:
    """Return the condition "`user` may see the story", for columns behind `prefix`.

    Published ones are seen by who may see the exchange; all of them in the exchange's hub. A
    moderator also sees what waits, where they may see the exchange.
    """
    states = ["published", "submitted"] if is_moderator(user) else ["published"]
    told = Q(**{f"{prefix}state__in": states}) & exchange_seen_by(user, f"{prefix}exchange__")
    return told | Q(holds_role(user, ANY_ROLE, f"{prefix}{HUB}"))


class StoryQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(story_seen_by(user))

    def published(self) -> Self:
        """What lists hold."""
        return self.filter(state="published")

    def counted(self) -> Self:
        """Those of exchanges that totals are made of."""
        return self.filter(exchange_counted("exchange__"))

    def public(self) -> Self:
        """What everybody may see."""
        return self.published().filter(exchange_seen_by(AnonymousUser(), "exchange__"))

    def waiting(self) -> Self:
        return self.filter(state="submitted")

    def editable_by(self, user: User) -> Self:
        """Drafts and returned ones, for focal points, editors and heads of the hub."""
        return self.filter(_written_by(user), state__in=["draft", "returned"])

    def submittable_by(self, user: User) -> Self:
        """What may be sent to be read by others, and be taken back from them."""
        return self.filter(_written_by(user), state__in=["draft", "returned", "submitted"])

    def resumable_by(self, user: User) -> Self:
        """What was withdrawn, for focal points, editors and heads of the hub."""
        return self.filter(_written_by(user), state="withdrawn")

    def publishable_by(self, user: User) -> Self:
        """What waits, for focal points, editors and heads of the hub and for moderators who may
        see it: never what they wrote any of.
        """
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        deciding = _written_by(user)
        if is_moderator(user):
            deciding |= Q(exchange__confidentiality="public")
        writers = self.model.writers.through.objects
        wrote = Exists(writers.filter(impactstory=OuterRef("pk"), member=user.pk))
        return self.waiting().filter(deciding).exclude(author=user.pk).filter(~wrote)

    def withdrawable_by(self, user: User) -> Self:
        """Those of their hub; published ones that are not confidential, for moderators."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        taken = _written_by(user) & Q(state__in=["draft", "returned", "published"])
        if is_moderator(user):
            taken |= Q(state="published", exchange__confidentiality="public")
        return self.filter(taken)

    def matching(self, text: str) -> Self:
        """Stories that hold every word of `text`."""
        columns = ("title", "summary", "what_did_not_work", "exchange__title")
        return self.filter(holding_words(text, *columns))


class RungPartQuerySet(QuerySet[Any]):
    """Parts of a story: as visible as the story is."""

    def visible_to(self, user: User) -> Self:
        return self.filter(story_seen_by(user, "story__"))


def _written_by(user: User) -> Q:
    if not user.is_authenticated or not user.takes_part:
        return Q(NOBODY)
    return Q(holds_role(user, ASSESSING_ROLES, HUB))

"""Who sees and keeps surveys and action plans of exchanges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q, QuerySet

from evaluation.querysets.exchanges import exchange_seen_by, of_a_party
from hubs.querysets import ANY_ROLE, ASSESSING_ROLES, NOBODY, holds_role

if TYPE_CHECKING:
    import datetime

    from hubs.querysets import User


def _takes_part(user: User) -> bool:
    return bool(user.is_authenticated and user.takes_part)


def kept_by(user: User, roles: tuple[str, ...], prefix: str = "") -> Q:
    """Return the condition "`user` has one of `roles` in the hub that tells the exchange", for
    columns behind `prefix`.
    """
    if not _takes_part(user):
        return Q(NOBODY)
    return Q(holds_role(user, roles, f"{prefix}exchange__hub"))


class SurveyQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Surveys are for the people of the hub that tells the exchange: they hold names."""
        return self.filter(kept_by(user, ANY_ROLE))

    def editable_by(self, user: User) -> Self:
        return self.filter(kept_by(user, ASSESSING_ROLES))

    def due_by(self, day: datetime.date) -> Self:
        """Those whose invitations may leave on `day`."""
        return self.filter(due_on__lte=day)


class SurveyPartQuerySet(QuerySet[Any]):
    """Invitations: as visible as their survey."""

    def visible_to(self, user: User) -> Self:
        return self.filter(kept_by(user, ANY_ROLE, "survey__"))

    def editable_by(self, user: User) -> Self:
        return self.filter(kept_by(user, ASSESSING_ROLES, "survey__"))


class ActionPlanQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Plans of exchanges that the user may see, for the hubs of the exchange: the one that
        tells it and those that are party to it.
        """
        if not user.is_authenticated:
            return self.none()
        return self.filter(exchange_seen_by(user, "exchange__"), plan_of(user, ANY_ROLE))

    def editable_by(self, user: User) -> Self:
        """Focal points, editors and heads of the telling hub and of the party whose plan it is."""
        if not _takes_part(user):
            return self.none()
        own = Q(holds_role(user, ASSESSING_ROLES, "exchange__hub"))
        return self.filter(own | Q(holds_role(user, ASSESSING_ROLES, "party__hub")))


class ActionItemQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        if not user.is_authenticated:
            return self.none()
        seen = exchange_seen_by(user, "plan__exchange__")
        return self.filter(seen, plan_of(user, ANY_ROLE, "plan__"))

    def editable_by(self, user: User) -> Self:
        if not _takes_part(user):
            return self.none()
        own = Q(holds_role(user, ASSESSING_ROLES, "plan__exchange__hub"))
        own |= Q(holds_role(user, ASSESSING_ROLES, "plan__party__hub"))
        return self.filter(own)

    def completable_by(self, user: User) -> Self:
        """Who may write an item may mark it as done, and so may the member who sees to it."""
        if not _takes_part(user):
            return self.none()
        return self.editable_by(user) | self.visible_to(user).filter(member=user.pk)

    def open(self) -> Self:
        return self.filter(done_on=None)


def plan_of(user: User, roles: tuple[str, ...], prefix: str = "") -> Q:
    """Return the condition "`user` has one of `roles` in a hub of the plan's exchange"."""
    own = Q(holds_role(user, roles, f"{prefix}exchange__hub"))
    return own | Q(of_a_party(user, roles, f"{prefix}exchange"))

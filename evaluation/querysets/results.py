"""Which frameworks, indicators, updates, figures and evidence there are for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q, QuerySet

from accounts.querysets import is_moderator
from evaluation.querysets.exchanges import exchange_seen_by
from hubs.querysets import ANY_ROLE, ASSESSING_ROLES, EVERYBODY, HEAD_ROLES, NOBODY, holds_role

if TYPE_CHECKING:
    import datetime

    from hubs.querysets import User


def _takes_part(user: User) -> bool:
    return bool(user.is_authenticated and user.takes_part)


def framework_seen_by(user: User, prefix: str = "") -> Q:
    """Return the condition "`user` may see the framework", for columns behind `prefix`.

    One of an exchange follows the exchange too; unpublished ones are seen by who is in the hub.
    """
    published = Q(**{f"{prefix}is_published": True})
    if is_moderator(user):
        published = Q(EVERYBODY)
    own = Q(holds_role(user, ANY_ROLE, f"{prefix}hub"))
    own |= Q(holds_role(user, ANY_ROLE, f"{prefix}exchange__hub"))
    no_exchange = Q(**{f"{prefix}exchange": None})
    return (published & (no_exchange | exchange_seen_by(user, f"{prefix}exchange__"))) | own


def framework_written_by(user: User, prefix: str = "") -> Q:
    """Return the condition "`user` may write the framework": focal points, editors and heads of
    its hub or of its exchange's hub; moderators, those that belong to no hub.
    """
    if not _takes_part(user):
        return Q(NOBODY)
    own = Q(holds_role(user, ASSESSING_ROLES, f"{prefix}hub"))
    own |= Q(holds_role(user, ASSESSING_ROLES, f"{prefix}exchange__hub"))
    if is_moderator(user):
        own |= Q(**{f"{prefix}hub": None, f"{prefix}exchange": None})
    return own


class FrameworkQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(framework_seen_by(user))

    def editable_by(self, user: User) -> Self:
        return self.filter(framework_written_by(user))

    def lockable_by(self, user: User) -> Self:
        """Those whose periods the user may lock and open: the hub's heads, and moderators."""
        if is_moderator(user):
            return self
        own = Q(holds_role(user, HEAD_ROLES, "hub"))
        return self.filter(own | Q(holds_role(user, HEAD_ROLES, "exchange__hub")))

    def published(self) -> Self:
        return self.filter(is_published=True)

    def templates(self) -> Self:
        return self.filter(is_template=True)


class IndicatorDefinitionQuerySet(QuerySet[Any]):
    def editable_by(self, user: User) -> Self:
        """What its hub's focal points, editors and heads may make a new version of; of those
        without a hub, moderators.
        """
        if not _takes_part(user):
            return self.none()
        own = Q(holds_role(user, ASSESSING_ROLES))
        return self.filter(own | Q(hub=None) if is_moderator(user) else own)

    def described(self) -> Self:
        """Those with a version to read; the library is everybody's."""
        return self.filter(current__isnull=False)

    def in_use(self) -> Self:
        return self.filter(is_retired=False)


class IndicatorQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(framework_seen_by(user, "result__framework__"))

    def editable_by(self, user: User) -> Self:
        return self.filter(framework_written_by(user, "result__framework__"))


class UpdateQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Approved and superseded ones of frameworks and exchanges that the user may see; all,
        for the people of the reporting hub or of the exchange's hub.
        """
        told = Q(state__in=["approved", "superseded"])
        if is_moderator(user):
            told = ~Q(state__in=["draft", "withdrawn"])
        told &= framework_seen_by(user, "indicator__result__framework__")
        told &= Q(exchange=None) | exchange_seen_by(user, "exchange__")
        return self.filter(told | self._own(user, ANY_ROLE))

    def approved(self) -> Self:
        return self.filter(state="approved")

    def waiting(self) -> Self:
        return self.filter(state="submitted")

    def editable_by(self, user: User) -> Self:
        """Drafts and returned ones, for anybody with a role in the reporting unit's hub."""
        if not _takes_part(user):
            return self.none()
        return self.filter(self._own(user, ANY_ROLE), state__in=["draft", "returned"])

    def approvable_by(self, user: User) -> Self:
        """What waits, for focal points, editors and heads of the unit's hub, and for moderators
        who may see it: never what they wrote themselves.
        """
        if not _takes_part(user):
            return self.none()
        deciding = self._own(user, ASSESSING_ROLES)
        if is_moderator(user):
            deciding |= Q(exchange=None) | Q(exchange__confidentiality="public")
        return self.visible_to(user).waiting().filter(deciding).exclude(author=user.pk)

    @staticmethod
    def _own(user: User, roles: tuple[str, ...]) -> Q:
        return Q(holds_role(user, roles, "hub")) | Q(holds_role(user, roles, "exchange__hub"))


class FigureQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Figures of approved updates, for who sees the framework; with what waits, for the
        people of its hub and for moderators.
        """
        framework = "indicator__result__framework__"
        seen = self.filter(framework_seen_by(user, framework))
        if is_moderator(user):
            return seen
        own = Q(holds_role(user, ANY_ROLE, f"{framework}hub"))
        own |= Q(holds_role(user, ANY_ROLE, f"{framework}exchange__hub"))
        return seen.filter(Q(series="approved") | own)

    def current(self) -> Self:
        return self.filter(superseded_at=None)

    def as_of(self, moment: datetime.datetime) -> Self:
        """What was published at `moment` (rule 12)."""
        still = Q(superseded_at=None) | Q(superseded_at__gt=moment)
        return self.filter(still, computed_at__lte=moment)


class EvidenceQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """What is not confidential, of exchanges and updates that the user may see; all of it,
        for the people of the hub that added it and of the parties' hubs.
        """
        from_exchange = Q(exchange__isnull=False) & exchange_seen_by(user, "exchange__")
        from_update = Q(update__state__in=["approved", "superseded"]) & framework_seen_by(
            user, "update__indicator__result__framework__"
        )
        from_update &= Q(update__exchange=None) | exchange_seen_by(user, "update__exchange__")
        is_open = Q(is_confidential=False) & (from_exchange | from_update)
        return self.filter(is_open | self._own(user, ANY_ROLE))

    def editable_by(self, user: User) -> Self:
        """What focal points, editors and heads of the hub that added it may change."""
        if not _takes_part(user):
            return self.none()
        return self.filter(self._own(user, ASSESSING_ROLES))

    def in_force(self) -> Self:
        return self.filter(withdrawn_at=None)

    @staticmethod
    def _own(user: User, roles: tuple[str, ...]) -> Q:
        hubs = ("exchange__hub", "update__hub", "update__exchange__hub")
        own = Q(NOBODY)
        for hub in hubs:
            own |= Q(holds_role(user, roles, hub))
        return own

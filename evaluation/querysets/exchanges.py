"""Which exchanges there are for whom, who writes them and who confirms them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.querysets import is_moderator
from hubs.querysets import ANY_ROLE, ASSESSING_ROLES, holds_role

if TYPE_CHECKING:
    from hubs.querysets import User

CONFIRMING_SIDES = ("provider", "seeker")


def of_a_party(user: User, roles: tuple[str, ...], exchange: str = "pk") -> Exists:
    """Return the condition "`user` has one of `roles` in a hub that is party to the exchange
    named by column `exchange`".
    """
    parties = apps.get_model("evaluation", "Party").objects.filter(exchange=OuterRef(exchange))
    return Exists(parties.filter(holds_role(user, roles)))


def exchange_seen_by(user: User, prefix: str = "") -> Q:
    """Return the condition "`user` may see the exchange", for columns behind `prefix`.

    Published public ones are everybody's. Drafts are seen in the hub that writes them,
    confidential ones in the parties' hubs too; a moderator reads what is not confidential.
    """
    is_open = Q(**{f"{prefix}confidentiality": "public"})
    seen = is_open & Q(**{f"{prefix}is_published": True})
    if is_moderator(user):
        seen |= is_open
    own = Q(holds_role(user, ANY_ROLE, f"{prefix}hub"))
    exchange = f"{prefix}pk" if not prefix else prefix.removesuffix("__")
    party = Q(of_a_party(user, ANY_ROLE, exchange)) & Q(**{f"{prefix}is_published": True})
    return seen | own | party


class ExchangeQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(exchange_seen_by(user))

    def published(self) -> Self:
        return self.filter(is_published=True)

    def public(self) -> Self:
        """What everybody may see."""
        return self.filter(is_published=True, confidentiality="public")

    def reportable_by(self, user: User) -> Self:
        """Exchanges for which the user may report figures: any role in the hub that tells it."""
        return self.filter(holds_role(user, ANY_ROLE))

    def editable_by(self, user: User) -> Self:
        """What the telling hub's heads, editors and M&E focal points may write; moderators, too,
        unless it is confidential.
        """
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        own = Q(holds_role(user, ASSESSING_ROLES))
        return self.filter(own | Q(confidentiality="public") if is_moderator(user) else own)


class PartyQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(exchange_seen_by(user, "exchange__"))

    def confirming(self) -> Self:
        """Those whose confirmation an exchange waits for."""
        return self.filter(side__in=CONFIRMING_SIDES)

    def confirmable_by(self, user: User) -> Self:
        """Providers and seekers for which the user may speak: hubs in which they are head,
        editor or M&E focal point.
        """
        return self.confirming().filter(holds_role(user, ASSESSING_ROLES))


class StepQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(exchange_seen_by(user, "exchange__"))

"""Who reports: the hubs and exchanges for which a member may state figures of a framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef, Q

from evaluation.models import Exchange, Framework, Party
from hubs.models import Hub

if TYPE_CHECKING:
    from evaluation.models import Update
    from evaluation.querysets import ExchangeQuerySet
    from hubs.querysets import HubQuerySet, User


class Unit(NamedTuple):
    """A reporting unit: a hub or an exchange, the other is None."""

    hub: Hub | None = None
    exchange: Exchange | None = None

    @property
    def thing(self) -> Hub | Exchange:
        found = self.hub or self.exchange
        if found is None:
            raise ValueError("a unit is a hub or an exchange")
        return found

    @property
    def slug(self) -> str:
        return str(self.thing.slug)


def unit_of(update: Update) -> Unit:
    """Return who reported an update."""
    return Unit(update.hub, update.exchange)


def hubs_reporting(framework: Framework, user: User) -> HubQuerySet:
    """Return the hubs for which `user` may report on `framework`: its own; on one of the
    community any, on one of a country those that serve the country.
    """
    hubs: HubQuerySet = Hub.objects.joined_by(user)
    if framework.exchange_id is not None or framework.is_template:
        return hubs.none()
    if framework.hub_id is not None:
        return hubs.filter(pk=framework.hub_id)
    if framework.country:
        return hubs.filter(countries__contains=[framework.country])
    return hubs


def exchanges_reporting(framework: Framework, user: User) -> ExchangeQuerySet:
    """Return the exchanges for which `user` may report on `framework`: its own; on one of a
    hub those that the hub tells or is party to; on others any that they write.
    """
    exchanges: ExchangeQuerySet = Exchange.objects.reportable_by(user)
    if framework.is_template:
        return exchanges.none()
    if framework.exchange_id is not None:
        return exchanges.filter(pk=framework.exchange_id)
    if framework.hub_id is None:
        return exchanges
    parties = Party.objects.filter(exchange=OuterRef("pk"), hub=framework.hub_id)
    return exchanges.filter(Q(hub=framework.hub_id) | Exists(parties))


def may_report(framework: Framework, unit: Unit, user: User) -> bool:
    """Return whether `user` may report for `unit` on `framework`: one query."""
    if unit.hub is not None:
        return hubs_reporting(framework, user).contains(unit.hub)
    if unit.exchange is not None:
        return exchanges_reporting(framework, user).contains(unit.exchange)
    return False

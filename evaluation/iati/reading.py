"""What of a hub can be told as IATI, what is missing, and everything that the file is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from core.dates import today
from evaluation.models import (
    Contribution,
    Evidence,
    Exchange,
    Figure,
    Framework,
    Indicator,
    IndicatorKind,
    Party,
    Period,
    Series,
    Update,
)
from hubs.models import InstitutionalArrangement

if TYPE_CHECKING:
    from hubs.models import Hub

# What an institutional model is on the Standard's list of organisation types; a network or
# another model is none of them for certain.
TYPE_OF_MODEL = {
    "national-agency-mfa": "10",
    "national-agency-presidency": "10",
    "national-agency-other-ministry": "10",
    "sector-institution-public-company": "15",
    "sector-institution-foundation": "60",
    "sector-ministry": "10",
    "public-private-company": "30",
    "inter-ministerial-coordinating-team": "10",
    "ministry-led-with-training-institutes": "10",
    "multilateral-supporter": "40",
    "multilateral-fund": "40",
}
_EVERYBODY = AnonymousUser()


@dataclass
class Measured:
    """An indicator with what is published on it, by period."""

    indicator: Indicator
    periods: list[Period]
    figures: dict[int, Figure]
    told: dict[int, list[str]]  # what approved updates say in words, by period


@dataclass
class Told:
    """One exchange with all that its activity is made of."""

    exchange: Any
    documents: list[Evidence] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)


@dataclass
class Ready:
    """What stands between a hub and its file: nothing, where `missing` is empty."""

    hub: Hub
    organisation_type: str
    missing: list[str]
    exchanges: list[Any]
    left_out: list[tuple[Any, str]]  # exchange, why

    @property
    def is_ready(self) -> bool:
        return not self.missing


def ready_of(hub: Hub) -> Ready:
    """Return which public exchanges of the hub can be told, and what is missing: four queries.

    An exchange is told by the hub that writes it, and by no other, so that it is counted once.
    """
    parties = Prefetch(
        "parties", Party.objects.select_related("hub", "organisation").order_by("pk")
    )
    public = Exchange.objects.public().filter(hub=hub)
    exchanges, left_out = [], []
    for exchange in public.select_related("hub").prefetch_related(parties).order_by("pk"):
        reason = _reason(exchange)
        if reason:
            left_out.append((exchange, reason))
        else:
            exchanges.append(exchange)
    organisation_type = _type_of(hub)
    missing = []
    if not hub.iati_identifier:
        missing.append(_("The hub’s IATI organisation identifier is not stated."))
    if not organisation_type:
        missing.append(
            _(
                "What type of organisation the hub is cannot be told: no published institutional"
                " model of it that holds today is on the Standard’s list."
            )
        )
    if not exchanges:
        missing.append(_("There is no public exchange that can be told."))
    return Ready(hub, organisation_type, missing, exchanges, left_out)


def _reason(exchange: Any) -> str:
    """Return why an exchange cannot be told; "" if it can. Nothing is made up for it."""
    if exchange.starts_on is None:
        return _("Its start is not stated.")
    if not exchange.parties.all():
        return _("No party is stated.")
    return ""


def _type_of(hub: Hub) -> str:
    arrangements = InstitutionalArrangement.objects.visible_to(_EVERYBODY).filter(hub=hub)
    newest = arrangements.as_of(today()).order_by("-known_from", "-pk").first()
    return TYPE_OF_MODEL.get(newest.model_id, "") if newest else ""


def told_of(exchanges: list[Any]) -> list[Told]:
    """Return exchanges with their public documents, money and results: ten queries or so,
    whatever their number.
    """
    told = {exchange.pk: Told(exchange) for exchange in exchanges}
    money = Contribution.objects.filter(kind="money").select_related(
        "party__hub", "party__organisation"
    )
    for exchange in exchanges:
        exchange.money = []
    for given in money.filter(exchange__in=told).order_by("pk"):
        told[given.exchange_id].exchange.money.append(given)
    documents = Evidence.objects.visible_to(_EVERYBODY).in_force().filter(exchange__in=told)
    for document in documents.order_by("pk"):
        if document.exchange_id is not None:
            told[document.exchange_id].documents.append(document)
    for pk, measured in _measured(told):
        told[pk].measured.append(measured)
    return list(told.values())


def _measured(exchange_pks: Iterable[int]) -> Iterable[tuple[int, Measured]]:
    frameworks = dict(
        Framework.objects.visible_to(_EVERYBODY)
        .filter(exchange__in=exchange_pks, is_published=True, is_template=False)
        .values_list("pk", "exchange")
    )
    periods = defaultdict(list)
    for period in Period.objects.filter(framework__in=frameworks).order_by("starts_on", "pk"):
        if period.ends_on is not None:  # the Standard has no open periods
            periods[period.framework_id, period.frequency].append(period)
    indicators = list(
        Indicator.objects.filter(result__framework__in=frameworks)
        .select_related("result", "definition")
        .prefetch_related("targets")
        .order_by("result__framework", "result__position", "result", "position", "pk")
    )
    figures: dict[int, dict[int, Figure]] = defaultdict(dict)
    current = Figure.objects.current().filter(
        indicator__in=indicators, series=Series.APPROVED, cell=None, period__isnull=False
    )
    for figure in current:
        if figure.period_id is not None:
            figures[figure.indicator_id][figure.period_id] = figure
    told = _words(indicators)
    for each in indicators:
        yield (
            frameworks[each.result.framework_id] or 0,
            Measured(
                each,
                periods[each.result.framework_id, each.frequency],
                figures[each.pk],
                told[each.pk],
            ),
        )


def _words(indicators: list[Indicator]) -> dict[int, dict[int, list[str]]]:
    """Return what approved updates of narrative indicators tell, by indicator and period."""
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    narrative = [each for each in indicators if each.definition.kind == IndicatorKind.NARRATIVE]
    updates = Update.objects.visible_to(_EVERYBODY).approved().filter(indicator__in=narrative)
    for update in updates.exclude(narrative="").order_by("pk"):
        found[update.indicator_id][update.period_id].append(update.narrative)
    return found

"""Query-string filters of exchanges, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.codelists import instrument_choices, sdg_choices
from core import codes
from core.filters import ChoicesFilter
from evaluation.models import Exchange, ExchangeStatus, Modality, PartySide
from evaluation.querysets.exchanges import ExchangeQuerySet, exchange_counted, party_in
from hubs.filters import (
    MAX_TEXT,
    AnyCodeFilter,
    AskingOnceFilterSet,
    YesNoFilter,
    published_hubs,
)


def exchange_years() -> list[tuple[str, str]]:
    """Return the years in which public exchanges began."""
    years = Exchange.objects.public().exclude(starts_on=None).order_by("-starts_on__year")
    found = years.values_list("starts_on__year", flat=True).distinct()
    return [(str(year), str(year)) for year in found]


class PartyFilter(ChoicesFilter):
    """Exchanges with a party that is any of the hubs chosen, or of any of the countries; with
    `side`, on that side.
    """

    def filter(self, qs: ExchangeQuerySet, value: list[str]) -> ExchangeQuerySet:
        if not value:
            return qs
        is_country = self.field_name == "country"
        condition = party_in(value) if is_country else Q(hub__slug__in=value)
        sides = self.parent.form.cleaned_data.get("side")
        if sides:
            condition &= Q(side__in=sides)
        return qs.with_party(condition)


class SideFilter(ChoicesFilter):
    """Exchanges with a party on any of the sides chosen, whoever it is."""

    def filter(self, qs: ExchangeQuerySet, value: list[str]) -> ExchangeQuerySet:
        if not value:
            return qs
        return qs.with_party(Q(side__in=value))


class OfHubFilter(ChoicesFilter):
    """Exchanges that any of the hubs chosen tells, or to which it is party."""

    def filter(self, qs: ExchangeQuerySet, value: list[str]) -> ExchangeQuerySet:
        if not value:
            return qs
        party = qs.with_party(Q(hub__slug__in=value))
        return qs.filter(Q(hub__slug__in=value) | Q(pk__in=party.values("pk")))


class ExchangeFilter(AskingOnceFilterSet):
    """What a list of exchanges can be asked for. Each may be given several times: any of them."""

    asked_once = ("hub", "party", "year")

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    status = ChoicesFilter(choices=ExchangeStatus.choices, label=_("Status"))
    confirmed = YesNoFilter(
        condition=Q(is_confirmed=True),
        choices=[("yes", _("Confirmed by both sides")), ("no", _("Reported by one side"))],
        label=_("Confirmed"),
    )
    counted = YesNoFilter(
        condition=exchange_counted(),
        choices=[("yes", _("Counted in totals")), ("no", _("Not counted"))],
        label=_("In totals"),
    )
    modality = ChoicesFilter(choices=Modality.choices, label=_("Modality"))
    sector = AnyCodeFilter(field_name="sectors", choices=codes.sector_choices, label=_("Sector"))
    country = PartyFilter(
        field_name="country", choices=codes.country_choices, label=_("Country of a party")
    )
    side = SideFilter(choices=PartySide.choices, label=_("Side of that party"))
    instrument = AnyCodeFilter(
        field_name="instruments", choices=instrument_choices, label=_("Instrument")
    )
    sdg = AnyCodeFilter(
        field_name="sdgs", choices=sdg_choices, label=_("Sustainable Development Goal")
    )
    hub = OfHubFilter(choices=published_hubs, label=_("Hub that tells it or takes part"))
    party = PartyFilter(field_name="party", choices=published_hubs, label=_("Hub that takes part"))
    year = ChoicesFilter(
        field_name="starts_on__year", choices=exchange_years, label=_("First year")
    )

    class Meta:
        model = Exchange
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

"""Query-string filters of hubs, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as df
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from core import codes
from core.dates import today
from hubs.models import (
    CoordinationLink,
    ExpertiseSource,
    FundingStream,
    Hub,
    InstitutionalArrangement,
    InstitutionalModel,
    MonitoringPractice,
    Network,
    Organisation,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

MAX_TEXT = 200  # characters of a search text
# Facets of hubs that come from facts: parameter -> (kind of fact, its column).
FACT_FILTERS: dict[str, tuple[type[Any], str]] = {
    "model": (InstitutionalArrangement, "model"),
    "coordination": (CoordinationLink, "government_level"),
    "expertise": (ExpertiseSource, "kind"),
    "funding": (FundingStream, "source_type"),
    "monitoring": (MonitoringPractice, "approach"),
}


def _models() -> list[tuple[str, str]]:
    return [(model.code, str(model)) for model in InstitutionalModel.objects.all()]


class CountryFilter(df.MultipleChoiceFilter):
    """Hubs or other things of any of the countries chosen."""

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return qs.filter(countries__overlap=value) if value else qs


class RegionFilter(df.MultipleChoiceFilter):
    """Hubs of a country in any of the M49 regions chosen."""

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if not value:
            return qs
        countries = set[str]().union(*(codes.countries_in(region) for region in value))
        return qs.filter(countries__overlap=sorted(countries))


class SectorFilter(df.MultipleChoiceFilter):
    """Hubs that work in any of the sectors chosen."""

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return qs.filter(sectors__overlap=value) if value else qs


class FactFilter(df.MultipleChoiceFilter):
    """Hubs with a fact of one kind that holds today, says one of the values chosen, and that
    the reader may see.
    """

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if not value:
            return qs
        fact, column = FACT_FILTERS[self.field_name]
        facts = fact.objects.visible_to(self.parent.request.user).as_of(today())
        return qs.filter(Exists(facts.filter(hub=OuterRef("pk"), **{f"{column}__in": value})))


class HubFilter(df.FilterSet):
    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    country = CountryFilter(choices=codes.country_choices, label=_("Country"))
    region = RegionFilter(choices=codes.region_choices, label=_("Region"))
    sector = SectorFilter(choices=codes.sector_choices, label=_("Sector"))
    level = df.MultipleChoiceFilter(choices=Hub.Level.choices, label=_("Level"))
    model = FactFilter(choices=_models, label=_("Institutional model"))
    coordination = FactFilter(
        choices=CoordinationLink.Level.choices, label=_("Coordinates with level of government")
    )
    expertise = FactFilter(choices=ExpertiseSource.Kind.choices, label=_("Source of expertise"))
    funding = FactFilter(choices=FundingStream.SourceType.choices, label=_("Funding"))
    monitoring = FactFilter(
        choices=MonitoringPractice.Approach.choices, label=_("Monitoring and evaluation")
    )
    network = df.ModelMultipleChoiceFilter(
        field_name="network_memberships__network__slug",
        queryset=Network.objects.all(),
        to_field_name="slug",
        label=_("Network"),
        method="filter_network",
    )
    status = df.MultipleChoiceFilter(choices=Hub.Status.choices, label=_("Status"))
    verified = df.ChoiceFilter(
        method="filter_verified",
        choices=[("yes", _("Verified")), ("no", _("Not verified"))],
        label=_("Verified"),
    )

    class Meta:
        model = Hub
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

    def filter_network(self, queryset: Any, name: str, value: list[Network]) -> Any:
        return queryset.in_networks(value) if value else queryset

    def filter_verified(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(verified_on__isnull=value == "no")


class OrganisationFilter(df.FilterSet):
    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    kind = df.MultipleChoiceFilter(choices=Organisation.Kind.choices, label=_("Kind"))
    country = df.MultipleChoiceFilter(choices=codes.country_choices, label=_("Country"))

    class Meta:
        model = Organisation
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)


class NetworkFilter(df.FilterSet):
    class Meta:
        model = Network
        fields: list[str] = []

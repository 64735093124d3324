"""Query-string filters of hubs, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

import django_filters as df
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import codes
from core.dates import today
from core.filters import ChoicesFilter
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
    from django.forms import Form

    from hubs.querysets import HubQuerySet

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


def _networks() -> list[tuple[str, str]]:
    return list(Network.objects.by_name().values_list("slug", "name"))


class AnyCodeFilter(ChoicesFilter):
    """Things with any of the codes chosen in their list of codes `field_name`."""

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return qs.filter(**{f"{self.field_name}__overlap": value}) if value else qs


class RegionFilter(ChoicesFilter):
    """Hubs of a country in any of the M49 regions chosen."""

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if not value:
            return qs
        countries = set[str]().union(*(codes.countries_in(region) for region in value))
        return qs.filter(countries__overlap=sorted(countries))


class FactFilter(ChoicesFilter):
    """Hubs with a fact of one kind that holds today, says one of the values chosen, and that
    the reader may see.
    """

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if not value:
            return qs
        fact, column = FACT_FILTERS[self.field_name]
        facts = fact.objects.visible_to(self.parent.request.user).as_of(today())
        return qs.filter(Exists(facts.filter(hub=OuterRef("pk"), **{f"{column}__in": value})))


class NetworkMemberFilter(ChoicesFilter):
    """Hubs that belong to any of the networks chosen today."""

    def filter(self, qs: HubQuerySet, value: list[str]) -> HubQuerySet:
        return qs.in_networks(Network.objects.filter(slug__in=value)) if value else qs


class YesNoFilter(ChoicesFilter):
    """Things of which `condition` holds ("yes"), or does not ("no")."""

    def __init__(self, *, condition: Q, **kwargs: Any) -> None:
        self.condition = condition
        super().__init__(**kwargs)

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if len(set(value)) != 1:
            return qs
        return qs.filter(self.condition if value[0] == "yes" else ~self.condition)


def published_hubs() -> list[tuple[str, str]]:
    """Return the hubs whose things lists may hold: the published ones, by name."""
    return list(Hub.objects.published().by_name().values_list("slug", "name"))


class AskingOnceFilterSet(df.FilterSet):
    """A filter set whose choices from the database are asked for once, and only where used."""

    asked_once: tuple[str, ...] = ()  # the fields with such choices

    @property
    def form(self) -> Form:
        if not hasattr(self, "_form"):
            fields = super().form.fields
            for name in set(self.asked_once) & set(fields):
                fields[name].choices = cache(partial(list, fields[name].choices))
        form: Form = super().form
        return form


class HubFilter(AskingOnceFilterSet):
    """What a list of hubs can be asked for. Each may be given several times: any of them."""

    asked_once = ("model", "network")

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    country = AnyCodeFilter(
        field_name="countries", choices=codes.country_choices, label=_("Country")
    )
    region = RegionFilter(choices=codes.region_choices, label=_("Region"))
    sector = AnyCodeFilter(field_name="sectors", choices=codes.sector_choices, label=_("Sector"))
    level = ChoicesFilter(choices=Hub.Level.choices, label=_("Level"))
    model = FactFilter(choices=_models, label=_("Institutional model"))
    coordination = FactFilter(
        choices=CoordinationLink.Level.choices, label=_("Coordinates with level of government")
    )
    expertise = FactFilter(choices=ExpertiseSource.Kind.choices, label=_("Source of expertise"))
    funding = FactFilter(choices=FundingStream.SourceType.choices, label=_("Funding"))
    monitoring = FactFilter(
        choices=MonitoringPractice.Approach.choices, label=_("Monitoring and evaluation")
    )
    network = NetworkMemberFilter(choices=_networks, label=_("Network"))
    status = ChoicesFilter(choices=Hub.Status.choices, label=_("Status"))
    verified = YesNoFilter(
        condition=Q(verified_on__isnull=False),
        choices=[("yes", _("Verified")), ("no", _("Not verified"))],
        label=_("Verified"),
    )

    class Meta:
        model = Hub
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)


class OrganisationFilter(df.FilterSet):
    """What a list of organisations can be asked for."""

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    kind = ChoicesFilter(choices=Organisation.Kind.choices, label=_("Kind"))
    country = ChoicesFilter(choices=codes.country_choices, label=_("Country"))

    class Meta:
        model = Organisation
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)


class NetworkFilter(df.FilterSet):
    """What a list of networks can be asked for."""

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)

    class Meta:
        model = Network
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

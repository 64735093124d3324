"""Organisations and networks: what is around hubs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core import codes
from core.footnotes import SourceNumbers
from core.views import ADDRESS_MEANINGS, FilteredListView, dictionary
from hubs.filters import OrganisationFilter
from hubs.models import (
    CoordinationLink,
    FundingStream,
    Hub,
    Network,
    NetworkMembership,
    Organisation,
)
from hubs.querysets import OrganisationQuerySet, by_name
from hubs.serializers import ORGANISATION_COLUMNS, Addresses
from hubs.views.columns import ORGANISATION_MEANINGS
from hubs.wording import details, when


class OrganisationListView(FilteredListView):
    """/hubs/organisations/."""

    filterset_class = OrganisationFilter
    template_name = "hubs/organisation_list.html"
    results_template_name = "hubs/_organisation_results.html"
    orders = {"name": by_name(), "updated_at": F("updated_at")}
    order_menu = (("name", _("Name")), ("-updated_at", _("Last change, newest first")))
    columns = dictionary(ORGANISATION_COLUMNS, ORGANISATION_MEANINGS | ADDRESS_MEANINGS)

    def get_queryset(self) -> OrganisationQuerySet:
        found: OrganisationQuerySet = Organisation.objects.visible_to(self.request.user)
        return found

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        root = self.request.build_absolute_uri("/").rstrip("/")
        names = ["pk", *(name for name in ORGANISATION_COLUMNS if name not in ("url", "api_url"))]
        rows = things.values(*names).iterator(chunk_size=500)
        return Addresses(root, "organisation").complete(rows, ORGANISATION_COLUMNS)

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        context = super().get_context(things, is_valid=is_valid)
        return context | {
            "rows": [(row, codes.country_name(row.country)) for row in context["page_obj"]],
            "count": context["page_obj"].paginator.count,
        }


@require_safe
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/hubs/organisations/<slug>/: the hubs that it works with and that it funds."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), slug=slug)

    def lines(facts: Any) -> list[dict[str, Any]]:
        found = facts.select_related("hub").with_sources().order_by(by_name("hub__name"), "pk")
        return [
            {
                "hub": fact.hub,
                "details": details(fact),
                "when": when(fact),
                "source_list": fact.source_list,
            }
            for fact in found
        ]

    links = CoordinationLink.objects.visible_to(request.user).filter(organisation=organisation)
    streams = FundingStream.objects.visible_to(request.user).filter(provider=organisation)
    context = {
        "organisation": organisation,
        "country": codes.country_name(organisation.country),
        "coordinates": lines(links),
        "funds": lines(streams),
        "numbers": SourceNumbers(),
    }
    return render(request, "hubs/organisation_detail.html", context)


def _memberships(request: HttpRequest) -> Prefetch[str]:
    seen = Hub.objects.visible_to(request.user)
    return Prefetch(
        "memberships",
        NetworkMembership.objects.filter(hub__in=seen)
        .select_related("hub")
        .order_by(by_name("hub__name"), "pk"),
    )


@require_safe
def network_list(request: HttpRequest) -> HttpResponse:
    """/hubs/networks/: a handful, so all on one page."""
    networks = Network.objects.visible_to(request.user).by_name()
    context = {"networks": networks.prefetch_related(_memberships(request))}
    return render(request, "hubs/network_list.html", context)


@require_safe
def network_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/hubs/networks/<slug>/: its hubs, with the time in which they belonged to it."""
    networks = Network.objects.visible_to(request.user).prefetch_related(
        _memberships(request), "sources"
    )
    network = get_object_or_404(networks, slug=slug)
    seen = Hub.objects.visible_to(request.user)
    secretariat = seen.filter(Q(pk=network.secretariat_id)).first()
    context = {"network": network, "secretariat": secretariat}
    return render(request, "hubs/network_detail.html", context)

"""Networks: hubs that work together under one name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.http import root_of
from core.shared_pages import shared_page
from core.views import ADDRESS_MEANINGS, FilteredListView, dictionary
from hubs.filters import NetworkFilter
from hubs.models import Hub, Network, NetworkMembership
from hubs.querysets import NetworkQuerySet, by_name
from hubs.serializers import NETWORK_COLUMNS, Addresses
from hubs.views.columns import NETWORK_MEANINGS

if TYPE_CHECKING:
    from hubs.querysets import User


class NetworkListView(FilteredListView):
    """/hubs/networks/."""

    filterset_class = NetworkFilter
    template_name = "hubs/network_list.html"
    results_template_name = "hubs/_network_results.html"
    orders = {"name": by_name()}
    order_menu = (("name", _("Name")),)
    columns = dictionary(NETWORK_COLUMNS, NETWORK_MEANINGS | ADDRESS_MEANINGS)
    feed_order = ""  # networks carry no moment of change

    def get_queryset(self) -> NetworkQuerySet:
        found: NetworkQuerySet = Network.objects.visible_to(self.request.user)
        return found

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        names = ["pk", *(name for name in NETWORK_COLUMNS if name not in ("url", "api_url"))]
        rows = things.values(*names).iterator(chunk_size=500)
        return Addresses(root_of(self.request), "network").complete(rows, NETWORK_COLUMNS)

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        seen = things.prefetch_related(_memberships(self.request.user))
        context = super().get_context(seen, is_valid=is_valid)
        return context | {"count": context["page_obj"].paginator.count}


@require_safe
@shared_page
def network_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/hubs/networks/<slug>/: its hubs, with the time in which they belonged to it."""
    networks = Network.objects.visible_to(request.user).prefetch_related(
        _memberships(request.user), "sources"
    )
    network = get_object_or_404(networks, slug=slug)
    seen = Hub.objects.visible_to(request.user)
    secretariat = seen.filter(networks_served=network).first()
    context = {"network": network, "secretariat": secretariat}
    return render(request, "hubs/network_detail.html", context)


def _memberships(user: User) -> Prefetch[str]:
    """Return the fetch plan of a network's hubs, as far as `user` may see them."""
    seen = Hub.objects.visible_to(user)
    return Prefetch(
        "memberships",
        NetworkMembership.objects.filter(hub__in=seen)
        .select_related("hub")
        .order_by(by_name("hub__name"), "pk"),
    )

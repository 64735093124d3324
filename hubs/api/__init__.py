"""/api/v1/: hubs, their facts, and what is around them."""

from django.urls import URLPattern, path
from rest_framework.routers import SimpleRouter

from hubs.api.around import NetworkViewSet, OrganisationViewSet
from hubs.api.compare import ComparisonView
from hubs.api.facts import FACT_VIEW_SETS
from hubs.api.hubs import HubViewSet


def register(router: SimpleRouter) -> None:
    """Add the addresses of this app to the API's one router."""
    router.register("hubs", HubViewSet, basename="hub")
    for kind, view_set in FACT_VIEW_SETS.items():
        router.register(rf"hubs/(?P<hub_slug>[-a-zA-Z0-9_]+)/{kind}", view_set, basename=kind)
    router.register("organisations", OrganisationViewSet, basename="organisation")
    router.register("networks", NetworkViewSet, basename="network")


# Before the router's: "compare" would be taken for a hub.
urlpatterns: list[URLPattern] = [
    path("hubs/compare/", ComparisonView.as_view(), name="hub-compare"),
]

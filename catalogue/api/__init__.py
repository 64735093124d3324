"""/api/v1/: the catalogue for programs."""

from rest_framework.routers import SimpleRouter

from catalogue.api.blocks import BuildingBlockViewSet
from catalogue.api.entries import EntryViewSet
from catalogue.api.resources import ResourceViewSet


def register(router: SimpleRouter) -> None:
    """Add the addresses of this app to the API's one router."""
    router.register("entries", EntryViewSet, basename="entry")
    router.register("resources", ResourceViewSet, basename="resource")
    router.register("building-blocks", BuildingBlockViewSet, basename="block")

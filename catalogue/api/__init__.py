"""/api/v1/: the catalogue for programs."""

from django.urls import URLPattern, path
from rest_framework.routers import SimpleRouter

from catalogue.api.adoptions import BlockAdoptionViewSet, EntryAdoptionViewSet
from catalogue.api.blocks import BuildingBlockViewSet
from catalogue.api.compare import EntryComparisonView
from catalogue.api.copies import ResourceCopyViewSet
from catalogue.api.drafts import DraftViewSet
from catalogue.api.entries import EntryViewSet
from catalogue.api.experts import ExpertViewSet
from catalogue.api.resources import ResourceViewSet
from catalogue.api.search import SearchViewSet


def register(router: SimpleRouter) -> None:
    """Add the addresses of this app to the API's one router."""
    router.register("drafts", DraftViewSet, basename="draft")
    router.register("entries", EntryViewSet, basename="entry")
    router.register("experts", ExpertViewSet, basename="expert")
    router.register("resources", ResourceViewSet, basename="resource")
    router.register("building-blocks", BuildingBlockViewSet, basename="block")
    slug = "[-a-zA-Z0-9_]+"
    for prefix, view_set, name in (
        (rf"entries/(?P<entry_slug>{slug})", EntryAdoptionViewSet, "entry-adoption"),
        (rf"building-blocks/(?P<block_slug>{slug})", BlockAdoptionViewSet, "block-adoption"),
    ):
        router.register(f"{prefix}/adoptions", view_set, basename=name)
    router.register(
        f"resources/(?P<resource_slug>{slug})/copies",
        ResourceCopyViewSet,
        basename="resource-copy",
    )
    router.register("search", SearchViewSet, basename="search")


# Before the router's: "compare" would be taken for an entry.
urlpatterns: list[URLPattern] = [
    path("entries/compare/", EntryComparisonView.as_view(), name="entry-compare"),
]

"""/api/v1/: the catalogue for programs."""

from django.urls import URLPattern, path
from rest_framework.routers import SimpleRouter

from catalogue.api.adoptions import AdoptionViewSet, BlockAdoptionViewSet, EntryAdoptionViewSet
from catalogue.api.attachments import AttachmentViewSet
from catalogue.api.blocks import BuildingBlockViewSet
from catalogue.api.compare import EntryComparisonView
from catalogue.api.copies import ResourceCopyViewSet
from catalogue.api.drafts import DraftViewSet
from catalogue.api.entries import EntryViewSet
from catalogue.api.experts import ExpertViewSet
from catalogue.api.resources import ResourceViewSet
from catalogue.api.search import SearchViewSet
from catalogue.api.tags import TagViewSet
from catalogue.api.translations import TranslationViewSet
from catalogue.api.versions import EntryVersionViewSet
from catalogue.api.writing import SLUG


def register(router: SimpleRouter) -> None:
    """Add the addresses of this app to the API's one router."""
    entry, block = f"entries/(?P<entry_slug>{SLUG})", f"building-blocks/(?P<block_slug>{SLUG})"
    for prefix, view_set, name in (
        ("drafts", DraftViewSet, "draft"),
        ("drafts/(?P<draft_id>[0-9]{1,18})/attachments", AttachmentViewSet, "attachment"),
        ("entries", EntryViewSet, "entry"),
        ("experts", ExpertViewSet, "expert"),
        ("resources", ResourceViewSet, "resource"),
        (f"resources/(?P<resource_slug>{SLUG})/copies", ResourceCopyViewSet, "resource-copy"),
        ("building-blocks", BuildingBlockViewSet, "block"),
        ("adoptions", AdoptionViewSet, "adoption"),
        (f"{entry}/adoptions", EntryAdoptionViewSet, "entry-adoption"),
        (f"{block}/adoptions", BlockAdoptionViewSet, "block-adoption"),
        ("tags", TagViewSet, "tag"),
        (f"{entry}/translations", TranslationViewSet, "translation"),
        (f"{entry}/versions", EntryVersionViewSet, "entry-version"),
        ("search", SearchViewSet, "search"),
    ):
        router.register(prefix, view_set, basename=name)


# Before the router's: "compare" would be taken for an entry.
urlpatterns: list[URLPattern] = [
    path("entries/compare/", EntryComparisonView.as_view(), name="entry-compare"),
]

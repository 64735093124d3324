"""The catalogue for moderators, to see and to search."""

from django.contrib import admin

from accounts.admin import HistoryAdmin, PortalAdmin, ReadOnlyInline
from catalogue.models import BlockUse, BuildingBlock, Entry, EntryVersion


@admin.register(Entry)
class EntryAdmin(HistoryAdmin):
    """An entry as it was last published."""

    list_display = ["title", "hub", "state", "is_contested", "latest_version", "published_at"]
    list_filter = ["state", "is_contested", "is_starter"]
    list_select_related = ["hub"]
    search_fields = ["title", "slug", "summary", "hub__name", "hub__acronym"]
    date_hierarchy = "published_at"


@admin.register(EntryVersion)
class EntryVersionAdmin(PortalAdmin):
    """What was published; nobody changes it."""

    list_display = ["entry", "number", "published_at", "published_by"]
    list_select_related = ["entry", "published_by"]
    search_fields = ["entry__title", "entry__slug"]
    date_hierarchy = "published_at"


class BlockUseInline(ReadOnlyInline):
    """The entries that have a building block."""

    model = BlockUse
    fields = ["entry", "position"]


@admin.register(BuildingBlock)
class BuildingBlockAdmin(HistoryAdmin):
    """A building block; its hub's editors write it on its page."""

    list_display = ["title", "hub", "is_published", "updated_at"]
    list_filter = ["is_published"]
    list_select_related = ["hub"]
    search_fields = ["title", "slug", "description", "hub__name", "hub__acronym"]
    inlines = [BlockUseInline]

"""The catalogue for moderators, to see and to search; imports that failed, to try again."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.admin import DecidingAdmin, HistoryAdmin, PortalAdmin, ReadOnlyInline
from accounts.http import signed_in_member
from catalogue.models import (
    Adoption,
    BlockUse,
    BuildingBlock,
    Draft,
    Entry,
    EntryVersion,
    Expert,
    Import,
    Resource,
    ResourceLink,
)
from catalogue.services import retry_import


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


@admin.register(Draft)
class DraftAdmin(PortalAdmin):
    """What is being written and reviewed, to see; its own pages change it."""

    list_display = ["__str__", "hub", "state", "state_since", "round", "entry"]
    list_filter = ["state"]
    list_select_related = ["hub", "entry"]
    search_fields = ["content__title", "hub__name", "hub__acronym"]
    date_hierarchy = "created_at"


@admin.register(Expert)
class ExpertAdmin(PortalAdmin):
    """An expert and the employer's consent; what has an audience is shown on their page only."""

    list_display = ["slug", "headline", "hub", "is_published", "consented_on"]
    list_filter = ["is_published", "availability"]
    list_select_related = ["hub"]
    search_fields = ["slug", "headline"]
    fields = [
        *("slug", "member", "name", "agreed_on", "headline", "sectors", "countries"),
        *("availability", "is_published", "consented_on", "consented_by", "consent_note"),
        *("declined_at", "decline_reason", "added_by"),
    ]


@admin.register(Resource)
class ResourceAdmin(HistoryAdmin):
    """A resource of the library."""

    list_display = ["title", "kind", "publisher", "year", "hub", "is_published"]
    list_filter = ["kind", "is_published", "is_starter"]
    list_select_related = ["hub"]
    search_fields = ["title", "slug", "authors", "publisher"]


@admin.register(ResourceLink)
class ResourceLinkAdmin(PortalAdmin):
    """Where a copy is, and what the nightly check found."""

    list_display = ["resource", "language", "address", "last_status", "unreachable_since"]
    list_select_related = ["resource"]
    search_fields = ["resource__title", "address"]


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


@admin.register(Adoption)
class AdoptionAdmin(HistoryAdmin):
    """Who took up what; confirmed and rejected on its page."""

    list_display = ["__str__", "outcome", "state", "claimed_by", "created_at"]
    list_filter = ["state", "outcome"]
    list_select_related = ["entry", "block", "hub", "organisation", "claimed_by"]
    search_fields = ["entry__title", "block__title", "hub__name", "organisation__name"]
    date_hierarchy = "created_at"


@admin.register(Import)
class ImportAdmin(DecidingAdmin):
    """Who imported what and how far it is; what the file says is its member's alone."""

    list_display = ["file_name", "kind", "hub", "member", "state", "attempts", "failure"]
    list_filter = ["state", "kind"]
    list_select_related = ["hub", "member"]
    search_fields = ["file_name", "member__name", "hub__name", "hub__acronym"]
    date_hierarchy = "created_at"
    fields = [
        *("file_name", "kind", "hub", "member", "state", "attempts", "failure", "rows"),
        *("asked_at", "created_at", "finished_at"),
    ]
    readonly_fields = ["failure"]
    actions = ["retry"]

    @admin.display(description=gettext_lazy("Why it failed"))
    def failure(self, imported: Import) -> str:
        return str(imported.report.get("failure", ""))

    @admin.action(description=gettext_lazy("Try again"), permissions=["view"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Import]) -> None:
        by = signed_in_member(request)
        self.each(request, queryset, lambda row: retry_import(row, by=by))

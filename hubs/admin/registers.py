"""Sources, organisations and the vocabulary of institutional models."""

from __future__ import annotations

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from accounts.admin import PortalAdmin
from hubs.models import InstitutionalModel, Organisation, Source


@admin.register(Organisation)
class OrganisationAdmin(PortalAdmin, SimpleHistoryAdmin):
    may_add = True
    may_change = True
    list_display = ["name", "acronym", "kind", "country", "updated_at"]
    list_filter = ["kind", "country"]
    search_fields = ["name", "acronym", "slug"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Source)
class SourceAdmin(PortalAdmin, SimpleHistoryAdmin):
    may_add = True
    may_change = True
    list_display = ["title", "publisher", "address", "dated_on", "seen_on"]
    list_filter = [("dated_on", admin.EmptyFieldListFilter)]
    search_fields = ["title", "publisher", "address"]


@admin.register(InstitutionalModel)
class InstitutionalModelAdmin(PortalAdmin):
    """Moderators may add to the twelve; a code that facts use never changes."""

    may_add = True
    may_change = True
    list_display = ["code", "name"]
    search_fields = ["code", "name"]

    def get_readonly_fields(self, request: object, obj: object = None) -> list[str]:
        return ["code"] if obj is not None else []

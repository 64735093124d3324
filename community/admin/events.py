"""Events in the admin, to be read: they are written on their own pages."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ReadOnlyInline, SeenAdmin, SeenHistoryAdmin
from community.models import Enrolment, Event, EventSession


class SessionInline(ReadOnlyInline):
    """The agenda."""

    model = EventSession
    fields = ["title", "starts_at", "ends_at", "speakers"]
    show_change_link = False


@admin.register(Event)
class EventAdmin(SeenHistoryAdmin):
    """Events that the moderator may see, without their online addresses."""

    list_display = ["title", "kind", "state", "starts_at", "place", "capacity", "version"]
    list_filter = ["state", "kind", "policy", "is_starter"]
    search_fields = ["title", "place", "organisers"]
    date_hierarchy = "starts_at"
    exclude = ["online_address"]
    inlines = [SessionInline]


@admin.register(Enrolment)
class EnrolmentAdmin(SeenAdmin):
    """Who asked for a seat, and what became of it."""

    list_display = ["event", "member", "state", "number", "requested_at", "decided_by"]
    list_filter = ["state"]
    list_select_related = ["event", "member", "decided_by"]
    search_fields = ["event__title", "member__name"]
    date_hierarchy = "requested_at"

"""Decisions and watched words in the admin: to be read; words are watched on their own page."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin import PortalAdmin
from accounts.http import signed_in_member
from community.models import Decision, WatchedWord


@admin.register(Decision)
class DecisionAdmin(PortalAdmin):
    """What moderators decided on what the reader moderates and may read."""

    list_display = ["at", "act", "measure", "moderator", "member", "reason", "undone_at"]
    list_filter = ["act", "measure"]
    list_select_related = ["moderator", "member"]
    search_fields = ["reason", "moderator__name", "member__name"]
    date_hierarchy = "at"
    fields = [
        *("act", "measure", "reason", "moderator", "member", "version", "at"),
        *("undone_at", "undone_by"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        """Return those that the moderator may read."""
        found: QuerySet[Decision] = super().get_queryset(request)
        mine = Decision.objects.visible_to(signed_in_member(request))
        return found.filter(pk__in=mine.values("pk"))


@admin.register(WatchedWord)
class WatchedWordAdmin(PortalAdmin):
    """Which words are watched, by whom and why."""

    list_display = ["text", "action", "note", "added_by", "added_at"]
    list_filter = ["action"]
    list_select_related = ["added_by"]
    search_fields = ["text", "note"]

"""Decisions and watched words in the admin: to be read; words are watched on their own page."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import PortalAdmin, SeenAdmin
from community.models import Decision, WatchedWord


@admin.register(Decision)
class DecisionAdmin(SeenAdmin):
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


@admin.register(WatchedWord)
class WatchedWordAdmin(PortalAdmin):
    """Which words are watched, by whom and why."""

    list_display = ["text", "action", "note", "added_by", "added_at"]
    list_filter = ["action"]
    list_select_related = ["added_by"]
    search_fields = ["text", "note"]

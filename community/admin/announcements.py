"""Announcements in the admin: to be read with their history; they are written on their pages."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import SeenHistoryAdmin
from community.models import Announcement


@admin.register(Announcement)
class AnnouncementAdmin(SeenHistoryAdmin):
    """What was sent to whom, by whom and when. Who got it is nobody's affair but theirs."""

    list_display = ["subject", "hub", "state", "written_by", "started_by", "started_at"]
    list_filter = ["state", "language"]
    list_select_related = ["hub", "written_by", "started_by"]
    search_fields = ["subject", "body", "written_by__name"]
    date_hierarchy = "created_at"
    readonly_fields = [
        *("thread", "state", "written_by", "started_by", "started_at", "stopped_by", "ended_at"),
        "version",
    ]
    fields = [
        *("subject", "body", "language", "hub", *Announcement.SEGMENT, "space"),
        *readonly_fields,
    ]

"""Mail that arrived, for administrators: what was set aside, and why."""

from django.contrib import admin

from accounts.admin import PortalAdmin
from community.models import ReceivedMail


@admin.register(ReceivedMail)
class ReceivedMailAdmin(PortalAdmin):
    """Who wrote and what became of it; what became a post is read there."""

    only_administrators = True
    list_display = ["received_at", "outcome", "reason", "sender", "subject"]
    list_filter = ["outcome"]
    search_fields = ["sender", "subject"]
    date_hierarchy = "received_at"
    exclude = ["post"]

"""Articles in the admin, to be read: they are written on their own pages."""

from django.contrib import admin

from accounts.admin import SeenHistoryAdmin
from community.models import Article


@admin.register(Article)
class ArticleAdmin(SeenHistoryAdmin):
    list_display = ["title", "kind", "language", "state", "appears_on", "is_pinned", "version"]
    list_filter = ["state", "kind", "is_on_front", "is_proposal", "is_starter"]
    search_fields = ["title", "summary"]
    date_hierarchy = "appears_on"

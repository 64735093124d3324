"""Spaces, threads and posts in the admin: moderators see those that they may read."""

from django.contrib import admin

from accounts.admin import SeenAdmin, SeenHistoryAdmin
from community.models import Post, Space, Thread


@admin.register(Space)
class SpaceAdmin(SeenHistoryAdmin):
    list_display = ["name", "readers", "writers", "hub", "dimension", "is_archived", "updated_at"]
    list_filter = ["readers", "dimension", "is_archived"]
    list_select_related = ["hub"]
    search_fields = ["name", "slug"]


@admin.register(Thread)
class ThreadAdmin(SeenHistoryAdmin):
    list_display = ["title", "space", "kind", "state", "author", "post_count", "last_post_at"]
    list_filter = ["kind", "state", "is_pinned", "is_locked"]
    list_select_related = ["space", "author"]
    search_fields = ["title", "author__name"]
    date_hierarchy = "last_post_at"


@admin.register(Post)
class PostAdmin(SeenAdmin):
    list_display = ["thread", "number", "author", "state", "useful_count", "written_at"]
    list_filter = ["state"]
    list_select_related = ["thread", "author"]
    search_fields = ["text", "author__name"]
    date_hierarchy = "written_at"
    exclude = ["html"]

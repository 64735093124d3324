"""Spaces, threads and posts in the admin: moderators see those that they may read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from accounts.admin import HistoryAdmin, PortalAdmin
from community.models import Post, Space, Thread


class SeenAdmin(PortalAdmin):
    """Rows that the moderator may read on the pages, to be looked for and read."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)
        ask: Any = self.model._default_manager
        return found.filter(pk__in=ask.visible_to(request.user).values("pk"))


class SeenHistoryAdmin(SeenAdmin, HistoryAdmin):
    """The same, of rows whose every state is kept."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show what was done to a row that is seen."""
        self._refuse_unseen(request, object_id)
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        return response

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show one state of a row that is seen."""
        self._refuse_unseen(request, object_id)
        response: HttpResponse = super().history_form_view(
            request, object_id, version_id, extra_context
        )
        return response

    def _refuse_unseen(self, request: HttpRequest, object_id: str) -> None:
        if self.get_object(request, object_id) is None:
            raise Http404


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

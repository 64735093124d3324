"""Events in the admin, to be read: they are written on their own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from accounts.admin import HistoryAdmin, PortalAdmin, ReadOnlyInline
from community.models import Enrolment, Event, EventSession


class SessionInline(ReadOnlyInline):
    """The agenda."""

    model = EventSession
    fields = ["title", "starts_at", "ends_at", "speakers"]
    show_change_link = False


@admin.register(Event)
class EventAdmin(HistoryAdmin):
    """Events that the moderator may see, without their online addresses."""

    list_display = ["title", "kind", "state", "starts_at", "place", "capacity", "version"]
    list_filter = ["state", "kind", "policy", "is_starter"]
    search_fields = ["title", "place", "organisers"]
    date_hierarchy = "starts_at"
    exclude = ["online_address"]
    inlines = [SessionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)
        return found.filter(pk__in=Event.objects.visible_to(request.user).values("pk"))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show every state of an event that is seen."""
        self._refuse_unseen(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show one state of an event that is seen."""
        self._refuse_unseen(request, object_id)
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _refuse_unseen(self, request: HttpRequest, object_id: str) -> None:
        if self.get_object(request, object_id) is None:
            raise Http404


@admin.register(Enrolment)
class EnrolmentAdmin(PortalAdmin):
    """Who asked for a seat, and what became of it."""

    list_display = ["event", "member", "state", "number", "requested_at", "decided_by"]
    list_filter = ["state"]
    list_select_related = ["event", "member", "decided_by"]
    search_fields = ["event__title", "member__name"]
    date_hierarchy = "requested_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)
        return found.filter(pk__in=Enrolment.objects.visible_to(request.user).values("pk"))

"""Hubs, their people, networks and self-assessments."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from accounts.admin import PortalAdmin
from accounts.http import signed_in_member
from core.errors import DomainError
from hubs.admin.facts import FACT_INLINES
from hubs.models import (
    Hub,
    Membership,
    Network,
    NetworkMembership,
    PillarScore,
    SelfAssessment,
    StarterRow,
)
from hubs.services import confirm_membership, end_membership, verify_hub


@admin.register(Hub)
class HubAdmin(PortalAdmin, SimpleHistoryAdmin):
    may_add = True
    may_change = True
    list_display = [
        "name",
        "acronym",
        "level",
        "status",
        "is_published",
        "verified_on",
        "review_due",
    ]
    list_filter = ["level", "status", "is_published", "is_starter", "review_due"]
    search_fields = ["name", "acronym", "native_name", "slug"]
    autocomplete_fields = ["successor"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = FACT_INLINES
    actions = ["publish", "withdraw", "verify"]
    history_list_display = ["version"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj is not None else {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # An address that was given out never changes.
        return ["verified_on", "verified_by", *(["slug"] if obj is not None else [])]

    @admin.action(description=_("Show to everybody"))
    def publish(self, request: HttpRequest, queryset: QuerySet[Hub]) -> None:
        self._show(request, queryset, is_published=True)

    @admin.action(description=_("Show to its own people only"))
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Hub]) -> None:
        self._show(request, queryset, is_published=False)

    @admin.action(description=_("Mark as verified today"))
    def verify(self, request: HttpRequest, queryset: QuerySet[Hub]) -> None:
        for hub in queryset:
            try:
                verify_hub(hub, by=signed_in_member(request))
            except PermissionDenied:
                text = _("%(hub)s: somebody who is not of the hub verifies it.") % {"hub": hub}
                self.message_user(request, text, messages.ERROR)
            else:
                self.message_user(request, _("%(hub)s is verified.") % {"hub": hub})

    def _show(self, request: HttpRequest, queryset: QuerySet[Hub], *, is_published: bool) -> None:
        for hub in queryset.exclude(is_published=is_published):
            hub.is_published = is_published
            hub.version += 1
            hub.save()
            change = {"field": "is_published", "old": not is_published, "new": is_published}
            self._record(request, "admin.changed", hub, [change])  # type: ignore[list-item]


@admin.register(Membership)
class MembershipAdmin(PortalAdmin, SimpleHistoryAdmin):
    """Read only, but for the decisions that services take."""

    list_display = [
        "member",
        "hub",
        "role",
        "requested_at",
        "confirmed_at",
        "declined_at",
        "valid_to",
    ]
    list_filter = [
        "role",
        ("confirmed_at", admin.EmptyFieldListFilter),
        ("declined_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["member", "hub"]
    search_fields = ["member__name", "member__email", "hub__name", "hub__acronym"]
    date_hierarchy = "requested_at"
    actions = ["confirm", "end"]

    @admin.action(description=_("Confirm"), permissions=["view"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        self._each(request, queryset, confirm_membership)

    @admin.action(description=_("End"), permissions=["view"])
    def end(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        self._each(request, queryset, end_membership)

    def _each(self, request: HttpRequest, queryset: QuerySet[Membership], act: Any) -> None:
        for membership in queryset.select_related("member", "hub"):
            try:
                act(membership, by=signed_in_member(request))
            except DomainError as error:
                self.message_user(request, f"{membership}: {error}", messages.ERROR)
            except PermissionDenied:
                text = _("%(membership)s: not yours to decide.") % {"membership": membership}
                self.message_user(request, text, messages.ERROR)
            else:
                self.message_user(request, _("%(it)s: done.") % {"it": membership})


class NetworkMembershipInline(admin.TabularInline):
    model = NetworkMembership
    extra = 1
    autocomplete_fields = ["hub"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(Network)
class NetworkAdmin(PortalAdmin, SimpleHistoryAdmin):
    may_add = True
    may_change = True
    list_display = ["name", "acronym", "secretariat"]
    list_select_related = ["secretariat"]
    search_fields = ["name", "acronym"]
    autocomplete_fields = ["secretariat", "sources"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [NetworkMembershipInline]


class PillarScoreInline(admin.TabularInline):
    model = PillarScore
    extra = 0
    can_delete = False
    readonly_fields = ["pillar", "level", "evidence"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SelfAssessment)
class SelfAssessmentAdmin(PortalAdmin, SimpleHistoryAdmin):
    """Those that a hub agreed to show, read only: the others are the hub's own."""

    list_display = ["hub", "assessed_on", "consented_at", "consented_by"]
    list_select_related = ["hub", "consented_by"]
    search_fields = ["hub__name", "hub__acronym"]
    inlines = [PillarScoreInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        visible = SelfAssessment.objects.visible_to(request.user)
        return visible.select_related("hub", "consented_by").order_by("-assessed_on")


@admin.register(StarterRow)
class StarterRowAdmin(PortalAdmin):
    only_administrators = True
    list_display = ["key", "model", "object_pk"]
    search_fields = ["key"]

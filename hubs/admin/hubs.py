"""Hubs, their people, networks and self-assessments."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import (
    DecidingAdmin,
    HistoryAdmin,
    MemberAdmin,
    PortalAdmin,
    ReadOnlyInline,
    locked,
)
from accounts.http import signed_in_member
from core import codes
from core.images import PictureField, cleaned_logo
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
from hubs.services import (
    change_hub,
    confirm_membership,
    decline_membership,
    end_membership,
    verify_hub,
)
from hubs.services.identity import CONTENT_FIELDS

_TERMS = ["role", "valid_from", "valid_to", "requested_at", "confirmed_at", "declined_at"]


class HubMembershipInline(ReadOnlyInline):
    model = Membership
    fields = ["member", *_TERMS]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        found: QuerySet[Membership] = super().get_queryset(request)
        return found.select_related("member")


class MemberMembershipInline(ReadOnlyInline):
    model = Membership
    fk_name = "member"
    fields = ["hub", *_TERMS]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        found: QuerySet[Membership] = super().get_queryset(request)
        return found.select_related("hub", "member")


# Accounts know no hubs; what hubs keep of a member is shown on the member's page from here.
MemberAdmin.inlines = [*MemberAdmin.inlines, MemberMembershipInline]


class NetworksOfHubInline(ReadOnlyInline):
    model = NetworkMembership
    fields = ["network", "joined_on", "left_on"]
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[NetworkMembership]:
        found: QuerySet[NetworkMembership] = super().get_queryset(request)
        return found.select_related("network", "hub")


@admin.register(Hub)
class HubAdmin(DecidingAdmin, HistoryAdmin):
    """What names and finds a hub; its facts are listed below and have pages of their own."""

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
    inlines = [*FACT_INLINES, HubMembershipInline, NetworksOfHubInline]
    actions = ["publish", "withdraw", "verify"]
    code_choices = {"native_language": codes.language_choices}

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj is not None else {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # An address that was given out never changes.
        return ["verified_on", "verified_by", *(["slug"] if obj is not None else [])]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # The service that changes a hub keeps the disk in step; a new hub is given its logo then.
        return ["logo"] if obj is None else []

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "logo":
            return PictureField(label=gettext_lazy("Logo"), make=cleaned_logo)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return self.inlines if obj is not None else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Change the hub as an editor would."""
        saved = locked(obj) if change else None
        if saved is None:
            super().save_model(request, obj, form, change=False)
            return
        changes = {name: getattr(obj, name) for name in (*CONTENT_FIELDS, "is_published")}
        if "logo" in form.changed_data:  # a restored state brings no file back
            changes["logo"] = obj.logo
        changes = {name: new for name, new in changes.items() if getattr(saved, name) != new}
        if changes:
            by = signed_in_member(request)
            change_hub(saved, changes=changes, expected_version=saved.version, by=by)

    @admin.action(description=gettext_lazy("Show to everybody"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Hub]) -> None:
        self._show(request, queryset.filter(is_published=False), is_published=True)

    @admin.action(description=gettext_lazy("Show to its own people only"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Hub]) -> None:
        self._show(request, queryset.filter(is_published=True), is_published=False)

    @admin.action(description=gettext_lazy("Mark as verified today"), permissions=["change"])
    def verify(self, request: HttpRequest, queryset: QuerySet[Hub]) -> None:
        by = signed_in_member(request)
        self.each(request, queryset, lambda hub: verify_hub(hub, by=by))

    def _show(self, request: HttpRequest, queryset: QuerySet[Hub], *, is_published: bool) -> None:
        by, changes = signed_in_member(request), {"is_published": is_published}
        self.each(
            request,
            queryset,
            lambda hub: change_hub(hub, changes=changes, expected_version=hub.version, by=by),
        )


@admin.register(Membership)
class MembershipAdmin(DecidingAdmin, HistoryAdmin):
    """Read only, but for the decisions that services take."""

    list_display = ["member", "hub", *_TERMS]
    list_filter = [
        "role",
        ("confirmed_at", admin.EmptyFieldListFilter),
        ("declined_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["member", "hub"]
    search_fields = ["member__name", "member__email", "hub__name", "hub__acronym"]
    date_hierarchy = "requested_at"
    actions = ["confirm", "decline", "end"]

    @admin.action(description=gettext_lazy("Confirm"), permissions=["view"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        by = signed_in_member(request)
        self.each(request, queryset, lambda row: confirm_membership(row, by=by))

    @admin.action(description=gettext_lazy("Decline …"), permissions=["view"])
    def decline(self, request: HttpRequest, queryset: QuerySet[Membership]) -> HttpResponse | None:
        by = signed_in_member(request)
        return self.ask(
            request,
            queryset,
            lambda row, reason: decline_membership(row, reason=reason, by=by),
            action="decline",
            title=_("Decline"),
        )

    @admin.action(description=gettext_lazy("End"), permissions=["view"])
    def end(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        by = signed_in_member(request)
        self.each(request, queryset, lambda row: end_membership(row, by=by))


class NetworkMembershipInline(admin.TabularInline):
    """Hubs of a network: dates are corrected, a hub is another row."""

    model = NetworkMembership
    extra = max_num = 0
    readonly_fields = ["hub"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The network's page is for moderators already."""
        return True

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[NetworkMembership]:
        found: QuerySet[NetworkMembership] = super().get_queryset(request)
        return found.select_related("hub", "network")


class NewNetworkMembershipInline(admin.TabularInline):
    """Hubs that join; apart, because a search box for each row there is would cost a query."""

    model = NetworkMembership
    verbose_name_plural = gettext_lazy("hubs that join")
    extra = 1
    autocomplete_fields = ["hub"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """See `NetworkMembershipInline`."""
        return True

    has_view_permission = has_add_permission

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_change_permission

    def get_queryset(self, request: HttpRequest) -> QuerySet[NetworkMembership]:
        found: QuerySet[NetworkMembership] = super().get_queryset(request)
        return found.none()


@admin.register(Network)
class NetworkAdmin(HistoryAdmin):
    may_add = True
    may_change = True
    list_display = ["name", "acronym", "secretariat"]
    list_select_related = ["secretariat"]
    search_fields = ["name", "acronym"]
    autocomplete_fields = ["secretariat", "sources"]
    inlines = [NetworkMembershipInline, NewNetworkMembershipInline]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj is not None else {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj is not None else []


class PillarScoreInline(ReadOnlyInline):
    model = PillarScore
    fields = ["pillar", "level", "evidence"]
    show_change_link = False


@admin.register(SelfAssessment)
class SelfAssessmentAdmin(PortalAdmin):
    """Those that a hub agreed to show, read only: the others are the hub's own.

    Without their history, which holds what was written before the hub agreed.
    """

    list_display = ["hub", "assessed_on", "consented_at", "consented_by"]
    list_select_related = ["hub", "consented_by"]
    search_fields = ["hub__name", "hub__acronym"]
    date_hierarchy = "assessed_on"
    inlines = [PillarScoreInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        visible = SelfAssessment.objects.visible_to(request.user)
        return visible.select_related("hub", "consented_by").order_by("-assessed_on", "-pk")


@admin.register(StarterRow)
class StarterRowAdmin(PortalAdmin):
    """What the starter content has loaded; read only."""

    only_administrators = True
    list_display = ["key", "model", "object_pk"]
    search_fields = ["key"]

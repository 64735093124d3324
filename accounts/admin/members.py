"""Members in the admin: seen, searched, approved and suspended from the list."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import ReadOnlyInline
from accounts.admin.decisions import DecidingAdmin
from accounts.http import signed_in_member
from accounts.models import Acceptance, Member, Visibility
from accounts.services import (
    approve_member,
    change_role,
    decline_member,
    limit_member,
    reinstate_member,
    suspend_member,
)

_STANDING = ("role", "status", "status_reason", "status_until", "joined_at", "approved_at")
# What a moderator decides on, whatever the member shows to others.
_ALWAYS = ("name", "email", "slug", "organisation", "country", "language", *_STANDING, "last_login")


class RoleForm(forms.Form):
    """The platform role that members are given."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Member.Role.choices)


class AcceptanceInline(ReadOnlyInline):
    model = Acceptance
    fields = ["text", "at"]
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Acceptance]:
        found: QuerySet[Acceptance] = super().get_queryset(request)
        return found.select_related("text", "member")


@admin.register(Member)
class MemberAdmin(DecidingAdmin):
    """Read only: members write their profiles, services decide over their standing."""

    list_display = [
        "name",
        "email",
        "is_verified",
        "organisation",
        "role",
        "status",
        "joined_at",
        "last_login",
    ]
    list_filter = ["status", "role", "language"]
    search_fields = ["name", "email", "organisation", "slug"]
    date_hierarchy = "joined_at"
    ordering = ["-joined_at"]
    actions = ["approve", "decline", "suspend", "limit", "reinstate", "give_role"]
    inlines = [AcceptanceInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        verified = EmailAddress.objects.filter(user=OuterRef("pk"), primary=True, verified=True)
        found: QuerySet[Member] = super().get_queryset(request)
        return found.annotate(has_verified_address=Exists(verified))

    @admin.display(description=gettext_lazy("address verified"), boolean=True)
    def is_verified(self, member: Any) -> bool:
        return bool(member.has_verified_address)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what decisions need, and of the profile what the member shows to others."""
        chosen = [
            name
            for name in Member.VISIBILITY_DEFAULTS
            if name not in _ALWAYS
            and name not in ("photo", "contributions")
            and (obj is None or obj.visibility_of(name) != Visibility.NOBODY)
        ]
        return [*_ALWAYS[:1], "is_verified", *_ALWAYS[1:], *chosen]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["is_verified"]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = dict(super().get_actions(request))
        if not getattr(request.user, "is_administrator", False):
            actions.pop("give_role", None)
        return actions

    @admin.action(description=gettext_lazy("Approve …"), permissions=["view"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return self._decide(request, queryset, approve_member, "approve", _("Approve"))

    @admin.action(description=gettext_lazy("Decline …"), permissions=["view"])
    def decline(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return self._decide(request, queryset, decline_member, "decline", _("Decline"))

    @admin.action(description=gettext_lazy("Suspend …"), permissions=["view"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return self._decide(request, queryset, suspend_member, "suspend", _("Suspend"))

    @admin.action(description=gettext_lazy("Limit …"), permissions=["view"])
    def limit(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return self._decide(request, queryset, limit_member, "limit", _("Limit"))

    @admin.action(description=gettext_lazy("Reinstate …"), permissions=["view"])
    def reinstate(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return self._decide(request, queryset, reinstate_member, "reinstate", _("Reinstate"))

    @admin.action(description=gettext_lazy("Give a role …"), permissions=["view"])
    def give_role(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        by = signed_in_member(request)
        return self.ask(
            request,
            queryset,
            lambda member, role: change_role(member, role=role, by=by),
            action="give_role",
            title=_("Give a role"),
            form_class=RoleForm,
        )

    def _decide(
        self,
        request: HttpRequest,
        queryset: QuerySet[Member],
        decide: Any,
        action: str,
        title: str,
    ) -> HttpResponse | None:
        by = signed_in_member(request)
        return self.ask(
            request,
            queryset,
            lambda member, reason: decide(member, by=by, reason=reason),
            action=action,
            title=title,
        )

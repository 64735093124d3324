"""Members in the admin: seen, searched, approved and suspended from the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.admin.exceptions import NotRegistered
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.base import PortalAdmin
from accounts.forms import ReasonForm
from accounts.http import signed_in_member
from accounts.models import Acceptance, Member
from accounts.services import (
    approve_member,
    change_role,
    limit_member,
    reinstate_member,
    suspend_member,
)
from core.errors import DomainError

# What the libraries register for superusers; secrets and sessions are nobody's to browse.
for model in (EmailAddress, Authenticator, UserSession):
    try:
        admin.site.unregister(model)
    except NotRegistered:
        continue

_HIDDEN = ("password", "visibility")


class AcceptanceInline(admin.TabularInline):
    model = Acceptance
    extra = 0
    can_delete = False
    fields = ["text", "at"]
    readonly_fields = ["text", "at"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Member)
class MemberAdmin(PortalAdmin):
    """Read only: members write their profiles, services decide over their standing."""

    list_display = ["name", "email", "organisation", "role", "status", "joined_at", "last_login"]
    list_filter = ["status", "role", "language"]
    search_fields = ["name", "email", "organisation", "slug"]
    date_hierarchy = "joined_at"
    ordering = ["-joined_at"]
    actions = ["approve", "suspend", "limit", "reinstate", "make_moderator", "make_member"]
    inlines = [AcceptanceInline]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [field.name for field in Member._meta.fields if field.name not in _HIDDEN]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = dict(super().get_actions(request))
        if not getattr(request.user, "is_administrator", False):
            actions.pop("make_moderator", None)
            actions.pop("make_member", None)
        return actions

    @admin.action(description=_("Approve …"), permissions=["view"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return self._decide(request, queryset, "approve", _("Approve"), approve_member)

    @admin.action(description=_("Suspend …"), permissions=["view"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return self._decide(request, queryset, "suspend", _("Suspend"), suspend_member)

    @admin.action(description=_("Limit …"), permissions=["view"])
    def limit(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return self._decide(request, queryset, "limit", _("Limit"), limit_member)

    @admin.action(description=_("Reinstate …"), permissions=["view"])
    def reinstate(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return self._decide(request, queryset, "reinstate", _("Reinstate"), reinstate_member)

    @admin.action(description=_("Make a moderator"), permissions=["view"])
    def make_moderator(self, request: HttpRequest, queryset: QuerySet[Member]) -> None:
        by = signed_in_member(request)
        self._each(request, queryset, lambda member: change_role(member, role="moderator", by=by))

    @admin.action(description=_("Make an ordinary member"), permissions=["view"])
    def make_member(self, request: HttpRequest, queryset: QuerySet[Member]) -> None:
        by = signed_in_member(request)
        self._each(request, queryset, lambda member: change_role(member, role="member", by=by))

    def _decide(
        self,
        request: HttpRequest,
        queryset: QuerySet[Member],
        action: str,
        title: Any,
        decide: Callable[..., Member],
    ) -> HttpResponse | None:
        """Ask for the reason on a page of its own, then decide over each member."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if form.is_bound and form.is_valid():
            by, reason = signed_in_member(request), form.cleaned_data["reason"]
            self._each(request, queryset, lambda member: decide(member, by=by, reason=reason))
            return None
        context = self.admin_site.each_context(request) | {
            "title": title,
            "form": form,
            "members": queryset,
            "action": action,
            "opts": Member._meta,
        }
        return TemplateResponse(request, "admin/decide_members.html", context)

    def _each(
        self, request: HttpRequest, queryset: QuerySet[Member], act: Callable[[Member], Member]
    ) -> None:
        done = 0
        for member in queryset:
            try:
                act(member)
            except DomainError as error:
                self.message_user(request, f"{member}: {error}", messages.ERROR)
            except PermissionDenied:
                text = _("%(member)s: this is not yours to decide.") % {"member": member}
                self.message_user(request, text, messages.ERROR)
            else:
                done += 1
        if done:
            text = ngettext("%(number)d member changed.", "%(number)d members changed.", done)
            self.message_user(request, text % {"number": done}, messages.SUCCESS)

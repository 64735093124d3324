"""Texts, messages, mail and the audit trail in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import PortalAdmin
from accounts.http import signed_in_member
from accounts.models import Acceptance, Activity, ContactMessage, LegalText, OutgoingMail
from accounts.services import publish_text
from core.errors import DomainError


@admin.register(Activity)
class ActivityAdmin(PortalAdmin):
    """The audit trail: read only here, and in the database."""

    list_display = ["at", "actor", "verb_text", "object_label", "audience"]
    list_filter = ["audience", "object_app", "verb"]
    list_select_related = ["actor"]
    search_fields = ["object_label", "actor__name", "verb", "request_id"]
    date_hierarchy = "at"


@admin.register(LegalText)
class LegalTextAdmin(PortalAdmin):
    """Drafts are written here; a published version never changes."""

    may_add = True
    may_change = True
    only_administrators = True
    list_display = ["kind", "version", "is_published", "effective_on"]
    list_filter = ["kind", "is_published"]
    readonly_fields = ["is_published"]
    actions = ["publish"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_fixed = obj is not None and obj.is_published
        return not is_fixed and super().has_change_permission(request, obj)

    @admin.action(description=_("Publish; members are asked to accept it"))
    def publish(self, request: HttpRequest, queryset: QuerySet[LegalText]) -> None:
        for text in queryset:
            try:
                publish_text(text, by=signed_in_member(request))
            except (DomainError, PermissionDenied) as error:
                self.message_user(request, f"{text}: {error}", messages.ERROR)
            else:
                self.message_user(request, _("%(text)s is published.") % {"text": text})


@admin.register(Acceptance)
class AcceptanceAdmin(PortalAdmin):
    list_display = ["member", "text", "at"]
    list_filter = ["text"]
    list_select_related = ["member", "text"]
    search_fields = ["member__name", "member__email"]


@admin.register(ContactMessage)
class ContactMessageAdmin(PortalAdmin):
    list_display = ["created_at", "kind", "member", "name", "handled_at", "handled_by"]
    list_filter = ["kind", ("handled_at", admin.EmptyFieldListFilter)]
    list_select_related = ["member", "handled_by"]
    search_fields = ["text", "name", "email", "member__name"]
    date_hierarchy = "created_at"


@admin.register(OutgoingMail)
class OutgoingMailAdmin(PortalAdmin):
    """What is owed and what has left; the texts hold links and stay unseen."""

    only_administrators = True
    list_display = ["created_at", "to", "subject", "sent_at", "attempts", "last_error"]
    list_filter = [("sent_at", admin.EmptyFieldListFilter), "attempts"]
    search_fields = ["to", "subject", "key"]
    exclude = ["body", "key"]
    actions = ["retry"]

    @admin.action(description=_("Try again"), permissions=["view"])
    def retry(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        number = queryset.filter(sent_at=None).update(attempts=0)
        self.message_user(request, _("%(number)d mails will be tried again.") % {"number": number})

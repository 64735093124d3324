"""Texts, messages, mail and the audit trail in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import PortalAdmin
from accounts.admin.decisions import DecidingAdmin
from accounts.http import signed_in_member
from accounts.models import (
    Acceptance,
    Activity,
    ContactMessage,
    LegalText,
    MailAddress,
    OutgoingMail,
)
from accounts.registers import VERBS
from accounts.returned import trust_again
from accounts.services import handle_message, publish_text


class VerbFilter(admin.SimpleListFilter):
    """What was done, from the register: the table itself is never asked which verbs it has."""

    title = gettext_lazy("what was done")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(((verb, str(text)) for verb, text in VERBS.items()), key=lambda pair: pair[1])

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Activity]
    ) -> QuerySet[Activity] | None:
        verb = self.value()
        return queryset.filter(verb=verb) if verb else None


@admin.register(Activity)
class ActivityAdmin(PortalAdmin):
    """The audit trail: read only here, and in the database."""

    list_display = ["at", "actor", "verb_shown", "thing_shown", "audience"]
    list_filter = ["at", "audience", VerbFilter]
    list_select_related = ["actor", "subject"]
    search_fields = ["object_label", "subject__name", "actor__name", "request_id"]
    list_display_links = ["at", "verb_shown"]

    @admin.display(description=gettext_lazy("what"), ordering="verb")
    def verb_shown(self, activity: Activity) -> str:
        return activity.verb_text

    @admin.display(description=gettext_lazy("to what"), ordering="object_label")
    def thing_shown(self, activity: Activity) -> str:
        return activity.label


@admin.register(LegalText)
class LegalTextAdmin(DecidingAdmin):
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

    @admin.action(description=gettext_lazy("Publish; members are asked to accept it"))
    def publish(self, request: HttpRequest, queryset: QuerySet[LegalText]) -> None:
        by = signed_in_member(request)
        self.each(request, queryset, lambda text: publish_text(text, by=by))


@admin.register(Acceptance)
class AcceptanceAdmin(PortalAdmin):
    list_display = ["member", "text", "at"]
    list_filter = ["text"]
    list_select_related = ["member", "text"]
    search_fields = ["member__name", "member__email"]
    ordering = ["-at", "-pk"]


class NoteForm(forms.Form):
    """What was done about messages; only moderators read it."""

    note = forms.CharField(
        label=gettext_lazy("Moderators' note"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


@admin.register(ContactMessage)
class ContactMessageAdmin(DecidingAdmin):
    """Read only, but for what is said when a message is dealt with."""

    list_display = ["created_at", "kind", "member", "name", "handled_at", "handled_by"]
    list_filter = ["kind", ("handled_at", admin.EmptyFieldListFilter)]
    list_select_related = ["member", "handled_by"]
    search_fields = ["text", "name", "email", "member__name"]
    date_hierarchy = "created_at"
    actions = ["handle"]

    @admin.action(description=gettext_lazy("Mark as dealt with …"), permissions=["view"])
    def handle(
        self, request: HttpRequest, queryset: QuerySet[ContactMessage]
    ) -> HttpResponse | None:
        by = signed_in_member(request)
        return self.ask(
            request,
            queryset,
            lambda message, note: handle_message(message, note=note, by=by),
            action="handle",
            title=_("Mark as dealt with"),
            form_class=NoteForm,
        )


@admin.register(OutgoingMail)
class OutgoingMailAdmin(PortalAdmin):
    """What is owed and what has left; the texts hold links and stay unseen."""

    only_administrators = True
    list_display = ["created_at", "to", "subject", "sent_at", "attempts", "last_error"]
    list_filter = [("sent_at", admin.EmptyFieldListFilter)]
    search_fields = ["to", "subject"]
    exclude = ["body", "key"]
    ordering = ["-pk"]
    actions = ["retry"]

    @admin.action(description=gettext_lazy("Try again"), permissions=["view"])
    @transaction.atomic
    def retry(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        waiting = list(queryset.filter(sent_at=None).select_for_update())
        OutgoingMail.objects.filter(pk__in=[mail.pk for mail in waiting]).update(attempts=0)
        for mail in waiting:
            self.record(request, "mail.retried", mail)
        text = _("Mails that will be tried again: %(number)d.") % {"number": len(waiting)}
        self.message_user(request, text)


@admin.register(MailAddress)
class MailAddressAdmin(PortalAdmin):
    """Addresses from which mail came back, and why; what came back can be forgotten."""

    only_administrators = True
    list_display = ["address", "state", "state_since"]
    list_filter = ["state"]
    search_fields = ["address"]
    ordering = ["-state_since", "-pk"]
    actions = ["trust"]

    @admin.action(description=gettext_lazy("Send mail there again"), permissions=["view"])
    @transaction.atomic
    def trust(self, request: HttpRequest, queryset: QuerySet[MailAddress]) -> None:
        rows = list(queryset)
        for row in rows:
            self.record(request, "mail.address_trusted", row)
            trust_again(row.address)
        text = _("Addresses to which mail goes again: %(number)d.") % {"number": len(rows)}
        self.message_user(request, text)

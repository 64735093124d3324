"""Deciding over several rows of a list at once, with a reason where people are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.admin.base import PortalAdmin
from accounts.forms import ReasonForm
from core.errors import DomainError


class DecidingAdmin(PortalAdmin):
    """A list whose actions are decisions that services take, each by itself."""

    def ask(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        decide: Callable[..., object],
        *,
        action: str,
        title: str,
        form_class: type[forms.Form] = ReasonForm,
    ) -> HttpResponse | None:
        """Ask on a page of its own for what `form_class` wants, then decide over each row.

        `decide` gets the row and what was typed, field by field.
        """
        is_sent = any(name in request.POST for name in form_class.base_fields)
        form = form_class(request.POST if is_sent else None)
        if form.is_bound and form.is_valid():
            typed = [form.cleaned_data[name] for name in form_class.base_fields]
            self.each(request, queryset, lambda row: decide(row, *typed))
            return None
        context = self.admin_site.each_context(request) | {
            "title": title,
            "form": form,
            "rows": queryset,
            "action": action,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/decide.html", context)

    def each(
        self, request: HttpRequest, queryset: QuerySet[Any], act: Callable[[Any], object]
    ) -> None:
        """Do `act` to each row; say in words what was done, and what was refused and why."""
        done = 0
        for row in queryset:
            try:
                act(row)
            except DomainError as error:
                self.message_user(request, f"{row}: {error}", messages.ERROR)
            except PermissionDenied:
                text = _("%(row)s: this is not yours to decide.") % {"row": row}
                self.message_user(request, text, messages.ERROR)
            else:
                done += 1
        if done:
            text = ngettext("Done: %(number)d row.", "Done: %(number)d rows.", done)
            self.message_user(request, text % {"number": done}, messages.SUCCESS)

"""Reporting something to those who moderate it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.http import signed_in_member
from community.forms.moderation import FlagForm
from community.models.target import KIND_LABELS
from community.querysets.moderation import TARGETS, flaggable_by, rows_of
from community.services.flags import flag
from community.services.moderation_mail import title_of
from core.form_pages import form_page
from core.http import get_allowed
from hubs.views.form_pages import writes


def _thing(kind: str, pk: int, by: Any) -> Any:
    if kind not in TARGETS:
        raise Http404
    return get_allowed(rows_of(kind).visible_to(by), flaggable_by(kind, by), pk=pk)


@writes(FlagForm)
def flag_new(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """/community/flags/<kind>/<pk>/: what is wrong with it."""
    by = signed_in_member(request)
    if not by.takes_part:
        raise PermissionDenied
    thing = _thing(kind, pk, by)

    def save(form: FlagForm) -> str:
        flag(kind, thing, by=by, **form.cleaned_data)
        return _("Thank you. The moderators look at it, and you are told what they decide.")

    context = {
        "kind_label": KIND_LABELS[kind],
        "title": title_of(kind, thing),
        "cancel_url": thing.get_absolute_url(),
    }
    return form_page(
        request,
        FlagForm,
        save,
        context,
        done=thing.get_absolute_url(),
        template="community/flag_form.html",
    )

"""Writing a draft: one section a page, the check of the whole, the receipt."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import signed_in_member
from catalogue.content import column_of, rows_text
from catalogue.forms import section_form, section_labels
from catalogue.forms.drafts import RowsForm, SectionForm
from catalogue.models import Draft
from catalogue.sections import SECTION_OF, Section, label_of, missing_in, sections_of
from catalogue.services import (
    save_section,
    submit_draft,
)
from catalogue.views.drafts import alike_to, editable_draft, seen_draft
from catalogue.views.telling import tag_hints, told
from core.errors import DomainError, StaleEdit
from core.typed import sign_in_first
from hubs.views.form_pages import Labels, form_page, writes


def _labels(*, slug: str, **_address: object) -> Labels:
    return section_labels(slug)


@writes(_labels)
def draft_section(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """/catalogue/drafts/<pk>/<section>/: write one section; scripts save it meanwhile."""
    if slug not in SECTION_OF:
        raise Http404
    section = SECTION_OF[slug]
    draft = editable_draft(request, pk)

    def make(data: Any) -> SectionForm:
        content = Draft.objects.get(pk=pk).content
        return section_form(data, section=section, content=content, user=request.user)

    def save(form: SectionForm) -> str:
        _save(draft, section, form, request)
        return _("Saved.")

    if request.headers.get("X-Autosave"):
        return _autosave(request, draft, section, make)
    again = reverse("catalogue:draft_section", args=[pk, slug])
    return form_page(
        request,
        make,
        save,
        {"draft": draft, "section": section},
        done=again if "again" in request.POST else draft.get_absolute_url(),
        template="catalogue/drafts/draft_section.html",
    )


def _save(draft: Draft, section: Section, form: SectionForm, request: HttpRequest) -> Draft:
    try:
        return save_section(
            draft,
            section.slug,
            form.values(),
            expected=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
    except StaleEdit as error:
        if isinstance(form, RowsForm):
            rows: Any = error.saved[section.slug]
            error.saved = {"list": rows_text(rows)}
        raise


def _autosave(request: HttpRequest, draft: Draft, section: Section, make: Any) -> HttpResponse:
    """Save without leaving the page: says when, or that it was not saved and why."""
    form = make(request.POST)
    if not form.is_valid():
        text = _("Not saved yet: something is to be corrected.")
        return JsonResponse({"text": text}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        saved = _save(draft, section, form, request)
    except StaleEdit as error:
        return JsonResponse({"text": str(error)}, status=HTTPStatus.CONFLICT)
    version = make(None).initial["version"]
    at = date_format(timezone.localtime(saved.updated_at), "TIME_FORMAT")
    return JsonResponse({"text": _("Saved at %(time)s") % {"time": at}, "version": version})


@sign_in_first
def draft_check(request: HttpRequest, pk: int) -> HttpResponse:
    """/catalogue/drafts/<pk>/check/: the text as readers will see it; sends it to review."""
    draft = seen_draft(request, pk)
    problem = ""
    if request.method == "POST":
        try:
            submit_draft(draft, by=signed_in_member(request))
        except DomainError as error:
            problem = str(error)
        else:
            return redirect("catalogue:draft_sent", pk)
    missing = missing_in(draft.content)
    context = told(draft.content, hub=draft.hub, user=request.user) | {
        "tag_hints": tag_hints(column_of(draft.content, "tags"), request.user),
        "draft": draft,
        "problem": problem,
        "can_edit": Draft.objects.editable_by(request.user).contains(draft),
        "can_submit": Draft.objects.submittable_by(request.user).contains(draft),
        "missing": [
            {"section": SECTION_OF[slug], "names": [label_of(name) for name in names]}
            for slug, names in missing.items()
        ],
        "sections": list(sections_of(draft.content)),
        "alike": alike_to(draft, request),
    }
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return render(request, "catalogue/drafts/draft_check.html", context, status=status)


@require_safe
@sign_in_first
def draft_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """/catalogue/drafts/<pk>/sent/: the receipt: what happens next."""
    return render(request, "catalogue/drafts/draft_sent.html", {"draft": seen_draft(request, pk)})

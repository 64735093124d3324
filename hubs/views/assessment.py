"""A hub's self-assessment: writing it, and consenting to show it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import signed_in_member
from core.errors import DomainError
from core.typed import sign_in_then
from hubs.forms import AssessmentForm
from hubs.models import Hub, SelfAssessment
from hubs.services import give_consent, save_assessment, withdraw_consent
from hubs.views.form_pages import Labels, form_page, writes


def _labels(**_address: object) -> Labels:
    form = AssessmentForm(assessment=None)
    return {name: field.label for name, field in form.fields.items()}


@writes(_labels)
def assessment_edit(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Write a self-assessment, without `pk` the newest, or the first one of another day."""
    hub = get_object_or_404(Hub.objects.visible_to(request.user), slug=slug)
    if not Hub.objects.assessable_by(request.user).contains(hub):
        raise PermissionDenied
    assessments = SelfAssessment.objects.editable_by(request.user).filter(hub=hub)
    with_scores = assessments.prefetch_related("scores")
    opened = with_scores.first() if pk is None else get_object_or_404(with_scores, pk=pk)

    def make(data: Any) -> AssessmentForm:
        return AssessmentForm(data, assessment=opened)

    def save(form: AssessmentForm) -> str:
        save_assessment(
            hub,
            assessed_on=form.cleaned_data["assessed_on"],
            note=form.cleaned_data["note"],
            scores=form.scores(),
            expected_version=form.expected_version,
            by=signed_in_member(request),
        )
        return _("The self-assessment was saved. Nobody outside the hub sees it without consent.")

    context = {
        "hub": hub,
        "opened": opened,
        "assessments": assessments,
        "can_consent": opened is not None
        and SelfAssessment.objects.publishable_by(request.user).contains(opened),
    }
    return form_page(
        request,
        make,
        save,
        context,
        done=request.path,
        row=opened,
        template="hubs/edit/assessment.html",
    )


@require_POST
@sign_in_then("hubs:assessment_edit")
def assessment_consent(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give or take back the consent to show a self-assessment, as it was read."""
    opened = get_object_or_404(
        SelfAssessment.objects.publishable_by(request.user), hub__slug=slug, pk=pk
    )
    by = signed_in_member(request)
    try:
        if request.POST.get("consent") == "no":
            withdraw_consent(opened, by=by)
            receipt = _("The consent was taken back. Only this hub's people see it now.")
        else:
            give_consent(_as_read(opened, request), by=by)
            receipt = _("Everybody may see the self-assessment now.")
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, receipt)
    return redirect("hubs:assessment_change", slug, pk)


def _as_read(opened: SelfAssessment, request: HttpRequest) -> SelfAssessment:
    """Return the assessment in the version that the page showed, 0 if it does not say which."""
    text = request.POST.get("version", "")
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    opened.version = int(text) if is_number else 0
    return opened

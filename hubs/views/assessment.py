"""A hub's self-assessment: writing it, and consenting to show it."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import signed_in_member
from core.errors import DomainError, StaleEdit
from core.typed import recall_typed, sign_in_first
from hubs.forms import AssessmentForm
from hubs.models import Hub, SelfAssessment
from hubs.services import give_consent, save_assessment, withdraw_consent


@sign_in_first
def assessment_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the newest self-assessment, or the first one of another day."""
    hub = get_object_or_404(Hub.objects.visible_to(request.user), slug=slug)
    if not Hub.objects.assessable_by(request.user).contains(hub):
        raise PermissionDenied
    newest = SelfAssessment.objects.filter(hub=hub).prefetch_related("scores").first()
    data = request.POST if request.method == "POST" else recall_typed(request)
    form = AssessmentForm(data, assessment=newest)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["assessed_on"]
        is_same_day = newest is not None and newest.assessed_on == day
        try:
            save_assessment(
                hub,
                assessed_on=day,
                note=form.cleaned_data["note"],
                scores=form.scores(),
                expected_version=form.cleaned_data["version"] if is_same_day else 0,
                by=signed_in_member(request),
            )
        except (StaleEdit, ValidationError) as error:
            text = str(error) if isinstance(error, StaleEdit) else error.messages
            form.add_error(None, text)
            status = HTTPStatus.CONFLICT if isinstance(error, StaleEdit) else status
        else:
            messages.success(request, _("The self-assessment was saved."))
            return redirect("hubs:assessment_edit", slug)
    context = {
        "hub": hub,
        "form": form,
        "newest": newest,
        "can_consent": newest is not None
        and SelfAssessment.objects.publishable_by(request.user).contains(newest),
    }
    return render(request, "hubs/edit/assessment.html", context, status=status)


@require_POST
@sign_in_first
def assessment_consent(request: HttpRequest, slug: str) -> HttpResponse:
    """Give or take back the consent to show the newest self-assessment."""
    newest = get_object_or_404(
        SelfAssessment.objects.publishable_by(request.user).filter(hub__slug=slug)[:1]
    )
    act = withdraw_consent if request.POST.get("consent") == "no" else give_consent
    try:
        act(newest, by=signed_in_member(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("hubs:assessment_edit", slug)

"""Pages on which people write experts' profiles, and employers agree to them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import signed_in_member
from catalogue.forms import ConsentForm, ExpertForm, OutsideExpertForm
from catalogue.models import Expert
from catalogue.querysets import may_add_experts
from catalogue.services import change_expert, consent_to_expert, create_expert, decline_expert
from core.dates import today
from core.http import get_allowed
from core.typed import sign_in_first
from hubs.views.form_pages import form_page, writes

TEMPLATE = "catalogue/expert_form.html"


@writes(OutsideExpertForm)
def expert_mine(request: HttpRequest) -> HttpResponse:
    """/catalogue/experts/mine/: one's own profile, to begin or to change."""
    by = signed_in_member(request)
    own = Expert.objects.filter(member=by).first()
    if own is not None:
        return _change(request, own, _("My expert profile"))
    if not by.takes_part:
        raise PermissionDenied
    return _create(request, Expert(member=by), ExpertForm, _("My expert profile"))


@writes(OutsideExpertForm)
def expert_add(request: HttpRequest) -> HttpResponse:
    """/catalogue/experts/add/: somebody outside the portal who agreed to stand here."""
    if not may_add_experts(request.user):
        raise PermissionDenied
    return _create(request, Expert(), OutsideExpertForm, _("Add an expert"))


@writes(OutsideExpertForm)
def expert_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """/catalogue/experts/<slug>/edit/."""
    user, experts = request.user, Expert.objects
    expert = get_allowed(experts.visible_to(user), experts.editable_by(user), slug=slug)
    return _change(request, expert, _("Edit this profile"))


@writes(ConsentForm)
def expert_consent(request: HttpRequest, slug: str) -> HttpResponse:
    """/catalogue/experts/<slug>/consent/: whether the employer agrees."""
    by = signed_in_member(request)
    seen = Expert.objects.visible_to(by).with_person()
    expert: Expert = get_allowed(seen, Expert.objects.decidable_by(by), slug=slug)

    def make(data: Any) -> ConsentForm:
        version = Expert.objects.values_list("version", flat=True).get(pk=expert.pk)
        return ConsentForm(data, initial={"version": version})

    def save(form: ConsentForm) -> str:
        said = form.cleaned_data
        if said["decision"] == "no":
            decline_expert(expert, reason=said["reason"], by=by)
            return _("The profile is hidden. The person reads your reason.")
        consent_to_expert(
            expert,
            on=said["on"] or today(),
            note=said["note"],
            expected_version=said["version"] or 0,
            by=by,
        )
        return _("The consent was noted.")

    context = {"expert": expert, "title": _("Consent of the employer"), "is_consent": True}
    done = expert.get_absolute_url()
    return form_page(request, make, save, context, done=done, template=TEMPLATE)


@require_safe
@sign_in_first
def expert_waiting(request: HttpRequest) -> HttpResponse:
    """/catalogue/experts/waiting/: those for whose employer the reader may speak."""
    found: Any = Expert.objects.decidable_by(request.user).awaiting().with_person()
    context = {"experts": found.select_related("hub", "member").order_by("created_at", "pk")}
    return render(request, "catalogue/expert_waiting.html", context)


def _create(
    request: HttpRequest, expert: Expert, form_class: type[ExpertForm], title: str
) -> HttpResponse:
    by = signed_in_member(request)
    made: list[Expert] = []

    def make(data: Any) -> ExpertForm:
        return form_class(data, instance=Expert(member=expert.member), user=by)

    def save(form: ExpertForm) -> str:
        new = Expert(member=expert.member, **form.columns())
        made.append(create_expert(new, languages=form.languages(), by=by))
        return _("The profile was saved. It is shown once the employer has agreed.")

    context = {"title": title, "cancel_url": reverse("catalogue:expert_list")}
    return form_page(
        request,
        make,
        save,
        context,
        done=lambda: made[0].get_absolute_url(),
        template=TEMPLATE,
    )


def _change(request: HttpRequest, expert: Expert, title: str) -> HttpResponse:
    by = signed_in_member(request)
    form_class = ExpertForm if expert.member_id else OutsideExpertForm

    def make(data: Any) -> ExpertForm:
        # As saved: a form writes what was typed into its instance.
        return form_class(data, instance=Expert.objects.get(pk=expert.pk), user=by)

    def save(form: ExpertForm) -> str:
        saved = change_expert(
            expert,
            changes=form.columns(),
            languages=form.languages(),
            expected_version=form.cleaned_data["version"] or 0,
            by=by,
        )
        if saved.consented_on is None:
            return _("The profile was saved. It is shown once the employer has agreed.")
        return _("The profile was saved.")

    context = {"expert": expert, "title": title}
    done = expert.get_absolute_url()
    return form_page(request, make, save, context, done=done, template=TEMPLATE)

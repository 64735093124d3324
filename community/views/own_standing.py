"""What was decided about a member, for them to read and to appeal against."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from community.forms.moderation import AppealForm
from community.models import Appeal, Decision, Flag, MemberWarning
from community.services.appeals import (
    appeal,
    appeal_measure,
    is_in_force,
    may_appeal,
    measure_of,
)
from community.services.moderation_mail import title_of
from core.form_pages import form_page
from core.once import once_by_link
from core.typed import sign_in_first
from hubs.views.form_pages import writes

MOST = 100  # rows


@require_safe
@sign_in_first
def my_standing(request: HttpRequest) -> HttpResponse:
    """/community/my/decisions/: decisions about the reader, and what came of their reports."""
    member = signed_in_member(request)
    found = Decision.objects.told_to(member).for_list().select_related("appeal", "warning")
    decisions = [(each, title_of(each.kind, each.thing), may_appeal(each)) for each in found[:MOST]]
    context = {
        "member": member,
        "decisions": decisions,
        "unread": MemberWarning.objects.filter(member=member, seen_at=None).exists(),
        "flags": Flag.objects.filter(member=member).select_related("decision")[:MOST],
        "appeals": Appeal.objects.filter(member=member, decision=None).order_by("-made_at"),
    }
    return render(request, "community/my_standing.html", context)


@require_POST
@sign_in_first
def warning_read(request: HttpRequest) -> HttpResponse:
    """Note that the reader has read the warnings about them."""
    unread = MemberWarning.objects.filter(member=signed_in_member(request), seen_at=None)
    unread.update(seen_at=timezone.now())
    return redirect("community:my_standing")


@writes(AppealForm)
def appeal_new(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/my/decisions/<pk>/appeal/: ask that another moderator looks at it again."""
    member = signed_in_member(request)
    decision: Any = get_object_or_404(Decision.objects.told_to(member).for_list(), pk=pk)

    def save(form: AppealForm) -> str:
        appeal(decision, text=form.cleaned_data["text"], by=member)
        return _("Another moderator will look at it. You are told what they decide.")

    done = reverse("community:my_standing")
    context = {
        "told": decision.told,
        "reason": decision.reason,
        "cancel_url": done,
    }
    return form_page(
        request, AppealForm, save, context, done=done, template="community/appeal_form.html"
    )


@once_by_link
def appeal_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """/community/appeals/<token>/: the same for who is shut out, by the link in their mail."""
    found = measure_of(token)
    if found is None:
        raise Http404
    member, measure = found

    def save(form: AppealForm) -> str:
        appeal_measure(member, measure, text=form.cleaned_data["text"])
        return _("Another moderator will look at it. You are told what they decide.")

    made = Appeal.objects.filter(member=member, measure=measure).first()
    made = made or Appeal.objects.filter(member=member, decision__sanction=measure).first()
    context = {
        "told": member.get_status_display(),
        "reason": member.status_reason,
        "made": made,
        "is_over": not is_in_force(member, measure),
        "cancel_url": reverse("front_page"),
    }
    return form_page(
        request,
        AppealForm,
        save,
        context,
        done=request.path,
        template="community/appeal_form.html",
    )

"""A member as moderators see them: what was found right about them, measures, the next step."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import signed_in_member
from accounts.models import Activity, Member
from accounts.services.standing_undone import STANDING_VERBS
from community.forms.moderation import MeasureForm, MergeForm
from community.ladder import next_step
from community.models import Act, Appeal, Decision, FlagState, Measure, MemberWarning
from community.services.deciding import decide, measures_on
from community.services.merging import merge_members, mergeable, preview
from core.errors import DomainError
from core.http import get_allowed
from hubs.views.form_pages import writes


def allowed_person(request: HttpRequest, slug: str) -> tuple[Member, Member]:
    """Return a member and who asks: moderators of the portal, about those whom they decide on."""
    by = signed_in_member(request)
    if not by.is_moderator:
        raise PermissionDenied
    people = Member.objects
    return get_allowed(people.visible_to(by), people.approvable_by(by), slug=slug), by


@writes(MeasureForm)
def moderation_person(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/moderation/members/<slug>/: the ladder of measures, and a next step."""
    member, by = allowed_person(request, slug)
    sent = request.POST if request.method == "POST" else None
    form = MeasureForm(sent, member=member, by=by)
    if request.method == "POST" and "measure" in form.fields and form.is_valid():
        try:
            decide("person", member, act=Act.MEASURE, by=by, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Done. The member is told why."))
            is_closed = form.cleaned_data["measure"] == Measure.CLOSE
            if is_closed:
                return redirect("community:moderation_log")
            return redirect("community:moderation_person", slug)
    return render(request, "community/moderation/person.html", _told(member, by, form))


def _told(member: Member, by: Member, form: Any) -> dict[str, Any]:
    decisions = Decision.objects.visible_to(by).filter(member=member).for_list()
    standing = Activity.objects.filter(subject=member, verb__in=STANDING_VERBS)
    warnings = MemberWarning.objects.filter(member=member, withdrawn_at=None)
    year_ago = timezone.now() - datetime.timedelta(days=365)
    recent = set(standing.filter(at__gt=year_ago).values_list("verb", flat=True))
    return {
        "member": member,
        "form": form,
        "measures": measures_on("person", member, by),
        "decisions": decisions.prefetch_related("flags_settled")[:50],
        "upheld": decisions.filter(flags_settled__state=FlagState.UPHELD).distinct().count(),
        "warnings": warnings.filter(decision__in=decisions.values("pk")).order_by("-at"),
        "standing": standing.select_related("actor").order_by("-pk")[:20],
        "appeals": _appeals(member, decisions),
        "next_step": next_step(warnings.filter(at__gt=year_ago).count(), recent, member.status),
        "may_merge": by.is_administrator and member.role == Member.Role.MEMBER,
    }


def _appeals(member: Member, decisions: Any) -> Any:
    """Return the appeals of a member against `decisions` and against no decision of the queue:
    of another decision not even that there is an appeal is told.
    """
    told = Q(decision=None) | Q(decision__in=decisions.order_by().values("pk"))
    return Appeal.objects.filter(told, member=member).order_by("-made_at")[:20]


@writes(MergeForm)
def moderation_merge(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/moderation/members/<slug>/merge/: which account stays, what would move, do it."""
    by = signed_in_member(request)
    if not by.is_administrator:
        raise PermissionDenied
    people = Member.objects
    member = get_allowed(people.visible_to(by), people.approvable_by(by), slug=slug)
    form = MergeForm(request.POST if request.method == "POST" else None)
    lines, into = None, None
    if request.method == "POST" and form.is_valid():
        try:
            into = _into(member, form.cleaned_data["into"], by)
            if "merge" in request.POST:
                merge_members(member, into, by=by)
                messages.success(request, _("The accounts are one now. The member is told."))
                return redirect(into)
            lines = preview(member, into)
        except DomainError as error:
            form.add_error("into", str(error))
    context = {"member": member, "form": form, "into": into, "lines": lines}
    return render(request, "community/moderation/merge.html", context)


def _into(member: Member, slug: str, by: Member) -> Member:
    into: Member | None = Member.objects.filter(slug=slug).first()
    if into is None:
        raise DomainError(_("There is no account with this name in addresses."))
    mergeable(member, into, by=by)
    return into

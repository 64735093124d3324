"""Pages of members, composed of what accounts and hubs know of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import Member
from accounts.models.member import PROFILE_LABELS
from accounts.registers import shares_hub
from core import codes
from hubs.models import Hub, Membership

SHOWN_APART = ("photo", "biography")


@require_safe
def member_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/members/<slug>/: what the member lets the reader see."""
    member = get_object_or_404(Member.objects.visible_to(request.user), slug=slug)
    hubs = Hub.objects.visible_to(request.user)
    memberships = (
        Membership.objects.visible_to(request.user)
        .in_force()
        .filter(member=member, hub__in=hubs)
        .select_related("hub")
        .order_by("hub__name")
    )
    is_colleague = shares_hub(member.pk, request.user.pk)
    fields = member.fields_shown_to(request.user, shares_hub=is_colleague)
    context = {
        "member": member,
        "facts": [
            (label, _text(name, fields[name]))
            for name, label in PROFILE_LABELS.items()
            if name in fields and name not in SHOWN_APART
        ],
        "biography": fields.get("biography", ""),
        "has_photo": "photo" in fields,
        "memberships": memberships,
        "may_decide": Member.objects.approvable_by(request.user).contains(member),
    }
    return render(request, "community/member_detail.html", context)


def _text(name: str, value: Any) -> str:
    if name == "country":
        return codes.country_name(value)
    if name == "languages":
        return ", ".join(codes.language_name(code) for code in value)
    if name == "sectors":
        return ", ".join(codes.sector_name(code) for code in value)
    return str(value)

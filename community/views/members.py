"""Pages of members, composed of what accounts and hubs know of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import Member
from accounts.models.member import PROFILE_LABELS
from accounts.registers import shares_hub
from catalogue.views.faceted import FacetedListView
from community.checklist import first_steps
from community.filters.members import MemberFilter
from community.querysets.members import listed_members
from community.serializers.members import MEMBER_COLUMNS, member_rows
from community.services.contributions import contributions_of
from core import codes
from core.badges import Badge, badge_of, badge_response
from core.http import root_of
from core.views import ADDRESS_MEANINGS, dictionary
from hubs.models import Hub, Membership
from hubs.querysets import by_name

SHOWN_APART = ("photo", "biography")
MEMBER_MEANINGS = {
    "name": _("Name."),
    "organisation": _("Organisation, if the member shows it to you."),
    "country": _("Country (ISO 3166-1), if the member shows it to you."),
    "languages": _("Languages spoken (ISO 639-1), if the member shows them to you."),
    "sectors": _("Sectors of interest (OECD codes), if the member shows them to you."),
    "hubs": _("Hubs in which the member holds a role, for members: names in addresses."),
    "joined_at": _("When the member joined (UTC)."),
}


class MemberListView(FacetedListView):
    """/community/members/: as page, fragment, CSV; no feed, people are no news."""

    filterset_class = MemberFilter
    template_name = "community/member_list.html"
    results_template_name = "community/_member_fragment.html"
    facets = {
        "hub": ("shown_hub_slugs", True),
        "country": ("shown_country", False),
        "sector": ("shown_sectors", True),
        "language": ("shown_languages", True),
    }
    orders = {"name": by_name(), "joined_at": F("joined_at")}
    order_menu = (("name", _("Name")), ("-joined_at", _("Joined last")))
    columns = dictionary(MEMBER_COLUMNS, MEMBER_MEANINGS | ADDRESS_MEANINGS)
    feed_order = ""

    def get_queryset(self) -> QuerySet[Any]:
        return listed_members(self.request.user)

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return member_rows(things, root=root_of(self.request))

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        context = super().get_context(things, is_valid=is_valid)
        return context | {
            "lines": [_line(member) for member in context["page_obj"]],
            "count": context["page_obj"].paginator.count,
            "facets": list(self.facet_list()),
        }


def _line(member: Any) -> dict[str, Any]:
    facts = [member.shown_organisation, codes.country_name(member.shown_country)]
    facts += [codes.sector_name(code) for code in member.shown_sectors]
    facts += [codes.language_name(code) for code in member.shown_languages]
    return {
        "member": member,
        "hubs": [
            (each["slug"], each["name"], Membership.Role(each["role"]).label)
            for each in member.shown_hubs
        ],
        "facts": [fact for fact in facts if fact],
    }


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
    is_own = member.pk == request.user.pk
    context = {
        "member": member,
        "facts": [
            (label, _text(name, fields[name]))
            for name, label in PROFILE_LABELS.items()
            if name in fields and name not in SHOWN_APART
        ],
        "biography": fields.get("biography", ""),
        "has_photo": "photo" in fields,
        "badge": _badge(request, member) if is_own else None,
        "tasks": first_steps(member) if is_own and member.takes_part else [],
        "memberships": memberships,
        "contributions": contributions_of(member, request.user, shares_hub=is_colleague),
        "may_decide": Member.objects.approvable_by(request.user).contains(member),
    }
    return render(request, "community/member_detail.html", context)


def _badge(request: HttpRequest, member: Member) -> Badge:
    badge = reverse("community:member_badge", args=[member.slug])
    page = member.get_absolute_url()
    return badge_of(root_of(request), page=page, badge=badge, name=member.name)


@require_safe
def member_badge(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/members/<slug>/badge.svg: what everybody may know of a member, as a picture."""
    everybody = AnonymousUser()
    member = get_object_or_404(Member.objects.visible_to(everybody), slug=slug)
    shown = member.fields_shown_to(everybody, shares_hub=False)
    line = str(shown.get("organisation") or _("Member"))
    return badge_response(request, name=member.name, line=line)


def _text(name: str, value: Any) -> str:
    if name == "country":
        return codes.country_name(value)
    if name == "languages":
        return ", ".join(codes.language_name(code) for code in value)
    if name == "sectors":
        return ", ".join(codes.sector_name(code) for code in value)
    return str(value)

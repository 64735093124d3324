"""Experts: the list, and one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalogue.expert_cells import EXPERT_EDITING
from catalogue.filters import ExpertFilter
from catalogue.meanings import EXPERT_EDITING_MEANINGS
from catalogue.models import Expert, LanguageLevel
from catalogue.querysets import ExpertQuerySet, may_add_experts
from catalogue.serializers import EXPERT_COLUMNS, expert_editing_rows, expert_rows
from catalogue.views.columns import EXPERT_MEANINGS
from catalogue.views.faceted import FacetedListView
from core import codes
from core.http import root_of
from core.shared_pages import shared_page
from core.text import render_markdown
from core.views import ADDRESS_MEANINGS, dictionary
from hubs.models import Hub
from hubs.querysets import by_name


class ExpertListView(FacetedListView):
    """/catalogue/experts/: as page, fragment, feed, CSV."""

    filterset_class = ExpertFilter
    template_name = "catalogue/expert_list.html"
    results_template_name = "catalogue/_expert_fragment.html"
    facets = {
        "sector": ("sectors", True),
        "language": ("spoken__language", False),
        "country": ("countries", True),
        "hub": ("shown_hub", False),
        "availability": ("availability", False),
    }
    orders = {"name": by_name("person"), "updated_at": F("updated_at")}
    order_menu = (("name", _("Name")), ("-updated_at", _("Last change, newest first")))
    editing_columns = dictionary(EXPERT_EDITING, EXPERT_EDITING_MEANINGS)
    columns = dictionary(EXPERT_COLUMNS, EXPERT_MEANINGS | ADDRESS_MEANINGS)

    def get_queryset(self) -> ExpertQuerySet:
        user = self.request.user
        if self.request.GET.get("export") in ("editing", "xlsx"):
            # Those that wait for a consent too, and nobody of whom something is hidden.
            mine: ExpertQuerySet = Expert.objects.editable_by(user)
            return mine.with_shown(user)
        found: ExpertQuerySet = Expert.objects.visible_to(user).published()
        return found.with_shown(user)

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return expert_rows(things, root=root_of(self.request))

    def editing_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return expert_editing_rows(things, root=root_of(self.request), columns=EXPERT_EDITING)

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        context = super().get_context(things.select_related("member"), is_valid=is_valid)
        user = self.request.user
        can_add = may_add_experts(user)
        if not can_add:
            context |= {"editing_url": "", "workbook_url": ""}
        return context | {
            "lines": [_line(expert) for expert in context["page_obj"]],
            "count": context["page_obj"].paginator.count,
            "facets": list(self.facet_list()),
            "can_add": can_add,
            "decidable": Expert.objects.decidable_by(user).awaiting().count(),
        }


def _line(expert: Any) -> dict[str, Any]:
    return {
        "expert": expert,
        "languages": [codes.language_name(each["language"]) for each in expert.spoken_list],
        "sectors": [codes.SECTORS[code] for code in expert.sectors],
    }


@require_safe
@shared_page
def expert_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/catalogue/experts/<slug>/: as far as the reader may see them."""
    user = request.user
    found: Any = Expert.objects.visible_to(user).with_shown(user)
    expert = get_object_or_404(found.select_related("member", "hub", "consented_by"), slug=slug)
    levels = dict(LanguageLevel.choices)
    is_signed_in = user.is_authenticated
    context = {
        "expert": expert,
        "biography": render_markdown(expert.shown_biography or ""),
        "languages": [
            (codes.language_name(each["language"]), levels[each["level"]])
            for each in expert.spoken_list
        ],
        "sectors": [codes.SECTORS[code] for code in expert.sectors],
        "countries": [codes.country_name(code) for code in expert.countries],
        "has_hub": bool(expert.shown_hub)
        and Hub.objects.visible_to(user).filter(pk=expert.hub_id).exists(),
        "is_public": Expert.objects.published().filter(pk=expert.pk).exists(),
        "can_edit": is_signed_in and Expert.objects.editable_by(user).contains(expert),
        "can_decide": is_signed_in and Expert.objects.decidable_by(user).contains(expert),
        "is_own": is_signed_in and expert.member_id == user.pk,
    }
    return render(request, "catalogue/expert_detail.html", context)

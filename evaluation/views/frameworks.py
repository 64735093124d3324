"""Frameworks: the list with filters, and the page with the tree and the matrix of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from catalogue.views.faceted import FacetedListView
from core import codes
from core.csv import stream_csv, stream_dictionary
from core.http import root_of
from core.memory import keeping_everything
from core.shared_pages import shared_page
from core.views import ADDRESS_MEANINGS, dictionary
from evaluation.columns import FIGURE_MEANINGS, FRAMEWORK_MEANINGS
from evaluation.filters.frameworks import FrameworkFilter
from evaluation.matrix import branches_of, matrices_of
from evaluation.models import Framework, Result
from evaluation.querysets import FrameworkQuerySet
from evaluation.serializers.frameworks import (
    FIGURE_COLUMNS,
    FRAMEWORK_COLUMNS,
    figure_rows,
    framework_rows,
)
from hubs.querysets import by_name


class FrameworkListView(FacetedListView):
    """/evaluation/frameworks/: as page, fragment, feed, CSV."""

    filterset_class = FrameworkFilter
    template_name = "evaluation/framework_list.html"
    results_template_name = "evaluation/_framework_fragment.html"
    facets = {"layer": ("layer", False), "hub": ("hub__slug", False)}
    orders = {"title": by_name("title"), "updated_at": F("updated_at")}
    order_menu = (
        ("title", gettext_lazy("Title")),
        ("-updated_at", gettext_lazy("Last change, newest first")),
    )
    columns = dictionary(FRAMEWORK_COLUMNS, FRAMEWORK_MEANINGS | ADDRESS_MEANINGS)

    def get_queryset(self) -> FrameworkQuerySet:
        frameworks: FrameworkQuerySet = Framework.objects.visible_to(self.request.user)
        return frameworks

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return framework_rows(things, root=root_of(self.request))

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        context = super().get_context(things.select_related("hub", "exchange"), is_valid=is_valid)
        return context | {
            "count": context["page_obj"].paginator.count,
            "facets": list(self.facet_list()),
            "can_begin": self.request.user.is_authenticated,
        }


@require_safe
@shared_page
@keeping_everything()
def framework_detail(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/evaluation/frameworks/<slug>/: its results as a tree, its indicators as a matrix; or as
    CSV, one row an indicator and period.
    """
    frameworks = Framework.objects.visible_to(request.user)
    framework = get_object_or_404(
        frameworks.select_related("hub", "network", "exchange", "copied_from"), slug=slug
    )
    export = request.GET.get("export")
    if export == "csv":
        rows = figure_rows(framework, user=request.user, root=root_of(request))
        return stream_csv(f"{framework.slug}.csv", list(FIGURE_COLUMNS), rows)
    if export == "dictionary":
        meanings = {name: FIGURE_MEANINGS[name] for name in FIGURE_COLUMNS}
        return stream_dictionary(f"{framework.slug}-dictionary.csv", meanings)
    matrices = matrices_of(framework, request.user)
    results = Result.objects.filter(framework=framework).select_related("rolls_up_to__framework")
    can_edit = Framework.objects.editable_by(request.user).contains(framework)
    context = {
        "framework": framework,
        "country": codes.country_name(framework.country) if framework.country else "",
        "branches": branches_of(results.order_by("position", "pk")),
        "matrices": matrices,
        "can_edit": can_edit,
        "sources": framework.sources.all(),
        "tabs": [] if framework.is_template else _tabs(framework),
        "tabs_label": _("Reports of this framework"),
    }
    return render(request, "evaluation/framework_detail.html", context)


def _tabs(framework: Framework) -> list[dict[str, Any]]:
    """Return the links between the matrix and the reports by state."""
    reports = reverse("evaluation:update_list")
    states = (
        ("to-report", _("To report")),
        ("submitted", _("Waiting for approval")),
        ("approved", _("Approved")),
    )
    first = {"url": framework.get_absolute_url(), "label": _("Results"), "is_current": True}
    return [first] + [
        {
            "url": f"{reports}?framework={framework.slug}&state={state}",
            "label": label,
            "is_current": False,
        }
        for state, label in states
    ]

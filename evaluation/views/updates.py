"""Reported figures: the list with its tabs, what is still to be reported, the page of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalogue.views.faceted import FacetedListView
from core.http import root_of
from core.typed import sign_in_first
from core.views import ADDRESS_MEANINGS, PAGE_SIZE, dictionary, page_number
from evaluation.filters.updates import UpdateFilter
from evaluation.models import Evidence, Update
from evaluation.querysets import UpdateQuerySet
from evaluation.serializers.updates import UPDATE_COLUMNS, update_rows
from evaluation.services.reporting_due import due_reports
from evaluation.services.units import unit_of
from evaluation.services.update_checks import doubts_of, increment, previous_of, unknown_of

TABS = (
    ("submitted", _("Pending")),
    ("approved", _("Approved")),
    ("returned", _("Returned")),
    ("draft", _("Drafts")),
)
UPDATE_MEANINGS = {
    "id": _("Number of the update."),
    "framework": _("The framework’s name in addresses."),
    "indicator": _("Code of the indicator in the library."),
    "indicator_id": _("Number of the indicator; never changes."),
    "indicator_title": _("Title of the indicator."),
    "unit_of_measure": _("What is counted or measured."),
    "period_start": _("First day of the period."),
    "period_end": _("Last day of the period; empty if it is open."),
    "hub": _("The hub that reports, or:"),
    "exchange": _("The exchange for which is reported."),
    "source_name": _("Source, where a unit reports from several."),
    "is_additive": _("Whether it adds to the unit’s other sources."),
    "value": _("The figure; empty is not reported, 0 a reported zero."),
    "numerator": _("Of a ratio: the part."),
    "denominator": _("Of a ratio: the whole."),
    "score": _("Level on the scale, from 0."),
    "distinct_people": _("Different people, where known."),
    "narrative": _("The figure in words."),
    "not_available": _("Why there is no figure; empty if there is."),
    "comment": _("Comment of the reporter."),
    "cells": _("The figure by parts of dimensions."),
    "state": _("draft, submitted, returned, approved, superseded or withdrawn."),
    "supersedes": _("Number of the update that it takes the place of."),
    "submitted_at": _("When it was sent for approval (UTC)."),
    "approved_at": _("When it was approved (UTC)."),
    "ended_at": _("When it was superseded or withdrawn (UTC)."),
}


class UpdateListView(FacetedListView):
    """/evaluation/updates/: as page, fragment, CSV."""

    filterset_class = UpdateFilter
    template_name = "evaluation/updates/update_list.html"
    results_template_name = "evaluation/updates/_update_fragment.html"
    facets = {"state": ("state", False), "hub": ("hub__slug", False)}
    orders = {
        "updated_at": F("updated_at"),
        "period": F("period__starts_on"),
        "submitted_at": F("submitted_at"),
    }
    order_menu = (
        ("-updated_at", _("Last change, newest first")),
        ("-period", _("Period, newest first")),
        ("submitted_at", _("Waiting longest")),
    )
    columns = dictionary(UPDATE_COLUMNS, UPDATE_MEANINGS | ADDRESS_MEANINGS)
    feed_order = ""

    def get_queryset(self) -> UpdateQuerySet:
        found: UpdateQuerySet = Update.objects.visible_to(self.request.user)
        return found

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return update_rows(things, root=root_of(self.request))

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        context = super().get_context(things.only("pk"), is_valid=is_valid)
        keys = [row.pk for row in context["page_obj"]]
        lines = Update.objects.for_list().in_bulk(keys)
        return context | {
            "lines": [lines[key] for key in keys if key in lines],
            "approvable": self._approvable(keys),
            "count": context["page_obj"].paginator.count,
            "facets": list(self.facet_list()),
            "tabs": tabs_of(self.request),
        }

    def _approvable(self, keys: list[int]) -> set[int]:
        """Return which of the lines the reader may approve."""
        user = self.request.user
        if not user.is_authenticated or not keys:
            return set()
        found = Update.objects.approvable_by(user).filter(pk__in=keys)
        return set(found.values_list("pk", flat=True))


def tabs_of(request: HttpRequest, *, is_due: bool = False) -> list[dict[str, Any]]:
    """Return the tabs of a list: to report (for members), and one a state; filters are kept."""
    kept = QueryDict(mutable=True)
    for name in ("framework", "hub", "exchange", "indicator", "period_from", "period_to"):
        if request.GET.get(name):
            kept.setlist(name, request.GET.getlist(name))
    chosen = request.GET.getlist("state")
    tabs = []
    if request.user.is_authenticated:
        url = f"{reverse('evaluation:update_due')}?{kept.urlencode()}"
        tabs.append({"url": url, "label": _("To report"), "is_current": is_due})
    for state, label in TABS:
        kept["state"] = state
        url = f"{reverse('evaluation:update_list')}?{kept.urlencode()}"
        is_current = chosen == [state] and not is_due
        tabs.append({"url": url, "label": label, "is_current": is_current})
    return tabs


@require_safe
@sign_in_first
def update_due(request: HttpRequest) -> HttpResponse:
    """/evaluation/updates/to-report/: what nobody of my hubs has begun yet."""
    framework = request.GET.get("framework", "").replace("\0", "")[:100]
    due = due_reports(request.user, framework=framework)
    page = Paginator(due, PAGE_SIZE).get_page(page_number(request))
    context = {
        "page_obj": page,
        "count": len(due),
        "tabs": tabs_of(request, is_due=True),
        "framework": framework,
    }
    return render(request, "evaluation/updates/update_due.html", context)


@require_safe
def update_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """/evaluation/updates/<pk>/: what was reported, by whom, what came before and after."""
    user = request.user
    visible = Update.objects.visible_to(user).for_list()
    rows = visible.select_related("author", "approver", "supersedes").prefetch_related(
        "cells__cell__dimension", "indicator__definition__dimensions"
    )
    update: Update = get_object_or_404(rows, pk=pk)
    same = Update.objects.filter(pk=update.pk)
    previous = previous_of(update.indicator, update.period, unit_of(update), update.source_name)
    can_edit = same.editable_by(user).exists()
    can_decide = same.approvable_by(user).exists()
    can_recall = same.recallable_by(user).exists()
    can_revise = same.revisable_by(user).exists()
    is_reporter = can_edit or can_recall or can_revise
    context = {
        "update": update,
        "definition": update.indicator.definition,
        "framework": update.indicator.result.framework,
        "unit": unit_of(update).thing,
        "previous": previous,
        "step": increment(update, previous),
        "unknown": unknown_of(update),
        "doubts": doubts_of(update, previous),
        "evidence": Evidence.objects.visible_to(user).in_force().filter(update=update),
        "revisions": Update.objects.visible_to(user).filter(supersedes=update).order_by("pk"),
        "seen_before": _seen(user, update.supersedes_id),
        "is_insider": can_edit or can_decide or can_recall,
        "can_edit": can_edit,
        "can_decide": can_decide,
        "can_recall": can_recall,
        "can_revise": can_revise,
        "another_url": another_source(update) if is_reporter else "",
        "can_withdraw": same.withdrawable_by(user).exists(),
    }
    return render(request, "evaluation/updates/update_detail.html", context)


def _seen(user: Any, pk: int | None) -> Update | None:
    """Return the update that came before, if the reader may see it."""
    if pk is None:
        return None
    found: Update | None = Update.objects.visible_to(user).filter(pk=pk).first()
    return found


def another_source(update: Update) -> str:
    """Return the address of the form for the same figure from another source."""
    unit = unit_of(update)
    kind = "hub" if unit.hub else "exchange"
    asked: dict[str, str | int] = {
        "indicator": update.indicator_id,
        "period": update.period_id,
        "unit": f"{kind}:{unit.slug}",
        "another": 1,
    }
    path = reverse("evaluation:framework_report", args=[update.indicator.result.framework.slug])
    return f"{path}?{urlencode(asked)}"

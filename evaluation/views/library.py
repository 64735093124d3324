"""The indicator library: the list, each indicator with its versions, and writing them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from accounts.querysets import is_moderator
from catalogue.views.faceted import FacetedListView
from core.http import get_allowed, root_of
from core.shared_pages import shared_page
from core.typed import sign_in_then
from core.views import ADDRESS_MEANINGS, dictionary
from evaluation.columns import INDICATOR_MEANINGS
from evaluation.filters.library import IndicatorFilter
from evaluation.forms.library import NewIndicatorForm, VersionForm
from evaluation.models import DefinitionVersion, Indicator, IndicatorDefinition
from evaluation.querysets import IndicatorDefinitionQuerySet
from evaluation.serializers.library import INDICATOR_COLUMNS, indicator_rows
from evaluation.services.library import add_indicator, change_indicator, retire_indicator
from evaluation.wording import formula_text
from hubs.models import Hub
from hubs.querysets import by_name
from hubs.views.form_pages import form_page, writes

TEMPLATE = "evaluation/form.html"


class IndicatorListView(FacetedListView):
    """/evaluation/indicators/: as page, fragment, CSV."""

    filterset_class = IndicatorFilter
    template_name = "evaluation/indicator_list.html"
    results_template_name = "evaluation/_indicator_fragment.html"
    facets = {"kind": ("current__kind", False), "hub": ("hub__slug", False)}
    orders = {"title": by_name("current__title"), "updated_at": F("updated_at")}
    order_menu = (
        ("title", gettext_lazy("Title")),
        ("-updated_at", gettext_lazy("Last change, newest first")),
    )
    columns = dictionary(INDICATOR_COLUMNS, INDICATOR_MEANINGS | ADDRESS_MEANINGS)

    def get_queryset(self) -> IndicatorDefinitionQuerySet:
        indicators: IndicatorDefinitionQuerySet = IndicatorDefinition.objects.described()
        return indicators

    def noun(self) -> str:
        return "indicators"

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return indicator_rows(things, root=root_of(self.request))

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        context = super().get_context(things.select_related("current", "hub"), is_valid=is_valid)
        return context | {
            "count": context["page_obj"].paginator.count,
            "facets": list(self.facet_list()),
            "can_add": _may_add(self.request),
        }


@require_safe
@shared_page
def indicator_detail(request: HttpRequest, code: str) -> HttpResponse:
    """/evaluation/indicators/<code>/: what it means, its versions, and where it is used."""
    definition = get_object_or_404(
        IndicatorDefinition.objects.described().select_related("current", "hub"), code=code
    )
    version = definition.current
    assert version is not None  # noqa: S101 -- `described` has only those with one
    uses = Indicator.objects.visible_to(request.user).filter(definition__definition=definition)
    context = {
        "definition": definition,
        "version": version,
        "dimensions": version.dimensions.prefetch_related("cells"),
        "formula": formula_text(version, is_life=True),
        "versions": DefinitionVersion.objects.filter(definition=definition).order_by("-number"),
        "uses": uses.select_related("result__framework", "definition").order_by("pk")[:100],
        "can_edit": IndicatorDefinition.objects.editable_by(request.user).contains(definition),
    }
    return render(request, "evaluation/indicator_detail.html", context)


@writes(NewIndicatorForm)
def indicator_new(request: HttpRequest) -> HttpResponse:
    """Add an indicator to the library."""
    by = signed_in_member(request)
    if not _may_add(request):
        raise PermissionDenied
    made: list[IndicatorDefinition] = []

    def save(form: NewIndicatorForm) -> str:
        said = form.cleaned_data
        made.append(
            add_indicator(
                code=said["code"],
                hub=said["hub"],
                columns=form.columns(),
                dimensions=said["dimensions"],
                by=by,
            )
        )
        return _("The indicator is in the library.")

    context = {
        "title": _("Add an indicator to the library"),
        "cancel_url": reverse("evaluation:indicator_list"),
    }
    return form_page(
        request,
        lambda data: NewIndicatorForm(data, user=by),
        save,
        context,
        done=lambda: made[0].get_absolute_url(),
        template=TEMPLATE,
    )


@writes(VersionForm)
def indicator_revise(request: HttpRequest, code: str) -> HttpResponse:
    """Make a new version of an indicator."""
    definition = _editable(request, code)

    def make(data: Any) -> VersionForm:
        newest = DefinitionVersion.objects.filter(definition=definition).order_by("-number").first()
        form = VersionForm(data, instance=newest)
        form.initial["change_note"] = ""
        return form

    def save(form: VersionForm) -> str:
        change_indicator(
            definition,
            columns=form.columns(),
            dimensions=form.cleaned_data["dimensions"],
            expected_number=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The new version is there. Frameworks keep theirs until they take it over.")

    context = {
        "title": _("New version of %(title)s") % {"title": definition},
        "cancel_url": definition.get_absolute_url(),
    }
    return form_page(request, make, save, context, done=context["cancel_url"], template=TEMPLATE)


@require_POST
@sign_in_then("evaluation:indicator_detail", "code")
def indicator_retire(request: HttpRequest, code: str) -> HttpResponse:
    """Take an indicator out of what new frameworks may choose from, or (`back`) back."""
    definition = _editable(request, code)
    retire_indicator(
        definition, is_retired="back" not in request.POST, by=signed_in_member(request)
    )
    return redirect(definition)


def _editable(request: HttpRequest, code: str) -> IndicatorDefinition:
    definition: IndicatorDefinition = get_allowed(
        IndicatorDefinition.objects.described().select_related("current"),
        IndicatorDefinition.objects.editable_by(request.user),
        code=code,
    )
    return definition


def _may_add(request: HttpRequest) -> bool:
    user = request.user
    return is_moderator(user) or Hub.objects.assessable_by(user).exists()

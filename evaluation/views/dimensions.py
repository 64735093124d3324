"""The ways in which figures are broken down: read by everybody, kept by moderators."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.http import signed_in_member
from core.csv import stream_csv, stream_dictionary
from core.http import get_allowed
from core.shared_pages import shared_page
from core.views import dictionary
from evaluation.forms.dimensions import DimensionForm, NewDimensionForm
from evaluation.models import Dimension
from evaluation.querysets import may_keep_dimensions
from evaluation.services.library import add_dimension, change_dimension
from hubs.views.form_pages import form_page, writes

COLUMNS = ("dimension", "dimension_name", "kind", "part", "part_name")
MEANINGS = dictionary(
    COLUMNS,
    {
        "dimension": gettext_lazy("Code of the dimension."),
        "dimension_name": gettext_lazy("Name of the dimension."),
        "kind": gettext_lazy("Whether its parts add up to the whole (partition) or overlap."),
        "part": gettext_lazy("Code of a part."),
        "part_name": gettext_lazy("Name of the part."),
    },
)


@require_safe
@shared_page
def dimension_list(request: HttpRequest) -> HttpResponseBase:
    """/evaluation/dimensions/: every dimension with its parts; as page, CSV."""
    found = Dimension.objects.visible_to(request.user).prefetch_related("cells").order_by("code")
    export = request.GET.get("export")
    if export == "dictionary":
        return stream_dictionary("dimensions-dictionary.csv", MEANINGS)
    if export == "csv":
        return stream_csv("dimensions.csv", list(COLUMNS), _rows(found))
    context = {"dimensions": found, "can_edit": may_keep_dimensions(request.user)}
    return render(request, "evaluation/dimension_list.html", context)


@writes(NewDimensionForm)
def dimension_add(request: HttpRequest) -> HttpResponse:
    """Add a way to break figures down."""
    by = signed_in_member(request)
    if not may_keep_dimensions(by):
        raise PermissionDenied

    def save(form: NewDimensionForm) -> str:
        add_dimension(**form.columns(), by=by)
        return _("The dimension is there. Indicators can be broken down by it.")

    context = _context(_("Add a dimension"))
    return form_page(
        request,
        NewDimensionForm,
        save,
        context,
        done=context["cancel_url"],
        template="evaluation/form.html",
    )


@writes(DimensionForm)
def dimension_change(request: HttpRequest, code: str) -> HttpResponse:
    """Change the names of a dimension and its parts, their order, or add parts."""
    dimension: Dimension = get_allowed(
        Dimension.objects.visible_to(request.user),
        Dimension.objects.editable_by(request.user),
        code=code,
    )

    def save(form: DimensionForm) -> str:
        change_dimension(
            dimension,
            **form.columns(),
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The dimension was saved.")

    context = _context(_("Change %(name)s") % {"name": dimension})
    return form_page(
        request,
        lambda data: DimensionForm(data, dimension=dimension),
        save,
        context,
        done=context["cancel_url"],
        row=dimension,
        template="evaluation/form.html",
    )


def _context(title: str) -> dict[str, Any]:
    return {"title": title, "cancel_url": reverse("evaluation:dimension_list")}


def _rows(dimensions: Any) -> list[dict[str, str]]:
    """Return a row for each part; for a dimension without parts, one that says so."""
    rows = []
    for dimension in dimensions:
        whole = {
            "dimension": dimension.code,
            "dimension_name": dimension.name,
            "kind": dimension.kind,
        }
        parts = [(cell.code, cell.name) for cell in dimension.cells.all()] or [("", "")]
        rows += [whole | {"part": code, "part_name": name} for code, name in parts]
    return rows

"""Which part of a dimension below counts into which part of a framework above."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.http import signed_in_member
from core.csv import stream_csv, stream_dictionary
from core.http import get_allowed
from core.shared_pages import shared_page
from core.views import dictionary
from evaluation.forms.mapping import MappingForm
from evaluation.mapping import MAPPING_COLUMNS, Pair, mapping_rows, pairs_of
from evaluation.models import Framework
from evaluation.services.mapping import map_parts
from hubs.views.form_pages import form_page, writes

MAPPING_MEANINGS = dictionary(
    MAPPING_COLUMNS,
    {
        "id": gettext_lazy("Number of the mapping; empty: the part has none."),
        "part_dimension": gettext_lazy("Code of the dimension below."),
        "part": gettext_lazy("Code of the part below."),
        "part_name": gettext_lazy("Name of the part below."),
        "into_dimension": gettext_lazy("Code of the dimension above."),
        "into": gettext_lazy("Code of the part into which it counts; empty: into none."),
        "into_name": gettext_lazy("Name of that part."),
    },
)


@require_safe
@shared_page
def framework_mappings(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/evaluation/frameworks/<slug>/mappings/: every part and its place above; as page, CSV."""
    framework = get_object_or_404(Framework.objects.visible_to(request.user), slug=slug)
    export = request.GET.get("export")
    if export == "dictionary":
        return stream_dictionary(f"{slug}-mappings-dictionary.csv", MAPPING_MEANINGS)
    pairs = pairs_of(framework, request.user)
    rows = mapping_rows(pairs)
    if export == "csv":
        return stream_csv(f"{slug}-mappings.csv", list(MAPPING_COLUMNS), rows)
    context = {
        "framework": framework,
        "tables": [(pair, [row for row in rows if _is_of(pair, row)]) for pair in pairs],
        "can_edit": Framework.objects.editable_by(request.user).contains(framework),
    }
    return render(request, "evaluation/framework_mappings.html", context)


@writes(MappingForm)
def mapping_write(request: HttpRequest, slug: str, source: str, target: str) -> HttpResponse:
    """Say for each part of a dimension below into which part above it counts."""
    framework: Framework = get_allowed(
        Framework.objects.visible_to(request.user),
        Framework.objects.editable_by(request.user),
        slug=slug,
    )
    by = signed_in_member(request)
    pair = pair_named(framework, by, source, target)

    def save(form: MappingForm) -> str:
        places, version = form.places(), form.cleaned_data["version"]
        map_parts(framework, pair, places, expected_version=version, by=by)
        return _("The mapping was saved; figures are computed anew.")

    done = reverse("evaluation:framework_mappings", args=[slug])
    context: dict[str, Any] = {
        "title": _("%(source)s into %(target)s") % {"source": pair.source, "target": pair.target},
        "lead": _("Into which part of the indicator above does each part count?"),
        "part": framework,
        "cancel_url": done,
    }
    return form_page(
        request,
        lambda data: MappingForm(data, pair=pair),
        save,
        context,
        done=done,
        template="evaluation/form.html",
    )


def pair_named(framework: Framework, user: Any, source: str, target: str) -> Pair:
    """Return the pair of dimensions of these codes; 404 if no parts are carried between them."""
    for pair in pairs_of(framework, user):
        if (pair.source.code, pair.target.code) == (source, target):
            return pair
    raise Http404


def _is_of(pair: Pair, row: dict[str, Any]) -> bool:
    named = (row["part_dimension"], row["into_dimension"])
    return named == (pair.source.code, pair.target.code)

"""Up to six hubs side by side as of a day: page, CSV and JSON of the same data."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.csv import stream_csv, stream_dictionary
from core.dates import today
from core.facets import without
from core.footnotes import SourceNumbers
from core.shared_pages import shared_page
from core.views import dictionary
from hubs.comparison import COLUMNS, MAX_HUBS, compare, export_rows
from hubs.models import Hub
from hubs.profile import profiles_of
from hubs.views.columns import COMPARISON_MEANINGS
from hubs.views.dates import AsOfForm

MEANINGS = dictionary(COLUMNS, COMPARISON_MEANINGS)


class ComparisonForm(AsOfForm):
    """Which hubs, and as of which day."""

    hub = forms.MultipleChoiceField(
        label=_("Hubs"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("There is no hub “%(value)s”.")},
    )
    field_order = ["hub", "as_of"]

    def __init__(self, data: Any, *, hubs: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["hub"].choices = hubs  # type: ignore[attr-defined]

    def clean_hub(self) -> list[str]:
        """Refuse more hubs than fit side by side; those chosen stay ticked."""
        chosen: list[str] = list(dict.fromkeys(self.cleaned_data["hub"]))
        if len(chosen) > MAX_HUBS:
            raise forms.ValidationError(
                ngettext(
                    "Choose up to %(maximum)d hubs; you chose %(number)d.",
                    "Choose up to %(maximum)d hubs; you chose %(number)d.",
                    len(chosen),
                ),
                params={"maximum": MAX_HUBS, "number": len(chosen)},
            )
        return chosen


@require_safe
@shared_page
def hub_compare(request: HttpRequest) -> HttpResponseBase:
    """/hubs/compare/?hub=a&hub=b&as_of=2012-12-31."""
    export = request.GET.get("export")
    if export == "dictionary":
        return stream_dictionary("comparison-dictionary.csv", MEANINGS)
    seen = Hub.objects.visible_to(request.user)
    form = ComparisonForm(request.GET, hubs=list(seen.by_name().values_list("slug", "name")))
    is_valid = form.is_valid()
    if export in ("csv", "json") and not is_valid:
        return _refusal(form)
    chosen = form.cleaned_data.get("hub", []) if is_valid else []
    as_of = (form.cleaned_data.get("as_of") if is_valid else None) or today()
    by_slug = {hub.slug: hub for hub in seen.filter(slug__in=chosen)} if chosen else {}
    picked = [by_slug[slug] for slug in chosen if slug in by_slug]
    profiles = profiles_of(picked, user=request.user, as_of=as_of) if picked else []
    comparison = compare(profiles, as_of=as_of)
    if export == "csv":
        return stream_csv("comparison.csv", COLUMNS, export_rows(comparison))
    if export == "json":
        return JsonResponse({"as_of": as_of.isoformat(), "results": list(export_rows(comparison))})
    query = urlencode({"hub": chosen, "as_of": as_of.isoformat()}, doseq=True)
    context = {
        "form": form,
        "comparison": comparison,
        "is_today": as_of == today(),
        "drop": [(hub, without(request.GET, "hub", hub.slug)) for hub in picked],
        "numbers": SourceNumbers(),
        "query": query,
    }
    status = HTTPStatus.OK if is_valid else HTTPStatus.BAD_REQUEST
    return render(request, "hubs/hub_compare.html", context, status=status)


def _refusal(form: forms.Form) -> HttpResponse:
    return HttpResponse(
        form.errors.as_text(),
        status=HTTPStatus.BAD_REQUEST,
        content_type="text/plain; charset=utf-8",
    )

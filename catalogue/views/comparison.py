"""Up to four entries side by side: page and CSV of the same data."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from catalogue.comparison import COLUMNS, MAX_ENTRIES, compare, export_rows
from catalogue.models import Entry
from catalogue.querysets import EntryQuerySet
from catalogue.views.columns import COMPARISON_MEANINGS
from catalogue.wording import refusal_of
from core.csv import stream_csv, stream_dictionary
from core.facets import without
from core.shared_pages import shared_page
from core.views import dictionary

MEANINGS = dictionary(COLUMNS, COMPARISON_MEANINGS)
OFFERED = 10  # entries that words find, to be added


class AddForm(forms.Form):
    """Words that find further entries."""

    q = forms.CharField(
        label=gettext_lazy("Words in the title or text"), required=False, max_length=200
    )


@require_safe
@shared_page
def entry_compare(request: HttpRequest) -> HttpResponseBase:
    """/catalogue/compare/?entry=a&entry=b."""
    export = request.GET.get("export")
    if export == "dictionary":
        return stream_dictionary("entry-comparison-dictionary.csv", MEANINGS)
    seen: EntryQuerySet = Entry.objects.visible_to(request.user)
    slugs = list(dict.fromkeys(slug for slug in request.GET.getlist("entry") if slug))
    picked = seen.for_comparison(_known(slugs)) if len(slugs) <= MAX_ENTRIES else []
    refusals = refusal_of(slugs, [entry.slug for entry in picked], most=MAX_ENTRIES)
    if export == "csv" and (refusals or not picked):
        return _refused(refusals or [_("Name 1 to %(number)d entries.") % {"number": MAX_ENTRIES}])
    comparison = compare(picked)
    if export == "csv":
        return stream_csv("entry-comparison.csv", COLUMNS, export_rows(comparison))
    form = AddForm(request.GET)
    is_valid = form.is_valid()
    chosen = [entry.slug for entry in picked]
    context = {
        "form": form,
        "comparison": comparison,
        "refusals": refusals,
        "drop": [(entry, without(request.GET, "entry", entry.slug)) for entry in picked],
        "chosen": chosen,
        "is_full": len(picked) >= MAX_ENTRIES,
        "asked": form.cleaned_data.get("q", "").strip(),
        "offers": _offers(seen, form.cleaned_data.get("q", ""), chosen),
        "query": urlencode({"entry": chosen}, doseq=True),
        "maximum": MAX_ENTRIES,
    }
    is_fine = is_valid and not refusals
    status = HTTPStatus.OK if is_fine else HTTPStatus.BAD_REQUEST
    return render(request, "catalogue/entry_compare.html", context, status=status)


def _known(slugs: list[str]) -> list[str]:
    """Return the names that an entry can have at all: the database refuses null characters."""
    return [slug for slug in slugs if "\x00" not in slug]


def _offers(seen: EntryQuerySet, words: str, chosen: list[str]) -> list[dict[str, Any]]:
    """Return entries that the words find, each with the address that adds it."""
    if not words.strip() or len(chosen) >= MAX_ENTRIES:
        return []
    found = seen.published().matching(words).exclude(slug__in=chosen).for_list()
    return [
        {"entry": entry, "url": f"?{urlencode({'entry': [*chosen, entry.slug]}, doseq=True)}"}
        for entry in found.order_by("-published_at", "pk")[:OFFERED]
    ]


def _refused(refusals: list[str]) -> HttpResponse:
    return HttpResponse(
        "\n".join(refusals),
        status=HTTPStatus.BAD_REQUEST,
        content_type="text/plain; charset=utf-8",
    )

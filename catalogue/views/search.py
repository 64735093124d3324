"""One box over everything: experience and hubs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalogue.models import SearchRow
from catalogue.results import results_of
from catalogue.search import Search
from catalogue.search import search as search_rows
from catalogue.searchable import kinds
from catalogue.wording import proposed, words_of
from core.shared_pages import shared_page
from hubs.filters import MAX_TEXT
from hubs.models import Hub

SHOWN = 20  # entries; the catalogue has the rest
HUBS_SHOWN = 5
ALIKE_TITLES = 5  # read for each word that may be misspelt
MAX_WORDS = 8  # for which something else is proposed


class SearchForm(forms.Form):
    """What to look for."""

    q = forms.CharField(label=_("Search"), max_length=MAX_TEXT, required=False)


@require_safe
@shared_page
def search(request: HttpRequest) -> HttpResponse:
    """/search/?q=: the best entries with the words found, hubs, or what was perhaps meant."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context: dict[str, Any] = {"form": form, "text": text}
    if text:
        context |= _found(request, text)
    return render(request, "catalogue/search.html", context)


def _found(request: HttpRequest, text: str) -> dict[str, Any]:
    found = search_rows(Search(tuple(kinds()), text), user=request.user, limit=SHOWN)
    hubs = Hub.objects.visible_to(request.user).matching(text)
    hub_count = hubs.count()
    return {
        "lines": results_of(found.things, user=request.user, text=text, reading=found.reading),
        "count": found.count,
        "is_more": found.is_more,
        "is_partial": found.is_partial,
        "more": max(found.count - SHOWN, 0),
        "hubs": hubs.by_name()[:HUBS_SHOWN],
        "hub_count": hub_count,
        "proposal": "" if found.count or hub_count else _proposal(request, text),
    }


def _proposal(request: HttpRequest, text: str) -> str:
    rows = SearchRow.objects.visible_to(request.user)
    words = words_of(text)[:MAX_WORDS]
    alike = {
        word: list(rows.like(word).values_list("title", flat=True)[:ALIKE_TITLES]) for word in words
    }
    return proposed(text, alike)

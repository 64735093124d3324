"""The list of entries: filters with counts, the list, CSV and feed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.paginator import Page
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue import search
from catalogue.cells import EDITING_COLUMNS
from catalogue.filters import ENTRY_FACETS, EntryFilter
from catalogue.filters.tags import today
from catalogue.meanings import EDITING_MEANINGS
from catalogue.models import Entry
from catalogue.querysets import EntryQuerySet
from catalogue.serializers import ENTRY_COLUMNS, entry_editing_rows, entry_rows
from catalogue.views.columns import ENTRY_MEANINGS
from catalogue.views.facets import FoundThings, facets_of
from catalogue.views.saved_searches import save_path
from catalogue.wording import years_of
from core import codes
from core.http import root_of
from core.views import (
    ADDRESS_MEANINGS,
    PAGE_SIZE,
    FilteredListView,
    dictionary,
    page_number,
)
from hubs.querysets import by_name

RELEVANCE = ("relevance", _("Best match"))  # an order that only words make
# The orders that search itself makes, by an index.
BY_SEARCH = {
    RELEVANCE[0]: search.RELEVANCE,
    "-published_at": search.NEWEST,
    "title": search.TITLE,
    "-year_from": search.YEAR,
}


class EntryListView(FilteredListView):
    """/catalogue/: as page, fragment, feed, CSV."""

    filterset_class = EntryFilter
    template_name = "catalogue/entry_list.html"
    results_template_name = "catalogue/_entry_fragment.html"
    orders = {
        "title": by_name("title"),
        "published_at": F("published_at"),
        "year_from": F("year_from"),
        "updated_at": F("updated_at"),
        "adoption_count": F("adoption_count"),
    }
    order_menu = (
        ("-published_at", _("Newest first")),
        ("-adoption_count", _("Most adopted")),
        ("title", _("Title")),
        ("-year_from", _("Year it began, newest first")),
        ("-updated_at", _("Last change, newest first")),
    )
    editing_columns = dictionary(EDITING_COLUMNS, EDITING_MEANINGS)
    columns = dictionary(ENTRY_COLUMNS, ENTRY_MEANINGS | ADDRESS_MEANINGS)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the page, the fragment or a file; lead from merged tags to what they
        became.
        """
        if renamed := today(request.GET):
            return HttpResponsePermanentRedirect(f"{request.path}?{renamed.urlencode()}")
        return super().get(request)

    def orders_on_offer(self) -> Sequence[tuple[str, Promise]]:
        """With words to look for, the best match is the usual order."""
        return (RELEVANCE, *self.order_menu) if self._words() else self.order_menu

    def ordered(self, things: QuerySet[Any]) -> QuerySet[Any]:
        if self.order_key() == "-updated_at":
            return things.order_by("-updated_at", "pk")  # never empty: as its index is
        if self.order_key() == "-adoption_count":
            return things.order_by("-adoption_count", "-pk")  # as its index is, backwards
        if self.order_key() != RELEVANCE[0]:
            return super().ordered(things)
        found: QuerySet[Any] = things.by_relevance(self._words())  # type: ignore[attr-defined]
        return found

    def _words(self) -> str:
        words: str = self.filterset.form.cleaned_data.get("q", "").strip()
        return words

    def get_queryset(self) -> EntryQuerySet:
        entries: EntryQuerySet = Entry.objects.visible_to(self.request.user).published()
        return entries

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return entry_rows(things, root=root_of(self.request))

    def editing_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return entry_editing_rows(things, root=root_of(self.request), columns=EDITING_COLUMNS)

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        self.found = self._search(self._offset(), ENTRY_FACETS) if is_valid else search.Found([])
        context = super().get_context(things.for_list(), is_valid=is_valid)  # type: ignore[attr-defined]
        return context | {
            "lines": [_line(entry) for entry in context["page_obj"]],
            "count": self.found.count,
            "save_url": save_path("catalogue", self.request.GET),
            "is_more": self.found.is_more,
            "is_partial": self.found.is_partial,
            "facets": facets_of(self.filterset.form, self.request.GET, ENTRY_FACETS, self.found),
        }

    def count(self) -> int:
        """Return on how many things pages are offered: no further than search orders them."""
        most = search.CANDIDATES if self.order_key() == RELEVANCE[0] else search.COUNTED
        return min(self.found.count, most)

    def page_of(self, things: QuerySet[Any], count: int | None = None) -> Page[Any]:
        """Take the entries in the order of search from it, all others as usual."""
        if self.order_key() not in BY_SEARCH or self.found.is_partial:
            return super().page_of(things, count)
        entries = self.get_queryset().for_list()
        found: Any = FoundThings(entries, self.found, self._offset(), self._search)
        return super().page_of(found, count)

    def _offset(self) -> int:
        """Return where the page asked for begins, or the first where it cannot be."""
        offset = (page_number(self.request) - 1) * PAGE_SIZE
        return offset if offset < search.COUNTED else 0

    def _search(self, offset: int, facets: tuple[str, ...] = ()) -> search.Found:
        asked = self.filterset.form.cleaned_data
        wanted = search.Search(
            ("entry",),
            self._words(),
            {name: tuple(asked[name]) for name in ENTRY_FACETS if asked[name]},
            BY_SEARCH.get(self.order_key(), search.NEWEST),
            facets,
        )
        return search.search(wanted, user=self.request.user, limit=PAGE_SIZE, offset=offset)


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry,
        "countries": [codes.country_name(code) for code in entry.countries],
        "sectors": [codes.SECTORS[code] for code in entry.sectors],
        "years": years_of(entry),
    }

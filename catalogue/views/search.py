"""One box over everything that can be found, and hubs beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue import search
from catalogue.filters import FACETS, SearchFilter, search_of
from catalogue.models import SearchRow, SearchWord
from catalogue.results import Result, results_of, rows_of
from catalogue.serializers import SEARCH_COLUMNS, search_rows
from catalogue.views.columns import SEARCH_MEANINGS
from catalogue.views.facets import facets_of
from catalogue.views.saved_searches import save_path
from catalogue.wording import proposed, words_of
from core.http import root_of
from core.views import (
    ADDRESS_MEANINGS,
    FEED_SIZE,
    PAGE_SIZE,
    FilteredListView,
    dictionary,
    page_number,
)
from hubs.models import Hub

HUBS_SHOWN = 5
ALIKE_TITLES = 10  # read for each word that may be misspelt
MAX_WORDS = 8  # for which something else is proposed
NEWEST = ("-published_at", _("Newest first"))


class SearchView(FilteredListView):
    """/search/: what fits best with the words found, hubs, or what was perhaps meant."""

    filterset_class = SearchFilter
    template_name = "catalogue/search.html"
    results_template_name = "catalogue/_search_fragment.html"
    order_menu = (("relevance", _("Best match")), NEWEST)
    columns = dictionary(SEARCH_COLUMNS, SEARCH_MEANINGS | ADDRESS_MEANINGS)
    feed_order = "published_at"

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = SearchRow.objects.visible_to(self.request.user)
        return rows

    def orders_on_offer(self) -> Any:
        """Without words everything fits as well."""
        return self.order_menu if self._words() else (NEWEST,)

    def ordered(self, things: QuerySet[Any]) -> QuerySet[Any]:
        """Order what the file holds as the page; the page itself asks search."""
        if self.order_key() == NEWEST[0]:
            return things.order_by("-published_at", "object_pk")
        found: QuerySet[Any] = things.ranked(self._words()).order_by(  # type: ignore[attr-defined]
            "-is_in_title", "-rank", "-published_at", "object_pk"
        )
        return found

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        self.is_loose = False
        self.found = self._search(self._offset(), FACETS) if is_valid else search.Found([])
        if self._words() and not self.found.count:
            self.is_loose = True
            self.found = self._search(self._offset(), FACETS)
        context = super().get_context(things, is_valid=is_valid)
        hubs = self._hubs()
        count = self.found.count
        is_helpless = not hubs["hub_count"] and (self.is_loose or not count)
        return context | {
            "text": self._words(),
            "save_url": save_path("search", self.request.GET),
            "lines": list(context["page_obj"]),
            "count": count,
            "is_loose": self.is_loose and bool(count),
            "is_more": self.found.is_more,
            "is_partial": self.found.is_partial,
            "facets": facets_of(self.filterset.form, self.request.GET, FACETS, self.found),
            **hubs,
            "proposal": search.in_time(self._proposal, "") if is_helpless else "",
        }

    def count(self) -> int:
        """Return on how many things pages are offered: no further than search orders them."""
        is_ranked = self.order_key() != NEWEST[0]
        return min(self.found.count, search.CANDIDATES if is_ranked else search.COUNTED)

    def page_of(self, things: QuerySet[Any], count: int | None = None) -> Page[Any]:
        found: Any = FoundResults(self)
        return super().page_of(found, count)

    def results(self, offset: int) -> list[Result]:
        """Return the results from `offset` on: at most a page."""
        found = self.found if offset == self._offset() else self._search(offset)
        return results_of(
            found.things, user=self.request.user, text=self._words(), reading=found.reading
        )

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return search_rows(rows_of(things, self.request.user), root=root_of(self.request))

    def feed_things(self) -> Iterator[Any]:
        newest = self.filterset.qs.order_by("-published_at", "object_pk")[:FEED_SIZE]
        return (shown for _row, shown in rows_of(newest, self.request.user))

    def feed_title(self) -> str:
        return gettext("Search: %(words)s") % {"words": self._words() or gettext("everything")}

    def noun(self) -> str:
        return "search-results"

    def _words(self) -> str:
        words: str = self.filterset.form.cleaned_data.get("q", "").strip()
        return words

    def _offset(self) -> int:
        offset = (page_number(self.request) - 1) * PAGE_SIZE
        return offset if offset < search.COUNTED else 0

    def _search(self, offset: int, facets: tuple[str, ...] = ()) -> search.Found:
        order = search.NEWEST if self.order_key() == NEWEST[0] else search.RELEVANCE
        wanted = search_of(
            self.filterset.form.cleaned_data, order=order, facets=facets, is_loose=self.is_loose
        )
        return search.search(wanted, user=self.request.user, limit=PAGE_SIZE, offset=offset)

    def _hubs(self) -> dict[str, Any]:
        """Return the hubs that the words name, on the first page of a search for anything."""
        asked = self.filterset.form.cleaned_data
        if not self._words() or self._offset() or any(asked.get(name) for name in FACETS):
            return {"hubs": [], "hub_count": 0}
        hubs = Hub.objects.visible_to(self.request.user).matching(self._words())
        return {"hubs": hubs.by_name()[:HUBS_SHOWN], "hub_count": hubs.count()}

    def _proposal(self) -> str:
        """Return other words for those that nothing holds."""
        rows = SearchRow.objects.visible_to(self.request.user)
        alike = {
            word: SearchWord.objects.titles_like(word, rows, ALIKE_TITLES)
            for word in words_of(self._words())[:MAX_WORDS]
            if not rows.matching(word).exists()
        }
        return proposed(self._words(), alike)


class FoundResults:
    """What the paginator cuts its page from."""

    def __init__(self, view: SearchView) -> None:
        self.view = view

    def __getitem__(self, part: slice) -> list[Result]:
        return self.view.results(part.start)[: part.stop - part.start]

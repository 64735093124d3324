"""The list of entries: filters with counts, the list, CSV and feed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.filters import EntryFilter
from catalogue.models import Entry
from catalogue.querysets import EntryQuerySet
from catalogue.serializers import ENTRY_COLUMNS, entry_rows
from catalogue.views.columns import ENTRY_MEANINGS
from catalogue.views.faceted import FacetedListView
from core import codes
from core.views import ADDRESS_MEANINGS, dictionary
from hubs.querysets import by_name

RELEVANCE = ("relevance", _("Best match"))  # an order that only words make


class EntryListView(FacetedListView):
    """/catalogue/: as page, fragment, feed, CSV."""

    filterset_class = EntryFilter
    template_name = "catalogue/entry_list.html"
    results_template_name = "catalogue/_entry_fragment.html"
    facets = {
        "sector": ("sectors", True),
        "country": ("countries", True),
        "instrument": ("instruments", True),
        "sdg": ("sdgs", True),
        "hub": ("hub__slug", False),
        "language": ("working_languages", True),
        "contested": ("is_contested", False),
    }
    orders = {
        "title": by_name("title"),
        "published_at": F("published_at"),
        "year_from": F("year_from"),
        "updated_at": F("updated_at"),
    }
    order_menu = (
        ("-published_at", _("Newest first")),
        ("title", _("Title")),
        ("-year_from", _("Year it began, newest first")),
        ("-updated_at", _("Last change, newest first")),
    )
    columns = dictionary(ENTRY_COLUMNS, ENTRY_MEANINGS | ADDRESS_MEANINGS)

    def orders_on_offer(self) -> Sequence[tuple[str, Promise]]:
        """With words to look for, the best match is the usual order."""
        return (RELEVANCE, *self.order_menu) if self._words() else self.order_menu

    def ordered(self, things: QuerySet[Any]) -> QuerySet[Any]:
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
        root = self.request.build_absolute_uri("/").rstrip("/")
        return entry_rows(things, root=root)

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        context = super().get_context(things.for_list(), is_valid=is_valid)  # type: ignore[attr-defined]
        return context | {
            "lines": [_line(entry) for entry in context["page_obj"]],
            "count": context["page_obj"].paginator.count,
            "facets": list(self.facet_list()),
        }


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry,
        "countries": [codes.country_name(code) for code in entry.countries],
        "sectors": [codes.SECTORS[code] for code in entry.sectors],
        "years": years_of(entry),
    }


def years_of(entry: Entry) -> str:
    """Return the years in words; an end that is not stated is not made up. "" without any."""
    if entry.year_from == entry.year_to:
        return str(entry.year_from or "")
    if entry.year_to is None:
        return gettext("from %(year)s") % {"year": entry.year_from}
    if entry.year_from is None:
        return gettext("until %(year)s") % {"year": entry.year_to}
    return f"{entry.year_from}–{entry.year_to}"

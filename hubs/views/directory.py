"""The directory of hubs: filters with counts, a map, the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import codes
from core.codes_geo import Marker, place_markers
from core.facets import Facet, build_facet, from_start
from core.http import root_of
from core.views import ADDRESS_MEANINGS, FilteredListView, dictionary
from hubs.filters import FACT_FILTERS, HubFilter
from hubs.models import Hub
from hubs.querysets import HubQuerySet, by_name
from hubs.serializers import HUB_COLUMNS, hub_rows
from hubs.views.columns import HUB_MEANINGS

# What is counted, in the order of the page: every filter but the words.
FACETS = ("region", "country", "sector", "level", *FACT_FILTERS, "network", "verified", "status")
MAX_MARKERS = 60  # that a map holds without crowding
COUNTED = (
    "pk", "slug", "name", "acronym", "countries", "sectors", "level", "status", "verified_on",
)  # fmt: skip


class HubListView(FilteredListView):
    """/hubs/: as page, fragment, feed, CSV."""

    filterset_class = HubFilter
    template_name = "hubs/hub_list.html"
    results_template_name = "hubs/_hub_fragment.html"
    orders = {
        "name": by_name(),
        "founded_year": F("founded_year"),
        "updated_at": F("updated_at"),
    }
    order_menu = (
        ("name", _("Name")),
        ("founded_year", _("Year of foundation, oldest first")),
        ("-founded_year", _("Year of foundation, newest first")),
        ("-updated_at", _("Last change, newest first")),
    )
    columns = dictionary(HUB_COLUMNS, HUB_MEANINGS | ADDRESS_MEANINGS)

    def get_queryset(self) -> HubQuerySet:
        hubs: HubQuerySet = Hub.objects.visible_to(self.request.user)
        return hubs

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return hub_rows(things, user=self.request.user, root=root_of(self.request))

    def count(self) -> int:
        return len(self.found)

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        form = self.filterset.form
        rows = self._counted_rows(form.cleaned_data.get("q", ""))
        chosen = {name: set(form.cleaned_data.get(name) or ()) for name in FACETS}
        self.found = [row for row in rows if _passes(row, chosen)] if is_valid else []
        facets = list(_facets(form, rows, chosen))
        context = super().get_context(things, is_valid=is_valid)
        model_names = dict(form.fields["model"].choices)
        by_pk = {row["pk"]: row for row in self.found}
        page = context["page_obj"]
        return context | {
            "hubs": [_line(hub, by_pk[hub.pk], model_names) for hub in page if hub.pk in by_pk],
            "count": len(self.found),
            "facets": facets,
            "markers": _markers(self.found, self.request.GET),
            "without_place": sum(not row["countries"] for row in self.found),
        }

    def _counted_rows(self, text: str) -> list[dict[str, Any]]:
        """Return every hub with the words of `text`, with what the facets count of it."""
        hubs = self.get_queryset().matching(text).with_networks("network")
        rows = hubs.with_current_values(self.request.user, FACT_FILTERS).order_by(by_name(), "pk")
        return [_with_sets(row) for row in rows.values(*COUNTED, *FACT_FILTERS, "network")]


def _with_sets(row: dict[str, Any]) -> dict[str, Any]:
    row["values"] = {
        "country": set(row["countries"]),
        "region": codes.regions_of(row["countries"]),
        "sector": set(row["sectors"]),
        "level": {row["level"]},
        "status": {row["status"]},
        "verified": {"yes" if row["verified_on"] else "no"},
        **{name: set(row[name]) for name in (*FACT_FILTERS, "network")},
    }
    return row


def _passes(row: dict[str, Any], chosen: dict[str, set[str]], but: str = "") -> bool:
    return all(
        not wanted or name == but or not wanted.isdisjoint(row["values"][name])
        for name, wanted in chosen.items()
    )


def _facets(form: Any, rows: list[dict[str, Any]], chosen: dict[str, set[str]]) -> Iterator[Facet]:
    """Give each facet; its counts leave out its own filter, so that one may add values."""
    for name in FACETS:
        counts: dict[str, int] = {}
        for row in rows:
            if _passes(row, chosen, but=name):
                for value in row["values"][name]:
                    counts[value] = counts.get(value, 0) + 1
        field = form.fields[name]
        ticked = form.data.getlist(name)  # also those beside a value that was refused
        yield build_facet(
            name,
            field.label,
            field.choices,
            counts=counts,
            selected=ticked,
            errors=form.errors.get(name, ()),
            query=form.data,
        )


def _markers(rows: list[dict[str, Any]], query: QueryDict) -> list[Marker]:
    """Return a marker for each hub; one for each country where they would crowd the map."""
    if len(rows) > MAX_MARKERS:
        return _country_markers(rows, query)
    address = Hub(slug="-slug-").get_absolute_url()
    return place_markers(
        (
            country,
            f"{row['acronym'] or row['name']}, {codes.country_name(country)}",
            address.replace("-slug-", row["slug"]),
            1,
        )
        for row in rows
        for country in row["countries"][:1]
    )


def _country_markers(rows: list[dict[str, Any]], query: QueryDict) -> list[Marker]:
    counts = Counter(country for row in rows for country in row["countries"][:1])
    return place_markers(
        (
            country,
            ngettext("%(country)s: %(number)d hub", "%(country)s: %(number)d hubs", number)
            % {"country": codes.country_name(country), "number": number},
            _only(query, country),
            number,
        )
        for country, number in sorted(counts.items())
    )


def _only(query: QueryDict, country: str) -> str:
    """Return `query` narrowed down to one country, on its first page."""
    narrowed = from_start(query)
    narrowed["country"] = country
    return f"?{narrowed.urlencode()}"


def _line(hub: Hub, row: dict[str, Any], model_names: dict[str, str]) -> dict[str, Any]:
    return {
        "hub": hub,
        "countries": [codes.country_name(code) for code in hub.countries],
        "models": [model_names.get(code, code) for code in row["model"]],
    }

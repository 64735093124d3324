"""What a search can be asked for: the same for the page, its files, the API and alerts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalogue.codelists import (
    CONTESTED_CHOICES,
    EVIDENCE_CHOICES,
    expertise_choices,
    instrument_choices,
    sdg_choices,
    year_choices,
)
from catalogue.filters.tags import TagChoices
from catalogue.models import SearchRow
from catalogue.search import RELEVANCE, Search
from catalogue.searchable import kind_choices, kinds
from core import codes
from core.filters import ChoicesFilter
from hubs.filters import MAX_TEXT, AskingOnceFilterSet, published_hubs

Choices = Callable[[], list[tuple[str, str]]]


class FacetFilter(ChoicesFilter):
    """Things with any of the values chosen among their codes of one facet."""

    def filter(self, qs: Any, value: list[str]) -> QuerySet[Any]:
        rows: QuerySet[Any] = qs.with_codes({self.field_name: value})
        return rows


class TagFacetFilter(TagChoices, FacetFilter):
    """Things with any of the tags chosen."""


class SearchFilter(AskingOnceFilterSet):
    """Words, and values of facets. Each may be given several times: any of them."""

    asked_once = ("hub", "tag")

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    type = FacetFilter(field_name="type", choices=kind_choices, label=_("Kind"))
    sector = FacetFilter(field_name="sector", choices=codes.sector_choices, label=_("Sector"))
    country = FacetFilter(
        field_name="country", choices=codes.country_choices, label=_("Partner country")
    )
    region = FacetFilter(field_name="region", choices=codes.region_choices, label=_("Region"))
    instrument = FacetFilter(
        field_name="instrument", choices=instrument_choices, label=_("Instrument")
    )
    sdg = FacetFilter(
        field_name="sdg", choices=sdg_choices, label=_("Sustainable Development Goal")
    )
    tag = TagFacetFilter(label=_("Tag"))
    hub = FacetFilter(field_name="hub", choices=published_hubs, label=_("Hub"))
    language = FacetFilter(
        field_name="language", choices=codes.language_choices, label=_("Language of the exchange")
    )
    expertise = FacetFilter(
        field_name="expertise", choices=expertise_choices, label=_("Source of expertise")
    )
    evidence = FacetFilter(field_name="evidence", choices=EVIDENCE_CHOICES, label=_("Evidence"))
    year = FacetFilter(field_name="year", choices=year_choices, label=_("First year"))
    contested = FacetFilter(
        field_name="contested",
        choices=CONTESTED_CHOICES,
        label=_("Contested"),
    )

    class Meta:
        model = SearchRow
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value) if value.strip() else queryset


FACETS = tuple(name for name in SearchFilter.base_filters if name != "q")


def search_of(
    asked: Mapping[str, Any],
    *,
    order: str = RELEVANCE,
    facets: tuple[str, ...] = (),
    is_loose: bool = False,
    is_counted: bool = True,
) -> Search:
    """Return the search that the cleaned values of a `SearchFilter` ask for."""
    chosen = {name: tuple(asked[name]) for name in FACETS if asked.get(name)}
    text = asked.get("q", "")
    return Search(tuple(kinds()), text, chosen, order, facets, is_loose, is_counted)

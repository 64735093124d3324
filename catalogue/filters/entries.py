"""Query-string filters of entries, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.codelists import (
    CONTESTED_CHOICES,
    EVIDENCE_CHOICES,
    expertise_choices,
    instrument_choices,
    sdg_choices,
    year_choices,
)
from catalogue.filters.tags import TagFilter
from catalogue.models import Entry
from catalogue.querysets.entries import shows_evidence
from core import codes
from core.filters import ChoicesFilter
from hubs.filters import (
    MAX_TEXT,
    AnyCodeFilter,
    AskingOnceFilterSet,
    RegionFilter,
    YesNoFilter,
    published_hubs,
)


class EntryFilter(AskingOnceFilterSet):
    """What a list of entries can be asked for. Each may be given several times: any of them."""

    asked_once = ("hub", "tag")

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    sector = AnyCodeFilter(field_name="sectors", choices=codes.sector_choices, label=_("Sector"))
    country = AnyCodeFilter(
        field_name="countries", choices=codes.country_choices, label=_("Partner country")
    )
    region = RegionFilter(choices=codes.region_choices, label=_("Region"))
    instrument = AnyCodeFilter(
        field_name="instruments", choices=instrument_choices, label=_("Instrument")
    )
    sdg = AnyCodeFilter(
        field_name="sdgs", choices=sdg_choices, label=_("Sustainable Development Goal")
    )
    tag = TagFilter(label=_("Tag"))
    hub = ChoicesFilter(field_name="hub__slug", choices=published_hubs, label=_("Hub"))
    language = AnyCodeFilter(
        field_name="working_languages",
        choices=codes.language_choices,
        label=_("Language of the exchange"),
    )
    expertise = AnyCodeFilter(
        field_name="expertise", choices=expertise_choices, label=_("Source of expertise")
    )
    evidence = YesNoFilter(
        condition=Q(shows_evidence()), choices=EVIDENCE_CHOICES, label=_("Evidence")
    )
    year = ChoicesFilter(field_name="year_from", choices=year_choices, label=_("First year"))
    contested = YesNoFilter(
        condition=Q(is_contested=True),
        choices=CONTESTED_CHOICES,
        label=_("Contested"),
    )

    class Meta:
        model = Entry
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)


ENTRY_FACETS = tuple(name for name in EntryFilter.base_filters if name != "q")

"""Query-string filters of experts, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from catalogue.models import Availability, Expert
from core import codes
from core.filters import ChoicesFilter
from hubs.filters import MAX_TEXT, AnyCodeFilter, AskingOnceFilterSet, published_hubs


class ExpertFilter(AskingOnceFilterSet):
    """What a list of experts `with_shown` can be asked for. Each may be given several times:
    any of them. What a reader may not see of an expert finds nobody.
    """

    asked_once = ("hub",)

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    sector = AnyCodeFilter(field_name="sectors", choices=codes.sector_choices, label=_("Sector"))
    language = ChoicesFilter(
        method="filter_language", choices=codes.language_choices, label=_("Language")
    )
    country = AnyCodeFilter(
        field_name="countries", choices=codes.country_choices, label=_("Country served")
    )
    hub = ChoicesFilter(field_name="shown_hub", choices=published_hubs, label=_("Hub"))
    availability = ChoicesFilter(choices=Availability.choices, label=_("Availability"))

    class Meta:
        model = Expert
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

    def filter_language(self, queryset: Any, name: str, value: list[str]) -> Any:
        return queryset.speaking(value) if value else queryset

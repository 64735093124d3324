"""Query-string filters of impact stories, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import codes
from core.filters import ChoicesFilter
from evaluation.filters.exchanges import exchange_years
from evaluation.models import ImpactStory, Party, Rung, Strength
from evaluation.querysets.exchanges import exchange_counted, party_in
from hubs.filters import (
    MAX_TEXT,
    AnyCodeFilter,
    AskingOnceFilterSet,
    YesNoFilter,
    published_hubs,
)


class StoryFilter(AskingOnceFilterSet):
    """What a list of stories can be asked for. Each may be given several times: any of them."""

    asked_once = ("hub", "year")

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    rung = ChoicesFilter(field_name="reached", choices=Rung.choices, label=_("Rung reached"))
    strength = ChoicesFilter(choices=Strength.choices, label=_("Strength"))
    no_change = YesNoFilter(
        condition=Q(no_change_found=True),
        choices=[("yes", _("No change found")), ("no", _("Change found"))],
        label=_("Change"),
    )
    counted = YesNoFilter(
        condition=exchange_counted("exchange__"),
        choices=[("yes", _("Counted in totals")), ("no", _("Not counted"))],
        label=_("In totals"),
    )
    hub = ChoicesFilter(field_name="exchange__hub__slug", choices=published_hubs, label=_("Hub"))
    country = ChoicesFilter(
        method="filter_country", choices=codes.country_choices, label=_("Country that took part")
    )
    sector = AnyCodeFilter(
        field_name="exchange__sectors", choices=codes.sector_choices, label=_("Sector")
    )
    year = ChoicesFilter(
        field_name="exchange__starts_on__year",
        choices=exchange_years,
        label=_("Year of the exchange"),
    )

    class Meta:
        model = ImpactStory
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

    def filter_country(self, queryset: Any, name: str, value: list[str]) -> Any:
        """Stories of exchanges with a party in, or a hub of, any of the countries."""
        if not value:
            return queryset
        parties = Party.objects.filter(exchange=OuterRef("exchange"))
        return queryset.filter(Exists(parties.filter(party_in(value))))

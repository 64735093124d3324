"""Query-string filters of members, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from core import codes
from core.filters import ChoicesFilter
from hubs.filters import MAX_TEXT, AnyCodeFilter, AskingOnceFilterSet, published_hubs
from hubs.querysets import holding_words


class MemberFilter(AskingOnceFilterSet):
    """What a list of `listed_members` can be asked for. Each may be given several times: any of
    them. What a reader may not see of a member finds nobody.
    """

    asked_once = ("hub",)

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    hub = AnyCodeFilter(field_name="shown_hub_slugs", choices=published_hubs, label=_("Hub"))
    country = ChoicesFilter(
        field_name="shown_country", choices=codes.country_choices, label=_("Country")
    )
    sector = AnyCodeFilter(
        field_name="shown_sectors", choices=codes.sector_choices, label=_("Sector of interest")
    )
    language = AnyCodeFilter(
        field_name="shown_languages", choices=codes.language_choices, label=_("Language spoken")
    )

    class Meta:
        model = Member
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        shown = ("shown_organisation", "shown_biography")
        return queryset.filter(holding_words(value, "name", *shown))

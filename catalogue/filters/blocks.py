"""Query-string filters of building blocks, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from catalogue.models import BlockUse, BuildingBlock
from core import codes
from core.filters import ChoicesFilter
from hubs.filters import MAX_TEXT, AskingOnceFilterSet, published_hubs


class UsedInFilter(ChoicesFilter):
    """Blocks in a published entry that the reader may see and that has any of the codes chosen
    in its list of codes `field_name`.
    """

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if not value:
            return qs
        uses = BlockUse.objects.in_entries_for(self.parent.request.user)
        found = uses.filter(block=OuterRef("pk"), **{f"entry__{self.field_name}__overlap": value})
        return qs.filter(Exists(found))


class BuildingBlockFilter(AskingOnceFilterSet):
    """What a list of building blocks can be asked for. Each may be given several times."""

    asked_once = ("hub",)

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    hub = ChoicesFilter(field_name="hub__slug", choices=published_hubs, label=_("Hub"))
    language = ChoicesFilter(choices=codes.language_choices, label=_("Language"))
    sector = UsedInFilter(
        field_name="sectors", choices=codes.sector_choices, label=_("Sector of an entry with it")
    )
    country = UsedInFilter(
        field_name="countries",
        choices=codes.country_choices,
        label=_("Partner country of an entry with it"),
    )

    class Meta:
        model = BuildingBlock
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

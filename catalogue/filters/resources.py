"""Query-string filters of resources, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from catalogue.codelists import ResourceKind
from catalogue.models import Resource
from core import codes
from core.filters import ChoicesFilter
from hubs.filters import MAX_TEXT, AnyCodeFilter, AskingOnceFilterSet, published_hubs


def _publishers() -> list[tuple[str, str]]:
    names = Resource.objects.published().exclude(publisher="").order_by("publisher")
    return [(name, name) for name in names.values_list("publisher", flat=True).distinct()]


def _years() -> list[tuple[str, str]]:
    years = Resource.objects.published().exclude(year=None).order_by("-year")
    found = years.values_list("year", flat=True).distinct()
    return [(str(year), str(year)) for year in found]


class ResourceFilter(AskingOnceFilterSet):
    """What a list of resources can be asked for. Each may be given several times: any of them."""

    asked_once = ("hub", "publisher", "year")

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    type = ChoicesFilter(field_name="kind", choices=ResourceKind.choices, label=_("Type"))
    language = AnyCodeFilter(
        field_name="languages", choices=codes.language_choices, label=_("Language")
    )
    year = ChoicesFilter(choices=_years, label=_("Year"))
    hub = ChoicesFilter(field_name="hub__slug", choices=published_hubs, label=_("Hub"))
    publisher = ChoicesFilter(choices=_publishers, label=_("Publisher"))

    copy = ChoicesFilter(
        method="filter_copy",
        choices=[
            ("reachable", _("Can be had")),
            ("unreachable", _("Not reachable")),
            ("none", _("No copy found")),
        ],
        label=_("Copy"),
    )

    class Meta:
        model = Resource
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

    def filter_copy(self, queryset: Any, name: str, value: list[str]) -> Any:
        return queryset.available(value) if value else queryset

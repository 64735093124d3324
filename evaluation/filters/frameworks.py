"""Query-string filters of frameworks, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core import codes
from core.filters import ChoicesFilter
from evaluation.models import Framework, Layer
from hubs.filters import MAX_TEXT, AskingOnceFilterSet, published_hubs
from hubs.querysets import holding_words

KINDS = (("framework", _("Frameworks in use")), ("template", _("Templates")))


class FrameworkFilter(AskingOnceFilterSet):
    """What a list of frameworks can be asked for. Each may be given several times."""

    asked_once = ("hub",)

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    layer = ChoicesFilter(choices=Layer.choices, label=_("Layer"))
    kind = ChoicesFilter(method="filter_kind", choices=KINDS, label=_("Kind"))
    hub = ChoicesFilter(method="filter_hub", choices=published_hubs, label=_("Hub"))
    country = ChoicesFilter(choices=codes.country_choices, label=_("Country"))

    class Meta:
        model = Framework
        fields: list[str] = []

    def filter_text(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(holding_words(value, "title", "summary", "hub__name"))

    def filter_kind(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        if len(set(value)) != 1:
            return queryset
        return queryset.filter(is_template=value[0] == "template")

    def filter_hub(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        if not value:
            return queryset
        return queryset.filter(Q(hub__slug__in=value) | Q(exchange__hub__slug__in=value))

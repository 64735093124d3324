"""Query-string filters of the indicator library."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoicesFilter
from evaluation.models import IndicatorDefinition, IndicatorKind
from hubs.filters import MAX_TEXT, AskingOnceFilterSet, published_hubs
from hubs.querysets import holding_words

STATES = (("in-use", _("In use")), ("retired", _("Not for new use")))


class IndicatorFilter(AskingOnceFilterSet):
    """What the library can be asked for. Each may be given several times."""

    asked_once = ("hub",)

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    kind = ChoicesFilter(field_name="current__kind", choices=IndicatorKind.choices, label=_("Kind"))
    hub = ChoicesFilter(field_name="hub__slug", choices=published_hubs, label=_("Hub"))
    state = ChoicesFilter(method="filter_state", choices=STATES, label=_("State"))

    class Meta:
        model = IndicatorDefinition
        fields: list[str] = []

    def filter_text(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(holding_words(value, "code", "current__title", "current__meaning"))

    def filter_state(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        if len(set(value)) != 1:
            return queryset
        return queryset.filter(is_retired=value[0] == "retired")

"""Query-string filters of updates, the same for the pages, the API and the CSV export."""

from __future__ import annotations

import django_filters as df
from django.utils.translation import gettext_lazy as _

from core.filters import ChoicesFilter
from evaluation.models import Update
from hubs.filters import MAX_TEXT, AskingOnceFilterSet, published_hubs


class UpdateFilter(AskingOnceFilterSet):
    """What a list of updates can be asked for."""

    asked_once = ("hub",)

    q = df.CharFilter(
        field_name="indicator__definition__title",
        lookup_expr="unaccent__icontains",
        label=_("Search"),
        max_length=MAX_TEXT,
    )
    state = ChoicesFilter(choices=Update.State.choices, label=_("State"))
    hub = ChoicesFilter(field_name="hub__slug", choices=published_hubs, label=_("Reporting hub"))
    framework = df.CharFilter(
        field_name="indicator__result__framework__slug", label=_("Framework"), max_length=MAX_TEXT
    )
    exchange = df.CharFilter(field_name="exchange__slug", label=_("Exchange"), max_length=MAX_TEXT)
    indicator = df.CharFilter(
        field_name="indicator__definition__definition__code",
        label=_("Indicator"),
        max_length=MAX_TEXT,
    )
    period_from = df.DateFilter(
        field_name="period__starts_on", lookup_expr="gte", label=_("Periods from")
    )
    period_to = df.DateFilter(
        field_name="period__starts_on", lookup_expr="lte", label=_("Periods that begin by")
    )

    class Meta:
        model = Update
        fields: list[str] = []

"""Query-string filters of events, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from community.models import Event, EventKind
from community.querysets.events import EventQuerySet, month_of_start, when_it_is
from core import codes
from core.dates import Precision, format_partial_date, parse_partial_date
from core.filters import ChoicesFilter
from hubs.filters import MAX_TEXT, AnyCodeFilter, AskingOnceFilterSet, published_hubs

WHEN = (("upcoming", _("To come")), ("past", _("Past")))


def event_months() -> list[tuple[str, str]]:
    """Return the months in which public events begin, the latest first."""
    events = Event.objects.public().listed().order_by().annotate(month=month_of_start())
    months = events.values_list("month", flat=True).distinct().order_by("-month")
    return [
        (month, format_partial_date(parse_partial_date(month)[0], Precision.MONTH))
        for month in months
    ]


class WhenFilter(ChoicesFilter):
    """Events that are still to come, those that are over, or both."""

    def filter(self, qs: EventQuerySet, value: list[str]) -> EventQuerySet:
        return qs.alias(when_it_is=when_it_is()).filter(when_it_is__in=value) if value else qs


class MonthFilter(ChoicesFilter):
    """Events that begin in any of the months chosen, at their place."""

    def filter(self, qs: EventQuerySet, value: list[str]) -> EventQuerySet:
        found = qs.alias(month_of_start=month_of_start()) if value else qs
        return found.filter(month_of_start__in=value) if value else qs


class OrganisedByFilter(ChoicesFilter):
    """Events that any of the hubs chosen organises."""

    def filter(self, qs: EventQuerySet, value: list[str]) -> EventQuerySet:
        return qs.of_hubs(value) if value else qs


class EventFilter(AskingOnceFilterSet):
    """What a list of events can be asked for. Each may be given several times: any of them."""

    asked_once = ("hub", "month")

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    when = WhenFilter(choices=WHEN, label=_("When"))
    kind = ChoicesFilter(choices=EventKind.choices, label=_("Kind"))
    hub = OrganisedByFilter(choices=published_hubs, label=_("Organising hub"))
    country = ChoicesFilter(choices=codes.country_choices, label=_("Country"))
    language = AnyCodeFilter(
        field_name="languages", choices=codes.language_choices, label=_("Language spoken")
    )
    month = MonthFilter(choices=event_months, label=_("Month"))

    class Meta:
        model = Event
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

"""Query-string filters of the people of an event, the same for the page, the API and the CSV."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from community.models import Enrolment, EnrolmentState
from core.filters import ChoicesFilter

PRESENT = (("true", _("Present")), ("false", _("Absent")))


class PeopleFilter(df.FilterSet):
    """Those who asked for a seat, by what became of it; given several times: any of them."""

    state = ChoicesFilter(choices=EnrolmentState.choices, label=_("State"))

    class Meta:
        model = Enrolment
        fields: list[str] = []


class AttendanceFilter(df.FilterSet):
    """Those with a seat, by whether they were there. For `EnrolmentQuerySet.with_presence`."""

    present = df.ChoiceFilter(choices=PRESENT, method="filter_present", label=_("Presence"))

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def filter_present(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(is_present=value == "true")

"""Query-string filters of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as df
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Activity
from accounts.registers import VERBS

if TYPE_CHECKING:
    from accounts.querysets import ActivityQuerySet


class ActivityFilter(df.FilterSet):
    actor = df.CharFilter(
        field_name="actor__slug", max_length=80, label=_("Member, as in addresses")
    )
    verb = df.ChoiceFilter(choices=lambda: sorted(VERBS.items()), label=_("What was done"))
    object = df.CharFilter(method="filter_object", max_length=200, label=_("To what or whom"))
    since = df.DateFilter(
        field_name="at", lookup_expr="date__gte", label=_("From"), widget=forms.DateInput
    )
    until = df.DateFilter(
        field_name="at", lookup_expr="date__lte", label=_("Until"), widget=forms.DateInput
    )
    before = df.NumberFilter(method="filter_before", widget=forms.HiddenInput, min_value=1)

    class Meta:
        model = Activity
        fields: list[str] = []

    def filter_before(self, queryset: ActivityQuerySet, name: str, value: Any) -> ActivityQuerySet:
        """Older than the activity with that number: the next page."""
        return queryset.older_than(min(int(value), 2**62))

    def filter_object(self, queryset: ActivityQuerySet, name: str, value: str) -> ActivityQuerySet:
        return queryset.naming(value)

"""Query-string filters of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as df
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Activity
from accounts.registers import VERBS

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ActivityFilter(df.FilterSet):
    actor = df.CharFilter(
        field_name="actor__slug", max_length=80, label=_("Member, as in addresses")
    )
    verb = df.ChoiceFilter(choices=lambda: sorted(VERBS.items()), label=_("What was done"))
    object = df.CharFilter(
        field_name="object_label", lookup_expr="icontains", max_length=200, label=_("To what")
    )
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

    def filter_before(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Older than the activity with that number: the next page."""
        return queryset.filter(pk__lt=min(int(value), 2**62))

"""Query-string filters of the log of decisions, the same for the page and the CSV export."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Act, Decision, Measure
from community.models.target import KIND_LABELS
from core.filters import ChoicesFilter


class DecisionFilter(df.FilterSet):
    """What the log can be asked for."""

    act = ChoicesFilter(choices=Act.choices, label=_("Decision"))
    measure = ChoicesFilter(choices=Measure.choices, label=_("Measure"))
    kind = df.ChoiceFilter(
        choices=list(KIND_LABELS.items()), method="filter_kind", label=_("About what")
    )
    moderator = df.CharFilter(
        field_name="moderator__slug", max_length=80, label=_("Moderator, as in addresses")
    )
    member = df.CharFilter(
        field_name="member__slug", max_length=80, label=_("About whom, as in addresses")
    )
    undone = df.ChoiceFilter(
        choices=[("yes", _("Taken back")), ("no", _("Stands"))],
        method="filter_undone",
        label=_("Whether it stands"),
    )
    since = df.DateFilter(
        field_name="at", lookup_expr="date__gte", label=_("From"), widget=forms.DateInput
    )
    until = df.DateFilter(
        field_name="at", lookup_expr="date__lte", label=_("Until"), widget=forms.DateInput
    )

    class Meta:
        model = Decision
        fields: list[str] = []

    def filter_kind(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(**{f"{value}__isnull": False})

    def filter_undone(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(undone_at__isnull=value == "no")

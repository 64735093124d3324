"""Query-string filters of announcements, the same for the page, the API and the CSV export."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from community.models import Announcement, AnnouncementState
from core.filters import ChoicesFilter
from hubs.filters import MAX_TEXT


class AnnouncementFilter(df.FilterSet):
    """What a list of announcements can be asked for."""

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    state = ChoicesFilter(choices=AnnouncementState.choices, label=_("State"))
    hub = df.CharFilter(field_name="hub__slug", max_length=80, label=_("Hub, as in addresses"))
    by = df.CharFilter(
        field_name="written_by__slug", max_length=80, label=_("Written by, as in addresses")
    )

    class Meta:
        model = Announcement
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

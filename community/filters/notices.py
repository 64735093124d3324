"""Query-string filters of notices and follows."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from community.followed import FOLLOWED
from community.models import Follow, FollowLevel, Notification, Reason
from core.filters import ChoicesFilter


class NoticeFilter(df.FilterSet):
    """What a list of notices can be asked for."""

    is_unread = df.ChoiceFilter(
        method="filter_unread",
        choices=[("yes", _("Not read yet")), ("no", _("Read"))],
        label=_("Whether it is read"),
    )
    reason = ChoicesFilter(choices=Reason.choices, label=_("Reason"))

    class Meta:
        model = Notification
        fields: list[str] = []

    def filter_unread(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.unread() if value == "yes" else queryset.exclude(read_at=None)


class FollowFilter(df.FilterSet):
    """What a list of follows can be asked for."""

    kind = df.ChoiceFilter(
        method="filter_kind",
        choices=[(each.name, each.label) for each in FOLLOWED],
        label=_("Kind of thing"),
    )
    level = ChoicesFilter(choices=FollowLevel.choices, label=_("How closely"))

    class Meta:
        model = Follow
        fields: list[str] = []

    def filter_kind(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(**{f"{value}__isnull": False})

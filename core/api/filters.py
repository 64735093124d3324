"""The same filters as the pages; a bad value is 400 and never widens a list."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError

from core.dates import parse_partial_date


class StrictFilterBackend(DjangoFilterBackend):
    """The view's filterset, and `updated_since` where its rows have `updated_at`.

    Parameters that neither knows are refused by the view (`core.api.views`).
    """

    def get_filterset(self, request: Any, queryset: QuerySet[Any], view: Any) -> Any:
        filterset = super().get_filterset(request, queryset, view)
        if filterset is not None:
            # Choices are named in the reader's language, some from the database: only those of
            # the filters that are asked for. The others would filter nothing.
            filterset.filters = {
                name: each for name, each in filterset.filters.items() if name in filterset.data
            }
        return filterset

    def filter_queryset(self, request: Any, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filtered = queryset
        filterset_class = self.get_filterset_class(view, queryset)
        # An empty form would filter nothing, and costs as much as a small query.
        if filterset_class and not filterset_class.base_filters.keys().isdisjoint(
            request.query_params
        ):
            filtered = super().filter_queryset(request, queryset, view)
        since = request.query_params.get("updated_since")
        if since is None:
            return filtered
        return filtered.filter(updated_at__gte=moment_of("updated_since", since))


def moment_of(parameter: str, text: str) -> datetime.datetime:
    """Return an ISO 8601 date or time as a moment; without a zone, in the portal's."""
    try:
        moment = parse_datetime(text.replace(" ", "+"))  # a plus sign that was not encoded
        if moment is None:
            moment = datetime.datetime.combine(datetime.date.fromisoformat(text), datetime.time.min)
        if timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        return moment.astimezone(datetime.UTC)  # fails where the database's calendar ends too
    except (ValueError, OverflowError) as error:
        raise ValidationError(
            {parameter: [_("Give a date or a time as in 2026-03-01T12:00:00Z.")]}
        ) from error


def day_of(parameter: str, text: str) -> datetime.date:
    """Return "2012", "2012-07" or "2012-07-10" as the last day it names."""
    try:
        return parse_partial_date(text, end=True)[0]
    except ValueError as error:
        raise ValidationError({parameter: [_("Give a date as in 2012-12-31.")]}) from error

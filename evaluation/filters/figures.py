"""Which figures: of a framework or an indicator, of a series, as of a moment."""

from __future__ import annotations

import datetime
from typing import Any

import django_filters as df
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import parse_partial_date
from evaluation.models import Figure, Framework, Indicator, Series

MAX_MOMENT = 40  # characters


def moment_asked_for(text: str) -> datetime.datetime:
    """Return "2026-01-31" as the last moment of that day in the portal's zone, "2026" and
    "2026-01" likewise, and a date with a time as just that. Raise `ValidationError` else.
    """
    try:
        moment = _moment(text.strip())
        return moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError) as error:
        raise ValidationError(_("Give a date as in 2026-01-31.")) from error


def _moment(text: str) -> datetime.datetime:
    if "T" in text:
        moment = datetime.datetime.fromisoformat(text.replace(" ", "+"))  # a plus not encoded
    else:
        day, _precision = parse_partial_date(text, end=True)
        moment = datetime.datetime.combine(day, datetime.time.max)
    if timezone.is_naive(moment):
        return timezone.make_aware(moment, timezone.get_default_timezone())
    return moment


class MomentFilter(df.CharFilter):
    """What was published at a moment; refuses what is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_MOMENT, validators=[moment_asked_for], **options)

    def filter(self, qs: Any, value: str) -> Any:
        return qs.as_of(moment_asked_for(value)) if value else qs


class FigureFilter(df.FilterSet):
    """What a list of figures can be asked for; without `as_of` it has those that hold now."""

    framework = df.ModelChoiceFilter(
        field_name="indicator__result__framework",
        to_field_name="slug",
        queryset=lambda request: Framework.objects.visible_to(request.user),
        label=gettext_lazy("Framework"),
    )
    indicator = df.ModelChoiceFilter(
        queryset=lambda request: Indicator.objects.visible_to(request.user),
        label=gettext_lazy("Indicator"),
    )
    series = df.ChoiceFilter(choices=Series.choices, label=gettext_lazy("Series"))
    whole = df.ChoiceFilter(
        method="filter_whole",
        choices=[("yes", gettext_lazy("Wholes only")), ("no", gettext_lazy("Parts only"))],
        label=gettext_lazy("Wholes or parts"),
    )
    as_of = MomentFilter(label=gettext_lazy("As published on"))

    class Meta:
        model = Figure
        fields: list[str] = []

    def filter_whole(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(cell__isnull=value == "yes")

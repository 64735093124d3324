"""Which report pack: the year, and the moment as of which it is asked for."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from core.dates import today
from evaluation.packs.content import Scope
from hubs.models import Hub

if TYPE_CHECKING:
    from django.http import QueryDict

    from hubs.querysets import User

FIRST_YEAR = 1950


class MomentField(forms.CharField):
    """A day (its end, in the portal's time) or a moment with its zone; empty: now."""

    default_error_messages = {
        "moment": _("Write a day as 2026-03-31, or a moment as 2026-03-31T12:00:00Z."),
        "future": _("That is still to come: nothing is known as of then."),
    }

    def clean(self, value: Any) -> datetime.datetime:
        text = super().clean(value)
        now = timezone.now()
        if not text:
            return now
        try:
            moment = _parsed(text)
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            raise forms.ValidationError(self.error_messages["moment"], code="moment")
        if moment > now and text != today().isoformat():
            raise forms.ValidationError(self.error_messages["future"], code="future")
        return min(moment, now)


def _parsed(text: str) -> datetime.datetime | None:
    day = parse_date(text)
    if day is not None:
        end = datetime.datetime.combine(day, datetime.time.max)
        return end.replace(tzinfo=timezone.get_default_timezone()).astimezone(datetime.UTC)
    moment = parse_datetime(text)
    if moment is None or timezone.is_naive(moment):
        return None
    return moment.astimezone(datetime.UTC)


class PackForm(forms.Form):
    """Year, moment, and whether what is confidential is named; for the hub's people only."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, required=False)
    as_of = MomentField(
        label=_("As of"),
        required=False,
        max_length=40,
        help_text=_("As 2026-03-31. Empty: as of now."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    internal = forms.BooleanField(label=_("Name what is confidential"), required=False)

    def __init__(self, *args: Any, may_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_name:
            del self.fields["internal"]

    def clean_year(self) -> int:
        year: int | None = self.cleaned_data["year"]
        if year is None:
            return today().year
        if year > today().year:
            raise forms.ValidationError(_("That year is still to come."))
        return year

    def scope(self, hub: Hub, user: User) -> Scope:
        """Return which pack a valid form asks for."""
        asked = self.cleaned_data
        is_internal = bool(asked.get("internal"))
        return Scope(hub, asked["year"], asked["as_of"], user, is_internal=is_internal)


def pack_form(data: QueryDict, hub: Hub, user: User) -> PackForm:
    """Return the bound form. Raises `PermissionDenied` for who asks for what is confidential and
    is not of the hub.
    """
    may_name = Hub.objects.joined_by(user).contains(hub)
    asks = forms.CheckboxInput().value_from_datadict(data, MultiValueDict(), "internal")
    if asks and not may_name:
        raise PermissionDenied
    return PackForm(data, may_name=may_name)

"""The day as of which a page is asked for."""

from __future__ import annotations

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from core.dates import parse_partial_date


class DayField(forms.CharField):
    """A day, a month or a year; the two latter stand for their last day."""

    default_error_messages = {
        "date": _("Write a day as 2012-12-31, a month as 2012-12 or a year as 2012."),
    }

    def clean(self, value: object) -> datetime.date | None:
        """Return the day, or None for an empty field."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_partial_date(text, end=True)[0]
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["date"], code="date") from error


class AsOfForm(forms.Form):
    """Asks for the state of a page on some day."""

    all_optional = True
    as_of = DayField(
        label=_("As of the day"),
        required=False,
        max_length=10,
        help_text=_("For example 2012-12-31, or 2012."),
    )

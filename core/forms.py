"""Form fields that several apps use."""

from __future__ import annotations

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from core.dates import parse_partial_date

MAX_PARTIAL_DATE = 10  # characters of "2012-07-10"


class PartialDateField(forms.CharField):
    """A date as precisely as it is known; its value is (date, precision), or None.

    With `end`, a year or month stands for its last day.
    """

    default_error_messages = {
        "date": _("Write a day as 2012-07-10, a month as 2012-07 or a year as 2012."),
    }

    def __init__(self, *, end: bool = False, **kwargs: object) -> None:
        self.end = end
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", MAX_PARTIAL_DATE)
        kwargs.setdefault("help_text", _("For example 2012, 2012-07 or 2012-07-10."))
        super().__init__(**kwargs)  # type: ignore[arg-type]

    def clean(self, value: object) -> tuple[datetime.date, str] | None:
        """Return the date and its precision."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_partial_date(text, end=self.end)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["date"], code="date") from error


def without_blanks(form: forms.BaseForm) -> None:
    """Take the choice of nothing out of required fields that show all choices at once: it says
    nothing, and is refused.
    """
    for field in form.fields.values():
        if field.required and isinstance(field.widget, forms.RadioSelect):
            field.choices = [pair for pair in field.choices if pair[0] != ""]  # type: ignore[attr-defined]

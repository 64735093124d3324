"""Form fields that several apps use."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.dates import parse_partial_date

MAX_PARTIAL_DATE = 10  # characters of "2012-07-10"

MOST_VERSION = 2**31 - 1  # of an integer column


def version_field(*, required: bool = True, most: int = MOST_VERSION) -> forms.IntegerField:
    """Return the hidden field that says from which version of a row a page was made; not
    `required` where the same form makes a row that has none yet.
    """
    return forms.IntegerField(
        widget=forms.HiddenInput, required=required, min_value=0, max_value=most
    )


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


class RadioChoices(forms.RadioSelect):
    """All choices at once; of a required field without the choice of nothing, which says nothing
    and is refused.
    """

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        groups = super().optgroups(name, value, attrs)
        if not self.is_required:
            return groups
        return [group for group in groups if group[1][0]["value"] != ""]

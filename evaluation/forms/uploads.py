"""Choosing a table of figures to upload."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.sheets import MAX_BYTES
from evaluation.numbers import MACHINE, signs_of
from evaluation.services.update_upload import MOST_ROWS

_COMMA = "es"  # a language that writes 1.234,5


class UploadForm(forms.Form):
    """The file, how it writes numbers, and what becomes of its rows."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=format_lazy(
            _("CSV in UTF-8 or Excel workbook, at most {rows} rows and {size} MB."),
            rows=MOST_ROWS,
            size=MAX_BYTES // 1_000_000,
        ),
    )
    language = forms.ChoiceField(
        label=_("How a CSV writes numbers"),
        choices=[(MACHINE, "1,234.5"), (_COMMA, "1.234,5")],
        widget=forms.RadioSelect,
        help_text=_("In a workbook numbers are numbers; texts there need a decimal point."),
    )
    is_sent = forms.BooleanField(
        label=_("Send all for approval at once"),
        required=False,
        help_text=_("Else they become drafts."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has_comma = signs_of(get_language() or MACHINE).decimal == ","
        self.initial["language"] = _COMMA if has_comma else MACHINE

"""Both texts of what two people saved at once, as the reader's form names them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.errors import StaleEdit


def conflict(form: Any, error: StaleEdit, row: Any = None) -> dict[str, Any]:
    """Return both texts of each field in which they differ, and who saved the other, when."""
    fields = []
    for name, saved in error.saved.items():
        if name not in form.fields:
            continue
        texts = [_text(form.fields[name], value) for value in (form.readable(name), saved)]
        if texts[0] != texts[1]:
            fields.append({"label": form[name].label, "mine": texts[0], "saved": texts[1]})
    record = row.history.select_related("history_user").first() if row is not None else None
    return {
        "conflict": fields,
        "conflict_text": str(error),
        "saved_by": record.history_user if record else None,
        "saved_at": record.history_date if record else None,
    }


def _text(field: forms.Field, value: object) -> str:
    """Return a typed or a saved value in the words that the reader's form has for it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, forms.DecimalField):
        try:
            return number_format(Decimal(str(value)), field.decimal_places)
        except InvalidOperation:
            return str(value)
    names = {str(code): str(name) for code, name in getattr(field, "choices", None) or ()}
    if isinstance(field, forms.MultipleChoiceField):
        codes = value if isinstance(value, list | tuple) else str(value).split(", ")
        return ", ".join(sorted(names.get(str(code), str(code)) for code in codes))
    return names.get(str(value), str(value))

"""Forms of the ways in which figures are broken down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import version_field
from evaluation.models import Dimension, DimensionKind
from evaluation.services.library import parts_text


class PartsField(forms.CharField):
    """Parts in their order, a line each: a code, a colon, a name."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return parts_text(value)

    def clean(self, value: Any) -> list[tuple[str, str]]:
        lines = (line.strip() for line in super().clean(value).splitlines())
        return [self._part(line) for line in lines if line]

    @staticmethod
    def _part(line: str) -> tuple[str, str]:
        code, colon, name = (text.strip() for text in line.partition(":"))
        if not (code and colon and name):
            text = _("“%(line)s”: write a code, a colon and a name, as in women: Women.")
            raise ValidationError(text, params={"line": line[:60]})
        return code, name


class DimensionForm(forms.Form):
    """The names of a dimension and its parts; `version` is the one the page was made from."""

    version = version_field()
    name = forms.CharField(label=_("Name"), max_length=120)
    parts = PartsField(
        label=_("Parts"),
        max_length=60_000,
        help_text=_(
            "A line each, in order: a code, a colon and a name, as in women: Women. "
            "Codes never change, and parts that are there stay."
        ),
    )

    def __init__(self, data: Any = None, *, dimension: Dimension | None = None) -> None:
        super().__init__(data)
        self.initial["version"] = 0
        if dimension is not None:
            cells = dimension.cells.order_by("position", "pk")
            self.initial = {
                "version": dimension.version,
                "name": dimension.name,
                "parts": list(cells.values_list("code", "name")),
            }

    def columns(self) -> dict[str, Any]:
        """Return what was typed, for the service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        return self.fields[name].prepare_value(self.cleaned_data.get(name, self[name].value()))


class NewDimensionForm(DimensionForm):
    """A new dimension; of its code and kind it stays."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=60,
        help_text=_("Its name in addresses and files; it never changes."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=DimensionKind.choices,
        help_text=_("It never changes: figures are added up by it."),
    )
    field_order = ("code", "name", "kind")

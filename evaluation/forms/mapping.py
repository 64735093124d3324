"""The form of how parts of one dimension are mapped into those of another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import version_field
from evaluation.mapping import Pair, mapped, pair_version
from evaluation.models import Cell
from evaluation.services.mapping import PREFIX


class MappingForm(forms.Form):
    """One choice for each part below; `version` is what the page was made from."""

    version = version_field()

    def __init__(self, *args: Any, pair: Pair, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = pair_version(pair)
        above = Cell.objects.filter(dimension=pair.target).order_by("position", "pk")
        offered: list[tuple[str, Any]] = [("", _("no place: listed, not counted"))]
        offered += [(cell.code, cell.name) for cell in above]
        places = mapped([pair])[pair.target.pk]
        for cell in Cell.objects.filter(dimension=pair.source).order_by("position", "pk"):
            field = forms.ChoiceField(label=cell.name, choices=offered, required=False)
            self.fields[f"{PREFIX}{cell.code}"] = field
            if cell.pk in places:
                self.initial[f"{PREFIX}{cell.code}"] = places[cell.pk].target.code

    def places(self) -> dict[str, str]:
        """Return where each part counts, by codes."""
        data = self.cleaned_data
        return {name.removeprefix(PREFIX): code for name, code in data.items() if name != "version"}

    def readable(self, name: str) -> object:
        """Return what was chosen as the service writes what is saved there."""
        field: Any = self.fields[name]
        return dict(getattr(field, "choices", ())).get(self[name].value(), self[name].value())

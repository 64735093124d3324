"""Choosing a file to import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Import, KnownRows
from catalogue.services import IMPORT_KINDS
from core.sheets import MAX_BYTES, MAX_ROWS
from hubs.models import Hub

if TYPE_CHECKING:
    from hubs.querysets import User


def _kinds() -> list[tuple[str, str]]:
    return [(slug, str(kind.label)) for slug, kind in IMPORT_KINDS.items()]


class ImportForm(forms.Form):
    """What the file holds, for which hub, and the file."""

    kind = forms.ChoiceField(label=_("What the file holds"), choices=_kinds)
    hub = forms.ModelChoiceField(
        label=_("For which hub"), queryset=Hub.objects.none(), to_field_name="slug"
    )
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("CSV in UTF-8 or Excel workbook, at most %(rows)d rows and %(size)d MB.")
        % {"rows": MAX_ROWS, "size": MAX_BYTES // 1_000_000},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        hubs = Hub.objects.editable_by(user).by_name()
        self.fields["hub"].queryset = hubs  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a hub into which the user may not import this kind."""
        data = super().clean() or self.cleaned_data
        kind, hub = data.get("kind"), data.get("hub")
        if kind and hub and not IMPORT_KINDS[kind].hubs(self._user).contains(hub):
            self.add_error("hub", _("Only a head of this hub imports this."))
        return data


class ConfirmImportForm(forms.Form):
    """What must be decided before a checked file is imported: only what it needs."""

    known = forms.ChoiceField(
        label=_("Rows that are there already"), widget=forms.RadioSelect, required=False
    )
    again = forms.BooleanField(
        label=_("Import this very file once more, though it was imported into this hub before"),
        required=False,
    )

    def __init__(self, *args: Any, imported: Import, is_again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [KnownRows.SKIP] if imported.is_left_with_some else []
        known: Any = self.fields["known"]
        known.choices = [(each.value, each.label) for each in [*choices, KnownRows.ADD]]
        if not imported.known_count:
            del self.fields["known"]
        if not is_again:
            del self.fields["again"]

"""Forms of the admin whose dates are as precise as they are known."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import VersionedForm
from core.dates import partial_isoformat
from core.forms import PartialDateField

FACT_DATES = ("valid_from", "valid_to", "stated_on")


class FactAdminForm(VersionedForm):
    """A fact, with its dates and sources as on the hub's own pages."""

    valid_from = PartialDateField(label=gettext_lazy("From"))
    valid_to = PartialDateField(label=gettext_lazy("Until"), end=True)
    stated_on = PartialDateField(
        label=gettext_lazy("Stated on"), help_text=gettext_lazy("The date of the source.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _show_dates(self, FACT_DATES)
        # A state to be restored comes with the sources that it had then.
        record = getattr(self.instance, "_history", None)
        if record is not None:
            self.initial["sources"] = [row.source_id for row in record.sources.all()]

    def clean(self) -> dict[str, Any]:
        """Refuse what is shown without a source."""
        data = super().clean()
        _split_dates(self, FACT_DATES)
        if data.get("is_published") and not data.get("sources") and "sources" not in self.errors:
            self.add_error("sources", _("A published fact needs at least one source."))
        return data


class SourceForm(forms.ModelForm):
    """A source. It carries no version: moderators correct it, seldom."""

    dated_on = PartialDateField(label=gettext_lazy("Date of the source"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _show_dates(self, ("dated_on",))

    def clean(self) -> dict[str, Any]:
        """Set the date and its precision apart."""
        super().clean()
        _split_dates(self, ("dated_on",))
        return self.cleaned_data


def _show_dates(form: forms.ModelForm, names: tuple[str, ...]) -> None:
    row = form.instance
    for name in names:
        form.initial[name] = partial_isoformat(
            getattr(row, name), getattr(row, f"{name}_precision")
        )


def _split_dates(form: forms.ModelForm, names: tuple[str, ...]) -> None:
    for name in names:
        if name in form.cleaned_data:
            day, precision = form.cleaned_data[name] or (None, "day")
            form.cleaned_data[name] = day
            setattr(form.instance, f"{name}_precision", precision)

"""Naming a search that is kept, and saying how often to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import SavedSearch
from core.forms import version_field
from core.visible import something_to_see


class SavedSearchForm(forms.ModelForm):
    """Name and mail; `version` is what the page was made from."""

    version = version_field()

    class Meta:
        model = SavedSearch
        fields = ["name", "alert"]
        widgets = {"alert": forms.RadioSelect}
        help_texts = {"name": _("By which you will know it, in the list and in mails.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        self.fields["name"].validators.append(something_to_see)

    def _post_clean(self) -> None:
        """Leave the row as it is: the service changes it, and says what is wrong."""

    def readable(self, name: str) -> object:
        """Return what was typed in a field."""
        return self.cleaned_data.get(name, self[name].value())

"""What names and finds a hub."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import codes
from hubs.models import Hub
from hubs.services.identity import CONTENT_FIELDS


class HubForm(forms.ModelForm):
    """The hub's own columns; `version` is what the page was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    native_language = forms.ChoiceField(
        label=_("Language of that name"),
        required=False,
        choices=lambda: [("", "–"), *codes.language_choices()],
    )

    class Meta:
        model = Hub
        fields = [name for name in CONTENT_FIELDS if name not in ("successor", "review_due")]
        widgets = {
            "countries": forms.SelectMultiple(attrs={"size": 8}),
            "sectors": forms.SelectMultiple(attrs={"size": 8}),
            "languages": forms.SelectMultiple(attrs={"size": 8}),
            "summary": forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

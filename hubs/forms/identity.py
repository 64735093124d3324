"""What names and finds a hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import codes
from core.forms import version_field
from core.images import PictureField, cleaned_logo
from hubs.models import Hub
from hubs.services.identity import CONTENT_FIELDS

if TYPE_CHECKING:
    from hubs.querysets import User


class HubForm(forms.ModelForm):
    """The hub's own columns; `version` is what the page was made from."""

    version = version_field()
    native_language = forms.ChoiceField(
        label=_("Language of that name"),
        required=False,
        choices=lambda: [("", "–"), *codes.language_choices()],
    )

    logo = PictureField(label=_("Logo"), make=cleaned_logo)

    class Meta:
        model = Hub
        fields = [name for name in CONTENT_FIELDS if name != "review_due"]
        widgets = {
            "countries": forms.SelectMultiple(attrs={"size": 8}),
            "sectors": forms.SelectMultiple(attrs={"size": 8}),
            "languages": forms.SelectMultiple(attrs={"size": 8}),
            "summary": forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["logo"] = self.instance.logo
        self.initial["version"] = self.instance.version
        others = Hub.objects.visible_to(user).exclude(pk=self.instance.pk)
        # One that the editor may not see stays, if it is the successor already.
        known = Hub.objects.filter(pk=self.instance.successor_id)
        self.fields["successor"].queryset = (others | known).by_name()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a successor of a hub that still works."""
        data = super().clean() or self.cleaned_data
        is_over = data.get("status") in (Hub.Status.DISSOLVED, Hub.Status.MERGED)
        if data.get("successor") and not is_over and "status" not in self.errors:
            self.add_error(
                "successor", _("Only a hub that was dissolved or merged has a successor.")
            )
        return data

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        columns = {name: self.cleaned_data[name] for name in self.Meta.fields}
        if "logo" in self.changed_data:
            columns["logo"] = self.cleaned_data["logo"] or ""
        return columns

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        return self.cleaned_data.get(name, self[name].value())

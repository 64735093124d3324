"""Forms of the indicator library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import version_field
from evaluation.models import DefinitionVersion
from evaluation.services.library import DEFINED
from hubs.models import Hub

if TYPE_CHECKING:
    from accounts.models import Member

DEFINITION_TEXTS = (*DEFINED, "change_note")


class ScaleField(forms.CharField):
    """The levels of a scale, a line each, the lowest first."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text: str = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


class VersionForm(forms.ModelForm):
    """A new version of an indicator; `version` is the one that the page was made from."""

    version = version_field()
    scale = ScaleField(
        label=_("Levels of the scale"),
        required=False,
        max_length=2_000,
        help_text=_("A line each, the lowest first; only for a level on a scale."),
    )

    class Meta:
        model = DefinitionVersion
        fields = [*DEFINITION_TEXTS, "dimensions"]
        widgets = {"dimensions": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.number if self.instance.pk else 0

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in DEFINITION_TEXTS}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        value = self.cleaned_data.get(name, self[name].value())
        return ", ".join(value) if isinstance(value, list) else value


class NewIndicatorForm(VersionForm):
    """A new indicator of a hub, or of the community."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=80,
        help_text=_("Its name in addresses and files; it never changes."),
    )
    hub = forms.ModelChoiceField(
        label=_("Hub that keeps it"),
        queryset=Hub.objects.none(),
        required=False,
        empty_label=_("the community"),
        help_text=_("Only moderators add to the community’s own."),
    )
    field_order = ("code", "hub")

    def __init__(self, *args: Any, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["change_note"]
        hubs: Any = self.fields["hub"]
        hubs.queryset = Hub.objects.assessable_by(user).order_by("slug")

    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DEFINITION_TEXTS if name != "change_note"}

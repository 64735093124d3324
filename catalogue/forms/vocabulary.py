"""Tags in the hands of moderators: their names, and which of them are one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalogue.models import MOST_OF_NAME, Tag
from catalogue.rules import may_be_tag
from core import codes
from core.forms import version_field

MOST_MERGED = 100  # tags at once


class NewTagForm(forms.Form):
    """A tag: its name, and its names in the languages of the portal."""

    name = forms.CharField(label=_("Name"), max_length=MOST_OF_NAME)
    language = forms.ChoiceField(
        label=_("Language of the name"), choices=codes.language_choices, initial="en"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, _english in settings.LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=codes.language_name(code), max_length=MOST_OF_NAME, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Say at its field which name could not be typed as a tag."""
        for name, value in list(self.cleaned_data.items()):
            if name.startswith("name") and value and not may_be_tag(value):
                self.add_error(name, _("Write a few words without commas and semicolons."))
        return self.cleaned_data

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        data = self.cleaned_data
        names = {code: data[f"name_{code}"] for code, _english in settings.LANGUAGES}
        own = data["language"]
        told = {code: name for code, name in names.items() if name and code != own}
        return {"name": data["name"], "language": own, "names": told}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        return self.cleaned_data.get(name, self[name].value())


class TagForm(NewTagForm):
    """A tag of the vocabulary; `version` is what the page was made from."""

    version = version_field()

    def __init__(self, data: Any, *, tag: Tag) -> None:
        names = {f"name_{code}": name for code, name in tag.names.items()}
        initial = {"name": tag.name, "language": tag.language, "version": tag.version}
        super().__init__(data, initial=initial | names)


class MergeForm(forms.Form):
    """Which of several tags stays, and why the others become names of it."""

    tag: forms.ModelMultipleChoiceField[Tag] = forms.ModelMultipleChoiceField(
        queryset=Tag.objects.none(), to_field_name="slug", widget=forms.MultipleHiddenInput
    )
    into: forms.ModelChoiceField[Tag] = forms.ModelChoiceField(
        label=_("Which one stays"),
        queryset=Tag.objects.none(),
        to_field_name="slug",
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, *, tags: Any) -> None:
        super().__init__(data, initial={"tag": [tag.slug for tag in tags]})
        self.fields["tag"].queryset = tags  # type: ignore[attr-defined]
        self.fields["into"].queryset = tags  # type: ignore[attr-defined]

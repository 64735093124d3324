"""What is known of a resource, and a copy of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Entry, Resource, ResourceLink
from catalogue.services.resources import CONTENT_FIELDS, MAX_ENTRIES, entry_lines
from core import codes
from core.forms import version_field
from core.uploads import DocumentField
from core.visible import something_to_see
from hubs.models import Hub

if TYPE_CHECKING:
    from accounts.models import Member


class ResourceForm(forms.ModelForm):
    """The resource's own columns; `version` is what the page was made from."""

    version = version_field(required=False)
    language = forms.ChoiceField(
        label=_("Language of the title"), choices=codes.language_choices, initial="en"
    )
    entries = forms.CharField(
        label=_("Experience that it documents"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The addresses of entries of your hub in this portal, one a line."),
    )

    class Meta:
        model = Resource
        fields = CONTENT_FIELDS
        widgets = {
            "languages": forms.SelectMultiple(attrs={"size": 8}),
            "note": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args: Any, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial["version"] = self.instance.version
        self.fields["title"].validators.append(something_to_see)
        if self.instance.pk:
            self.initial["entries"] = entry_lines(self.instance)
        hub: Any = self.fields["hub"]
        known = Hub.objects.filter(pk=self.instance.hub_id)
        hub.queryset = (Hub.objects.editable_by(user) | known).by_name()
        hub.required = not user.is_moderator
        if hub.required:
            hub.help_text = _("Who holds it.")

    def clean_entries(self) -> list[Entry]:
        """Return the entries named; those of other hubs only where they are named already."""
        slugs = list(dict.fromkeys(_slug(line) for line in self._lines()))
        if len(slugs) > MAX_ENTRIES:
            raise forms.ValidationError(
                _("Name at most %(number)d entries."), params={"number": MAX_ENTRIES}
            )
        own = Entry.objects.of_hubs_edited_by(self.user)
        known = Entry.objects.none()
        if self.instance.pk:
            known = self.instance.entries.all()
        pks = [*own.filter(slug__in=slugs).values_list("pk", flat=True)]
        pks += known.filter(slug__in=slugs).values_list("pk", flat=True)
        found = list(Entry.objects.filter(pk__in=pks))
        missing = set(slugs) - {entry.slug for entry in found}
        if missing:
            raise forms.ValidationError(
                _("Your hubs have no entry with this address: %(names)s."),
                params={"names": ", ".join(sorted(missing))},
            )
        return found

    def _lines(self) -> list[str]:
        text: str = self.cleaned_data["entries"]
        return [line.strip() for line in text.splitlines() if line.strip()]

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in CONTENT_FIELDS}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        if name == "entries":
            return "\n".join(
                sorted(_slug(line) for line in (self[name].value() or "").splitlines())
            )
        return self.cleaned_data.get(name, self[name].value())


def _slug(line: str) -> str:
    """Return the name in an entry's address, which may stand alone."""
    steps = [step for step in urlsplit(line).path.split("/") if step]
    return steps[-1][:100] if steps else line[:100]


class ResourceLinkForm(forms.ModelForm):
    """A copy: an address elsewhere, or a file for the portal to keep."""

    language = forms.ChoiceField(
        label=_("Language of this copy"),
        required=False,
        choices=lambda: [("", _("not stated")), *codes.language_choices()],
    )
    file = DocumentField(label=_("Or a file"))

    class Meta:
        model = ResourceLink
        fields = ["language", "address", "file"]

    def clean(self) -> dict[str, Any]:
        """Refuse both at once, and neither."""
        data = super().clean() or self.cleaned_data
        if "file" in self.errors or "address" in self.errors:
            return data
        if bool(data.get("address")) == bool(data.get("file")):
            self.add_error("address", _("Give an address or a file, not both."))
        return data

    def _post_clean(self) -> None:
        """Leave the columns to the service: it alone writes files."""

    def link(self) -> ResourceLink:
        """Return the copy as a row that is not saved yet."""
        language, address = self.cleaned_data["language"], self.cleaned_data["address"]
        document = self.cleaned_data["file"]
        if document is None:
            return ResourceLink(language=language, address=address)
        return ResourceLink(
            language=language,
            file=document.file,
            content_type=document.content_type,
            bytes=document.bytes,
        )

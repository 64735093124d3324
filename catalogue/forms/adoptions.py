"""Stating what somebody took up, and why an adoption is not so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.forms.blocks import own_entries
from catalogue.models import Adoption, Entry
from catalogue.services import ADOPTION_TEXTS
from core.forms import RadioChoices, version_field
from hubs.models import Hub, Organisation
from hubs.querysets import by_name

if TYPE_CHECKING:
    from hubs.querysets import User

_ROWS = {"rows": 3}


class AdoptionForm(forms.ModelForm):
    """What became of an adoption; `version` is what the page was made from."""

    version = version_field()

    class Meta:
        model = Adoption
        fields = list(ADOPTION_TEXTS)
        widgets = {
            "outcome": RadioChoices,
            **{name: forms.Textarea(attrs=_ROWS) for name in ("kept", "changed", "dropped", "why")},
        }
        help_texts = {
            "outcome": _("What failed teaches as much as what works: say so, and below why."),
            "resulting_entry": _("The adopter’s own account of it, if there is one."),
            "why": _("Why it was done so, or why it failed."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "version" in self.fields:
            self.initial["version"] = self.instance.version
        entries = own_entries(user, self.instance.hub_id)
        if self.instance.hub_id:
            entries = entries.filter(hub=self.instance.hub_id)
        # One that the member may not choose any more stays.
        entries = entries | Entry.objects.filter(pk=self.instance.resulting_entry_id)
        field: Any = self.fields["resulting_entry"]
        field.empty_label = "–"
        field.queryset = entries.exclude(pk=self.instance.entry_id).order_by(by_name("title"), "pk")

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in ADOPTION_TEXTS if name in self.fields}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        value = self.cleaned_data.get(name, self[name].value())
        return str(value) if name == "resulting_entry" and value else value


class ClaimForm(AdoptionForm):
    """Who took it up: a hub that the member edits, or an organisation."""

    version = None  # type: ignore[assignment]  # nobody else can have saved it

    class Meta(AdoptionForm.Meta):
        fields = ["hub", "organisation", *ADOPTION_TEXTS]
        help_texts = {
            **AdoptionForm.Meta.help_texts,
            "hub": _("A hub that you edit; or choose an organisation below."),
            "organisation": _("If no hub took it up."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        hubs = Hub.objects.editable_by(user).exclude(pk=self.instance.thing.hub_id).by_name()
        bodies = Organisation.objects.visible_to(user).by_name()
        for name, queryset in (("hub", hubs), ("organisation", bodies)):
            field: Any = self.fields[name]
            field.queryset, field.empty_label = queryset, "–"
        if not hubs.exists():  # such a member speaks for organisations only
            del self.fields["hub"], self.fields["resulting_entry"]
            self.fields["organisation"].required = True
            self.fields["organisation"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """Refuse neither and both."""
        data = super().clean() or self.cleaned_data
        if "hub" not in self.fields or {"hub", "organisation"} & set(self.errors):
            return data
        if bool(data.get("hub")) == bool(data.get("organisation")):
            self.add_error("organisation", _("Choose a hub or an organisation, not both."))
        return data

    def adopter(self) -> Hub | Organisation:
        """Return who took it up."""
        data = self.cleaned_data
        chosen: Hub | Organisation = data.get("hub") or data["organisation"]
        return chosen


class AdoptionReasonForm(forms.Form):
    """Why an adoption is rejected or taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs=_ROWS))

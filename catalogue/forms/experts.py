"""The profile of an expert, and what their employer says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Expert, LanguageLevel
from catalogue.services.experts import (
    EXPERT_FIELDS,
    MOST_LANGUAGES,
    OUTSIDE_FIELDS,
    spoken_by_level,
)
from core import codes
from core.dates import today
from core.forms import version_field
from hubs.models import Hub

if TYPE_CHECKING:
    from accounts.models import Member

OUTSIDE_LABELS = {
    "headline": _("What they can be asked about"),
    "hub": _("Hub that employs them"),
    "contact": _("How to reach them"),
    "contact_audience": _("Who sees how to reach them"),
    "is_published": _("Show the profile as soon as the employer has agreed"),
}


class ExpertForm(forms.ModelForm):
    """A member's own profile; `version` is what the page was made from."""

    version = version_field(required=False)
    language = forms.ChoiceField(
        label=_("Language of the text"), choices=codes.language_choices, initial="en"
    )
    fluent = forms.MultipleChoiceField(
        label=_("Languages: fluent"), choices=codes.language_choices, required=False
    )
    working = forms.MultipleChoiceField(
        label=_("Languages: good enough to work in"),
        choices=codes.language_choices,
        required=False,
    )
    basic = forms.MultipleChoiceField(
        label=_("Languages: basic"), choices=codes.language_choices, required=False
    )
    columns_of_form: tuple[str, ...] = EXPERT_FIELDS

    class Meta:
        model = Expert
        fields = EXPERT_FIELDS
        widgets = {"biography": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        hub: Any = self.fields["hub"]
        known = Hub.objects.filter(pk=self.instance.hub_id)
        hub.queryset = (self.hubs_for(user) | known).by_name()
        if self.instance.pk:
            spoken = spoken_by_level(self.instance)
            self.initial.update({level: text.split(", ") for level, text in spoken.items() if text})
        place = list(self.fields).index("sectors") + 1
        names = [name for name in self.fields if name not in LanguageLevel.values]
        self.order_fields([*names[:place], *LanguageLevel.values, *names[place:]])

    def hubs_for(self, user: Member) -> Any:
        """Return the hubs that may be named as employer."""
        return Hub.objects.visible_to(user)

    def clean(self) -> dict[str, Any]:
        """Refuse a language named at two levels, and two employers."""
        data = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for level in LanguageLevel.values:
            chosen = set(data.get(level) or ())
            if seen & chosen:
                self.add_error(level, _("Choose each language at one level only."))
            seen |= chosen
        if len(seen) > MOST_LANGUAGES:
            self.add_error("fluent", _("Choose at most twenty languages."))
        if data.get("hub") and data.get("employer"):
            self.add_error("employer", _("Choose a hub or write the employer's name, not both."))
        return data

    def _get_validation_exclusions(self) -> set[str]:
        # The service knows who it is about and lets the constraints speak.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"name", "employer"}

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in self.columns_of_form}

    def languages(self) -> dict[str, str]:
        """Return the level of each language."""
        return {code: level for level in LanguageLevel.values for code in self.cleaned_data[level]}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        return self.cleaned_data.get(name, self[name].value())


class OutsideExpertForm(ExpertForm):
    """Somebody outside the portal, written by a head of their hub or a moderator."""

    columns_of_form = (*OUTSIDE_FIELDS, *EXPERT_FIELDS)

    class Meta(ExpertForm.Meta):
        fields = (*OUTSIDE_FIELDS, *EXPERT_FIELDS)  # type: ignore[assignment]

    def __init__(self, *args: Any, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        for name in OUTSIDE_FIELDS:
            self.fields[name].required = True
        for name, label in OUTSIDE_LABELS.items():
            self.fields[name].label = label
        self.fields["hub"].required = not user.is_moderator

    def hubs_for(self, user: Member) -> Any:
        """Return the hubs that `user` heads; all, for moderators."""
        return Hub.objects.headed_by(user)

    def clean_agreed_on(self) -> object:
        """Refuse a day to come."""
        day = self.cleaned_data["agreed_on"]
        if day > today():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class ConsentForm(forms.Form):
    """Whether the employer agrees that somebody can be asked."""

    version = version_field(required=False)
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("The employer agrees")), ("no", _("The employer does not agree"))],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(
        label=_("Agreed on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave empty for today."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("For example where the letter is kept. Shown to those who decide."),
    )
    reason = forms.CharField(
        label=_("Reason, if not"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a "no" without a reason and a day to come."""
        data = super().clean() or self.cleaned_data
        if data.get("decision") == "no" and not (data.get("reason") or "").strip():
            self.add_error("reason", _("Say why the employer does not agree."))
        if data.get("on") and data["on"] > today():
            self.add_error("on", _("This day is still to come."))
        return data

    def readable(self, name: str) -> object:
        """Return what was typed in a field."""
        return self.cleaned_data.get(name, self[name].value())

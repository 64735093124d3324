"""Forms of accounts; what allauth's sign-up form is made of is in `accounts.forms.joining`."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    ActivityAudience,
    ContactMessage,
    LegalText,
    MailKind,
    MailPace,
    Member,
    Visibility,
)
from accounts.models.member import PROFILE_LABELS
from accounts.registers import decides
from accounts.services import accept_texts, record_activity
from core import codes
from core.forms import version_field
from core.images import PictureField, cleaned_photo


def country_choices() -> list[tuple[str, str]]:
    """Return the countries, and "not stated"."""
    return [("", "–"), *codes.country_choices()]


class SignupForm(forms.Form):
    """What a new member says beside e-mail and password."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=codes.language_choices,
        required=False,
        widget=forms.SelectMultiple({"size": 5}),
    )
    accept = forms.BooleanField(
        label=_("I accept the terms of service and have read the privacy notice"),
        error_messages={"required": _("Accept the terms to join.")},
    )
    field_order = ["name", "email", "password1", "organisation", "country", "languages", "accept"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sentence = _(
            'Read the <a href="{terms}">terms of service</a> and the '
            '<a href="{privacy}">privacy notice</a>.'
        )
        self.fields["accept"].help_text = format_html(
            str(sentence), terms=reverse("accounts:terms"), privacy=reverse("accounts:privacy")
        )

    def signup(self, request: HttpRequest, user: Member) -> None:
        """Record what allauth knows nothing of."""
        accept_texts(user, LegalText.objects.in_force())
        record_activity("member.joined", user, by=user, audience=ActivityAudience.MODERATORS)


def _visibility_name(field: str) -> str:
    return f"{field}_visibility"


class ProfileForm(forms.ModelForm):
    """A member's own profile, with who sees each field."""

    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())],
    )
    photo = PictureField(label=_("Photo"), make=cleaned_photo)
    version = version_field(required=False)
    field_order: list[str]

    class Meta:
        model = Member
        fields = [
            "name",
            "organisation",
            "country",
            "languages",
            "biography",
            "sectors",
            "photo",
            "language",
            "time_zone",
        ]
        widgets = {
            "biography": forms.Textarea({"rows": 6}),
            "languages": forms.SelectMultiple({"size": 8}),
            "sectors": forms.SelectMultiple({"size": 8}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        names = list(self.fields)
        for field in Member.VISIBILITY_DEFAULTS:
            label = self.fields[field].label if field in self.fields else PROFILE_LABELS[field]
            self.fields[_visibility_name(field)] = forms.ChoiceField(
                label=_("Who sees it: %(field)s") % {"field": label},
                choices=Visibility.choices,
                initial=self.instance.visibility_of(field),
            )
            place = names.index(field) + 1 if field in names else len(names)
            names.insert(place, _visibility_name(field))
        self.order_fields(names)

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        value = self.cleaned_data.get(name)
        return ", ".join(value) if isinstance(value, list) else value

    def save(self, commit: bool = True) -> Member:
        """Return the member with the profile and its visibility."""
        self.instance.visibility = {
            field: self.cleaned_data[_visibility_name(field)]
            for field in Member.VISIBILITY_DEFAULTS
        }
        member: Member = super().save(commit)
        return member


class MailForm(forms.Form):
    """How soon a member wants mail of each kind."""

    version = version_field(required=False)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = member.version
        unwanted = set() if member.is_moderator else {MailKind.MODERATION}
        unwanted |= set() if decides(member) else {MailKind.QUEUE}
        for kind in MailKind:
            if kind in unwanted:
                continue
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, choices=MailPace.choices, initial=member.mail_pace(kind)
            )

    def choices(self) -> dict[str, str]:
        """Return what was chosen, by kind."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "version"}

    def readable(self, name: str) -> object:
        """Return what was chosen for a kind."""
        return self.cleaned_data.get(name)


class InviteForm(forms.Form):
    """Whom a member asks to join, and what they say to them."""

    email = forms.EmailField(label=_("E-mail address"))
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
    message = forms.CharField(
        label=_("Message"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )


class ReasonForm(forms.Form):
    """Why a decision over a member is taken; the member is told."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1_000, widget=forms.Textarea({"rows": 3})
    )


class SanctionForm(ReasonForm):
    """Why, and for how long."""

    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        help_text=_("For example 2030-01-31. Empty: until a moderator lifts it."),
    )

    def clean_until(self) -> Any:
        """Refuse a past that would end the measure at once."""
        until = self.cleaned_data["until"]
        if until is not None and until <= timezone.now():
            raise forms.ValidationError(_("The end must be in the future."))
        return until


class PasswordForm(forms.Form):
    """Asks for the password before something that cannot be undone."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_password(self) -> str:
        """Refuse a wrong password."""
        password: str = self.cleaned_data["password"]
        if not self.member.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password


class ContactForm(forms.ModelForm):
    """A message to the moderators; `website` is a trap that people do not see."""

    website = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = ContactMessage
        fields = ["text", "name", "email", "page"]
        widgets = {"text": forms.Textarea({"rows": 8}), "page": forms.HiddenInput}

    def __init__(self, *args: Any, member: Member | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if member is not None:
            del self.fields["name"]
            del self.fields["email"]
        else:
            self.fields["email"].help_text = _("If you want an answer.")


class HandleForm(forms.ModelForm):
    """What was done about a message."""

    class Meta:
        model = ContactMessage
        fields = ["note"]
        widgets = {"note": forms.Textarea({"rows": 2})}

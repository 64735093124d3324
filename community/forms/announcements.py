"""What an announcement says, and to whom."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from community.models import Announcement, Event, Space
from community.querysets.announcements import (
    announcing_hubs,
    offered_events,
    offered_hubs,
    offered_spaces,
    posting_spaces,
)
from community.services.announcements import FIELDS
from core import codes
from core.forms import RadioChoices, version_field
from hubs.models import Hub, Membership
from hubs.querysets import by_name

if TYPE_CHECKING:
    from accounts.models import Member

HUBS_OWN = ("subject", "body", "language", "ties", "space")  # of an announcement of a hub


def _many(label: Any, choices: Any = (), **options: Any) -> forms.MultipleChoiceField:
    widget = options.pop("widget", None) or forms.SelectMultiple(attrs={"size": 8})
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=widget, **options
    )


class AnnouncementForm(forms.ModelForm):
    """A draft. Of one of a hub only whether its people or its followers are meant is asked."""

    version = version_field(required=False)
    language = forms.ChoiceField(label=_("Language of the text"), choices=codes.language_choices)
    hubs = _many(
        _("Of the hubs"),
        help_text=_("Any of them. Below you choose whether their people or followers are meant."),
    )
    roles = _many(
        _("With a role in a hub"),
        Membership.Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In one of the hubs above or, if none is chosen, in any."),
    )
    spaces = _many(_("Followers of spaces"))
    events = _many(_("Who has a seat at events"))
    countries = _many(_("Countries"), codes.country_choices)
    regions = _many(_("Regions"), codes.region_choices)
    languages = _many(
        _("Languages that they read the portal in"),
        lambda: settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )
    sectors = _many(
        _("Sectors of interest"),
        codes.sector_choices,
        help_text=_("Who shows them to nobody, or to their hubs alone, is not found by them."),
    )

    class Meta:
        model = Announcement
        fields = (
            *("hub", "subject", "body", "language", "hubs", "ties", "roles", "countries"),
            *("regions", "languages", "sectors", "spaces", "events", "joined_since", "space"),
        )
        widgets = {
            "subject": forms.TextInput(attrs={"dir": "auto"}),
            "body": forms.Textarea(attrs={"rows": 14, "dir": "auto"}),
            "ties": RadioChoices,
            "joined_since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "body": _("Markdown. Links to pages of the portal can begin with “/”."),
            "space": _(
                "When it is sent, a thread is begun there, so that it can be talked about and "
                "found later by all who may read the space."
            ),
        }

    def __init__(self, *args: Any, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        fields: Any = self.fields
        is_new = self.instance.pk is None
        is_of_hub = self.instance.hub_id is not None or (is_new and not user.is_moderator)
        if is_new and is_of_hub:
            fields["hub"].queryset = announcing_hubs(user).by_name()
            fields["hub"].required = True
        else:
            del fields["hub"]
        if is_of_hub:
            for name in set(FIELDS).difference(HUBS_OWN):
                del fields[name]
            fields["ties"].label = _("To whom")
        else:
            self._offer(user)
        fields["space"].queryset = posting_spaces(user).order_by("name", "pk")

    def _offer(self, user: Member) -> None:
        fields: Any = self.fields
        hubs = offered_hubs(user).order_by(by_name(), "pk")
        fields["hubs"].choices = list(hubs.values_list("slug", "name"))
        spaces = offered_spaces(user).order_by("name", "pk")
        fields["spaces"].choices = list(spaces.values_list("slug", "name"))
        events = offered_events().order_by("-starts_at", "pk")
        fields["events"].choices = list(events.values_list("slug", "title"))

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "version"}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        value = self.cleaned_data.get(name, self[name].value())
        if isinstance(value, datetime.date):
            return value.isoformat()
        if isinstance(value, list):
            return ", ".join(str(each) for each in value)
        return str(value) if isinstance(value, Space | Hub | Event) else value

"""What belongs to an event: its hubs, its materials, its agenda."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Resource
from community.event_times import moment_at
from community.forms.events import area, day_field, line_input
from community.models import EventSession
from community.services.materials import resources_named
from core.forms import version_field
from core.visible import something_to_see
from hubs.models import Hub

if TYPE_CHECKING:
    from accounts.models import Member
    from community.models import Event


class HubsForm(forms.Form):
    """Which hubs organise an event: those there are, and those that the writer edits."""

    version = version_field()
    hubs = forms.ModelMultipleChoiceField(
        label=_("Organising hubs"),
        queryset=Hub.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, event: Event, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["hubs"]
        own = Hub.objects.editable_by(user).values("pk")
        there = event.hubs.values("pk")
        hubs = Hub.objects.by_name()
        field.queryset = hubs.filter(pk__in=own) | hubs.filter(pk__in=there)
        self.initial.update({"version": event.version, "hubs": event.hubs.all()})

    def readable(self, name: str) -> object:
        """Return what was typed as the service writes what is saved."""
        return "; ".join(sorted(hub.name for hub in self.cleaned_data.get(name, ())))


class MaterialsForm(forms.Form):
    """The documents of an event that stand in the library."""

    version = version_field()
    materials = forms.CharField(
        label=_("Resources of the library"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Their addresses in this portal, one a line."),
    )

    def __init__(self, *args: Any, event: Event, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        seen = event.materials.filter(pk__in=Resource.objects.visible_to(user).values("pk"))
        lines = [each.get_absolute_url() for each in seen.order_by("title", "pk")]
        self.initial.update({"version": event.version, "materials": "\n".join(lines)})

    def clean_materials(self) -> list[Resource]:
        """Return the resources that the lines name."""
        lines = [line.strip() for line in self.cleaned_data["materials"].splitlines()]
        slugs = [_slug_of(line) for line in lines if line]
        return resources_named(slugs, by=self.user)

    def readable(self, name: str) -> object:
        return "; ".join(sorted(str(each) for each in self.cleaned_data.get(name, ())))


def _slug_of(line: str) -> str:
    """Return the name in an address, or in what looks like one."""
    try:
        path = urlsplit(line).path
    except ValueError:
        path = line
    return path.strip("/").rpartition("/")[2][:100]


class SessionForm(forms.ModelForm):
    """One item of the agenda, by the clock at the place."""

    version = version_field()
    day = day_field(_("Day"))
    begins = forms.TimeField(
        label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=_("Ends at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    field_order = ("title", "day", "begins", "ends")

    class Meta:
        model = EventSession
        fields = ("title", "speakers", "description")
        widgets = {"title": line_input(), "speakers": line_input(), "description": area(4)}

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["title"].validators.append(something_to_see)
        self.initial.update({"version": event.version, "day": event.first_day})
        if self.instance.pk:
            start = self.instance.starts_at.astimezone(event.zone)
            end = self.instance.ends_at.astimezone(event.zone)
            self.initial.update({"day": start.date(), "begins": start.time(), "ends": end.time()})

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        for name, column in (("begins", "starts_at"), ("ends", "ends_at")):
            try:
                data[column] = moment_at(data["day"], data[name], self.event.zone)
            except (ValueError, OverflowError):
                self.add_error(name, _("There is no such time at the place."))
        if not self.errors and data["ends_at"] <= data["starts_at"]:
            self.add_error("ends", _("The end must come after the start."))
        return data

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        names = ("title", "speakers", "description", "starts_at", "ends_at")
        return {name: self.cleaned_data[name] for name in names}

    def readable(self, name: str) -> object:
        return self.cleaned_data.get(name, self[name].value())

    def _post_clean(self) -> None:
        """Leave the columns to the service."""


class ReasonForm(forms.Form):
    """Why an event is cancelled, or a wish declined."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=area(3))


class DiscardForm(forms.Form):
    """Asks whether a draft is to be thrown away, as it was read."""

    version = version_field()

    def readable(self, name: str) -> object:
        return self[name].value()

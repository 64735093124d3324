"""What an event says of itself, one thing a page."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.event_times import moment_at, typed_times
from community.models import Event, EventPrecision
from community.services.events import ABOUT, AFTERWARDS, WHERE, ties_offered
from core import codes
from core.forms import RadioChoices, version_field
from core.visible import something_to_see
from hubs.models import Hub

if TYPE_CHECKING:
    from accounts.models import Member

SPOKEN = ("languages", "interpretation")
WHOLE_DAY = datetime.timedelta(days=1)


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **kwargs)


def _hour(label: Any, **kwargs: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, required=False, **kwargs)


def line_input() -> forms.TextInput:
    """Return one line for what people write."""
    return forms.TextInput(attrs={"dir": "auto"})


def area(rows: int) -> forms.Textarea:
    """Return several lines for what people write."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class EventForm(forms.ModelForm):
    """Some of an event's own columns; `version` is what the page was made from."""

    version = version_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "title" in self.fields:
            self.fields["title"].validators.append(something_to_see)
        self.initial["version"] = self.instance.version

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        value = self.cleaned_data.get(name, self[name].value())
        if isinstance(value, datetime.time):
            return f"{value:%H:%M}"
        return value.isoformat() if isinstance(value, datetime.date) else value

    def _post_clean(self) -> None:
        """Leave the columns to the service."""


class WhenMixin(forms.Form):
    """When it is, by the clock at the place; without hours it is whole days."""

    starts_on = day_field(_("First day"))
    starts_time = _hour(_("Begins at"), help_text=_("Leave empty if it is whole days."))
    ends_on = day_field(_("Last day"))
    ends_time = _hour(_("Ends at"))
    time_zone = forms.ChoiceField(
        label=_("Time zone of the place"),
        choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())],
    )

    def when(self) -> dict[str, Any]:
        """Return the columns of the time. To be called for valid forms."""
        data = self.cleaned_data
        return {
            "starts_at": data["starts_at"],
            "ends_at": data["ends_at"],
            "precision": data["precision"],
            "time_zone": data["time_zone"],
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(data.get("starts_time")) != bool(data.get("ends_time")):
            name = "ends_time" if data.get("starts_time") else "starts_time"
            self.add_error(name, _("State both hours, or none."))
        if self.errors:
            return data
        zone = zoneinfo.ZoneInfo(data["time_zone"])
        has_hours = data["starts_time"] is not None
        data["precision"] = EventPrecision.TIME if has_hours else EventPrecision.DAY
        for end in ("starts", "ends"):
            data[f"{end}_at"] = self._moment(end, zone)
        if data["starts_at"] and data["ends_at"] and data["ends_at"] <= data["starts_at"]:
            self.add_error("ends_on", _("The end must come after the start."))
        return data

    def _moment(self, end: str, zone: zoneinfo.ZoneInfo) -> datetime.datetime | None:
        day, hour = self.cleaned_data[f"{end}_on"], self.cleaned_data[f"{end}_time"]
        if hour is None and end == "ends":
            day += WHOLE_DAY
        try:
            return moment_at(day, hour, zone)
        except (ValueError, OverflowError):
            self.add_error(f"{end}_on", _("There is no such time at the place."))
            return None


class BeginEventForm(WhenMixin):
    """The beginning of an event: who, what, when."""

    title = forms.CharField(
        label=_("Title"), max_length=200, validators=[something_to_see], widget=line_input()
    )
    hub = forms.ModelChoiceField(label=_("Organising hub"), queryset=Hub.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=Event.Kind.choices)
    language = forms.ChoiceField(
        label=_("Language of the text"), choices=codes.language_choices, initial="en"
    )
    field_order = ("title", "hub", "kind", "language")

    def __init__(self, *args: Any, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["hub"]
        field.queryset = Hub.objects.editable_by(user).by_name()
        self.initial.setdefault("time_zone", user.time_zone)

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in ("title", "kind", "language")} | (
            self.when()
        )


class AboutForm(EventForm):
    """What it is called and is about."""

    language = forms.ChoiceField(label=_("Language of the text"), choices=codes.language_choices)

    class Meta:
        model = Event
        fields = list(ABOUT)
        widgets = {
            "title": line_input(),
            "summary": area(4),
            "description": area(12),
            "organisers": line_input(),
        }

    def __init__(self, *args: Any, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["exchange"]
        offered = ties_offered(user)
        if self.instance.exchange_id:
            offered |= type(offered.model()).objects.filter(pk=self.instance.exchange_id)
        field.queryset = offered.order_by("title", "pk")
        field.help_text = _("The event is then visible to those who may see the exchange.")

    def readable(self, name: str) -> object:
        value = super().readable(name)
        return str(value) if name == "exchange" and value else value


class WhenForm(WhenMixin, EventForm):
    """When it is."""

    class Meta:
        model = Event
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(typed_times(self.instance), time_zone=self.instance.time_zone)

    def columns(self) -> dict[str, Any]:
        return self.when()


class WhereForm(EventForm):
    """Where it is, and in which languages."""

    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        choices=lambda: [("", _("not stated")), *codes.country_choices()],
    )

    class Meta:
        model = Event
        fields = list(WHERE)
        widgets = {"place": line_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SPOKEN:
            self.fields[name].widget.attrs["size"] = 8


class SeatsForm(EventForm):
    """Who may come, and until when they say so."""

    closes_on = day_field(_("Enrolment closes on"), required=False)
    closes_time = _hour(_("at"), help_text=_("By the clock at the place; empty: end of the day."))

    class Meta:
        model = Event
        fields = ("policy", "capacity")
        widgets = {"policy": RadioChoices}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(typed_times(self.instance))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        day, hour = data.get("closes_on"), data.get("closes_time")
        data["enrolment_closes_at"] = None
        if day is not None:
            day = day if hour is not None else day + WHOLE_DAY
            try:
                data["enrolment_closes_at"] = moment_at(day, hour, self.instance.zone)
            except (ValueError, OverflowError):
                self.add_error("closes_on", _("There is no such time at the place."))
        elif hour is not None:
            self.add_error("closes_on", _("State the day, too."))
        return data

    def columns(self) -> dict[str, Any]:
        names = ("policy", "capacity", "enrolment_closes_at")
        return {name: self.cleaned_data[name] for name in names}


class AfterwardsForm(EventForm):
    """What came of it."""

    class Meta:
        model = Event
        fields = list(AFTERWARDS)
        widgets = {"participants": line_input(), "outcome": area(8)}

"""What an exchange says of itself, the entries it is tied to, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.codelists import instrument_choices, sdg_choices
from catalogue.models import Entry
from core import codes
from core.dates import partial_isoformat
from core.forms import PartialDateField, RadioChoices, version_field
from core.visible import something_to_see
from evaluation.models import Exchange, ExchangeStatus
from evaluation.services.exchanges import CONTENT_FIELDS, entries_named
from hubs.models import Hub

if TYPE_CHECKING:
    from hubs.querysets import User

_LONG = {"rows": 5}


class PartialDatesMixin(forms.Form):
    """Two dates as precisely as they are known: `starts_on` and `ends_on`."""

    starts_on = PartialDateField(label=_("Start"))
    ends_on = PartialDateField(label=_("End"), end=True)

    def show_dates(self, row: Any) -> None:
        """Offer the dates of `row` as they were typed."""
        for name in ("starts_on", "ends_on"):
            iso = partial_isoformat(getattr(row, name), getattr(row, f"{name}_precision"))
            self.initial[name] = iso or ""

    def split_dates(self, data: dict[str, Any], row: Any) -> None:
        """Take the dates apart into the columns that keep them; refuse an end before the start."""
        for name in ("starts_on", "ends_on"):
            if name in data:
                day, precision = data[name] or (None, "day")
                data[name], data[f"{name}_precision"] = day, precision
                setattr(row, f"{name}_precision", precision)
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The end must not be before the start."))

    def readable_date(self, name: str) -> str:
        """Return a typed date as services write what is saved."""
        day = self.cleaned_data.get(name)
        return partial_isoformat(day, self.cleaned_data.get(f"{name}_precision") or "day") or ""


class ExchangeForm(PartialDatesMixin, forms.ModelForm):
    """The facts of an exchange; `version` is what the page was made from."""

    version = version_field()
    language = forms.ChoiceField(
        label=_("Language of the text"), choices=codes.language_choices, initial="en"
    )
    instruments = forms.MultipleChoiceField(
        label=_("Instruments"), choices=instrument_choices, required=False
    )
    sectors = forms.MultipleChoiceField(
        label=_("Sectors"), choices=codes.sector_choices, required=False
    )
    sdgs = forms.MultipleChoiceField(
        label=_("Sustainable Development Goals"), choices=sdg_choices, required=False
    )

    class Meta:
        model = Exchange
        fields = list(CONTENT_FIELDS)
        widgets = {
            "summary": forms.Textarea(attrs=_LONG),
            "modality": RadioChoices,
            "confidentiality": RadioChoices,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].validators.append(something_to_see)
        for name in ("instruments", "sectors", "sdgs"):
            self.fields[name].widget.attrs["size"] = 8
        self.show_dates(self.instance)
        if "version" in self.fields:
            self.initial["version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.split_dates(data, self.instance)
        return data

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        names = (*CONTENT_FIELDS, "starts_on_precision", "ends_on_precision")
        return {name: self.cleaned_data[name] for name in names}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        if name in ("starts_on", "ends_on") and name in self.cleaned_data:
            return self.readable_date(name)
        return self.cleaned_data.get(name, self[name].value())


class NewExchangeForm(ExchangeForm):
    """A new exchange, of a hub in which the member is head, editor or M&E focal point."""

    version = None  # type: ignore[assignment]  # nobody else can have saved it

    class Meta(ExchangeForm.Meta):
        fields = ["hub", *CONTENT_FIELDS]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["hub"]
        field.queryset = Hub.objects.assessable_by(user).by_name()
        field.help_text = _("The hub that tells of it; the parties are named next.")


class MoveForm(forms.Form):
    """Where an exchange stands next, and why."""

    version = version_field()
    status = forms.ChoiceField(label=_("Status"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to cancel, and to take up again what was cancelled or completed."),
    )

    def __init__(self, *args: Any, exchange: Exchange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        following = Exchange.NEXT[ExchangeStatus(exchange.status)]
        field: Any = self.fields["status"]
        field.choices = [pair for pair in ExchangeStatus.choices if pair[0] in following]
        self.initial["version"] = exchange.version

    def readable(self, name: str) -> object:
        return self.cleaned_data.get(name, self[name].value())


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class EntriesForm(forms.Form):
    """The entries from which an exchange grew, or which grew from it."""

    version = version_field()
    entries = forms.CharField(
        label=_("Entries of the catalogue"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Their addresses in this portal, one a line."),
    )

    def __init__(self, *args: Any, exchange: Exchange, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial["version"] = exchange.version
        seen = Entry.objects.visible_to(user).published().filter(exchanges=exchange)
        self.initial["entries"] = "\n".join(
            entry.get_absolute_url() for entry in seen.order_by("title", "pk")
        )

    def clean_entries(self) -> list[Entry]:
        """Return the entries that the lines name."""
        lines = [line.strip() for line in self.cleaned_data["entries"].splitlines()]
        return entries_named([_slug_of(line) for line in lines if line], by=self.user)

    def readable(self, name: str) -> object:
        return self[name].value()


def _slug_of(line: str) -> str:
    """Return the name in an address, or in what looks like one."""
    try:
        path = urlsplit(line).path
    except ValueError:
        path = line
    return path.strip("/").rpartition("/")[2]


class DifferForm(forms.Form):
    """How one side states a fact that the exchange states otherwise."""

    version = version_field()
    stated = forms.CharField(
        label=_("What it should say"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    text = forms.CharField(
        label=_("Explanation"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def readable(self, name: str) -> object:
        return self[name].value()


class AgreeForm(forms.Form):
    """Why a difference may stand."""

    version = version_field()
    text = forms.CharField(
        label=_("How both of you see it"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def readable(self, name: str) -> object:
        return self[name].value()

"""What the forms of all kinds of facts share: dates, sources, publication, organisations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from core.dates import partial_isoformat, today
from core.forms import PartialDateField, version_field
from hubs.models import DatedFact, Hub, Organisation, Source

DATES = ("valid_from", "valid_to", "stated_on")
COMMON = [*DATES, "note"]
NEW_SOURCE = (
    "source_title",
    "source_publisher",
    "source_address",
    "source_date",
    "source_seen_on",
)


class NewSourceMixin(forms.Form):
    """Asks for, judges and gives a new source, in the fields `NEW_SOURCE`."""

    source_title = forms.CharField(label=_("New source: title"), max_length=300, required=False)
    source_publisher = forms.CharField(
        label=_("New source: publisher"), max_length=200, required=False
    )
    source_address = forms.CharField(
        label=_("New source: address"),
        max_length=1_000,
        required=False,
        help_text=_("Where it can be read, starting with https:// or http://."),
        widget=forms.URLInput,
    )
    source_date = PartialDateField(label=_("New source: date"))
    source_seen_on = forms.DateField(
        label=_("New source: seen on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The day on which you read it there."),
    )

    def ask_for_source_after(self, name: str) -> None:
        """Put the fields of the new source behind the field `name`."""
        names = [each for each in self.fields if each not in NEW_SOURCE]
        place = names.index(name) + 1
        self.order_fields([*names[:place], *NEW_SOURCE, *names[place:]])

    def check_source(self, data: dict[str, Any]) -> None:
        """Refuse a source that is named in part."""
        address = data.get("source_address")
        if not address:
            if "source_address" not in self.errors and any(data.get(name) for name in NEW_SOURCE):
                self.add_error(
                    "source_address", _("Give the address at which the source can be read.")
                )
            return
        try:
            URLValidator(schemes=["http", "https"])(address)
        except forms.ValidationError:
            self.add_error(
                "source_address",
                _("Write the whole address, starting with https:// or http://."),
            )
        if not data.get("source_title") and "source_title" not in self.errors:
            self.add_error("source_title", _("Give the title of the source."))
        seen_on = data.get("source_seen_on")
        if seen_on and seen_on > today():
            self.add_error("source_seen_on", _("This day has not come yet."))

    def new_source(self) -> dict[str, Any] | None:
        """Return the columns of the new source, or None if none was named."""
        data = self.cleaned_data
        if not data["source_address"]:
            return None
        day, precision = data["source_date"] or (None, "day")
        return {
            "address": data["source_address"],
            "title": data["source_title"],
            "publisher": data["source_publisher"],
            "dated_on": day,
            "dated_on_precision": precision,
            "seen_on": data["source_seen_on"],
        }


class FactForm(NewSourceMixin, forms.ModelForm):
    """What every fact has: when it held, who says so, whether it is shown.

    `version` is what the page was made from; `sources` are those the hub cites already, and
    one new source can be named beside them.
    """

    version = version_field(required=False)
    valid_from = PartialDateField(label=_("From"))
    valid_to = PartialDateField(label=_("Until"), end=True)
    stated_on = PartialDateField(
        label=_("Stated on"),
        help_text=_("The date of the source, if it has one: 2012, 2012-07 or 2012-07-10."),
    )
    sources = forms.ModelMultipleChoiceField(
        label=_("Sources that this hub cites already"),
        queryset=Source.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_published = forms.BooleanField(
        label=_("Show this fact to everybody"),
        required=False,
        initial=True,
        help_text=_("A fact that is shown needs at least one source."),
    )

    def __init__(self, *args: Any, hub: Hub, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_for_source_after("sources")
        self.instance.hub = hub
        fact = self.instance
        cited = Source.objects.cited_by(hub).order_by("title", "pk")
        self.fields["sources"].queryset = cited  # type: ignore[attr-defined]
        self.initial["version"] = fact.version if fact.pk else 0
        if fact.pk:
            self.initial["sources"] = list(fact.sources.values_list("pk", flat=True))
            for name in DATES:
                self.initial[name] = getattr(fact, f"{name}_iso")

    def clean(self) -> dict[str, Any]:
        """Refuse what only several fields together show to be wrong."""
        super().clean()
        data = self.cleaned_data
        self._split_dates(data)
        start, end = data.get("valid_from"), data.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("The end must not be before the start."))
        self.check_source(data)
        has_source = bool(data.get("sources")) or bool(data.get("source_address"))
        if data.get("is_published") and not has_source and "source_address" not in self.errors:
            self.add_error(
                "source_address",
                _("Name at least one source, or do not show the fact to everybody yet."),
            )
        return data

    def _split_dates(self, data: dict[str, Any]) -> None:
        for name in DATES:
            if name in data:
                day, precision = data[name] or (None, "day")
                data[name] = day
                data[f"{name}_precision"] = precision
                setattr(self.instance, f"{name}_precision", precision)

    def columns(self) -> dict[str, Any]:
        """Return the columns of the fact as they were typed, for the services."""
        typed = list(self._meta.fields or ())
        precisions = [f"{name}_precision" for name in DATES]
        return {name: self.cleaned_data[name] for name in (*typed, *precisions)} | {
            "is_published": self.cleaned_data["is_published"]
        }

    def readable(self, name: str) -> object:
        """Return what was typed in a field as services write what is saved there."""
        data = self.cleaned_data
        if name in DATES and name in data:
            return partial_isoformat(data[name], data.get(f"{name}_precision") or "day") or ""
        if name == "sources":
            titles = [source.title for source in data.get(name, ())]
            return "; ".join([*titles, *filter(None, [data.get("source_title")])])
        return data.get(name, self[name].value())

    def new_organisation(self) -> dict[str, Any] | None:
        """Return the columns of a new organisation; only forms that name one have any."""
        return None


class OrganisationMixin(forms.Form):
    """Choose an organisation, or name a new one; `organisation_field` keeps it."""

    organisation_field = "organisation"
    new_name = forms.CharField(
        label=_("Or a new organisation: name"), max_length=200, required=False
    )
    new_kind = forms.ChoiceField(
        label=_("New organisation: kind"),
        choices=[("", _("Choose")), *Organisation.Kind.choices],
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("new_name") and not data.get("new_kind") and "new_kind" not in self.errors:
            self.add_error("new_kind", _("Choose what kind of body it is."))
        return data

    def new_organisation(self) -> dict[str, Any] | None:
        """Return the columns of the new organisation, or None if none was named."""
        if not self.cleaned_data.get("new_name"):
            return None
        return {"name": self.cleaned_data["new_name"], "kind": self.cleaned_data["new_kind"]}

    def readable(self, name: str) -> object:
        """As for every fact; a new organisation is what was typed for the choice."""
        if name == self.organisation_field and self.cleaned_data.get("new_name"):
            return self.cleaned_data["new_name"]
        return super().readable(name)  # type: ignore[misc]


class RemoveFactForm(forms.Form):
    """Asks why a fact should never have been stated."""

    version = version_field()
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "It is kept in the history. A fact that has ceased to hold gets an end instead."
        ),
    )

    @classmethod
    def for_fact(cls, fact: DatedFact) -> RemoveFactForm:
        """Return the empty form for `fact`."""
        return cls(initial={"version": fact.version})

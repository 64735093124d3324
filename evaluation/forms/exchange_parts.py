"""Parties, steps, people, contributions and documents of an exchange, one thing a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import codes
from core.forms import RadioChoices, version_field
from core.uploads import DocumentField
from core.visible import something_to_see
from evaluation.forms.exchanges import PartialDatesMixin
from evaluation.models import (
    Attendance,
    Contribution,
    ContributionKind,
    Evidence,
    Exchange,
    Party,
    Step,
    ValuationMethod,
)
from evaluation.services.exchange_parts import (
    CONTRIBUTION_FIELDS,
    PARTY_FIELDS,
    STEP_FIELDS,
    People,
)
from hubs.models import Hub, Organisation

if TYPE_CHECKING:
    from hubs.querysets import User

MOST_PEOPLE = 1_000_000
_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _countries(label: object) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,  # type: ignore[arg-type]
        required=False,
        choices=lambda: [("", "–"), *codes.country_choices()],
    )


class PartForm(forms.ModelForm):
    """What the forms of parts share: the version of the exchange, its columns for the service."""

    version = version_field()
    names: tuple[str, ...] = ()

    def __init__(self, *args: Any, exchange: Exchange, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exchange, self.user = exchange, user
        self.instance.exchange = exchange
        self.initial["version"] = exchange.version

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in self.names if name in self.cleaned_data}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as services write what is saved there."""
        value = self.cleaned_data.get(name, self[name].value())
        return str(value) if value is not None and not isinstance(value, bool | int) else value


class PartyForm(PartForm):
    """Who takes part, and on which side."""

    names = PARTY_FIELDS
    country = _countries(_("Or only its country"))

    class Meta:
        model = Party
        fields = list(PARTY_FIELDS)
        widgets = {"side": RadioChoices}
        help_texts = {
            "hub": _("A hub of this portal: its people can confirm the facts here."),
            "organisation": _("Or a body that is no hub; it cannot confirm here."),
            "country": _("Where the source names no institution."),
            "note": _("What it did, in a few words."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = {
            "hub": Hub.objects.visible_to(self.user).by_name(),
            "organisation": Organisation.objects.visible_to(self.user).by_name(),
        }
        for name, queryset in bodies.items():
            field: Any = self.fields[name]
            field.queryset, field.empty_label = queryset, "–"

    def clean(self) -> dict[str, Any]:
        """Ask for one body."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        bodies = [name for name in ("hub", "organisation") if data.get(name)]
        wrong = {"hub", "organisation", "country"} & set(self.errors)
        if not wrong and (len(bodies) > 1 or (not bodies and not data.get("country"))):
            self.add_error("hub", _("Choose one hub, or one organisation, or a country."))
        return data


class StepForm(PartialDatesMixin, PartForm):
    """What was done in one step, when and where."""

    names = (*STEP_FIELDS, "starts_on_precision", "ends_on_precision")
    country = _countries(_("Country"))

    class Meta:
        model = Step
        fields = list(STEP_FIELDS)
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].validators.append(something_to_see)
        self.show_dates(self.instance)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.split_dates(data, self.instance)
        return data

    def readable(self, name: str) -> object:
        if name in ("starts_on", "ends_on") and name in self.cleaned_data:
            return self.readable_date(name)
        return super().readable(name)


class ContributionForm(PartForm):
    """What a party gave: so many of something, or money."""

    names = CONTRIBUTION_FIELDS
    currency = forms.ChoiceField(
        label=_("Currency"),
        required=False,
        choices=lambda: [("", "–"), *codes.currency_choices()],
    )
    dated_on = forms.DateField(label=_("Date"), required=False, widget=_DAY)

    class Meta:
        model = Contribution
        fields = list(CONTRIBUTION_FIELDS)
        widgets = {"kind": RadioChoices}
        help_texts = {
            "quantity": _("For all but money: how many days, seats, journeys."),
            "amount": _("For money only. What is given in kind is valued by a method instead."),
            "stage": _("For money: what was pledged, committed and spent is never added up."),
            "valuation": _("Leave it out where nobody valued it: it is then counted beside."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        party: Any = self.fields["party"]
        party.queryset = (
            Party.objects.filter(exchange=self.exchange)
            .select_related("hub", "organisation")
            .order_by("side", "pk")
        )
        party.label_from_instance = lambda row: f"{row} ({row.get_side_display()})"
        methods: Any = self.fields["valuation"]
        methods.queryset = ValuationMethod.objects.order_by("code", "-number")
        methods.empty_label = "–"

    def clean(self) -> dict[str, Any]:
        """Tell at the field what money, or anything else, needs."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind = data.get("kind")
        is_money = kind == ContributionKind.MONEY
        needed = ("amount", "currency") if is_money else ("quantity",)
        barred = ("quantity", "valuation") if is_money else ("amount", "currency", "stage")
        for name in needed if kind else ():
            if data.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, _("Fill this in."))
        for name in barred if kind else ():
            if data.get(name) not in (None, ""):
                self.add_error(name, _("Leave this empty."))
        return data


class PeopleForm(forms.Form):
    """How many people of each party took part in a step. Empty: not stated, which is not 0."""

    all_optional = True
    version = version_field()

    def __init__(self, *args: Any, exchange: Exchange, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = exchange.version
        known = {row.party_id: row for row in Attendance.objects.filter(step=step)}
        self.parties = list(
            Party.objects.filter(exchange=exchange)
            .select_related("hub", "organisation")
            .order_by("side", "pk")
        )
        for party in self.parties:
            row = known.get(party.pk)
            self._offer(party, "total", _("%(party)s: people in all"), row)
            self._offer(party, "women", _("%(party)s: of these, women"), row)
            self._offer(party, "men", _("%(party)s: of these, men"), row)

    def _offer(self, party: Party, name: str, label: Any, row: Attendance | None) -> None:
        key = f"{name}_{party.pk}"
        self.fields[key] = forms.IntegerField(
            label=label % {"party": party}, required=False, min_value=0, max_value=MOST_PEOPLE
        )
        self.initial[key] = getattr(row, name) if row else None

    def clean(self) -> dict[str, Any]:
        """Refuse parts without a whole, and parts that are more than it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for party in self.parties:
            total = data.get(f"total_{party.pk}")
            women, men = data.get(f"women_{party.pk}"), data.get(f"men_{party.pk}")
            if total is None and (women is not None or men is not None):
                self.add_error(f"total_{party.pk}", _("State how many people there were in all."))
            elif total is not None and (women or 0) + (men or 0) > total:
                message = _("Women and men are more than all people together.")
                self.add_error(f"total_{party.pk}", message)
        return data

    def people(self) -> Iterator[People]:
        """Give what is stated, party by party."""
        data = self.cleaned_data
        for party in self.parties:
            total = data[f"total_{party.pk}"]
            if total is not None:
                yield People(party, total, data[f"women_{party.pk}"], data[f"men_{party.pk}"])

    def readable(self, name: str) -> object:
        return self[name].value()


class DocumentForm(forms.ModelForm):
    """A document, link or testimony on an exchange."""

    file = DocumentField(label=_("File"))
    dated_on = forms.DateField(label=_("Date"), required=False, widget=_DAY)

    class Meta:
        model = Evidence
        fields = ("kind", "proves", "title", "text", "address", "dated_on", "is_confidential")
        widgets = {
            "kind": RadioChoices,
            "text": forms.Textarea(attrs={"rows": 4}),
            "address": forms.URLInput,
        }
        help_texts = {
            "is_confidential": _("Only the hub's own people see it, and that it is there."),
        }

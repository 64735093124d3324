"""Reporting a figure, asking for figures by a link, and deciding on them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.forms import version_field
from core.uploads import DocumentField
from evaluation.models import Dimension, Indicator, IndicatorKind, NotAvailable, Period, Update
from evaluation.numbers import (
    MACHINE,
    MAX_TEXT,
    NumberError,
    example_of,
    parse_number,
    write_number,
)
from evaluation.services.reporting_links import MOST_DAYS, Reporter
from evaluation.services.units import Unit, exchanges_reporting, hubs_reporting
from evaluation.services.update_checks import COLUMNS, STATED_BY, Stated

if TYPE_CHECKING:
    from evaluation.models import Cell, Framework
    from hubs.querysets import User

Kind = IndicatorKind
_ROWS = {"rows": 3}
_MOST_PEOPLE = 2**31 - 1


class NumberField(forms.CharField):
    """A number in the reader's language; its value is a `Decimal`, or None."""

    def __init__(self, *, is_whole: bool = False, **kwargs: Any) -> None:
        self.is_whole = is_whole
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", MAX_TEXT)
        mode = "numeric" if is_whole else "decimal"
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": mode, "class": "number"}))
        super().__init__(**kwargs)

    def clean(self, value: object) -> Decimal | None:
        """Return the number; refuse what is none, in words that show what is expected."""
        text = super().clean(value)
        if not text:
            return None
        try:
            number = parse_number(text, get_language() or MACHINE)
        except NumberError as error:
            raise ValidationError(str(error), code="number") from error
        if self.is_whole and (number != int(number) or not 0 <= number <= _MOST_PEOPLE):
            raise ValidationError(_("Write a whole number, not negative."), code="whole")
        return number

    def prepare_value(self, value: Any) -> Any:
        """Return a number as the reader's language writes it, and what was typed as it was."""
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            return write_number(value, get_language() or MACHINE)
        return value


class ReportForm(forms.Form):
    """What is reported on one indicator: only the fields that its kind has.

    `update` is what is saved; `cells` are those of the definition.
    """

    value: Any = NumberField(label=_("Figure"))
    numerator = NumberField(label=_("Numerator"))
    denominator = NumberField(
        label=_("Denominator"), help_text=_("0 is possible; the ratio is then “n/a”.")
    )
    score: Any = forms.TypedChoiceField(
        label=_("Level"), required=False, coerce=int, empty_value=None
    )
    distinct_people = NumberField(
        label=_("Different people"),
        is_whole=True,
        help_text=_("If known: each person once, however often they took part."),
    )
    narrative = forms.CharField(
        label=_("In words"), required=False, max_length=8_000, widget=forms.Textarea(attrs=_ROWS)
    )
    not_available = forms.ChoiceField(
        label=_("Why there is no figure"),
        required=False,
        choices=[("", _("There is one")), *NotAvailable.choices],
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs=_ROWS),
        help_text=_("Explain what may surprise; needed where a running total falls."),
    )
    source_name = forms.CharField(
        label=_("Source of the figure"),
        required=False,
        max_length=120,
        help_text=_("Only where you report from several sources."),
    )
    is_additive = forms.BooleanField(
        label=_("Adds to the figures from our other sources"), required=False
    )
    version = version_field(required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        indicator: Indicator,
        cells: Iterable[Cell],
        update: Update | None = None,
        is_brief: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        definition = indicator.definition
        self.indicator, self.cells = indicator, list(cells)
        kind = Kind(definition.kind)
        self._keep_fields(kind, counts_people=definition.distinct_people, is_brief=is_brief)
        self._label_fields(kind)
        if kind in (Kind.COUNT, Kind.MEASURE, Kind.RATIO):
            self._add_cells(kind)
        if update is not None:
            self._fill(update)

    def _keep_fields(self, kind: Kind, *, counts_people: bool, is_brief: bool) -> None:
        unused = {"value", "numerator", "denominator", "score"} - set(STATED_BY[kind])
        if not counts_people:
            unused.add("distinct_people")
        if is_brief:
            unused |= {"source_name", "is_additive", "version"}
        for name in unused:
            del self.fields[name]

    def _label_fields(self, kind: Kind) -> None:
        definition = self.indicator.definition
        if kind == Kind.YES_NO:
            self.fields["value"] = forms.TypedChoiceField(
                label=_("Is it so?"),
                choices=[("", _("not stated")), ("1", _("Yes")), ("0", _("No"))],
                coerce=Decimal,
                empty_value=None,
                required=False,
            )
        elif kind in (Kind.COUNT, Kind.MEASURE):
            field = self.fields["value"]
            field.label = capfirst(definition.unit) or _("Figure")
            field.help_text = _("For example %(example)s.") % {
                "example": "1234" if kind == Kind.COUNT else example_of(get_language() or MACHINE)
            }
        elif kind == Kind.RATIO:
            for name in STATED_BY[kind]:
                stated = capfirst(getattr(definition, f"{name}_label"))
                self.fields[name].label = stated or self.fields[name].label
        elif kind == Kind.ORDINAL:
            levels = list(enumerate(map(str, definition.scale)))
            score: Any = self.fields["score"]
            score.choices = [("", _("not stated")), *levels]

    def _add_cells(self, kind: Kind) -> None:
        for cell in self.cells:
            for name in STATED_BY[kind]:
                label = f"{cell.dimension.name}: {cell.name}"
                if kind == Kind.RATIO:
                    label = f"{label} – {self.fields[name].label}"
                self.fields[_cell_name(cell.pk, name)] = NumberField(label=label)

    def _fill(self, update: Update) -> None:
        self.initial.update({name: getattr(update, name) for name in COLUMNS})
        if self.indicator.definition.kind == Kind.YES_NO and update.value is not None:
            self.initial["value"] = str(int(update.value))
        self.initial["version"] = update.version
        for part in update.cells.all():
            for name in STATED_BY[Kind(self.indicator.definition.kind)]:
                self.initial[_cell_name(part.cell_id, name)] = getattr(part, name)

    def stated(self) -> Stated:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        columns = {name: data[name] for name in COLUMNS if name in self.fields}
        if columns.get("distinct_people") is not None:
            columns["distinct_people"] = int(columns["distinct_people"])
        names = STATED_BY[Kind(self.indicator.definition.kind)]
        parts = {
            cell.pk: {name: data.get(_cell_name(cell.pk, name)) for name in names}
            for cell in self.cells
            if _cell_name(cell.pk, names[0]) in self.fields
        }
        return Stated(
            columns, {key: part for key, part in parts.items() if any_stated(part.values())}
        )

    def is_blank(self) -> bool:
        """Return whether nothing was reported, so that an indicator of a link is left out."""
        stated = self.stated()
        told = ("value", "numerator", "denominator", "score", "narrative", "not_available")
        columns = stated.columns
        return not stated.cells and all(columns.get(name) in (None, "") for name in told)

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        value = self.cleaned_data.get(name, self[name].value())
        return str(value) if isinstance(value, Decimal) else value

    def groups(self) -> list[dict[str, Any]]:
        """Return the fields of the parts, by dimension, with what its kind means."""
        found: dict[str, dict[str, Any]] = {}
        for cell in self.cells:
            fields = [
                self[name]
                for name in (_cell_name(cell.pk, column) for column in ("value", *RATIO))
                if name in self.fields
            ]
            group = {
                "name": cell.dimension.name,
                "is_partition": cell.dimension.kind == Dimension.Kind.PARTITION,
                "fields": [],
            }
            found.setdefault(cell.dimension.code, group)["fields"] += fields
        return [group for group in found.values() if group["fields"]]

    def main_fields(self) -> list[Any]:
        """Return the other fields that are seen, in order."""
        return [each for each in self.visible_fields() if not is_of_cell(each.name)]


class EvidencedReportForm(ReportForm):
    """A report with one piece of evidence more."""

    evidence_title = forms.CharField(label=_("Evidence"), required=False, max_length=200)
    evidence_address = forms.URLField(
        label=_("Address of the evidence"),
        required=False,
        max_length=1_000,
        assume_scheme="https",
    )
    evidence_file = DocumentField(label=_("File"))
    evidence_is_confidential = forms.BooleanField(
        label=_("Confidential: only our people see that it is there"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a title of what is added, and for something under a title."""
        data = super().clean() or self.cleaned_data
        has_thing = data.get("evidence_file") or data.get("evidence_address")
        if has_thing and not data.get("evidence_title"):
            self.add_error("evidence_title", _("Say what this is."))
        if data.get("evidence_title") and not has_thing and "evidence_file" not in self.errors:
            self.add_error("evidence_address", _("Give an address or a file."))
        return data


RATIO = STATED_BY[Kind.RATIO]


def _cell_name(key: int, column: str) -> str:
    return f"cell-{key}" if column == "value" else f"cell-{key}-{column}"


def is_of_cell(name: str) -> bool:
    """Return whether a field is of a part."""
    return name.startswith("cell-")


def any_stated(numbers: Iterable[Any]) -> bool:
    """Return whether any of `numbers` is stated; 0 is."""
    return any(number is not None for number in numbers)


class UnitField(forms.ChoiceField):
    """A reporting unit among those for which the reader may report; its value is a `Unit`."""

    def __init__(self, *, framework: Framework, user: User, **kwargs: Any) -> None:
        hubs = list(hubs_reporting(framework, user).by_name())
        exchanges = list(exchanges_reporting(framework, user).order_by("title", "pk"))
        self.units = {f"hub:{hub.slug}": Unit(hub=hub) for hub in hubs}
        self.units |= {f"exchange:{each.slug}": Unit(exchange=each) for each in exchanges}
        choices = [(key, str(unit.thing)) for key, unit in self.units.items()]
        super().__init__(choices=choices, **kwargs)

    def clean(self, value: Any) -> Unit:
        return self.units[super().clean(value)]


class SeriesForm(forms.Form):
    """Which indicator, period and unit is reported on: the first of two steps."""

    def __init__(
        self, data: Any = None, *, framework: Framework, user: User, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        indicators = Indicator.objects.reportable_by(user).filter(result__framework=framework)
        periods = Period.objects.filter(framework=framework)
        self.fields["indicator"] = forms.ModelChoiceField(
            indicators.select_related("definition").order_by("result__position", "position", "pk"),
            label=_("Indicator"),
        )
        self.fields["period"] = forms.ModelChoiceField(
            periods.order_by("-starts_on", "frequency"), label=_("Period")
        )
        field = UnitField(framework=framework, user=user, label=_("Reporting for"))
        self.fields["unit"] = field
        if data is not None and "unit" not in data and len(field.units) == 1:
            self.data = {**data.dict(), "unit": next(iter(field.units))}

    def units(self) -> dict[str, Unit]:
        """Return the units for which the reader may report."""
        field: Any = self.fields["unit"]
        found: dict[str, Unit] = field.units
        return found


class LinkForm(forms.Form):
    """Who is asked for which figures, by a link."""

    reporter_name = forms.CharField(label=_("Name of the person"), max_length=120)
    reporter_email = forms.EmailField(
        label=_("Address of the person"),
        required=False,
        help_text=_(
            "Without one you get the link to pass it on yourself, and somebody else approves."
        ),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    days = forms.IntegerField(
        label=_("Days that the link works"), min_value=1, max_value=MOST_DAYS, initial=14
    )

    def __init__(
        self, data: Any = None, *, framework: Framework, user: User, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        indicators = Indicator.objects.reportable_by(user).filter(result__framework=framework)
        fields: dict[str, forms.Field] = {
            "indicators": forms.ModelMultipleChoiceField(
                indicators.select_related("definition"),
                label=_("Indicators"),
                widget=forms.CheckboxSelectMultiple,
            ),
            "period": forms.ModelChoiceField(
                Period.objects.filter(framework=framework).order_by("-starts_on", "frequency"),
                label=_("Period"),
            ),
            "unit": UnitField(framework=framework, user=user, label=_("Reporting for")),
        }
        self.fields = fields | self.fields

    def reporter(self) -> Reporter:
        """Return who is asked."""
        data = self.cleaned_data
        return Reporter(data["reporter_name"], data["reporter_email"], data["language"])


class LinkReporterForm(forms.Form):
    """Who reports by a link."""

    author_name = forms.CharField(label=_("Your name"), max_length=120)


class NoteForm(forms.Form):
    """What has to change before a figure can be approved."""

    note = forms.CharField(
        label=_("What has to change"), max_length=2_000, widget=forms.Textarea(attrs=_ROWS)
    )
    version = version_field()

    def readable(self, name: str) -> object:
        """Return what was typed."""
        return self.cleaned_data.get(name)


class WithdrawForm(forms.Form):
    """Why a figure is taken out."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs=_ROWS), required=False
    )
    version = version_field()

    def readable(self, name: str) -> object:
        """Return what was typed."""
        return self.cleaned_data.get(name)

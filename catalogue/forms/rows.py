"""The rows of an entry as small forms: results, partners, sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalogue.models import EntryPartner, PartnerRole, ResultRow
from catalogue.rules import TWICE, UNIT_MISSING, has_twice, lacks_unit
from hubs.models import Hub, Source

if TYPE_CHECKING:
    from hubs.querysets import User

EMPTY_ROWS = 2  # offered below those that there are
MOST_ROWS = 100


class RowForm(forms.BaseForm):
    """What the row forms share: an empty row is none."""

    all_optional = True

    def is_kept(self) -> bool:
        """Whether the row says something and is not marked for removal."""
        data = self.cleaned_data
        return not data.get("DELETE") and any(
            value for name, value in data.items() if name not in ("DELETE", "role")
        )

    def row(self) -> dict[str, Any]:
        """Return the row as a content holds it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "DELETE"}


class ResultForm(RowForm, forms.ModelForm):
    """One result, with its figure."""

    cited = forms.ChoiceField(label=_("Source"), required=False)

    class Meta:
        model = ResultRow
        fields = ("statement", "value", "unit", "period", "level")

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cited"].choices = [("", "–"), *sources]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the unit at its field."""
        data = super().clean() or self.cleaned_data
        if lacks_unit(data) and "unit" not in self.errors:
            self.add_error("unit", UNIT_MISSING)
        return data

    def row(self) -> dict[str, Any]:
        """As every row; the value exact, as text."""
        row = super().row()
        value = row["value"]
        return row | {"value": None if value is None else f"{value.normalize():f}"}


class PartnerForm(RowForm, forms.ModelForm):
    """A body that took part: a hub of the portal, or a name."""

    hub = forms.ChoiceField(label=_("Hub"), required=False)

    class Meta:
        model = EntryPartner
        fields = ("role", "name")
        labels = {"name": _("Or the name of the organisation")}

    def __init__(self, *args: Any, hubs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = dict(hubs)
        self.fields["hub"].choices = [("", "–"), *hubs]  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", "–"), *PartnerRole.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for one body."""
        data = super().clean() or self.cleaned_data
        hub, name = data.get("hub"), data.get("name")
        if hub and name and name != self.names.get(hub):
            raise ValidationError(_("Choose a hub or write a name, not both."))
        if data.get("role") and not hub and not name:
            raise ValidationError(_("Choose a hub or an organisation, or write a name."))
        return data

    def _post_clean(self) -> None:
        """Nothing: the rules of a row of the database need the body, which `row` gives."""

    def row(self) -> dict[str, Any]:
        """As every row; a hub also by its name, as readers of the text see it."""
        row = super().row()
        return row | {"name": self.names.get(row["hub"], row["name"]), "organisation": ""}


class SourceForm(RowForm, forms.ModelForm):
    """A page or document that says so."""

    class Meta:
        model = Source
        fields = ("title", "publisher", "address")
        help_texts = {"address": _("Where it can be read, starting with https:// or http://.")}

    def validate_unique(self) -> None:
        """Nothing: a source that others cite already is the same source."""


class RowFormSet(forms.BaseFormSet):
    """Rows that can be removed, and empty ones to fill."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Say in words what the box does."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove this row")

    def clean(self) -> None:
        """Refuse a number of rows that no page sends: it would remove them all."""
        if (self.management_form.cleaned_data["TOTAL_FORMS"] or 0) < 0:
            raise ValidationError(_("The page was not sent whole. Load it again."))


class SourceFormSet(RowFormSet):
    """The sources, each once."""

    def clean(self) -> None:
        """Refuse two rows of one address."""
        super().clean()
        if has_twice([form.row() for form in self.forms if form.is_valid() and form.is_kept()]):
            raise ValidationError(TWICE)


def _form_set(form: type[Any], base: type[Any] = RowFormSet) -> Any:
    return forms.formset_factory(
        form,
        formset=base,
        extra=EMPTY_ROWS,
        can_delete=True,
        can_delete_extra=False,
        max_num=MOST_ROWS,
        validate_max=True,
        absolute_max=MOST_ROWS + EMPTY_ROWS,
    )


ROW_FORM_SETS: dict[str, Any] = {
    "results": _form_set(ResultForm),
    "partners": _form_set(PartnerForm),
    "sources": _form_set(SourceForm, SourceFormSet),
}


def row_choices(name: str, content: Mapping[str, Any], user: User) -> dict[str, Any]:
    """Return what the rows of a list choose from: the sources named, the hubs to be seen."""
    if name == "results":
        return {"sources": [(row["address"], row["title"]) for row in content["sources"]]}
    if name == "partners":
        hubs = dict(Hub.objects.visible_to(user).by_name().values_list("slug", "name"))
        named = {row["hub"]: row["name"] for row in content["partners"] if row["hub"]}
        return {"hubs": list((named | hubs).items())}
    return {}


def row_labels(name: str) -> dict[str, str]:
    """Return what the fields of all rows of a list are called, by the names they are sent with."""
    form: Any = ROW_FORM_SETS[name].form
    return {
        f"rows-{number}-{field}": f"{number + 1}. {each.label or field}"
        for number in range(MOST_ROWS + EMPTY_ROWS)
        for field, each in form.base_fields.items()
    }

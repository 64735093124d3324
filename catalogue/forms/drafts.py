"""Beginning a draft, and writing one section of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.content import LISTS, rows_text
from catalogue.forms.rows import ROW_FORM_SETS, row_choices, row_labels
from catalogue.forms.tags import TagsField
from catalogue.models import Entry
from catalogue.rules import YEARS_TURNED, are_years_turned
from catalogue.sections import SECTION_OF, Section, label_of
from catalogue.services import section_version
from catalogue.services.drafting import MOST_SECTION_VERSION
from core import codes
from core.forms import version_field
from core.visible import something_to_see
from hubs.models import Hub

if TYPE_CHECKING:
    from hubs.querysets import User

SHORT, LONG = 4, 12  # lines of a text box
SHORT_TEXTS = ("summary", "note", "contacts", "cost_text", "enabling", "hindering")
HINTS = {
    "title": _("Say what was done and where, as to somebody who has never heard of it."),
    "summary": _("At most 600 characters: the problem, the answer, what came of it."),
    "countries": _("Where it was done."),
    "provider_countries": _("Which countries shared what they knew."),
    "what_did_not_work": _("What others should not try again. This is read most."),
    "contacts": _("Everybody will see this. An office is better than a person."),
    "note": _("What one must know when reading, for example what is disputed."),
    "year_to": _("Leave it empty if it goes on."),
}


class StartForm(forms.Form):
    """For which hub, under which title, in which language."""

    hub = forms.ModelChoiceField(
        label=_("For which hub"), queryset=Hub.objects.none(), to_field_name="slug"
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=HINTS["title"],
        validators=[something_to_see],
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=codes.language_choices)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hubs = Hub.objects.open_to_author(user).by_name()
        self.fields["hub"].queryset = hubs  # type: ignore[attr-defined]


class ColumnsForm(forms.ModelForm):
    """The columns of one section; a draft may leave all but its title empty."""

    version = version_field(most=MOST_SECTION_VERSION)
    all_optional = True  # what must be stated before reviewers read it, the task list says

    def __init__(
        self, data: Any, *, section: Section, content: Mapping[str, Any], user: User
    ) -> None:
        self.section = section
        held = section.holds(content)
        version = section_version(section, content)
        super().__init__(data, instance=Entry(**held), initial={"version": version})
        if "language" in self.fields:
            self.fields["language"] = forms.ChoiceField(
                label=_("Language of the text"), choices=codes.language_choices
            )
        if "tags" in self.fields:
            self.fields["tags"] = tags = TagsField()
            tags.offer_to(user, held["tags"])
        for name in section.names:
            self.fields[name].required = name in ("title", "language")
        if "title" in self.fields:
            self.fields["title"].validators.append(something_to_see)

    def clean(self) -> dict[str, Any]:
        """Say at its field that the years are in the wrong order."""
        data = super().clean() or self.cleaned_data
        if are_years_turned(data):
            self.add_error("year_to", YEARS_TURNED)
        return data

    def values(self) -> dict[str, Any]:
        """Return what was typed, as a draft's content holds it."""
        return {name: self.cleaned_data[name] for name in self.section.names}

    def readable(self, name: str) -> object:
        """Return what was typed in a field, to be shown beside what is saved."""
        typed = self.cleaned_data.get(name, self[name].value())
        return self.fields[name].prepare_value(typed) if name == "tags" else typed


class RowsForm(forms.Form):
    """A section that is a list: one small form a row, and two empty ones more."""

    version = version_field(most=MOST_SECTION_VERSION)
    list = forms.CharField(required=False)  # what both texts are called where they differ

    def __init__(
        self, data: Any, *, section: Section, content: Mapping[str, Any], user: User
    ) -> None:
        self.name = section.slug
        super().__init__(data, initial={"version": section_version(section, content)})
        self.fields["list"].label = section.title  # type: ignore[assignment]
        # Once sent, a row counts by what was typed, not by how it differs from what was saved.
        initial = content[self.name] if data is None else None
        self.rows = ROW_FORM_SETS[self.name](
            data,
            initial=initial,
            prefix="rows",
            form_kwargs=row_choices(self.name, content, user),
        )

    def is_valid(self) -> bool:
        """Whether the form and every row of it is right."""
        return all([super().is_valid(), self.rows.is_valid()])

    def values(self) -> dict[str, Any]:
        """Return the rows that were typed and not marked for removal."""
        return {self.name: [form.row() for form in self.rows if form.is_kept()]}

    def readable(self, name: str) -> object:
        """Return the rows that were typed, one a line."""
        return rows_text(self.values()[self.name]) if name == "list" else ""


SectionForm: TypeAlias = ColumnsForm | RowsForm


def section_form(
    data: Any, *, section: Section, content: Mapping[str, Any], user: User
) -> SectionForm:
    """Return the form of a section, bound to `data` unless that is None."""
    if section.slug in LISTS:
        return RowsForm(data, section=section, content=content, user=user)
    form_class = _columns_form(section.names)
    return form_class(data, section=section, content=content, user=user)


def section_labels(slug: str) -> dict[str, str]:
    """Return what the fields of a section's form are called, by the names they are sent with;
    nothing for a section that there is not.
    """
    if slug in ROW_FORM_SETS:
        return row_labels(slug)
    section = SECTION_OF.get(slug)
    return {name: label_of(name) for name in section.names} if section else {}


@cache
def _columns_form(names: tuple[str, ...]) -> type[ColumnsForm]:
    widgets: dict[str, type[forms.Widget] | forms.Widget] = {}
    for name in names:
        field: Any = Entry._meta.get_field(name)
        if field.get_internal_type() == "TextField":
            rows = SHORT if name in SHORT_TEXTS else LONG
            widgets[name] = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        elif field.get_internal_type() == "ArrayField":
            widgets[name] = forms.SelectMultiple(attrs={"size": 8})
    made: Any = forms.modelform_factory(
        Entry,
        form=ColumnsForm,
        fields=names,
        widgets=widgets,
        help_texts={name: text for name, text in HINTS.items() if name in names},  # type: ignore[misc]
    )
    form_class: type[ColumnsForm] = made
    return form_class

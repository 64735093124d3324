"""What is asked after an exchange, and what is written in action plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import codes
from core.forms import version_field
from core.visible import something_to_see
from evaluation.models import ActionItem, Moment, Proves
from evaluation.services.plans import ITEM_FIELDS, people_of
from evaluation.survey_questions import MOST_TEXT, QUESTIONS

if TYPE_CHECKING:
    from evaluation.models import ActionPlan


class PersonForm(forms.Form):
    """Somebody to ask."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        validators=[something_to_see],
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    language = forms.ChoiceField(
        label=_("Language of the questions"), choices=codes.language_choices, initial="en"
    )


class ForgetForm(forms.Form):
    """Whether answers go with the person."""

    with_answers = forms.BooleanField(label=_("Delete what they answered, too"), required=False)


class AnswerForm(forms.Form):
    """The questions of one moment, in the reader's language."""

    def __init__(self, *args: Any, moment: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS[Moment(moment)]:
            self.fields[question.name] = self._field(question.text, question.choices)
        self.fields["may_be_quoted"] = forms.BooleanField(
            label=_("My answers may be quoted as evidence, without my name"), required=False
        )

    @staticmethod
    def _field(text: Any, choices: Any) -> forms.Field:
        if choices:
            return forms.ChoiceField(
                label=text, choices=choices, required=False, widget=forms.RadioSelect
            )
        widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
        return forms.CharField(label=text, max_length=MOST_TEXT, required=False, widget=widget)

    def answers(self) -> dict[str, str]:
        """Return what was answered, by question."""
        return {name: value for name, value in self.cleaned_data.items() if name != "may_be_quoted"}


class UseAnswerForm(forms.Form):
    """How an answer stands among the evidence."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        validators=[something_to_see],
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    proves = forms.ChoiceField(label=_("What it is"), choices=Proves.choices, initial=Proves.OTHER)
    is_confidential = forms.BooleanField(
        label=_("Confidential: for the people of the hub only"), required=False
    )


class ItemForm(forms.ModelForm):
    """One point of an action plan."""

    version = version_field(required=False)

    class Meta:
        model = ActionItem
        fields = ITEM_FIELDS
        widgets = {
            "title": forms.TextInput(attrs={"dir": "auto"}),
            "responsible": forms.TextInput(attrs={"dir": "auto"}),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, plan: ActionPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        self.fields["title"].validators.append(something_to_see)
        member: Any = self.fields["member"]
        member.queryset = people_of(plan)

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in ITEM_FIELDS}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        value = self.cleaned_data.get(name, self[name].value())
        return value.isoformat() if hasattr(value, "isoformat") else str(value or "")


class DoneForm(forms.Form):
    """That a point is done."""

    note = forms.CharField(
        label=_("What came of it"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

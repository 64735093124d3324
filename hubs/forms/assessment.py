"""The self-assessment over eight pillars."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.dates import today
from core.forms import version_field
from hubs.models import Pillar, SelfAssessment
from hubs.services.assessments import Score

LEVELS = [("", _("Not stated")), *((str(level), str(level)) for level in range(5))]


class AssessmentForm(forms.Form):
    """A level and its evidence for each pillar, as of one day.

    `version` and `opened_on` are those of the assessment that the page was made from.
    """

    version = version_field()
    opened_on = forms.DateField(widget=forms.HiddenInput, required=False)
    assessed_on = forms.DateField(
        label=_("Assessed on"),
        initial=today,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Another day makes another assessment; the earlier one is kept."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, assessment: SelfAssessment | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = assessment.version if assessment else 0
        scores = {score.pillar: score for score in assessment.scores.all()} if assessment else {}
        if assessment:
            self.initial["assessed_on"] = assessment.assessed_on
            self.initial["opened_on"] = assessment.assessed_on.isoformat()
            self.initial["note"] = assessment.note
        for value, label in Pillar.choices:
            self.fields[f"{value}_level"] = forms.ChoiceField(
                label=_("%(pillar)s: level") % {"pillar": label}, choices=LEVELS, required=False
            )
            self.fields[f"{value}_evidence"] = forms.CharField(
                label=_("%(pillar)s: evidence") % {"pillar": label},
                required=False,
                max_length=1_000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            if value in scores:
                self.initial[f"{value}_level"] = str(scores[value].level)
                self.initial[f"{value}_evidence"] = scores[value].evidence

    def clean(self) -> dict[str, Any]:
        """Refuse evidence for a level that is not stated, and days to come."""
        data = super().clean() or {}
        day = data.get("assessed_on")
        if day and day > today():
            self.add_error("assessed_on", _("This day has not come yet."))
        for value in Pillar.values:
            if data.get(f"{value}_evidence") and not data.get(f"{value}_level"):
                self.add_error(f"{value}_level", _("Choose the level that this evidence shows."))
        return data

    @property
    def expected_version(self) -> int:
        """The version that was changed: none, if another day than the opened one is written."""
        data = self.cleaned_data
        return data["version"] if data["opened_on"] == data["assessed_on"] else 0

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        return self.cleaned_data.get(name, self[name].value())

    def scores(self) -> dict[str, Score]:
        """Return the levels that were stated, by pillar."""
        return {
            value: Score(
                int(self.cleaned_data[f"{value}_level"]), self.cleaned_data[f"{value}_evidence"]
            )
            for value in Pillar.values
            if self.cleaned_data[f"{value}_level"]
        }

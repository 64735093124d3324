"""Forms of reports, decisions, appeals and watched words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from community.models import Act, Appeal, Flag, FlagReason, WatchedWord
from community.services.deciding import acts_on, measures_on
from core.forms import version_field


class FlagForm(forms.ModelForm):
    """What is wrong with something, and what a moderator should know."""

    class Meta:
        model = Flag
        fields = ["reason", "text"]
        widgets = {"reason": forms.RadioSelect, "text": forms.Textarea({"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [each for each in FlagReason.choices if each[0] != FlagReason.WATCHED]
        reasons: Any = self.fields["reason"]
        reasons.choices = offered


class ReasonedForm(forms.Form):
    """A decision with its reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Both sides are told. Of a post that is removed, readers see it in its place."),
    )


class MeasureMixin(forms.Form):
    """What is done about the member, and until when."""

    measure = forms.ChoiceField(label=_("Measure about the member"), required=False)
    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        help_text=_(
            "Of a limit or a suspension, for example 2030-01-31. Empty: until it is lifted."
        ),
    )

    def offer(self, measures: Any) -> None:
        """Offer these measures, or none at all."""
        if not measures:
            del self.fields["measure"], self.fields["until"]
            return
        chosen = [(each.value, each.label) for each in measures]
        field: Any = self.fields["measure"]
        field.choices = [("", _("None")), *chosen]

    def clean_until(self) -> Any:
        """Refuse a past that would end the measure at once."""
        until = self.cleaned_data["until"]
        if until is not None and until <= timezone.now():
            raise forms.ValidationError(_("The end must be in the future."))
        return until


class DecideForm(MeasureMixin, ReasonedForm):
    """What is decided on a thing as it was read."""

    act = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    version = version_field(required=False)
    field_order = ["act", "reason", "measure", "until", "version"]

    def __init__(self, *args: Any, kind: str, thing: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts = [(act.value, act.label) for act in acts_on(kind, thing)]
        if not acts or self.data.get("act") in Act.values:
            # What was chosen of an older state of the thing is refused by the service, in words.
            chosen = self.data.get("act", "")
            acts += [(chosen, Act(chosen).label)] if chosen not in dict(acts) and chosen else []
        field: Any = self.fields["act"]
        field.choices = acts
        self.offer(measures_on(kind, thing, by))


class MeasureForm(MeasureMixin, ReasonedForm):
    """A measure about a member, for itself."""

    field_order = ["measure", "reason", "until"]

    def __init__(self, *args: Any, member: Member, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(measures_on("person", member, by))
        if "measure" in self.fields:
            field: Any = self.fields["measure"]
            field.required = True
            field.choices = [each for each in field.choices if each[0]]


class AppealForm(forms.ModelForm):
    """Why a decision should be looked at again."""

    class Meta:
        model = Appeal
        fields = ["text"]
        widgets = {"text": forms.Textarea({"rows": 6})}


class AppealDecisionForm(ReasonedForm):
    """Whether another moderator finds the appeal right."""

    act = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("refused", _("Refuse it: the decision stands")),
            ("granted", _("Grant it: the decision is taken back")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ["act", "reason"]


class WordForm(forms.ModelForm):
    """A word to watch."""

    class Meta:
        model = WatchedWord
        fields = ["text", "action", "note"]
        widgets = {"action": forms.RadioSelect}

    def validate_unique(self) -> None:
        """The service compares the word as it is kept."""


class MergeForm(forms.Form):
    """The account that stays, by its name in addresses."""

    into = forms.SlugField(
        label=_("The account that stays"),
        max_length=80,
        help_text=_("The last part of the address of its profile, for example ana-silva-1a2b3c4d."),
    )

"""What reviewers, authors and moderators say of a draft, and decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from catalogue.models import Gate, Verdict
from catalogue.sections import SECTIONS

if TYPE_CHECKING:
    from catalogue.models import Draft

DECISIONS = [
    ("published", _("Publish it: all three gates are passed")),
    ("changes_requested", _("Ask the authors for changes")),
    ("declined", _("Decline it: the portal will not publish this text")),
]


def _text(label: Any, *, most: int, rows: int = 4, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, max_length=most, widget=widget, **options)


class MessageForm(forms.Form):
    """Something said to the others who work on the draft."""

    section = forms.ChoiceField(
        label=_("About"),
        required=False,
        choices=[("", _("the whole text")), *((each.slug, each.title) for each in SECTIONS)],
    )
    text = _text(_("Message"), most=5_000)


class VerdictForm(forms.Form):
    """What a reviewer says at one gate."""

    round = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)
    gate = forms.ChoiceField(label=_("Gate"), choices=Gate.choices)
    verdict = forms.ChoiceField(
        label=_("Your verdict"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    note = _text(_("Why"), most=2_000, rows=3, help_text=_("The authors read this."))


class DecisionForm(forms.Form):
    """What becomes of the draft."""

    round = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)
    decision = forms.ChoiceField(label=_("Decision"), choices=DECISIONS, widget=forms.RadioSelect)
    note = _text(
        _("What the authors should know"),
        most=2_000,
        required=False,
        help_text=_("Needed unless you publish it."),
    )

    def __init__(self, *args: Any, may_decline: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_decline:
            self.fields["decision"].choices = DECISIONS[:2]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the reason at its field."""
        data = super().clean() or self.cleaned_data
        decision = data.get("decision")
        if decision and decision != "published" and not data.get("note", "").strip():
            self.add_error("note", _("Say why, for the authors."))
        return data


class AssignForm(forms.Form):
    """Whom a moderator asks to review."""

    reviewer = forms.CharField(
        label=_("Member"),
        max_length=254,
        help_text=_("The name in the address of their page, or their e-mail address."),
    )

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft

    def clean_reviewer(self) -> Member:
        """Return the member; people who take no part are not found."""
        text = self.cleaned_data["reviewer"].strip().rstrip("/").rpartition("/")[2]
        people = Member.objects.taking_part()
        found = people.filter(slug=text) | people.filter(email__iexact=text)
        member: Member | None = found.first()
        if member is None:
            raise forms.ValidationError(_("Nobody of this name takes part in the portal."))
        return member


class ReasonForm(forms.Form):
    """Why something is done; readers are told."""

    reason = _text(_("Reason"), most=2_000, help_text=_("Everybody will read it."))

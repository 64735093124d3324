"""What reviewers, authors and moderators say of a draft, and decide."""

from __future__ import annotations

from collections.abc import Iterable
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
        member = member_called(self.cleaned_data["reviewer"])
        if member is None:
            raise forms.ValidationError(_("Nobody of this name takes part in the portal."))
        return member


class ReasonForm(forms.Form):
    """Why something is done; readers are told."""

    reason = _text(_("Reason"), most=2_000, help_text=_("Everybody will read it."))


class DeskForm(forms.Form):
    """What a moderator does with several drafts at once, and why."""

    drafts = forms.TypedMultipleChoiceField(label=_("Drafts"), coerce=int)
    act = forms.ChoiceField(
        label=_("With those marked"),
        choices=[
            ("assign", _("Ask a reviewer")),
            ("request_changes", _("Ask the authors for changes")),
            ("decline", _("Decline")),
        ],
    )
    reviewer = forms.CharField(
        label=_("Member"), max_length=254, required=False, help_text=_("Only to ask a reviewer.")
    )
    note = _text(
        _("What the authors should know"),
        most=2_000,
        rows=3,
        required=False,
        help_text=_("Not to ask a reviewer."),
    )

    def __init__(self, *args: Any, offered: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["drafts"].choices = [(pk, pk) for pk in offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the reviewer or the reason, each at its field."""
        data = super().clean() or self.cleaned_data
        if data.get("act") == "assign":
            data["reviewer"] = self._reviewer(data.get("reviewer", ""))
        elif data.get("act") and not data.get("note", "").strip():
            self.add_error("note", _("Say why, for the authors."))
        return data

    def _reviewer(self, text: str) -> Member | None:
        member = member_called(text)
        if member is None and "reviewer" not in self.errors:
            self.add_error("reviewer", _("Nobody of this name takes part in the portal."))
        return member


def member_called(text: str) -> Member | None:
    """Return the member by the name in the address of their page, or by e-mail address; None
    for people who take no part.
    """
    name = text.strip().rstrip("/").rpartition("/")[2]
    people = Member.objects.taking_part()
    found: Member | None = (people.filter(slug=name) | people.filter(email__iexact=name)).first()
    return found

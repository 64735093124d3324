"""What is written in an impact story, one thing a page, and decided on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import codes
from core.forms import version_field
from core.visible import something_to_see
from evaluation.models import ImpactStory, RungClaim
from evaluation.services.stories import Claim
from evaluation.services.story_evidence import (
    offered_adoptions,
    offered_evidence,
    offered_sources,
    offered_translations,
    offered_versions,
)
from hubs.forms.fact import NewSourceMixin
from hubs.models import Source

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import Member


# What of the catalogue may show that a practice moved, and which rows are offered.
OF_CATALOGUE: dict[str, Callable[[Any], QuerySet[Any]]] = {
    "adoptions": offered_adoptions,
    "versions": offered_versions,
    "translations": offered_translations,
}


def _area(rows: int = 8) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class BeginStoryForm(forms.Form):
    """The title of a new story."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        validators=[something_to_see],
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the story"), choices=codes.language_choices, initial="en"
    )


class StoryTextForm(forms.ModelForm):
    """Some of the story's own columns; `version` is what the page was made from."""

    version = version_field(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        return self.cleaned_data.get(name, self[name].value())


class StoryAboutForm(StoryTextForm):
    """What the story is called and tells in short."""

    language = forms.ChoiceField(label=_("Language of the story"), choices=codes.language_choices)

    class Meta:
        model = ImpactStory
        fields = ("title", "language", "summary", "no_change_found")
        widgets = {"summary": _area(6), "title": forms.TextInput(attrs={"dir": "auto"})}
        help_texts = {
            "no_change_found": _(
                "Tick this if you looked for a change and found none. Such a story is published "
                "like any other: others learn from it too."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].validators.append(something_to_see)


class OtherExplanationsForm(StoryTextForm):
    """What else could explain what changed."""

    class Meta:
        model = ImpactStory
        fields = ("other_explanations",)
        widgets = {"other_explanations": _area()}
        help_texts = {
            "other_explanations": _(
                "Other programmes, elections, money from elsewhere: what a critical reader would "
                "think of first. If you know of nothing else, say how you looked for it."
            )
        }


class DidNotWorkForm(StoryTextForm):
    """What did not work."""

    class Meta:
        model = ImpactStory
        fields = ("what_did_not_work",)
        widgets = {"what_did_not_work": _area()}
        help_texts = {
            "what_did_not_work": _("What you would do otherwise; what others should not repeat.")
        }


class _NamedChoices(forms.ModelMultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **kwargs)


class EvidenceChoices(_NamedChoices):
    """Evidence by its title, with what it is."""

    def label_from_instance(self, obj: Any) -> str:
        mark = _(", confidential") if obj.is_confidential else ""
        return f"{obj.title} ({obj.get_proves_display()}{mark})"


class VersionChoices(_NamedChoices):
    """Versions of entries by the entry's title."""

    def label_from_instance(self, obj: Any) -> str:
        words = {"title": obj.entry.title, "number": obj.number}
        return str(_("%(title)s, version %(number)s") % words)


class TranslationChoices(_NamedChoices):
    """Translations by the entry's title and the language."""

    def label_from_instance(self, obj: Any) -> str:
        words = {"title": obj.entry.title, "language": codes.language_name(obj.language)}
        return str(_("%(title)s in %(language)s") % words)


class ClaimForm(forms.ModelForm):
    """What happened on one rung, and what shows it."""

    version = version_field(required=False)
    evidence = EvidenceChoices(label=_("What shows it"), queryset=None)
    adoptions = _NamedChoices(label=_("Adoptions in the catalogue"), queryset=None)
    versions = VersionChoices(label=_("Versions of entries"), queryset=None)
    translations = TranslationChoices(label=_("Translations of entries"), queryset=None)

    class Meta:
        model = RungClaim
        fields = ("statement", "dated_on", "evidence", *OF_CATALOGUE)
        widgets = {
            "statement": _area(),
            "dated_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"dated_on": _("Leave empty if it is not stated.")}

    def __init__(
        self, *args: Any, story: ImpactStory, rung: str, user: Member, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = story.version
        self.fields["statement"].validators.append(something_to_see)
        evidence: Any = self.fields["evidence"]
        evidence.queryset = offered_evidence(story, user)
        if not evidence.queryset.exists():
            evidence.help_text = _("There is none yet. It is added on the page of the exchange.")
        for name, offered in OF_CATALOGUE.items():
            field: Any = self.fields[name]
            field.queryset = offered(story)
            if rung != RungClaim.Rung.SHARE or not field.queryset.exists():
                del self.fields[name]

    def claim(self) -> Claim:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        named = {name: data.get(name, ()) for name in OF_CATALOGUE}
        return Claim(data["statement"], data["dated_on"], data["evidence"], **named)

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        value = self.cleaned_data.get(name, self[name].value())
        return value.isoformat() if hasattr(value, "isoformat") else value

    def _post_clean(self) -> None:
        """Leave the columns to the service."""


class SourceChoices(_NamedChoices):
    """Sources by title and address: titles alone are often the same."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} – {obj.address}"


class SourcesForm(NewSourceMixin, forms.Form):
    """The sources that a story cites: those it has and its exchange's, and a new one."""

    version = version_field(required=False)
    sources = SourceChoices(
        label=_("Sources of the story"),
        queryset=Source.objects.none(),
        help_text=_("Those of the story and of its exchange. Untick one to take it out."),
    )

    def __init__(self, *args: Any, story: ImpactStory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_for_source_after("sources")
        field: Any = self.fields["sources"]
        field.queryset = offered_sources(story)
        if not field.queryset.exists():
            del self.fields["sources"]
        self.initial["version"] = story.version
        self.initial["sources"] = list(story.sources.values_list("pk", flat=True))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.check_source(data)
        return data

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        if name == "sources":
            return "; ".join(sorted(each.title for each in self.cleaned_data.get(name, ())))
        return self.cleaned_data.get(name, self[name].value())


class ReturnForm(forms.Form):
    """What has to change before a story can be published."""

    note = forms.CharField(label=_("What has to change"), max_length=2_000, widget=_area(5))


class WithdrawStoryForm(forms.Form):
    """Why a story is withdrawn."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=_area(3),
        help_text=_("The people of the hub read it."),
    )

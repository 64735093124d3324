"""What members write in spaces and threads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.models import Audience, Post, Space, SpacePerson, Thread, ThreadKind
from community.models.post import MOST_TEXT
from community.services.threads import KEPT_FOR_MODERATORS
from core import codes
from core.forms import version_field
from core.uploads import DocumentField
from core.visible import something_to_see
from hubs.models import Hub


def _area(rows: int = 8) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def _line() -> forms.TextInput:
    return forms.TextInput(attrs={"dir": "auto"})


class SpaceForm(forms.ModelForm):
    """What a space is for, and whom it lets in."""

    version = version_field(required=False)
    sector = forms.ChoiceField(
        label=_("Sector"),
        choices=lambda: [("", _("none")), *codes.sector_choices()],
        required=False,
    )

    class Meta:
        model = Space
        fields = (
            *("name", "description", "readers", "writers", "people_shown_to"),
            *("hub", "dimension", "sector"),
        )
        widgets = {"name": _line(), "description": _area(4)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        hub: Any = self.fields["hub"]
        hub.queryset = Hub.objects.published().by_name()
        writers: Any = self.fields["writers"]
        writers.choices = [each for each in Audience.choices if each[0] != Audience.EVERYBODY]

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        return self.cleaned_data.get(name, self[name].value())


class PersonForm(forms.Form):
    """Somebody who is to belong to a space."""

    member = forms.SlugField(
        label=_("Member"),
        max_length=80,
        help_text=_("The name in the address of the member’s page."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=SpacePerson.Role.choices)


class TextForm(forms.Form):
    """A post, with a document if there is one."""

    text = forms.CharField(
        label=_("Your text"),
        max_length=MOST_TEXT,
        validators=[something_to_see],
        widget=_area(),
        help_text=_(
            "Markdown: **bold**, *italic*, lists, > quotes, [links](https://…). Write @ and "
            "the name in the address of a member’s page to tell them."
        ),
    )
    file = DocumentField(label=_("Document"))


class ThreadForm(TextForm):
    """The beginning of a thread."""

    title = forms.CharField(
        label=_("Title"), max_length=200, validators=[something_to_see], widget=_line()
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ThreadKind.choices)
    language = forms.ChoiceField(label=_("Language"), choices=codes.language_choices)
    closes_on = forms.DateField(
        label=_("Open until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day of a consultation."),
    )
    field_order = ("title", "kind", "closes_on", "language", "text", "file")

    def __init__(self, *args: Any, moderates: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_kinds(self, moderates=moderates)

    def clean(self) -> dict[str, Any]:
        """Ask for the last day of a consultation."""
        super().clean()
        _ask_for_last_day(self)
        return self.cleaned_data


def _offer_kinds(form: forms.BaseForm, *, moderates: bool, now: str = "") -> None:
    """Leave out what only moderators begin; the last day goes with it."""
    kinds: Any = form.fields["kind"]
    if moderates:
        return
    kinds.choices = [
        each for each in ThreadKind.choices if each[0] not in KEPT_FOR_MODERATORS or each[0] == now
    ]
    if now != ThreadKind.CONSULTATION:
        del form.fields["closes_on"]


def _ask_for_last_day(form: Any) -> None:
    is_consultation = form.cleaned_data.get("kind") == ThreadKind.CONSULTATION
    if is_consultation and not form.cleaned_data.get("closes_on") and "closes_on" in form.fields:
        form.add_error("closes_on", ValidationError(_("Say until when a consultation is open.")))


class ThreadEditForm(forms.ModelForm):
    """What a thread is called, and what it is."""

    version = version_field(required=False)
    language = forms.ChoiceField(label=_("Language"), choices=codes.language_choices)

    class Meta:
        model = Thread
        fields = ("title", "kind", "closes_on", "language")
        widgets = {"title": _line(), "closes_on": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, moderates: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        _offer_kinds(self, moderates=moderates, now=self.instance.kind)

    def clean(self) -> dict[str, Any]:
        """Ask for the last day of a consultation."""
        super().clean()
        _ask_for_last_day(self)
        return self.cleaned_data

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "version"}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        return self.cleaned_data.get(name, self[name].value())


class PostEditForm(forms.Form):
    """Another text of one's own post."""

    version = version_field(required=False)
    text = TextForm.base_fields["text"]

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        return self.cleaned_data.get(name, self[name].value())


class SummaryForm(forms.Form):
    """What came of a thread that ends."""

    summary = forms.CharField(
        label=_("Summary"),
        max_length=10_000,
        required=False,
        widget=_area(6),
        help_text=_("Shown on top of the thread. A consultation needs one."),
    )


class WhyForm(forms.Form):
    """Why something is taken out of sight; shown in its place."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, validators=[something_to_see], widget=_line()
    )


class DraftForm(forms.Form):
    """The hub for which an experience is begun."""

    hub = forms.ModelChoiceField(label=_("Hub"), queryset=Hub.objects.none(), to_field_name="slug")

    def __init__(self, *args: Any, hubs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hub: Any = self.fields["hub"]
        hub.queryset = hubs


class MoveForm(forms.Form):
    """Where a thread is to stand."""

    space = forms.ModelChoiceField(
        label=_("Space"), queryset=Space.objects.none(), to_field_name="slug"
    )

    def __init__(self, *args: Any, spaces: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        space: Any = self.fields["space"]
        space.queryset = spaces


class MergeForm(forms.Form):
    """The thread that takes up the posts of another."""

    target = forms.IntegerField(
        label=_("Number of the other thread"),
        min_value=1,
        max_value=2**63 - 1,
        help_text=_("It stands in the thread’s address, before its title."),
    )


class SplitForm(MoveForm):
    """The posts that become a thread of their own."""

    title = forms.CharField(
        label=_("Title of the new thread"),
        max_length=200,
        validators=[something_to_see],
        widget=_line(),
    )
    posts = forms.ModelMultipleChoiceField(
        label=_("Posts"), queryset=Post.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("title", "space", "posts")

    def __init__(self, *args: Any, posts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["posts"]
        choices.queryset = posts
        choices.label_from_instance = _post_label


def _post_label(post: Any) -> str:
    return f"#{post.number} {post.author.name}: {' '.join(post.text.split())[:80]}"

"""What people write in articles, and where these are shown."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from community.article_addresses import article_at, thing_at
from community.forms.events import area, day_field, line_input
from community.models import Article
from community.services.article_records import PICTURE, PLACE, TEXTS, saved_texts
from core import codes
from core.forms import PartialDateField, RadioChoices, version_field
from core.images import PictureField, cleaned_banner
from core.visible import something_to_see
from hubs.models import Source

MOST_ADDRESS = 1_000  # characters
SOURCE_FIELDS = ("source_address", "source_title", "source_publisher", "source_date")


class ArticleForm(forms.ModelForm):
    """The text of an article, what it is about and where it comes from; `version` is what the
    page was made from.
    """

    version = version_field()
    language = forms.ChoiceField(
        label=_("Language of the text"), choices=codes.language_choices, initial="en"
    )
    about = forms.CharField(
        label=_("Page of this portal that it is about"),
        required=False,
        max_length=MOST_ADDRESS,
        help_text=_(
            "The address of a hub, an experience, a resource, an exchange, an impact story, an "
            "event or a thread. Who may not see that page does not see the article."
        ),
    )
    translation_of = forms.CharField(
        label=_("Article of which it is a translation"),
        required=False,
        max_length=MOST_ADDRESS,
        help_text=_("Its address, if this says the same in another language."),
    )
    source_address = forms.CharField(
        label=_("Source: address"),
        required=False,
        max_length=MOST_ADDRESS,
        validators=[URLValidator(["http", "https"])],
        help_text=_("Where it was published first, if elsewhere."),
    )
    source_title = forms.CharField(
        label=_("Source: title"), required=False, max_length=300, widget=line_input()
    )
    source_publisher = forms.CharField(
        label=_("Source: publisher"), required=False, max_length=200, widget=line_input()
    )
    source_date = PartialDateField(label=_("Source: date"))

    class Meta:
        model = Article
        fields = list(TEXTS)
        widgets = {
            "title": line_input(),
            "kind": RadioChoices,
            "summary": area(3),
            "text": area(16),
        }

    def __init__(self, *args: Any, user: Any, is_proposal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["title"].validators.append(something_to_see)
        self.fields["summary"].validators.append(something_to_see)
        self.initial["version"] = self.instance.version
        for name in ("about", "translation_of"):
            if is_proposal:  # it is about the hub that proposes it
                del self.fields[name]
        if self.instance.pk:
            saved = saved_texts(self.instance)
            self.initial.update(
                {name: saved[name] for name in self.fields if name in _MADE_OF_TEXTS}
            )
            self.initial.update({name: getattr(self.instance, name) for name in TEXTS})

    def clean_about(self) -> Any:
        return self._thing("about", thing_at)

    def clean_translation_of(self) -> Any:
        return self._thing("translation_of", article_at)

    def _thing(self, name: str, find: Any) -> Any:
        address = self.cleaned_data[name].strip()
        found = find(address, self.user) if address else None
        if address and found is None:
            raise ValidationError(_("There is no such page on this portal, or not for you."))
        return found

    def clean(self) -> dict[str, Any]:
        """Ask for the title and the address of a source of which something else is said."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if any(data.get(name) for name in SOURCE_FIELDS):
            is_known = Source.objects.filter(address=data.get("source_address")).exists()
            if not data.get("source_address") and "source_address" not in self.errors:
                self.add_error("source_address", _("Give the address of the source, too."))
            elif not data.get("source_title") and not is_known:
                self.add_error("source_title", _("Give the title of the source, too."))
        return data

    def columns(self) -> dict[str, Any]:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        columns: dict[str, Any] = {name: data[name] for name in TEXTS}
        columns |= {name: data[name] for name in ("about", "translation_of") if name in data}
        columns["source"] = None
        if data["source_address"]:
            dated_on, precision = data["source_date"] or (None, "day")
            columns["source"] = {
                "address": data["source_address"],
                "title": data["source_title"],
                "publisher": data["source_publisher"],
                "dated_on": dated_on,
                "dated_on_precision": str(precision),
            }
        return columns

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        value = self.cleaned_data.get(name, self[name].value())
        if name in ("about", "translation_of"):
            return value.get_absolute_url() if hasattr(value, "get_absolute_url") else value
        return self[name].value() if name == "source_date" else value

    def _post_clean(self) -> None:
        """Leave the columns to the service."""


_MADE_OF_TEXTS = {"about", "translation_of", *SOURCE_FIELDS}


class ArticlePictureForm(forms.ModelForm):
    """The picture above an article."""

    version = version_field()
    picture = PictureField(
        label=_("Picture"),
        make=cleaned_banner,
        help_text=_(
            "JPEG, PNG or WebP, up to 5 MB. Its middle is cut out, twice as wide as high, and made "
            "small enough for slow lines."
        ),
    )

    class Meta:
        model = Article
        fields = list(PICTURE)
        widgets = {name: line_input() for name in PICTURE}

    field_order = ("picture", *PICTURE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({"picture": self.instance.picture, "version": self.instance.version})

    def clean(self) -> dict[str, Any]:
        """Ask what a picture shows."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("picture") and not data.get("picture_text", "").strip():
            self.add_error("picture_text", _("Say what the picture shows."))
        return data

    def columns(self) -> dict[str, Any]:
        """Return what was chosen and typed, for the service."""
        picture = self.cleaned_data["picture"]
        texts = {name: self.cleaned_data[name] for name in PICTURE}
        is_new = "picture" in self.changed_data
        return texts | {"picture": (picture or "") if is_new else None}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        return self.cleaned_data.get(name, self[name].value())

    def _post_clean(self) -> None:
        """Leave the columns to the service."""


class ArticlePlaceForm(forms.ModelForm):
    """When an article appears, and its place on the front page."""

    version = version_field()
    appears_on = day_field(
        _("Appears on"),
        required=False,
        help_text=_("Leave empty for the day on which it is published."),
    )
    front_until = day_field(
        _("On the front page until"),
        required=False,
        help_text=_("The last day. Leave empty: until newer ones take its place."),
    )

    class Meta:
        model = Article
        fields = ("is_on_front", "is_pinned")

    field_order = PLACE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({name: getattr(self.instance, name) for name in PLACE})
        self.initial["version"] = self.instance.version
        if self.instance.published_at is not None:
            del self.fields["appears_on"]

    def columns(self) -> dict[str, Any]:
        """Return what was typed, for the service."""
        return {name: self.cleaned_data[name] for name in PLACE if name in self.fields}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        value = self.cleaned_data.get(name, self[name].value())
        return value.isoformat() if isinstance(value, datetime.date) else value

    def _post_clean(self) -> None:
        """Leave the columns to the service."""


class ArticleReasonForm(forms.Form):
    """Why an article is withdrawn."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=500,
        validators=[something_to_see],
        widget=area(3),
        help_text=_("Everybody reads it at the address of the article."),
    )


class ArticleNoteForm(forms.Form):
    """What has to change before a proposal is published."""

    note = forms.CharField(
        label=_("What has to change?"),
        max_length=1_000,
        validators=[something_to_see],
        widget=area(5),
        help_text=_("Who wrote it reads this, and the heads and editors of the hub."),
    )

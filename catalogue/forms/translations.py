"""Writing an entry in another language, beside the original."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.content import TRANSLATED, attachments_of
from catalogue.forms.drafts import LONG, SHORT, SHORT_TEXTS
from catalogue.models import Entry, Translation, TranslationState
from catalogue.sections import label_of
from core import codes
from core.forms import version_field
from core.visible import something_to_see

RESULT = "result-"  # before the place of a result row
CAPTION = "caption-"  # before the key of an attachment


class LanguageForm(forms.Form):
    """Into which language."""

    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, entry: Entry, taken: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            (code, name)
            for code, name in codes.language_choices()
            if code != entry.language and code not in taken
        ]


class TranslationForm(forms.Form):
    """One field for each text that the original has; `version` is what the page was made from."""

    version = version_field()
    from_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)
    state = forms.ChoiceField(
        label=_("How it was made"), choices=TranslationState.choices[:2], widget=forms.RadioSelect
    )
    all_optional = True

    def __init__(self, data: Any, *, entry: Entry, translation: Translation | None) -> None:
        self.originals: dict[str, str] = {}
        texts = translation.texts if translation else {}
        initial: dict[str, Any] = {
            "version": translation.version if translation else 0,
            "from_version": entry.latest_version,
            "state": "machine" if translation and translation.state == "machine" else "human",
        }
        super().__init__(data, initial=initial)
        state = self.fields.pop("state")
        for name in TRANSLATED:
            original = getattr(entry, name)
            if original:
                self._add(name, label_of(name), original, texts.get(name, ""))
        said = texts.get("results", [])
        for place, row in enumerate(entry.results.all()):
            label = gettext("result %(number)d") % {"number": place + 1}
            text = said[place] if place < len(said) else ""
            self._add(f"{RESULT}{place}", label, row.statement, text)
        captions = texts.get("captions", {})
        for each in attachments_of(entry):
            if each["caption"]:
                label = gettext("caption of %(name)s") % {"name": each["name"]}
                text = captions.get(str(each["pk"]), "")
                self._add(f"{CAPTION}{each['pk']}", label, each["caption"], text)
        self.fields["title"].required = True
        self.fields["title"].validators.append(something_to_see)
        self.fields["state"] = state

    def _add(self, name: str, label: str, original: str, text: str) -> None:
        is_column = name in TRANSLATED
        column: Any = Entry._meta.get_field(name) if is_column else None
        most = column.max_length if is_column else 500 if name.startswith(RESULT) else 200
        is_short = name == "title" or not is_column
        rows = SHORT if name in SHORT_TEXTS else LONG
        self.fields[name] = forms.CharField(
            label=label[:1].upper() + label[1:],
            required=False,
            max_length=most,
            initial=text,
            widget=forms.TextInput(attrs={"dir": "auto"})
            if is_short
            else forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
        )
        self.originals[name] = original

    def pairs(self) -> list[dict[str, Any]]:
        """Return each field with its original, to stand side by side."""
        return [{"field": self[name], "original": text} for name, text in self.originals.items()]

    def texts(self) -> dict[str, Any]:
        """Return what was typed, as a translation holds it."""
        data = self.cleaned_data
        columns = {name: data[name] for name in TRANSLATED if name in data}
        results = [data[name] for name in self.originals if name.startswith(RESULT)]
        captions = {
            name.removeprefix(CAPTION): data[name]
            for name in self.originals
            if name.startswith(CAPTION) and data[name]
        }
        return columns | ({"results": results} if any(results) else {}) | {"captions": captions}

    def readable(self, name: str) -> object:
        """Return what was typed in a field, to be shown beside what is saved."""
        return self.cleaned_data.get(name, self[name].value())

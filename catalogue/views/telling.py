"""What an entry says, in words: the same for its page, its versions and its drafts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.codelists import SDGS, CostBand, Instrument, ResultLevel
from catalogue.content import TEXTS, TRANSLATED, column_of
from catalogue.models import Entry, PartnerRole, Translation
from catalogue.wording import years_of
from core import codes
from core.text import render_markdown
from hubs.models.dimensions import ExpertiseKind

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from hubs.models import Hub

# Column, heading, whether it is said when nothing is stated: what belongs to every entry.
TEXT_HEADINGS: tuple[tuple[str, Promise, bool], ...] = (
    ("challenge", gettext_lazy("The challenge"), True),
    ("what_was_done", gettext_lazy("What was done"), True),
    ("enabling", gettext_lazy("What helped"), False),
    ("hindering", gettext_lazy("What hindered"), False),
    ("what_did_not_work", gettext_lazy("What did not work"), False),
    ("lessons", gettext_lazy("Lessons"), True),
    ("how_to_adapt", gettext_lazy("How to adapt it"), False),
    ("cost_text", gettext_lazy("What it cost"), False),
    ("contacts", gettext_lazy("Whom to ask"), False),
)


def facts_of(entry: Entry) -> Iterator[dict[str, Any]]:
    """Give what the entry states in codes, in words: term, values, whether our own coding."""
    years = years_of(entry)
    rows: tuple[tuple[str, object, list[object]], ...] = (
        ("provider_countries", _("Shared by"), _countries(entry.provider_countries)),
        ("countries", _("Partner countries"), _countries(entry.countries)),
        ("year_from", _("Years"), [years] if years else []),
        ("sectors", _("Sectors"), [codes.SECTORS[code] for code in entry.sectors]),
        ("sdgs", _("Goals"), [f"{code}. {SDGS[code]}" for code in entry.sdgs]),
        ("instruments", _("Instruments"), [Instrument(code).label for code in entry.instruments]),
        (
            "expertise",
            _("Source of expertise"),
            [ExpertiseKind(code).label for code in entry.expertise],
        ),
        (
            "working_languages",
            _("Languages of the exchange"),
            [codes.language_name(code) for code in entry.working_languages],
        ),
        ("cost_band", _("Cost"), [CostBand(entry.cost_band).label] if entry.cost_band else []),
    )
    for column, term, values in rows:
        yield {"term": term, "values": values, "is_editorial": entry.is_editorial(column)}


def in_language(
    entry: Entry, translations: Iterable[Translation], language: str
) -> tuple[Entry, Translation | None, dict[str, str]]:
    """Return what `entry` says in `language` where there is a translation: the entry as told,
    the translation or None, and the language of each text.

    What a translation leaves out is told in the original.
    """
    found = next((each for each in translations if each.language == language), None)
    languages = dict.fromkeys(TRANSLATED, entry.language)
    if found is None:
        return entry, None, languages
    said = copy(entry)
    for name in TRANSLATED:
        if found.texts.get(name):
            setattr(said, name, found.texts[name])
            languages[name] = language
    return said, found, languages


def texts_of(entry: Entry, languages: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """Give the parts of the text that there are: anchor, heading, HTML, language."""
    for column, heading, is_always_shown in TEXT_HEADINGS:
        text = getattr(entry, column)
        if text or is_always_shown:
            html = render_markdown(text)
            yield {
                "id": column.replace("_", "-"),
                "heading": heading,
                "html": html,
                "language": (languages or {}).get(column, entry.language),
            }


def told(content: Mapping[str, Any], *, hub: Hub) -> dict[str, Any]:
    """Return what `_told.html` shows of a content (`catalogue.content`): a version, a draft."""
    said = Entry(**{name: column_of(content, name) for name in TEXTS}, hub=hub)
    return {
        "said": said,
        "hub_name": content["hub"]["name"] if "hub" in content else hub.name,
        "facts": list(facts_of(said)),
        "texts": list(texts_of(said)),
        "partners": [
            {"role": PartnerRole(row["role"]).label, "name": row["name"]}
            for row in content["partners"]
        ],
        "results": [
            row | {"level": ResultLevel(row["level"]).label if row["level"] else ""}
            for row in content["results"]
        ],
        "sources": content["sources"],
        "attachments": column_of(content, "attachments"),
    }


def _countries(countries: list[str]) -> list[object]:
    return [codes.country_name(code) for code in countries]

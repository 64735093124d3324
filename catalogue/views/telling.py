"""What an entry says, in words: the same for its page, its versions and its drafts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from typing import TYPE_CHECKING, Any

from catalogue.codelists import ResultLevel
from catalogue.content import TEXTS, TRANSLATED, column_of
from catalogue.models import Entry, PartnerRole, Translation
from catalogue.wording import TEXT_HEADINGS, coded
from core.text import render_markdown

if TYPE_CHECKING:
    from hubs.models import Hub


def facts_of(entry: Entry) -> Iterator[dict[str, Any]]:
    """Give what the entry states in codes, in words: term, values, whether our own coding."""
    for column, term, values in coded(entry):
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

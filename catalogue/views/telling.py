"""What an entry says, in words: the same for its page, its versions and its drafts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from catalogue.codelists import ResultLevel
from catalogue.content import TEXTS, TRANSLATED, column_of
from catalogue.models import Entry, PartnerRole, Tag, Translation
from catalogue.wording import TEXT_HEADINGS, coded
from core.text import render_markdown

if TYPE_CHECKING:
    from hubs.models import Hub
    from hubs.querysets import User

MOST_ALIKE = 3  # tags that are named beside one much like them


def facts_of(entry: Entry, user: User) -> Iterator[dict[str, Any]]:
    """Give what the entry states in codes, in words: term, values, whether our own coding; last
    its tags, where there are any: one query.
    """
    for column, term, values in coded(entry):
        yield {"term": term, "values": values, "is_editorial": entry.is_editorial(column)}
    if entry.tags:
        yield {
            "term": _("Tags"),
            "tags": list(tags_told(entry.tags, user)),
            "is_editorial": entry.is_editorial("tags"),
        }


def tags_told(texts: Sequence[str], user: User) -> Iterator[dict[str, Any]]:
    """Give tags in the reader's words, each once: name, its language, the address of what has
    it; "" for one that is only proposed, or that `user` may not know of.
    """
    known = Tag.objects.visible_to(user).by_text(texts)
    seen = set()
    for text in texts:
        tag = known.get(text)
        name = tag.label if tag else text
        if name not in seen:
            seen.add(name)
            yield {"name": name, "url": tag.get_absolute_url() if tag else ""}


def tag_hints(texts: Sequence[str], user: User) -> list[dict[str, Any]]:
    """Return the proposed ones of `texts` that look like tags of the vocabulary, with those."""
    tags = Tag.objects.visible_to(user)
    known = tags.by_text(texts)
    proposed = [text for text in texts if text not in known]
    hints = [{"name": text, "tags": list(tags.alike(text)[:MOST_ALIKE])} for text in proposed]
    return [hint for hint in hints if hint["tags"]]


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


def told(content: Mapping[str, Any], *, hub: Hub, user: User) -> dict[str, Any]:
    """Return what `_told.html` shows of a content (`catalogue.content`): a version, a draft."""
    said = Entry(**{name: column_of(content, name) for name in TEXTS}, hub=hub)
    return {
        "said": said,
        "hub_name": content["hub"]["name"] if "hub" in content else hub.name,
        "facts": list(facts_of(said, user)),
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

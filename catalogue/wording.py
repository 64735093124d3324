"""What an entry states, what search and comparison say, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.codelists import SDGS, CostBand, Instrument
from core import codes
from hubs.models.dimensions import ExpertiseKind

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from catalogue.models import Entry

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
# Round the words that were found; characters that no text holds (forms refuse them).
START, STOP = "\x02", "\x03"
MIN_WORD = 4  # letters of a word that something else is proposed for
ALIKE = 0.6  # of difflib's measure, 0 to 1
_WORDS = re.compile(r"[^\W\d_]+")


def highlighted(text: str) -> SafeString:
    """Return a snippet as HTML with the words found marked; all else in it is escaped."""
    marked = escape(text).replace(START, "<mark>").replace(STOP, "</mark>")
    return mark_safe(marked)  # noqa: S308 -- escaped above


def proposed(text: str, titles_like: dict[str, list[str]]) -> str:
    """Return `text` with words replaced by the most alike one of `titles_like[word]`; "" where
    nothing is alike.
    """
    proposal = _WORDS.sub(lambda found: _nearest(found[0], titles_like), text)
    return "" if proposal == text else proposal


def words_of(text: str) -> list[str]:
    """Return the words of a search that are long enough to be misspelt."""
    return [word for word in dict.fromkeys(_WORDS.findall(text)) if len(word) >= MIN_WORD]


def _nearest(word: str, titles_like: dict[str, list[str]]) -> str:
    candidates = _lowered(titles_like.get(word, []))
    near = get_close_matches(word.lower(), candidates, n=1, cutoff=ALIKE)
    return near[0] if near and near[0] != word.lower() else word


def _lowered(titles: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word.lower() for title in titles for word in _WORDS.findall(title)))


def coded(entry: Entry) -> Iterator[tuple[str, str, list[str]]]:
    """Give what the entry states in codes, in the reader's words: column, term, values."""
    years = years_of(entry)
    places, shared_by = entry.countries, entry.provider_countries
    languages = entry.working_languages
    yield "provider_countries", _("Shared by"), [codes.country_name(code) for code in shared_by]
    yield "countries", _("Partner countries"), [codes.country_name(code) for code in places]
    yield "year_from", _("Years"), [years] if years else []
    yield "sectors", _("Sectors"), [str(codes.SECTORS[code]) for code in entry.sectors]
    yield "sdgs", _("Goals"), [f"{code}. {SDGS[code]}" for code in entry.sdgs]
    forms = [str(Instrument(code).label) for code in entry.instruments]
    yield "instruments", _("Instruments"), forms
    kinds = [str(ExpertiseKind(code).label) for code in entry.expertise]
    yield "expertise", _("Source of expertise"), kinds
    spoken = [codes.language_name(code) for code in languages]
    yield "working_languages", _("Languages of the exchange"), spoken
    band = [str(CostBand(entry.cost_band).label)] if entry.cost_band else []
    yield "cost_band", _("Cost"), band


def years_of(entry: Entry) -> str:
    """Return the years in words; an end that is not stated is not made up. "" without any."""
    if entry.year_from == entry.year_to:
        return str(entry.year_from or "")
    if entry.year_to is None:
        return _("from %(year)s") % {"year": entry.year_from}
    if entry.year_from is None:
        return _("until %(year)s") % {"year": entry.year_to}
    return f"{entry.year_from}–{entry.year_to}"


def refusal_of(slugs: Sequence[str], found: Sequence[str], *, most: int) -> list[str]:
    """Say why entries cannot be compared: too many, or none there. A hidden entry and one that
    never was get the same words.
    """
    if len(slugs) > most:
        return [
            _("Compare up to %(maximum)d entries; you chose %(number)d.")
            % {"maximum": most, "number": len(slugs)}
        ]
    return [
        _("There is no entry “%(slug)s”.") % {"slug": slug[:80]}
        for slug in slugs
        if slug not in found
    ]

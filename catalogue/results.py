"""What was found, as a list of results shows it: with the words marked where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.safestring import SafeString

from catalogue.searchable import Shown, searchable
from catalogue.wording import START, STOP, highlighted

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from catalogue.models import SearchRow
    from hubs.querysets import User

BEFORE, LENGTH = 60, 280  # characters of a passage: before the first word found, and in all
MAX_PLACES = 40  # at which a word is found in a text, of which the best passage is chosen
PORTION = 500  # rows of a file that are fetched at a time
MARK = f"HighlightAll=true,StartSel={START},StopSel={STOP}"
MARKED = """
SELECT ts_headline(portal_configuration(language), passage, portal_query(%s), %s)
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS given (language, passage, position)
ORDER BY position
"""
_WANTED = re.compile(r"(?<!!)'((?:[^']|'')+)'")  # words of PostgreSQL's writing, not those excluded
_ARABIC = dict.fromkeys(map(ord, "أإآٱ"), "ا") | {ord("ى"): "ي"}
_PLAIN = {
    number: base.lower()
    for number in range(0xC0, 0x250)
    if (base := unicodedata.normalize("NFD", chr(number))[0]) != chr(number)
} | _ARABIC


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found; `snippet` is HTML with the words marked."""

    kind: str
    key: int
    shown: Shown
    snippet: SafeString
    is_marked: bool

    @property
    def label(self) -> str:
        """The name of its kind."""
        return str(searchable(self.kind).label)


def results_of(
    things: Sequence[tuple[str, int]], *, user: User, text: str, reading: str
) -> list[Result]:
    """Return the things found in their order, less what `user` may not see any more: one query
    for each kind among them, and one for the words to mark.
    """
    keys: dict[str, list[int]] = defaultdict(list)
    for kind, key in things:
        keys[kind].append(key)
    shown = {
        (kind, key): each
        for kind, some in keys.items()
        for key, each in searchable(kind).shown(some, user).items()
    }
    seen = [thing for thing in things if thing in shown]
    passages = [passage_of(shown[thing], reading) for thing in seen]
    marked = _marked(text, [shown[thing].language for thing in seen], passages)
    return [
        Result(*thing, shown[thing], highlighted(snippet), START in snippet)
        for thing, snippet in zip(seen, marked, strict=True)
    ]


def passage_of(shown: Shown, reading: str) -> str:
    """Return the part of a text that holds most of the words looked for, or the summary."""
    starts = {word.replace("''", "'")[: max(len(word) - 1, 3)] for word in _WANTED.findall(reading)}
    if not starts:
        return shown.summary
    pattern = re.compile("|".join(rf"\b{re.escape(start)}" for start in sorted(starts)))
    for text in (shown.text, shown.summary):
        places = _places(pattern, text)
        if places:
            return _cut(text, _richest(places))
    return shown.summary


def _places(pattern: re.Pattern[str], text: str) -> list[tuple[int, str]]:
    plain = text.translate(_PLAIN).lower()
    if len(plain) != len(text):  # a letter that has no small form of its own
        plain = text
    found = pattern.finditer(plain)
    return [(each.start(), each[0]) for each, _n in zip(found, range(MAX_PLACES), strict=False)]


def _richest(places: Sequence[tuple[int, str]]) -> int:
    """Return the place after which most different words follow within a passage."""

    def words_from(at: int) -> int:
        return len({word for place, word in places if at <= place < at + LENGTH - BEFORE})

    return max((place for place, _word in places), key=lambda at: (words_from(at), -at))


def _cut(text: str, at: int) -> str:
    start, end = max(at - BEFORE, 0), min(at - BEFORE + LENGTH, len(text))
    if start:
        start = text.find(" ", start, at) + 1 or at
    if end < len(text):
        end = max(text.rfind(" ", at, end), at + 1)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return f"{before}{text[start:end].strip()}{after}"


def _marked(text: str, languages: Sequence[str], passages: Sequence[str]) -> list[str]:
    if not text or not passages:
        return list(passages)
    with connection.cursor() as cursor:
        cursor.execute(MARKED, [text, MARK, list(languages), list(passages)])
        return [snippet for (snippet,) in cursor.fetchall()]


def rows_of(rows: QuerySet[Any], user: User) -> Iterator[tuple[SearchRow, Shown]]:
    """Give rows of the search with what is shown of their things, fetched in portions, less
    what `user` may not see any more.
    """
    few = rows.only("kind", "object_pk", "published_at").iterator(chunk_size=PORTION)
    while portion := list(islice(few, PORTION)):
        keys: dict[str, list[int]] = defaultdict(list)
        for row in portion:
            keys[row.kind].append(row.object_pk)
        shown = {kind: searchable(kind).shown(some, user) for kind, some in keys.items()}
        for row in portion:
            if row.object_pk in shown[row.kind]:
                yield row, shown[row.kind][row.object_pk]

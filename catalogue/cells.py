"""Entries as cells of a table that can be edited and read again.

Lists of codes are joined by "; ". Results, partners and sources are one line each inside the
cell, their parts separated by "|"; a "|", backslash or line break inside a part is written
`\\|`, `\\\\` and `\\n`. Parts at the end may be left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from catalogue.content import (
    LISTS,
    WRITTEN,
    partner_content,
    result_content,
    source_content,
    written_columns,
)
from catalogue.models import Entry, EntryPartner, ResultRow

if TYPE_CHECKING:
    from hubs.models import Source

# What tells an entry and its state, then what is written in it.
READ_ONLY = (
    *("is_contested", "state", "latest_version", "published_at", "updated_at", "url", "api_url"),
)
EDITING_COLUMNS = ("slug", "hub", *WRITTEN, *LISTS, *READ_ONLY)
PARTS = {
    "results": ("statement", "value", "unit", "period", "level", "cited"),
    "partners": ("role", "hub", "organisation", "name"),
    "sources": ("address", "title", "publisher"),
}
_ESCAPES = {"\\": "\\\\", "|": "\\|", "\n": "\\n"}
_PIECES = re.compile(r"\\(.)|(\|)|([^\\|]+|\\$)", re.DOTALL)
# Partners that are hubs which readers may not know of are neither exported nor taken away.
PUBLIC_PARTNERS = Q(hub=None) | Q(hub__is_published=True)


def content_cells(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells of what is written in a content, by column."""
    cells = {name: value_cell(content[name]) for name in WRITTEN}
    return cells | {name: rows_cell(content[name], PARTS[name]) for name in LISTS}


def value_cell(value: object) -> str:
    """Return a column's value as a cell: codes joined, not stated as empty."""
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return "" if value is None else _one_way(str(value))


def rows_cell(rows: Iterable[Mapping[str, Any]], parts: Sequence[str]) -> str:
    """Return the rows of a list as one cell."""
    return "\n".join(_line([_escaped(row[name]) for name in parts]) for row in rows)


def _line(parts: list[str]) -> str:
    while parts and not parts[-1]:
        parts.pop()
    return " | ".join(parts).strip()


def parse_rows(text: str, parts: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a cell; raise `ValueError` with the line that has too many parts."""
    rows = []
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        found = list(_split(line))
        if len(found) > len(parts):
            raise ValueError(line)
        found += [""] * (len(parts) - len(found))
        rows.append(dict(zip(parts, found, strict=True)))
    return rows


def _escaped(value: object) -> str:
    text = "" if value is None else _one_way(str(value))
    return "".join(_ESCAPES.get(character, character) for character in text)


def _split(line: str) -> Iterator[str]:
    part = ""
    for escaped, border, text in _PIECES.findall(line):
        if border:
            yield part.strip()
            part = ""
        else:
            part += text or ("\n" if escaped == "n" else escaped)
    yield part.strip()


def _one_way(text: str) -> str:
    """Return `text` with the line ends and the margins that reading a table leaves."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def contents_of(entries: Sequence[Entry]) -> dict[int, dict[str, Any]]:
    """Return what each of `entries` says now, with the partners that everybody may know, by
    its key: three queries.
    """
    partners = _by_entry(
        EntryPartner.objects.filter(PUBLIC_PARTNERS, entry__in=entries).with_bodies()
    )
    results = _by_entry(ResultRow.objects.filter(entry__in=entries).select_related("source"))
    sources: dict[int, list[Source]] = defaultdict(list)
    links = Entry.sources.through.objects.filter(entry__in=entries).select_related("source")
    for link in links.order_by("source__dated_on", "source"):
        sources[link.entry_id].append(link.source)
    return {
        entry.pk: written_columns(entry)
        | {
            "partners": [partner_content(each) for each in partners[entry.pk]],
            "results": [result_content(each) for each in results[entry.pk]],
            "sources": [source_content(each) for each in sources[entry.pk]],
        }
        for entry in entries
    }


def hidden_partners_of(entries: Sequence[Entry]) -> dict[int, list[dict[str, Any]]]:
    """Return the partners that `contents_of` leaves out, by the entry's key: one query."""
    hidden = EntryPartner.objects.filter(entry__in=entries).exclude(PUBLIC_PARTNERS)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for partner in hidden.with_bodies():
        found[partner.entry_id].append(partner_content(partner))
    return found


def _by_entry(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.entry_id].append(row)
    return found

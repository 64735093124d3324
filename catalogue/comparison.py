"""Up to four entries side by side: one structure for the page, the CSV and the JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from catalogue.codelists import EntrySize
from catalogue.models import Entry, Tag
from catalogue.wording import TEXT_HEADINGS, coded

if TYPE_CHECKING:
    import datetime

MAX_ENTRIES = 4
COLUMNS = ("entry", "title", "version", "field", "value", "differs", "is_editorial")
# "Whom to ask" is no matter of comparison.
TEXTS = (
    ("summary", gettext_lazy("Summary")),
    *((column, heading) for column, heading, _always in TEXT_HEADINGS if column != "contacts"),
)


@dataclass(frozen=True)
class Value:
    """One line of a cell; `differs` says that not every entry has it."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Cell:
    """What one entry says in a row; without `values`, it is not stated."""

    entry: Entry
    values: list[Value]
    is_editorial: bool


@dataclass(frozen=True)
class Row:
    """One thing compared: a cell for each entry, in their order.

    `is_text` says that it is what authors wrote, in the entry's language: prose differs always,
    so nothing in it is marked.
    """

    name: str
    title: str
    cells: list[Cell]
    differs: bool
    is_text: bool


@dataclass(frozen=True)
class Comparison:
    """Entries side by side, as they were last published."""

    entries: list[Entry]
    rows: list[Row]


def compare(entries: Sequence[Entry]) -> Comparison:
    """Return the comparison of entries whose hubs and results were fetched."""
    rows = [_row(name, title, entries, said) for name, title, said in _coded(entries)]
    rows += [
        _row(name, str(title), entries, [_text(each, name) for each in entries], is_text=True)
        for name, title in TEXTS
    ]
    said = [[_result(row) for row in each.results.all()] for each in entries]
    rows.append(_row("results", _("Results"), entries, said, is_text=True))
    return Comparison(list(entries), rows)


def export_rows(comparison: Comparison) -> Iterator[dict[str, object]]:
    """Give one row of `COLUMNS` for each value; a cell that is not stated gives an empty one."""
    for row in comparison.rows:
        for cell in row.cells:
            for value in cell.values or [Value("", differs=False)]:
                yield {
                    "entry": cell.entry.slug,
                    "title": cell.entry.title,
                    "version": cell.entry.latest_version,
                    "field": row.name,
                    "value": value.text,
                    "differs": value.differs,
                    "is_editorial": cell.is_editorial,
                }


def _coded(entries: Sequence[Entry]) -> Iterator[tuple[str, str, list[list[str]]]]:
    """Give what is compared by code: name, title, the lines of each entry."""
    tags = Tag.objects.all().by_text([tag for entry in entries for tag in entry.tags])
    columns = [[*_own(entry), *coded(entry), _tags(entry, tags)] for entry in entries]
    for cells in zip(*columns, strict=True):
        name, title, _lines = cells[0]
        yield name, title, [lines for _name, _title, lines in cells]


def _own(entry: Entry) -> Iterator[tuple[str, str, list[str]]]:
    """Give what is compared beside what an entry states in codes."""
    no = pgettext("contested", "no")
    yield "hub", _("Hub"), [entry.hub.name]
    yield "size", _("Size"), [str(EntrySize(entry.size).label)]
    yield "published_at", _("Version"), [_version(entry)]
    said = entry.contested_statement if entry.is_contested else no
    yield "contested", _("Contested"), [said]


def _tags(entry: Entry, tags: Mapping[str, Tag]) -> tuple[str, str, list[str]]:
    return "tags", _("Tags"), [tags[each].label if each in tags else each for each in entry.tags]


def _version(entry: Entry) -> str:
    return _("Version %(number)d, %(date)s") % {
        "number": entry.latest_version,
        "date": date_format(cast("datetime.datetime", entry.published_at), "DATE_FORMAT"),
    }


def _text(entry: Entry, name: str) -> list[str]:
    text: str = getattr(entry, name)
    return [text] if text else []


def _result(row: Any) -> str:
    figure = f": {row.figure} {row.unit}" if row.figure else ""
    return f"{row.statement}{figure}" + (f" ({row.period})" if row.period else "")


def _row(
    name: str,
    title: str,
    entries: Sequence[Entry],
    said: list[list[str]],
    *,
    is_text: bool = False,
) -> Row:
    """Return a row; only entries that state anything can differ from one another."""
    is_marked = not is_text and name not in ("hub", "published_at")
    sets = [set(lines) for lines in said if lines]
    common = set.intersection(*sets) if sets else set()
    differs = is_marked and any(each != common for each in sets)
    cells = [
        Cell(
            entry,
            [Value(line, differs=differs and line not in common) for line in lines],
            entry.is_editorial(name),
        )
        for entry, lines in zip(entries, said, strict=True)
    ]
    return Row(name, title, cells, differs, is_text)

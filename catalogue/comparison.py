"""Up to four entries side by side: one structure for the page, the CSV and the JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from catalogue.codelists import SDGS, CostBand, EntrySize, Instrument
from catalogue.models import Entry
from catalogue.wording import years_of
from core import codes
from hubs.models.dimensions import ExpertiseKind

if TYPE_CHECKING:
    import datetime

MAX_ENTRIES = 4
COLUMNS = ("entry", "title", "version", "field", "value", "differs", "is_editorial")
TEXTS = (
    ("summary", gettext_lazy("Summary")),
    ("challenge", gettext_lazy("The challenge")),
    ("what_was_done", gettext_lazy("What was done")),
    ("enabling", gettext_lazy("What helped")),
    ("hindering", gettext_lazy("What hindered")),
    ("what_did_not_work", gettext_lazy("What did not work")),
    ("lessons", gettext_lazy("Lessons")),
    ("how_to_adapt", gettext_lazy("How to adapt it")),
    ("cost_text", gettext_lazy("What it cost")),
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
    lines = [dict(_codes_of(entry)) for entry in entries]
    titles = {
        "hub": _("Hub"),
        "size": _("Size"),
        "published_at": _("Version"),
        "contested": _("Contested"),
        "provider_countries": _("Shared by"),
        "countries": _("Partner countries"),
        "year_from": _("Years"),
        "sectors": _("Sectors"),
        "sdgs": _("Goals"),
        "instruments": _("Instruments"),
        "expertise": _("Source of expertise"),
        "working_languages": _("Languages of the exchange"),
        "cost_band": _("Cost"),
    }
    for name, title in titles.items():
        yield name, title, [each[name] for each in lines]


def _codes_of(entry: Entry) -> Iterator[tuple[str, list[str]]]:
    years = years_of(entry)
    yield "hub", [entry.hub.name]
    yield "size", [str(EntrySize(entry.size).label)]
    yield "published_at", [_version(entry)]
    no = pgettext("contested", "no")
    yield "contested", [entry.contested_statement if entry.is_contested else no]
    yield "provider_countries", [codes.country_name(code) for code in entry.provider_countries]
    yield "countries", [codes.country_name(code) for code in entry.countries]
    yield "year_from", [years] if years else []
    yield "sectors", [str(codes.SECTORS[code]) for code in entry.sectors]
    yield "sdgs", [f"{code}. {SDGS[code]}" for code in entry.sdgs]
    yield "instruments", [str(Instrument(code).label) for code in entry.instruments]
    yield "expertise", [str(ExpertiseKind(code).label) for code in entry.expertise]
    yield "working_languages", [codes.language_name(code) for code in entry.working_languages]
    yield "cost_band", [str(CostBand(entry.cost_band).label)] if entry.cost_band else []


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

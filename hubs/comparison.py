"""Up to six hubs side by side: one structure for the page, the CSV and the JSON."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import codes
from hubs.profile import DIMENSIONS, PRESENCES, Profile
from hubs.wording import details, headline, when

MAX_HUBS = 6
COLUMNS = (
    "hub", "hub_name", "as_of", "dimension", "value", "differs", "details", "when", "sources",
)  # fmt: skip


@dataclass(frozen=True)
class Value:
    """One line of a cell; `differs` says that not every hub has it."""

    text: str
    details: list[str]
    when: str
    source_list: list[dict[str, Any]]
    differs: bool


@dataclass(frozen=True)
class Row:
    """One thing compared: a cell for each hub, in their order; an empty one is "not stated"."""

    slug: str
    title: str
    cells: list[list[Value]]
    differs: bool


@dataclass(frozen=True)
class Comparison:
    """Hubs side by side as of a day."""

    profiles: list[Profile]
    as_of: datetime.date
    rows: list[Row]


Line = tuple[str, list[str], str, list[dict[str, Any]]]  # text, details, when, sources
_IDENTITY: tuple[tuple[str, Promise, Callable[[Any], list[str]], tuple[str, ...]], ...] = (
    ("level", _("Level"), lambda hub: [str(hub.get_level_display())], ("level",)),
    (
        "countries",
        _("Countries"),
        lambda hub: [codes.country_name(code) for code in hub.countries],
        ("countries",),
    ),
    (
        "founded_year",
        _("Founded"),
        lambda hub: [str(hub.founded_year)] if hub.founded_year else [],
        ("founding",),
    ),
    (
        "sectors",
        _("Sectors"),
        lambda hub: [codes.sector_name(code) for code in hub.sectors],
        ("sectors",),
    ),
)


def compare(profiles: list[Profile], *, as_of: datetime.date) -> Comparison:
    """Return the comparison of profiles that were read as of `as_of`."""
    rows = [
        _row(slug, title, [_identity(profile, read, topics) for profile in profiles])
        for slug, title, read, topics in _IDENTITY
    ]
    rows += [
        _row(section.slug, section.title, [_facts(profile, section.slug) for profile in profiles])
        for section in (*DIMENSIONS, PRESENCES)
    ]
    return Comparison(profiles, as_of, rows)


def _identity(
    profile: Profile, read: Callable[[Any], list[str]], topics: tuple[str, ...]
) -> list[Line]:
    sources = {
        source["pk"]: source for fact in profile.about(*topics) for source in fact.source_list
    }
    return [(text, [], "", list(sources.values())) for text in read(profile.hub)]


def _facts(profile: Profile, slug: str) -> list[Line]:
    return [
        (headline(fact), details(fact), when(fact), fact.source_list)
        for fact in profile.facts[slug]
    ]


def _row(slug: str, title: Promise, cells: list[list[Line]]) -> Row:
    """Return a row; only hubs of which something is stated can differ from one another."""
    sets = [{text for text, *_rest in cell} for cell in cells if cell]
    common = set.intersection(*sets) if sets else set()
    differs = any(each != common for each in sets)
    values = [
        [Value(*line, differs=differs and line[0] not in common) for line in cell] for cell in cells
    ]
    return Row(slug, str(title), values, differs)


def export_rows(comparison: Comparison) -> Iterator[dict[str, object]]:
    """Give one row of `COLUMNS` for each value; a cell that is not stated gives an empty one."""
    for row in comparison.rows:
        for profile, cell in zip(comparison.profiles, row.cells, strict=True):
            start: dict[str, object] = {
                "hub": profile.hub.slug,
                "hub_name": profile.hub.name,
                "as_of": comparison.as_of.isoformat(),
                "dimension": row.slug,
            }
            for value in cell or [Value("", [], "", [], differs=False)]:
                yield start | {
                    "value": value.text,
                    "differs": value.differs,
                    "details": value.details,
                    "when": value.when,
                    "sources": [source["address"] for source in value.source_list],
                }

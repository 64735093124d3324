"""What each written column of an entry accepts in a table: as the forms do."""

from __future__ import annotations

from typing import Any

from catalogue.codelists import SDGS, CostBand, EntrySize, Instrument
from catalogue.content import WRITTEN
from catalogue.models import Entry
from catalogue.querysets.tags import words_of_tags
from catalogue.rules import tags_problem
from catalogue.services import import_values as values
from catalogue.services.import_values import CellError, Parser
from core import codes
from hubs.models.dimensions import ExpertiseKind


def entry_parsers() -> dict[str, Parser]:
    """Return the parser of each of `WRITTEN`."""
    known: dict[str, Parser] = {
        "language": values.choice(codes.LANGUAGES, is_needed=True),
        "size": values.choice(EntrySize.values, is_needed=True),
        "countries": values.codes(codes.COUNTRIES),
        "provider_countries": values.codes(codes.COUNTRIES),
        "sectors": values.codes(codes.SECTORS),
        "sdgs": values.codes(SDGS),
        "instruments": values.codes(Instrument.values),
        "expertise": values.codes(ExpertiseKind.values),
        "working_languages": values.codes(codes.LANGUAGES),
        "tags": _tags,
        "year_from": values.year,
        "year_to": values.year,
        "cost_band": values.choice(CostBand.values),
    }
    return {name: known[name] if name in known else _text(name) for name in WRITTEN}


def _tags(cell: str) -> list[str]:
    found = words_of_tags(cell)
    if problem := tags_problem(found):
        raise CellError(str(problem))
    return found


def _text(name: str) -> Parser:
    field: Any = Entry._meta.get_field(name)
    return values.text(field.max_length, is_needed=name == "title")

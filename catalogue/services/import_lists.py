"""The lists of an entry from a cell: results, partners, sources, one a line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalogue.cells import PARTS, parse_rows
from catalogue.codelists import ResultLevel
from catalogue.models import PartnerRole, ResultRow
from catalogue.rules import UNIT_MISSING, lacks_unit
from catalogue.services import import_values as values
from catalogue.services.import_values import CellError, shortened
from hubs.models import Hub, Organisation, Source

if TYPE_CHECKING:
    from accounts.models import Member

MOST_LINES = 100  # as many as the pages offer
_level = values.choice(ResultLevel.values)
_role = values.choice(PartnerRole.values, is_needed=True)


class ListReader:
    """Reads the cells of lists for one file: the hubs and organisations are asked once."""

    def __init__(self, by: Member) -> None:
        hubs = Hub.objects.visible_to(by)
        self._hubs = {hub.slug: str(hub) for hub in hubs.only("slug", "name", "acronym")}
        found = Organisation.objects.only("slug", "name", "acronym")
        self._organisations = {each.slug: str(each) for each in found}

    def read(self, name: str, cell: str, content: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the rows of list `name`; raise `CellError` that names the line."""
        try:
            rows = parse_rows(cell, PARTS[name])
        except ValueError as error:
            raise CellError(
                _("Too many parts in the line “%(line)s”. They are: %(parts)s.")
                % {"line": shortened(str(error)), "parts": " | ".join(PARTS[name])}
            ) from error
        if len(rows) > MOST_LINES:
            raise CellError(_("Write at most %(most)d lines.") % {"most": MOST_LINES})
        read = {"results": self._result, "partners": self._partner, "sources": self._source}[name]
        found = []
        for number, row in enumerate(rows, start=1):
            try:
                found.append(read(row, content))
            except CellError as error:
                words = {"number": number, "text": str(error)}
                raise CellError(_("Line %(number)d: %(text)s") % words) from error
        if name == "sources":
            values.refuse_twice(found)
        return found

    def _result(self, row: dict[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
        value = _number(row["value"]) if row["value"] else None
        if lacks_unit({"value": value, "unit": row["unit"]}):
            raise CellError(str(UNIT_MISSING))
        if row["cited"] and row["cited"] not in {each["address"] for each in content["sources"]}:
            raise CellError(_("The address is none of the sources of this row. Add it there."))
        return {
            "statement": _within(ResultRow, "statement", row["statement"], is_needed=True),
            "value": value,
            "unit": _within(ResultRow, "unit", row["unit"]),
            "period": _within(ResultRow, "period", row["period"]),
            "level": _level(row["level"]),
            "cited": row["cited"],
        }

    def _partner(self, row: dict[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
        role = _role(row["role"])
        hub, organisation, name = row["hub"], row["organisation"], row["name"]
        if bool(hub) + bool(organisation) > 1 or not (hub or organisation or name):
            raise CellError(_("Choose a hub or an organisation, or write a name."))
        known = self._hubs if hub else self._organisations
        body = hub or organisation
        named = {each["hub"] or each["organisation"]: each for each in content["partners"]}
        if body and body not in known and body not in named:
            raise CellError(_("Nothing is called %(name)s.") % {"name": shortened(body)})
        if body:
            name = known.get(body) or named[body]["name"]
        return {
            "role": role,
            "name": name if body else _name(name),
            "hub": hub,
            "organisation": organisation,
        }

    def _source(self, row: dict[str, str], _content: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "title": _within(Source, "title", row["title"], is_needed=True),
            "publisher": _within(Source, "publisher", row["publisher"]),
            "address": values.address(row["address"], most=1_000),
        }


def _within(model: Any, name: str, cell: str, *, is_needed: bool = False) -> str:
    most = model._meta.get_field(name).max_length
    found: str = values.text(most, is_needed=is_needed)(cell)
    return found


def _name(cell: str) -> str:
    return str(values.text(200, is_needed=True)(cell))


def _number(cell: str) -> str:
    """Return a figure as a content holds it: exact, within what the column takes."""
    field: Any = ResultRow._meta.get_field("value")
    try:
        value: Decimal = field.to_python(cell)  # refuses what is no finite number
        field.run_validators(value)
    except ValidationError as error:
        text = _("Write the value as a number with a point, as 1200.5.")
        raise CellError(f"{text} {' '.join(error.messages)}") from error
    return f"{value.normalize():f}"

"""An uploaded table as rows by the columns of its kind."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from catalogue.services.import_kinds import Plan, Row
from core.sheets import Line, SheetError
from core.workbooks import read_table

if TYPE_CHECKING:
    from catalogue.models import Import

PORTION = 250  # rows that are read, compared and written at once


def table_of(imported: Import) -> Iterator[Line]:
    """Give the rows of the kept file, the header first; raise `SheetError`."""
    with closing(imported.file.open()) as file:
        yield from read_table(file)


def portions(lines: Iterator[Line]) -> Iterator[list[Line]]:
    """Give the rows of a table, some at a time."""
    while portion := list(itertools.islice(lines, PORTION)):
        yield portion


def header_of(line: Line, columns: Mapping[str, Any], needed: Any) -> list[str]:
    """Return the columns of the file; raise `SheetError` where one is unknown or lacking."""
    names = [cell.casefold() for cell in line.cells]
    while names and not names[-1]:
        names.pop()
    unknown = [name for name in names if name not in columns]
    twice = {name for name in names if names.count(name) > 1}
    lacking = [name for name in needed if name not in names]
    if unknown or twice or lacking:
        wrong = [name[:40] or _("(empty)") for name in (*unknown, *sorted(twice))][:5]
        raise SheetError(
            _("The first row must name the columns as the template does. Wrong: %(names)s.")
            % {"names": ", ".join(wrong)}
            if wrong
            else _("The first row must name the columns. Missing: %(names)s.")
            % {"names": ", ".join(lacking)}
        )
    return names


def row_of(line: Line, header: list[str], plans: list[Plan]) -> Row | None:
    """Return a line by its columns; one with too many cells is a problem in `plans`."""
    if any(line.cells[len(header) :]):
        text = _("The row has more cells than the first row. Put quotation marks round texts.")
        plans.append(Plan(line.row, problems=[("", text)]))
        return None
    cells = itertools.chain(line.cells, itertools.repeat(""))
    return Row(line.row, dict(zip(header, cells, strict=False)))

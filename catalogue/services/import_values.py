"""Cells as values: what a column accepts, and what to do where it does not."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from catalogue.rules import has_twice
from core.dates import today

Parser = Callable[[str], Any]
_SEPARATORS = re.compile(r"[;,]")
SHOWN = 40  # characters of a wrong cell that a message repeats
YEARS = (1900, 2100)
_is_address = URLValidator(schemes=["http", "https"])


class CellError(ValueError):
    """A cell that cannot be read; the message says what to do."""


def text(most: int, *, is_needed: bool = False) -> Parser:
    """Return the parser of a text of at most `most` characters."""

    def parse(cell: str) -> str:
        if len(cell) > most:
            raise CellError(
                _("Shorten it to %(most)d characters; it has %(length)d.")
                % {"most": most, "length": len(cell)}
            )
        if is_needed and not cell:
            raise CellError(_("Fill this in."))
        return cell

    return parse


def choice(codes: Collection[str], *, is_needed: bool = False) -> Parser:
    """Return the parser of one code of a list."""

    def parse(cell: str) -> str:
        if not cell and not is_needed:
            return ""
        if cell not in codes:
            raise CellError(_unknown([cell], codes))
        return cell

    return parse


def codes(known: Collection[str]) -> Parser:
    """Return the parser of several codes of a list."""

    def parse(cell: str) -> list[str]:
        found = pieces(cell)
        unknown = [each for each in found if each not in known]
        if unknown:
            raise CellError(_unknown(unknown, known))
        return list(dict.fromkeys(found))

    return parse


def pieces(cell: str) -> list[str]:
    """Return what a cell lists, separated by semicolons or commas."""
    return [each.strip() for each in _SEPARATORS.split(cell) if each.strip()]


def refuse_more(number: int, most: int) -> None:
    """Raise `CellError` where a cell lists more than `most`."""
    if number > most:
        raise CellError(_("Write at most %(most)d.") % {"most": most})


def refuse_twice(rows: Sequence[Mapping[str, Any]]) -> None:
    """Raise `CellError` where two lines have one address."""
    if has_twice(rows):
        raise CellError(_("Two lines have the same address. Remove one of them."))


def address(cell: str, *, most: int) -> str:
    """Return an address of the web."""
    try:
        _is_address(cell)
    except ValidationError as error:
        raise CellError(_("The address must start with https:// or http://.")) from error
    found: str = text(most)(cell)
    return found


def year(cell: str) -> int | None:
    """Return a year, None for an empty cell."""
    if not cell:
        return None
    number = int(cell) if cell.isascii() and cell.isdigit() and len(cell) == len("2000") else 0
    if not YEARS[0] <= number <= YEARS[1]:
        raise CellError(_("Write a year between %d and %d, as 2012.") % YEARS)
    return number


def whole_number(most: int) -> Parser:
    """Return the parser of a number from 0 to `most`, None for an empty cell."""

    def parse(cell: str) -> int | None:
        if not cell:
            return None
        is_number = cell.isascii() and cell.isdigit() and len(cell) <= len(str(most))
        if not is_number or int(cell) > most:
            raise CellError(_("Write a whole number from 0 to %(most)d.") % {"most": most})
        return int(cell)

    return parse


def past_day(cell: str) -> datetime.date:
    """Return a day that is not to come."""
    try:
        day = datetime.date.fromisoformat(cell if len(cell) == len("2026-03-31") else "")
    except ValueError as error:
        raise CellError(_("Write a day as 2026-03-31.")) from error
    if day > today():
        raise CellError(_("This day is still to come."))
    return day


def shortened(cell: str) -> str:
    """Return a cell as messages repeat it."""
    return cell if len(cell) <= SHOWN else f"{cell[:SHOWN]}…"


def _unknown(found: list[str], known: Collection[str]) -> str:
    named = ", ".join(shortened(each) for each in found[:3]) or _("(empty)")
    if len(known) > SHOWN:
        return _("Unknown code: %(codes)s. The list of codes is in the portal's interface.") % {
            "codes": named
        }
    return _("Unknown code: %(codes)s. Write one of: %(known)s.") % {
        "codes": named,
        "known": ", ".join(known),
    }

"""What the cells of a row of a table say: numbers, texts and parts, or what is wrong where."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from evaluation.models import Cell, NotAvailable
from evaluation.numbers import NumberError, parse_number
from evaluation.services.update_checks import NUMBERS

SAID = (
    *(*NUMBERS, "score", "distinct_people", "narrative", "not_available", "comment"),
    *("source_name", "is_additive"),
)
_WHOLE = {"score": 2**15, "distinct_people": 2**31}  # the first number that no longer fits
_LENGTHS = {"narrative": 8_000, "comment": 2_000, "source_name": 120}
_REASONS = NotAvailable.values  # made anew whenever it is asked for
_YES_OR_NO = {"": False, "false": False, "true": True}


class WrongCell(Exception):
    """A row with a problem in one column."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column = column


def columns_said(cells: Mapping[str, str], language: str) -> dict[str, Any]:
    """Return `SAID` of a row, whose numbers are written as `language` does. Raises `WrongCell`."""
    said: dict[str, Any] = {name: cells.get(name, "") for name in SAID}
    for name in NUMBERS:
        said[name] = _number(name, said[name], language)
    for name in _WHOLE:
        said[name] = _whole_number(name, said[name], language)
    for name, most in _LENGTHS.items():
        if len(said[name]) > most:
            raise WrongCell(name, _("At most %(most)d characters.") % {"most": most})
    _refuse_unknown("not_available", said["not_available"], _REASONS)
    said["is_additive"] = said["is_additive"].casefold()
    _refuse_unknown("is_additive", said["is_additive"], ["true", "false"])
    said["is_additive"] = _YES_OR_NO[said["is_additive"]]
    return said


def parts_said(
    cells: Mapping[str, str], known: Mapping[str, Cell], language: str
) -> dict[int, dict[str, Decimal | None]]:
    """Return the numbers of the parts in a row, by the key of their cell; `known` gives the cell
    of a column such as "sex:women" or "sex:women:numerator". Raises `WrongCell`.
    """
    parts: dict[int, dict[str, Decimal | None]] = {}
    for name in known.keys() & cells.keys():
        number = _number(name, cells[name], language)
        if number is not None:
            _dimension, _part, *column = name.split(":")
            parts.setdefault(known[name].pk, {})[column[0] if column else "value"] = number
    return parts


def _number(name: str, text: str, language: str) -> Decimal | None:
    if not text:
        return None
    try:
        return parse_number(text, language)
    except NumberError as error:
        raise WrongCell(name, str(error)) from error


def _whole_number(name: str, text: str, language: str) -> int | None:
    number = _number(name, text, language)
    if number is None:
        return None
    if number != int(number) or not 0 <= number < _WHOLE[name]:
        raise WrongCell(name, _("Write a whole number, not negative."))
    return int(number)


def _refuse_unknown(name: str, text: str, known: list[str]) -> None:
    if text not in ("", *known):
        raise WrongCell(name, _("Write one of: %(known)s.") % {"known": ", ".join(known)})

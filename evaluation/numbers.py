"""Numbers as people write them in their language, read exactly or not at all.

"1.234,5" is a number in Spanish and none in English: nothing is guessed, since a guess could
be wrong by a thousand. Digits may be Latin, Arabic-Indic or Persian.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol
from django.utils.translation import gettext as _

WHOLE_DIGITS = 18  # before the decimal sign, as the columns hold
DECIMALS = 6  # after it
MAX_TEXT = 60  # characters of one number
MACHINE = "en"  # how programs and workbooks write numbers

_DIGITS = {ord(digit): str(place % 10) for place, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2069"))
_SIGNS = {ord("\u2212"): "-", ord("\u2013"): "-", ord("’"): "'"}
_SPACES = {ord(space): " " for space in "\u00a0\u202f\u2009"}
_READ = str.maketrans(_DIGITS | _MARKS | _SIGNS | _SPACES)
_ARABIC_DECIMAL, _ARABIC_GROUP = "٫", "٬"


class NumberError(ValueError):
    """A text that is no number in the language; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class Signs:
    """How a language writes the decimal sign and the sign between thousands."""

    decimal: str
    group: str


@cache
def signs_of(language: str) -> Signs:
    """Return the signs of a language of the portal, as Unicode's CLDR has them."""
    locale = _locale(language)
    decimal = get_decimal_symbol(locale, numbering_system="latn")
    group = get_group_symbol(locale, numbering_system="latn")
    return Signs(decimal, group.translate(_READ))


def parse_number(text: str, language: str) -> Decimal:
    """Return the number that `text` is in `language`, exactly.

    Thousands may stand apart by the language's sign, by a space or by an apostrophe. Raises
    `NumberError` for anything else, and for more than 18 digits before the decimal sign or 6
    after it.
    """
    plain = text.strip().translate(_READ).strip()
    match = _grammar(language).fullmatch(plain) if len(plain) <= MAX_TEXT else None
    if match is None:
        raise NumberError(_refusal(text, language))
    whole = re.sub(r"\D", "", match["whole"]).lstrip("0") or "0"
    part = (match["part"] or "").rstrip("0")
    if len(whole) > WHOLE_DIGITS or len(part) > DECIMALS:
        raise NumberError(
            _(
                "The number has too many digits: at most %(whole)d before the decimal sign and "
                "%(part)d after it."
            )
            % {"whole": WHOLE_DIGITS, "part": DECIMALS}
        )
    number = Decimal(f"{whole}.{part}" if part else whole)
    return -number if match["sign"] == "-" and number else number


def write_number(number: Decimal | int, language: str) -> str:
    """Return a number as a form shows it to be changed: all its decimals, no grouping."""
    text = format_decimal(
        Decimal(number), locale=_locale(language), group_separator=False, decimal_quantization=False
    )
    return text.translate(_MARKS)


def example_of(language: str) -> str:
    """Return how one thousand two hundred thirty-four and a half is written."""
    return format_decimal(Decimal("1234.5"), locale=_locale(language)).translate(_MARKS)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language or MACHINE, sep="-")


@cache
def _grammar(language: str) -> re.Pattern[str]:
    """Return what a number is: groups of three digits by one sign, or no groups at all."""
    signs = signs_of(language)
    groups = "".join(sorted({signs.group, " ", "'", _ARABIC_GROUP} - {signs.decimal}))
    return re.compile(
        r"(?P<sign>[+-]?)"
        rf"(?P<whole>[0-9]{{1,3}}(?:(?P<by>[{re.escape(groups)}])[0-9]{{3}})"
        r"(?:(?P=by)[0-9]{3})*|[0-9]+)"
        rf"(?:[{re.escape(signs.decimal + _ARABIC_DECIMAL)}](?P<part>[0-9]+))?"
    )


def _refusal(text: str, language: str) -> str:
    shown = text.strip()[:30]
    words = {"text": shown, "example": example_of(language), "name": _name(language)}
    if re.search(r"[^\W\d_]", shown):
        return _("“%(text)s” has letters. Write only the number, such as %(example)s.") % words
    return (
        _(
            "“%(text)s” cannot be read as a number in %(name)s without guessing. "
            "Write it like %(example)s."
        )
        % words
    )


def _name(language: str) -> str:
    locale = _locale(language)
    return str(locale.get_language_name(locale.language) or language)

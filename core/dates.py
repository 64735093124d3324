"""Dates as sources state them: a day, a month or only a year."""

import calendar
import datetime
import re

from django.db import models
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", re.ASCII)


class Precision(models.TextChoices):
    """How exactly a date is known (ISO 8601, dates of reduced precision)."""

    DAY = "day", _("Day")
    MONTH = "month", _("Month")
    YEAR = "year", _("Year")


def today() -> datetime.date:
    """Return today's date in the portal's time zone."""
    # Not in the reader's: what holds today is the same for everybody.
    return timezone.localdate(timezone=timezone.get_default_timezone())


def parse_partial_date(text: str, *, end: bool = False) -> tuple[datetime.date, str]:
    """Return `text` ("2012", "2012-07" or "2012-07-10") as a date and its precision.

    A date of reduced precision stands for its first day, or with `end` for its last. Raises
    `ValueError` for anything else, impossible days included.
    """
    match = _PARTIAL.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # noqa: S101 -- the pattern always has a year
    if day is not None and month is not None:
        return datetime.date(year, month, day), Precision.DAY
    if month is not None:
        first = datetime.date(year, month, 1)
        last = calendar.monthrange(year, month)[1]
        return (first.replace(day=last) if end else first), Precision.MONTH
    return (datetime.date(year, 12, 31) if end else datetime.date(year, 1, 1)), Precision.YEAR


def partial_isoformat(value: datetime.date | None, precision: str) -> str | None:
    """Return a date as precisely as it is known, in ISO 8601: "2012", "2012-07", "2012-07-10"."""
    if value is None:
        return None
    length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(precision), 10)
    return value.isoformat()[:length]


def format_partial_date(value: datetime.date | None, precision: str) -> str:
    """Return a date as precisely as it is known, in the reader's language."""
    if value is None:
        return ""
    if precision == Precision.YEAR:
        return str(value.year)
    name = "YEAR_MONTH_FORMAT" if precision == Precision.MONTH else "DATE_FORMAT"
    return format_date(value, get_format(name))

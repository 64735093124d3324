"""When an event is, in words: at the place, and for a reader somewhere else."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import TYPE_CHECKING

from django.utils.dateformat import format as format_date
from django.utils.formats import get_format
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from community.models import EventPrecision
from core.dates import format_partial_date

if TYPE_CHECKING:
    from community.models import Event, EventSession

_LAST = datetime.timedelta(microseconds=1)


def told_days(event: Event) -> str:
    """Return the days of an event as precisely as they are known, at the place."""
    precision = "day" if event.precision == EventPrecision.TIME else event.precision
    first = format_partial_date(event.first_day, precision)
    last = format_partial_date(event.last_day, precision)
    if first == last:
        return _apart(first)
    return _apart(_("%(first)s to %(last)s") % {"first": _apart(first), "last": _apart(last)})


def told_time(event: Event | EventSession, zone: zoneinfo.ZoneInfo) -> str:
    """Return from when to when something is, by the clock of `zone`, with the zone's name."""
    start, end = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    words = {
        "day": _apart(_day(start)),
        "start": _apart(_clock(start)),
        "end_day": _apart(_day(end)),
        "end": _apart(_clock(end)),
        "zone": _apart(zone.key),
    }
    if start.date() == (end - _LAST).date():
        return _apart(_("%(day)s, %(start)s to %(end)s (%(zone)s)") % words)
    return _apart(_("%(day)s, %(start)s to %(end_day)s, %(end)s (%(zone)s)") % words)


def told_moment(moment: datetime.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """Return one moment by the clock of `zone`, with the zone's name."""
    local = moment.astimezone(zone)
    words = {"day": _apart(_day(local)), "time": _apart(_clock(local)), "zone": _apart(zone.key)}
    return _apart(_("%(day)s, %(time)s (%(zone)s)") % words)


def told_at_place(event: Event) -> str:
    """Return when an event is, at the place: to the minute where that is known."""
    return told_time(event, event.zone) if is_timed(event) else told_days(event)


def told_for(event: Event, time_zone: str) -> str:
    """Return when an event is by the clock of somebody in `time_zone`; "" where this is no news:
    they have the same clock, or only days are known.
    """
    zone = zoneinfo.ZoneInfo(time_zone)
    moments = (event.starts_at, event.ends_at)
    is_same = all(
        each.astimezone(zone).utcoffset() == each.astimezone(event.zone).utcoffset()
        for each in moments
    )
    return "" if is_same or not is_timed(event) else told_time(event, zone)


def is_timed(event: Event) -> bool:
    """Return whether the time is known to the minute."""
    return event.precision == EventPrecision.TIME


def moment_at(
    day: datetime.date, clock: datetime.time | None, zone: zoneinfo.ZoneInfo
) -> datetime.datetime:
    """Return the moment at which the clock of `zone` shows this; midnight without a clock.

    Raises `ValueError` for an hour that is left out there, when clocks are put forward.
    """
    local = datetime.datetime.combine(day, clock or datetime.time())
    moment = local.replace(tzinfo=zone).astimezone(datetime.UTC)
    if clock is not None and moment.astimezone(zone).replace(tzinfo=None) != local:
        raise ValueError(local)
    return moment


def whole_days(
    starts_at: datetime.datetime, ends_at: datetime.datetime, zone: zoneinfo.ZoneInfo
) -> tuple[datetime.datetime, datetime.datetime]:
    """Return the first midnight and the one after the last day of what lies between two moments."""
    first = starts_at.astimezone(zone).date()
    last = max((ends_at - _LAST).astimezone(zone).date(), first)
    return moment_at(first, None, zone), moment_at(last + datetime.timedelta(days=1), None, zone)


def typed_times(event: Event) -> dict[str, str]:
    """Return the times of an event as forms ask for them, by the clock at the place: days, and
    hours where they are known.
    """
    closes = event.enrolment_closes_at
    local = closes.astimezone(event.zone) if closes else None
    hours = is_timed(event)
    return {
        "starts_on": event.first_day.isoformat(),
        "starts_time": f"{event.starts_at.astimezone(event.zone):%H:%M}" if hours else "",
        "ends_on": event.last_day.isoformat(),
        "ends_time": f"{event.ends_at.astimezone(event.zone):%H:%M}" if hours else "",
        "closes_on": local.date().isoformat() if local else "",
        "closes_time": f"{local:%H:%M}" if local else "",
    }


def _day(moment: datetime.datetime) -> str:
    return format_date(moment, get_format("DATE_FORMAT"))


def _clock(moment: datetime.datetime) -> str:
    return format_date(moment, get_format("TIME_FORMAT"))


def _apart(text: str) -> str:
    """Return `text` so that its numbers stay with it in a sentence that runs from right to left.

    The marks (FSI and PDI, Unicode 15.1, UAX 9) also hold where no markup does, as in mail.
    """
    return f"\u2068{text}\u2069" if get_language_bidi() else text

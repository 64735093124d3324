"""Calendar files (iCalendar, RFC 5545): what calendar programs read and subscribe to."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpResponse

LINE = 75  # octets of a line, at most; longer ones are folded
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
# Controls that no value may hold; a tab may.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class CalendarEvent:
    """One event as calendars tell it.

    `starts` and `ends` are moments, or days where only the days are known; `ends` is the first
    moment, or day, after it. `uid` never changes, `sequence` grows with each change.
    """

    uid: str
    sequence: int
    changed_at: datetime.datetime
    starts: datetime.datetime | datetime.date
    ends: datetime.datetime | datetime.date
    title: str
    url: str
    description: str = ""
    location: str = ""
    is_cancelled: bool = False


def calendar_file(name: str, events: Iterable[CalendarEvent], *, product: str) -> str:
    """Return a whole calendar, called `name`, made by `product`."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(product)}//{_text(product)}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def calendar_response(filename: str, text: str) -> HttpResponse:
    """Return a calendar as a file that calendar programs open."""
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _event(event: CalendarEvent) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"SEQUENCE:{event.sequence}"
    # As the file has METHOD, this says when the event was last changed, as LAST-MODIFIED does:
    # the same event is the same bytes each time.
    yield f"DTSTAMP:{_moment(event.changed_at)}"
    yield f"LAST-MODIFIED:{_moment(event.changed_at)}"
    yield f"DTSTART{_when(event.starts)}"
    yield f"DTEND{_when(event.ends)}"
    yield f"SUMMARY:{_text(event.title)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.location:
        yield f"LOCATION:{_text(event.location)}"
    yield f"URL:{_CONTROLS.sub('', event.url)}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    yield f"TRANSP:{'TRANSPARENT' if event.is_cancelled else 'OPAQUE'}"
    yield "END:VEVENT"


def _when(value: datetime.datetime | datetime.date) -> str:
    if isinstance(value, datetime.datetime):
        return f":{_moment(value)}"
    return f";VALUE=DATE:{value:%Y%m%d}"


def _moment(value: datetime.datetime) -> str:
    return f"{value.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """Return a text as one value: nothing in it ends the line or begins another property."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", lines.translate(_ESCAPED))


def _folded(line: str) -> str:
    """Return a line cut into parts of at most `LINE` octets, never within a character."""
    parts, part, room = [], "", LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts.append(part)
            part, room = "", LINE - 1  # the blank at the beginning of what follows
        part += letter
        room -= size
    return "\r\n ".join([*parts, part])

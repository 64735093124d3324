"""Events as calendar files tell them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from community.event_times import is_timed, told_at_place
from community.models import EventState
from core.calendars import CalendarEvent, calendar_file
from core.codes import country_name

if TYPE_CHECKING:
    from community.models import Event


def calendar_of(
    name: str, events: Iterable[Event], *, root: str, joined: Collection[int] = ()
) -> str:
    """Return a calendar of events; of those in `joined`, by their numbers, with the online
    address, which only its reader may know.
    """
    return calendar_file(name, _told(events, root, joined), product=settings.SITE_NAME)


def _told(events: Iterable[Any], root: str, joined: Collection[int]) -> Iterator[CalendarEvent]:
    for event in events:
        address = event.online_address if event.pk in joined else ""
        starts, ends = event.starts_at, event.ends_at
        if not is_timed(event):
            starts, ends = (each.astimezone(event.zone).date() for each in (starts, ends))
        yield CalendarEvent(
            uid=str(event.uid),
            sequence=event.sequence,
            changed_at=event.updated_at,
            starts=starts,
            ends=ends,
            title=event.title,
            url=f"{root}{event.get_absolute_url()}",
            description="\n\n".join(_lines(event, address)),
            location=_location(event),
            is_cancelled=event.state == EventState.CANCELLED,
        )


def _lines(event: Event, address: str) -> Iterator[str]:
    if event.state == EventState.CANCELLED:
        yield _("Cancelled: %(reason)s") % {"reason": event.cancelled_reason}
    yield told_at_place(event)
    if event.summary:
        yield event.summary
    if address:
        yield _("Online: %(address)s") % {"address": address}


def _location(event: Event) -> str:
    named = [event.place, country_name(event.country) if event.country else ""]
    if event.is_online:
        named.append(_("online"))
    return ", ".join(name for name in named if name)

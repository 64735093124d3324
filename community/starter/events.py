"""Load the starter events; a second time changes nothing, and people's edits stand."""

from __future__ import annotations

import datetime
import zoneinfo
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from catalogue.services import index_rows
from community.event_times import moment_at
from community.models import EnrolmentPolicy, Event, EventState
from core.dates import parse_partial_date
from hubs.models import Hub, Source, StarterRow
from hubs.starter.loader import digest_of, is_untouched, load_once

CONTENT = Path(__file__).with_name("events.json")
LOCK = 7_201_201_210  # of the database, so that two loads never run at once
WHOLE = "community-events"
REASON = "Starter content"
PARTS = ("start", "end", "hubs", "sources")


def load_starter_events(text: str | None = None) -> Counter[str]:
    """Bring the archive of events up to this release's content; return what was written.

    An event that a person edited or removed is left as it is; hubs that are gone are left out.
    """
    text = CONTENT.read_text(encoding="utf-8") if text is None else text
    return load_once(text, whole=WHOLE, lock=LOCK, load=_loaded)


def _loaded(content: Any) -> Counter[str]:
    load = _Load(content)
    load.run()
    return load.written


class _Load:
    """One pass over the content."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.written: Counter[str] = Counter()
        self.known = {row.key: row for row in StarterRow.objects.filter(key__startswith="event:")}
        self.hubs = {hub.slug: hub for hub in Hub.objects.all()}
        self.sources: dict[str, Source] = {}

    def run(self) -> None:
        new = [Source(**row) for row in self.content["sources"]]
        Source.objects.bulk_create(new, ignore_conflicts=True)
        cited = [row["address"] for row in self.content["sources"]]
        self.sources = {each.address: each for each in Source.objects.filter(address__in=cited)}
        for row in self.content["events"]:
            self._event(row)
        index_rows("event")

    def _event(self, row: Mapping[str, Any]) -> None:
        key, digest = f"event:{row['slug']}", digest_of(row)
        known = self.known.get(key)
        if known is not None and known.digest == digest:
            return
        event = self._row_for(row["slug"], known)
        if event is None:
            return
        for name, value in row.items():
            if name not in PARTS:
                setattr(event, name, value)
        self._set_time(event, row["start"], row["end"])
        event.sequence += 0 if event._state.adding else 1
        event.state, event.is_starter = EventState.PUBLISHED, True
        event.policy = EnrolmentPolicy.NONE
        event.published_at = event.published_at or timezone.now()
        event.full_clean(validate_unique=False)
        event._change_reason = REASON
        event.save()
        event.hubs.set(self.hubs[slug] for slug in row["hubs"] if slug in self.hubs)
        event.sources.set(self.sources[each] for each in row["sources"] if each in self.sources)
        StarterRow.objects.update_or_create(
            key=key, defaults={"model": "event", "object_pk": event.pk, "digest": digest}
        )
        self.written[str(Event._meta.verbose_name_plural)] += 1

    def _row_for(self, slug: str, known: StarterRow | None) -> Any:
        """Return the event to write; None where a person made, edited or removed it."""
        found = Event.objects.select_for_update(no_key=True, of=("self",)).filter(slug=slug).first()
        if found is None:
            return Event(slug=slug) if known is None else None
        return found if known is not None and is_untouched(found) else None

    @staticmethod
    def _set_time(event: Any, start: str, end: str) -> None:
        """Keep first and last day as precisely as the sources state them."""
        zone = zoneinfo.ZoneInfo(event.time_zone)
        first, precision = parse_partial_date(start)
        last, _precision = parse_partial_date(end, end=True)
        event.starts_at = moment_at(first, None, zone)
        event.ends_at = moment_at(last + datetime.timedelta(days=1), None, zone)
        event.precision = str(precision)

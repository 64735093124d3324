"""Events as plain rows and in full: the same for the API and the CSV files."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from community.models import Event, EventPrecision
from community.serializers.event_parts import SessionSerializer
from community.services.events import (
    ABOUT,
    AFTERWARDS,
    MOST_HUBS,
    SEATS,
    WHEN,
    WHERE,
    ties_offered,
)
from core import codes
from core.api.views import RowShape
from core.codes import country_name
from core.dates import Precision, partial_isoformat
from evaluation.models import Exchange
from hubs.models import Hub
from hubs.serializers import Addresses
from hubs.serializers.fields import (
    CodeField,
    CodeListField,
    OwnChoices,
    OwnChoicesMixin,
    SourceSerializer,
    StrictBodyMixin,
)

EVENT_COLUMNS = (
    *("slug", "title", "kind", "language", "summary", "state", "starts_on", "ends_on"),
    *("starts_at", "ends_at", "precision", "time_zone", "place", "country", "is_online"),
    *("languages", "interpretation", "hubs", "organisers", "exchange", "policy", "capacity"),
    *("seats_taken", "people_waiting", "enrolment_closes_at", "cancelled_reason"),
    *("participants", "outcome", "note", "uid", "sequence", "published_at", "updated_at"),
    *("url", "api_url"),
)
# Not there: `seats_taken` and `people_waiting` are counted, the days follow from the moments.
_MADE = {"starts_on", "ends_on", "url", "api_url"}
_STORED_AS = {"exchange": "exchange__slug", "hubs": "hub_slugs"}
_DAYS_NEED = ("starts_at", "ends_at", "time_zone", "precision")
EVENT_LINKED = (*EVENT_COLUMNS, "description")


def event_values(events: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return `events` as dictionaries of what `columns` need: one query."""
    found: Any = events
    if "hubs" in columns:
        found = found.with_hub_slugs()
    if {"seats_taken", "people_waiting"} & set(columns):
        found = found.with_seats()
    stored = [_STORED_AS.get(name, name) for name in columns if name not in _MADE]
    days = _DAYS_NEED if {"starts_on", "ends_on"} & set(columns) else ()
    rows: QuerySet[Any] = found.values(*dict.fromkeys(["pk", "slug", *stored, *days]))
    return rows


def completed_events(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `event_values` with `columns` only."""
    needs_days = bool({"starts_on", "ends_on"} & set(columns))
    named = (_named(row) | (days_of(row) if needs_days else {}) for row in rows)
    return Addresses(root, "event", "community").complete(named, columns)


def _named(row: dict[str, Any]) -> dict[str, Any]:
    named = row | {name: row[stored] for name, stored in _STORED_AS.items() if stored in row}
    return named | {"uid": str(row["uid"])} if "uid" in row else named


def days_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return first and last day of an event at its place, as precisely as they are known."""
    zone = zoneinfo.ZoneInfo(row["time_zone"])
    known = row["precision"]
    precision = Precision.DAY if known == EventPrecision.TIME else known
    last = row["ends_at"] - datetime.timedelta(microseconds=1)
    return {
        "starts_on": partial_isoformat(row["starts_at"].astimezone(zone).date(), precision),
        "ends_on": partial_isoformat(last.astimezone(zone).date(), precision),
    }


def event_rows(
    events: QuerySet[Any], *, root: str, columns: Sequence[str] = EVENT_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every event as a row, fetched in portions: what a CSV needs."""
    rows = event_values(events, columns).iterator(chunk_size=500)
    return completed_events(rows, root=root, columns=columns)


EVENTS = RowShape("events", EVENT_COLUMNS, event_values, completed_events)


def event_json_ld(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of `EVENT_LINKED` as a schema.org Event, without what is not stated."""
    is_timed = event["precision"] == EventPrecision.TIME
    place = {
        "@type": "Place",
        "name": event["place"],
        "address": {"@type": "PostalAddress", "addressCountry": event["country"]}
        if event["country"]
        else None,
    }
    cancelled = event["state"] == "cancelled"
    modes = {(True, True): "Mixed", (True, False): "Online"}
    mode = modes.get((event["is_online"], bool(event["place"])), "Offline")
    data = {
        "@type": "Event",
        "@id": event["url"],
        "url": event["url"],
        "identifier": str(event["uid"]),
        "name": event["title"],
        "description": event["summary"],
        "inLanguage": event["languages"] or [event["language"]],
        "startDate": event["starts_at"].isoformat() if is_timed else event["starts_on"],
        "endDate": event["ends_at"].isoformat() if is_timed else event["ends_on"],
        "eventStatus": "EventCancelled" if cancelled else "EventScheduled",
        "eventAttendanceMode": f"{mode}EventAttendanceMode",
        "location": {key: value for key, value in place.items() if value}
        if event["place"] or event["country"]
        else {"@type": "VirtualLocation", "url": event["url"]},
        "maximumAttendeeCapacity": event["capacity"],
        "organizer": [
            {"@type": "Organization", "name": name.strip()}
            for name in event["organisers"].split(";")
            if name.strip()
        ],
    }
    return {key: value for key, value in data.items() if value not in ("", None, [], {})}


class EventRowSerializer(serializers.Serializer[Any]):
    """An event in the list."""

    slug = serializers.SlugField()
    title = serializers.CharField()
    kind = serializers.CharField()
    language = serializers.CharField(help_text="Of the texts.")
    summary = serializers.CharField()
    state = serializers.CharField(help_text="published, cancelled; draft: its own people only.")
    starts_on = serializers.CharField(help_text="First day at the place, as precisely as known.")
    ends_on = serializers.CharField(help_text="Last day at the place.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(help_text="The first moment after it.")
    precision = serializers.CharField(help_text="time, day, month or year.")
    time_zone = serializers.CharField(help_text="Of the place, in the IANA database.")
    place = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2.")
    is_online = serializers.BooleanField()
    languages = serializers.ListField(child=serializers.CharField(), help_text="Spoken.")
    interpretation = serializers.ListField(child=serializers.CharField())
    hubs = serializers.ListField(child=serializers.SlugField(), help_text="That organise it.")
    organisers = serializers.CharField(help_text="Others that organise it.")
    exchange = serializers.SlugField(allow_null=True)
    policy = serializers.CharField(help_text="open, approval or none.")
    capacity = serializers.IntegerField(allow_null=True)
    seats_taken = serializers.IntegerField()
    people_waiting = serializers.IntegerField()
    enrolment_closes_at = serializers.DateTimeField(allow_null=True)
    cancelled_reason = serializers.CharField()
    participants = serializers.CharField(help_text="Who came, as it is stated.")
    outcome = serializers.CharField()
    note = serializers.CharField(help_text="On the sources.")
    uid = serializers.UUIDField(help_text="In calendar files.")
    sequence = serializers.IntegerField(help_text="In calendar files; grows with each change.")
    published_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class EventSerializer(EventRowSerializer):
    """An event in full."""

    description = serializers.CharField(help_text="Markdown.")
    online_address = serializers.CharField(help_text="For who has a seat; otherwise empty.")
    my_enrolment = serializers.CharField(help_text="State of your own; empty: none.")
    sessions = SessionSerializer(many=True)
    materials = serializers.ListField(child=serializers.SlugField(), help_text="In the library.")
    sources = SourceSerializer(many=True)


class EventTextsSerializer(OwnChoicesMixin, StrictBodyMixin, serializers.ModelSerializer[Any]):
    """What an event says of itself."""

    language = CodeField(codes.LANGUAGES)
    languages = CodeListField(codes.LANGUAGES, required=False)
    interpretation = CodeListField(codes.LANGUAGES, required=False)
    precision = serializers.ChoiceField(EventPrecision.choices[:2], required=False)
    exchange = serializers.SlugRelatedField(
        slug_field="slug", queryset=Exchange.objects.none(), required=False, allow_null=True
    )
    own_choices: ClassVar[OwnChoices] = {"exchange": ties_offered}

    class Meta:
        model = Event
        fields = (*ABOUT, *WHEN, *WHERE, *SEATS, *AFTERWARDS)

    def validate_country(self, value: str) -> str:
        if value and not country_name(value):
            raise serializers.ValidationError(_("Choose a country from the list."))
        return value


class NewEventSerializer(EventTextsSerializer):
    """The beginning of an event, with the hub that organises it."""

    hub = serializers.SlugRelatedField(slug_field="slug", queryset=Hub.objects.none())
    own_choices: ClassVar[OwnChoices] = {
        "exchange": ties_offered,
        "hub": Hub.objects.visible_to,
    }

    class Meta(EventTextsSerializer.Meta):
        fields = ("hub", *EventTextsSerializer.Meta.fields)  # type: ignore[assignment]


class HubsSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """The hubs that organise an event; the list replaces the one there was."""

    hubs = serializers.ListField(
        child=serializers.SlugRelatedField(slug_field="slug", queryset=Hub.objects.none()),
        max_length=MOST_HUBS,
    )

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["hubs"].child.queryset = Hub.objects.visible_to(request.user)
        return fields


class EventReasonSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Why it is cancelled; everybody who enrolled is told."""

    reason = serializers.CharField(max_length=500)


class EnrolSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """What the organisers should know."""

    message = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class DecisionSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """A decision on somebody's wish to take part."""

    member = serializers.SlugField(help_text="Who asked.")
    decision = serializers.ChoiceField(["approve", "decline"])
    reason = serializers.CharField(
        max_length=500, required=False, allow_blank=True, default="", help_text="To decline."
    )

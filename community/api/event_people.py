"""Who was at an event, for programs of those who run it."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from catalogue.api.writing import WriteMixin, example
from community.api.event_parts import EVENT
from community.filters.event_people import AttendanceFilter
from community.models import Enrolment, Event, EventSession
from community.serializers.event_people import (
    ATTENDANCE_COLUMNS,
    AttendedPartSerializer,
    EventAttendanceSerializer,
    MarksSerializer,
    people_rows,
)
from community.services import attending
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.schema import FIELDS, IDEMPOTENCY_KEY
from core.api.views import ApiViewSet
from core.http import root_of
from hubs.querysets import by_name

_SESSION = OpenApiParameter(
    "session_id",
    int,
    OpenApiParameter.PATH,
    description="The session; 0: the event itself, where it has no agenda.",
)


class EventAttendanceViewSet(WriteMixin, ApiViewSet):
    """What people can have been at."""

    permission_classes = [IsAuthenticated]
    serializer_class = AttendedPartSerializer
    pagination_class = None
    filter_backends = []
    http_method_names = ["get", "head", "options"]
    queryset = Event.objects.none()
    action_parameters = {"list": (EVENT,)}

    @extend_schema(responses=AttendedPartSerializer(many=True))
    def list(self, request: Request, event_slug: str) -> HttpResponse:
        """The sessions, or the event itself, with the number of those who were there."""
        event = self.allowed(Event, "editable_by", slug=event_slug)
        root = root_of(request)
        rows = [
            {
                "session": number,
                "title": title,
                "present": present,
                "api_url": f"{root}{reverse('session-attendance-list', args=[event.slug, number])}",
            }
            for number, title, present in attending.parts_of(event)
        ]
        return self.answer({"results": rows})


class SessionAttendanceViewSet(WriteMixin, ApiViewSet):
    """Who was there: at a session, or at an event that has none."""

    permission_classes = [IsAuthenticated]
    serializer_class = EventAttendanceSerializer
    filterset_class = AttendanceFilter
    http_method_names = ["get", "head", "post", "options"]
    queryset = Enrolment.objects.none()
    order_keys = {"name": OrderKey(by_name("member__name"))}
    default_order = "name"
    action_parameters = {
        "list": (EVENT, _SESSION, FIELDS),
        "create": (EVENT, _SESSION, IDEMPOTENCY_KEY),
    }
    action_formats = {"list": (JsonFormat, CsvFormat)}

    @extend_schema(
        operation_id="events_attendance_session_list",
        responses=EventAttendanceSerializer(many=True),
    )
    def list(self, request: Request, event_slug: str, session_id: str) -> HttpResponseBase:
        """Everybody with a seat, and whether they were there."""
        event, part = self._part(event_slug, session_id)
        return self.page_or_csv(
            self.filter_queryset(_seated(event, part)),
            ATTENDANCE_COLUMNS,
            name=f"{event.slug}-attendance",
            values=lambda found, _columns: found,
            complete=partial(people_rows, reader=request.user),
        )

    @extend_schema(
        request=MarksSerializer,
        responses=EventAttendanceSerializer(many=True),
        examples=[example("Two", {"present": ["ana"], "absent": ["ben"]})],
    )
    def create(self, request: Request, event_slug: str, session_id: str) -> HttpResponse:
        """Say who was there and who was not; of whom you do not name nothing changes."""
        event, part = self._part(event_slug, session_id)

        def act() -> HttpResponse:
            given = self.checked(MarksSerializer(data=request.data))
            keys = {name: _keys(event, name, slugs) for name, slugs in given.items()}
            asked = [pk for each in keys.values() for pk in each]
            attending.mark_attendance(
                event, part, present=keys.get("present", ()), asked=asked, by=self.member
            )
            found = _seated(event, part).filter(pk__in=asked).order_by("member__name", "pk")
            rows = people_rows(found, reader=request.user, columns=ATTENDANCE_COLUMNS)
            return self.answer({"results": list(rows)}, status=HTTPStatus.OK)

        return self.once(act)

    def _part(self, slug: str, number: str) -> tuple[Any, EventSession | None]:
        event = self.allowed(Event, "editable_by", slug=slug)
        return event, attending.part_of(event, int(number))


def _seated(event: Any, part: EventSession | None) -> QuerySet[Any]:
    found: Any = event.enrolments.seated().with_presence(part.pk if part else None)
    rows: QuerySet[Any] = found.select_related("member")
    return rows


def _keys(event: Any, name: str, slugs: list[str]) -> list[int]:
    """Return the enrolments of members with a seat; refuse all if one has none."""
    rows = event.enrolments.seated().filter(member__slug__in=slugs)
    found = dict(rows.values_list("member__slug", "pk"))
    missing = sorted(set(slugs) - found.keys())
    if missing:
        text = _("Nobody of that name has a seat: %(names)s")
        raise ValidationError({name: [text % {"names": ", ".join(missing)[:300]}]})
    return list(found.values())

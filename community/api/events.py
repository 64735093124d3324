"""/api/v1/events/: meetings, trainings and visits for programs, read and written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue.api.writing import SLUG, example
from catalogue.models import Resource
from community.api.event_feedback import FeedbackMixin
from community.filters.event_people import PeopleFilter
from community.filters.events import EventFilter
from community.models import Enrolment, EnrolmentState, Event
from community.serializers.event_parts import session_rows
from community.serializers.event_people import (
    PEOPLE_COLUMNS,
    EnrolmentSerializer,
    people_of,
    people_rows,
)
from community.serializers.events import (
    EVENT_COLUMNS,
    EVENT_LINKED,
    EVENTS,
    DecisionSerializer,
    EnrolSerializer,
    EventReasonSerializer,
    EventRowSerializer,
    EventSerializer,
    EventTextsSerializer,
    HubsSerializer,
    NewEventSerializer,
    completed_events,
    event_json_ld,
    event_values,
)
from community.services import enrolling
from community.services import events as services
from core.api.negotiation import CsvFormat, JsonFormat, JsonLdFormat
from core.api.pagination import OrderKey
from core.api.responses import csv_response, expected_version
from core.api.schema import FIELDS, IDEMPOTENCY_KEY, IF_MATCH, UPDATED_SINCE
from core.api.views import ApiViewSet, LinkedData, is_csv, is_json_ld
from core.errors import DomainError
from core.http import root_of
from hubs.models import Hub
from hubs.querysets import by_name
from hubs.serializers.fields import SourceSerializer

EVENT = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The event.")
_STATE = OpenApiParameter(
    "state", str, many=True, enum=EnrolmentState.values, description="What became of it."
)


class EventViewSet(FeedbackMixin, ApiViewSet):
    """Meetings, trainings and visits: when, where, and who may come."""

    serializer_class = EventSerializer
    filterset_class = EventFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "patch", "delete", "options"]
    order_keys = {
        "starts_at": OrderKey(F("starts_at"), "time"),
        "title": OrderKey(by_name("title")),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "-starts_at"
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        "create": (IDEMPOTENCY_KEY,),
        "partial_update": (IF_MATCH,),
        "destroy": (IF_MATCH,),
        **dict.fromkeys(("publish", "hubs"), (EVENT, IF_MATCH, IDEMPOTENCY_KEY)),
        **dict.fromkeys(("cancel", "enrol", "give_up", "decide"), (EVENT, IDEMPOTENCY_KEY)),
        "enrolments": (EVENT, _STATE),
        "feedback": (EVENT,),
        "give_feedback": (EVENT, IDEMPOTENCY_KEY),
        "feedback_summary": (EVENT,),
    }
    action_formats = {
        "list": (JsonFormat, CsvFormat, JsonLdFormat),
        "retrieve": (JsonFormat, JsonLdFormat),
        "enrolments": (JsonFormat, CsvFormat),
        "feedback_summary": (JsonFormat, CsvFormat),
    }

    def get_queryset(self) -> QuerySet[Event]:
        found: Any = Event.objects.visible_to(self.request.user)
        listed: QuerySet[Event] = found.listed() if self.action == "list" else found
        return listed

    @extend_schema(responses=EventRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Events that are published, and those that were cancelled."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            EVENT_COLUMNS,
            name="events",
            values=event_values,
            complete=partial(completed_events, root=root_of(request)),
            linked=LinkedData(EVENT_LINKED, event_json_ld),
        )

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One event with its agenda, its materials and, for who has a seat, the online address."""
        event = self.get_object()
        if is_json_ld(request):
            return self.answer_linked(event_json_ld(self.told(EVENTS, event)))
        return self._show(event)

    @extend_schema(
        request=NewEventSerializer,
        responses={201: EventSerializer},
        examples=[
            example(
                "A draft",
                {
                    "hub": "agency",
                    "title": "Study visit on soil",
                    "kind": "study-tour",
                    "language": "en",
                    "starts_at": "2026-07-10T09:00:00+07:00",
                    "ends_at": "2026-07-10T17:00:00+07:00",
                    "time_zone": "Asia/Jakarta",
                },
            )
        ],
    )
    def create(self, request: Request) -> HttpResponse:
        """Begin the draft of an event of your hub."""
        if not Hub.objects.editable_by(request.user).exists():
            raise PermissionDenied

        def act() -> HttpResponse:
            serializer = NewEventSerializer(data=request.data, context={"request": request})
            given = self.checked(serializer)
            event = services.begin_event(given.pop("hub"), columns=given, by=self.member)
            return self.created(self._show(event, HTTPStatus.CREATED), "event-detail", event.slug)

        return self.once(act)

    @extend_schema(request=EventTextsSerializer(partial=True))
    def partial_update(self, request: Request, slug: str) -> HttpResponse:
        """Change what an event says of itself."""
        event = self.allowed(Event, "editable_by", slug=slug)
        version = expected_version(request, event.version)
        serializer = EventTextsSerializer(
            data=request.data, partial=True, context={"request": request}
        )
        given = self.checked(serializer)
        saved = services.change_event(
            event, changes=given, expected_version=version, by=self.member
        )
        return self._show(saved)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, slug: str) -> HttpResponse:
        """Throw away a draft that was never published."""
        event = self.allowed(Event, "editable_by", slug=slug)
        version = expected_version(request, event.version)
        services.discard_event(event, expected_version=version, by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    @extend_schema(request=HubsSerializer)
    @action(detail=True, methods=["post"])
    def hubs(self, request: Request, slug: str) -> HttpResponse:
        """Say which hubs organise it; you add and take out those that you edit."""
        event = self.allowed(Event, "editable_by", slug=slug)

        def act(version: int) -> HttpResponse:
            serializer = HubsSerializer(data=request.data, context={"request": request})
            given = self.checked(serializer)
            saved = services.set_hubs(
                event, given["hubs"], expected_version=version, by=self.member
            )
            return self._show(saved)

        return self.once_as_read(event.version, act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, slug: str) -> HttpResponse:
        """Show it to everybody, as you read it."""
        event = self.allowed(Event, "editable_by", slug=slug)

        def act(version: int) -> HttpResponse:
            saved = services.publish_event(event, expected_version=version, by=self.member)
            return self._show(saved)

        return self.once_as_read(event.version, act)

    @extend_schema(request=EventReasonSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, slug: str) -> HttpResponse:
        """Cancel it; everybody who enrolled is told why."""
        event = self.allowed(Event, "editable_by", slug=slug)

        def act() -> HttpResponse:
            given = self.checked(EventReasonSerializer(data=request.data))
            return self._show(services.cancel_event(event, by=self.member, **given))

        return self.once(act)

    @extend_schema(request=EnrolSerializer)
    @action(detail=True, methods=["post"])
    def enrol(self, request: Request, slug: str) -> HttpResponse:
        """Ask for a seat of your own; `my_enrolment` says what became of it."""
        event = self._seen(slug)

        def act() -> HttpResponse:
            given = self.checked(EnrolSerializer(data=request.data))
            enrolling.enrol(event, by=self.member, **given)
            return self._show(event)

        return self.once(act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="give-up")
    def give_up(self, request: Request, slug: str) -> HttpResponse:
        """Give up your seat, or your place on the waiting list."""
        event = self._seen(slug)
        return self.once(self._after(event, enrolling.give_up, event))

    @extend_schema(responses=EnrolmentSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def enrolments(self, request: Request, slug: str) -> HttpResponseBase:
        """Who asked, in the order of the requests; for those who run the event."""
        event = self.allowed(Event, "editable_by", slug=slug)
        found = PeopleFilter(request.query_params, event.enrolments.all())
        if not found.is_valid():
            raise ValidationError(found.errors)
        rows = people_rows(people_of(found.qs), reader=request.user)
        if is_csv(request):
            return csv_response(f"{slug}-people.csv", PEOPLE_COLUMNS, rows)
        return self.answer({"results": list(rows)})

    @extend_schema(request=DecisionSerializer, responses=EnrolmentSerializer(many=True))
    @action(detail=True, methods=["post"], url_path="enrolments/decide")
    def decide(self, request: Request, slug: str) -> HttpResponse:
        """Give somebody a seat, or decline with a reason."""
        event = self.allowed(Event, "editable_by", slug=slug)

        def act() -> HttpResponse:
            given = self.checked(DecisionSerializer(data=request.data))
            enrolment = event.enrolments.filter(member__slug=given["member"]).first()
            if enrolment is None:
                raise DomainError(_("Nobody of that name asked for a seat."))
            if given["decision"] == "approve":
                enrolling.approve(enrolment, by=self.member)
            else:
                enrolling.decline(enrolment, reason=given["reason"], by=self.member)
            rows = people_rows(people_of(event.enrolments.all()), reader=request.user)
            return self.answer({"results": list(rows)})

        return self.once(act)

    def _seen(self, slug: str) -> Any:
        seen = Event.objects.visible_to(self.request.user)
        return get_object_or_404(seen, slug=slug)

    def _after(self, event: Any, serve: Callable[..., object], *args: Any) -> Callable[[], Any]:
        def act() -> HttpResponse:
            serve(*args, by=self.member)
            return self._show(Event.objects.get(pk=event.pk))

        return act

    def _show(self, event: Any, status: int = HTTPStatus.OK) -> HttpResponse:
        user = self.request.user
        is_joined = Event.objects.joinable_by(user).filter(pk=event.pk).exists()
        mine = Enrolment.objects.filter(event=event, member=user.pk).first() if user.pk else None
        materials = Resource.objects.visible_to(user).filter(events=event).order_by("slug")
        data = self.told(EVENTS, event) | {
            "description": event.description,
            "online_address": event.online_address if is_joined else "",
            "my_enrolment": mine.state if mine else "",
            "sessions": list(session_rows(event)),
            "materials": list(materials.values_list("slug", flat=True)),
            "sources": [
                SourceSerializer().to_representation(each)
                for each in event.sources.order_by("title", "pk")
            ],
        }
        return self.answer(data, status=status, version=event.version)

"""The agenda and the materials of one event, for programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue.api import examples
from catalogue.api.resources import as_typed
from catalogue.api.writing import SLUG, WriteMixin, example
from catalogue.forms import ResourceForm
from catalogue.models import Resource
from catalogue.serializers import ResourceContentSerializer
from community.models import Event, EventSession
from community.serializers.event_parts import (
    SESSION_COLUMNS,
    MaterialSerializer,
    NewMaterialSerializer,
    SessionContentSerializer,
    SessionSerializer,
    material_rows,
    session_row,
    session_rows,
)
from community.services import agenda, materials
from core.api.forms import errors_named_as, filled
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.responses import csv_response, expected_version
from core.api.schema import IDEMPOTENCY_KEY, IF_MATCH
from core.api.views import ApiViewSet, is_csv
from core.http import root_of

EVENT = OpenApiParameter("event_slug", str, OpenApiParameter.PATH, description="The event.")
_ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The session.")
_SLUG = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The resource.")


class EventPartViewSet(WriteMixin, ApiViewSet):
    """What belongs to one event. If-Match names the version of the event, whose ETag it is."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    pagination_class = None
    filter_backends = []
    queryset = Event.objects.none()

    def seen(self, slug: str) -> Any:
        """Return an event that the reader may see; 404 else."""
        return get_object_or_404(Event.objects.visible_to(self.request.user), slug=slug)

    def editable(self, slug: str) -> Any:
        """Return an event that the reader runs: 404 if they may not see it, 403 if they do not."""
        return self.allowed(Event, "editable_by", slug=slug)


class EventSessionViewSet(EventPartViewSet):
    """The agenda of an event."""

    serializer_class = SessionSerializer
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "head", "post", "patch", "delete", "options"]
    action_parameters = {
        "list": (EVENT,),
        "create": (EVENT, IF_MATCH, IDEMPOTENCY_KEY),
        "partial_update": (EVENT, _ID, IF_MATCH),
        "destroy": (EVENT, _ID, IF_MATCH),
    }
    action_formats = {"list": (JsonFormat, CsvFormat)}

    @extend_schema(responses=SessionSerializer(many=True))
    def list(self, request: Request, event_slug: str) -> HttpResponseBase:
        """The agenda, in its order."""
        event = self.seen(event_slug)
        rows = session_rows(event)
        if is_csv(request):
            return csv_response(f"{event.slug}-agenda.csv", SESSION_COLUMNS, rows)
        return self.answer({"results": list(rows)}, version=event.version)

    @extend_schema(
        request=SessionContentSerializer,
        responses={201: SessionSerializer},
        examples=[
            example(
                "An opening",
                {
                    "title": "Opening",
                    "starts_at": "2026-07-10T09:00:00+07:00",
                    "ends_at": "2026-07-10T10:00:00+07:00",
                    "speakers": "The host",
                },
            )
        ],
    )
    def create(self, request: Request, event_slug: str) -> HttpResponse:
        """Add an item to the agenda."""
        event = self.editable(event_slug)

        def act(version: int) -> HttpResponse:
            return self._write(event, EventSession(), version, HTTPStatus.CREATED)

        return self.once_as_read(event.version, act)

    @extend_schema(
        request=SessionContentSerializer(partial=True),
        examples=[example("Another speaker", {"speakers": "The guest"})],
    )
    def partial_update(self, request: Request, event_slug: str, id: str) -> HttpResponse:
        """Change an item of the agenda."""
        event, session = self._session(event_slug, id)
        return self._write(event, session, expected_version(request, event.version))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, event_slug: str, id: str) -> HttpResponse:
        """Take an item off the agenda at which nobody is marked as present."""
        event, session = self._session(event_slug, id)
        version = expected_version(request, event.version)
        agenda.remove_session(session, expected_version=version, by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def _session(self, slug: str, pk: str) -> tuple[Any, EventSession]:
        event = self.editable(slug)
        return event, get_object_or_404(EventSession, event=event, pk=pk)

    def _write(
        self, event: Any, session: EventSession, version: int, status: int = HTTPStatus.OK
    ) -> HttpResponse:
        serializer = SessionContentSerializer(data=self.request.data, partial=bool(session.pk))
        saved = agenda.write_session(
            event,
            session,
            columns=self.checked(serializer),
            expected_version=version,
            by=self.member,
        )
        return self.answer(session_row(saved), status=status, version=saved.event.version)


class EventMaterialViewSet(EventPartViewSet):
    """The documents of an event, which stand in the library."""

    serializer_class = MaterialSerializer
    lookup_field = "slug"
    lookup_value_regex = SLUG
    http_method_names = ["get", "head", "post", "delete", "options"]
    action_parameters = {
        "list": (EVENT,),
        "create": (EVENT, IF_MATCH, IDEMPOTENCY_KEY),
        "add": (EVENT, IF_MATCH, IDEMPOTENCY_KEY),
        "destroy": (EVENT, _SLUG, IF_MATCH),
    }

    @extend_schema(responses=MaterialSerializer(many=True))
    def list(self, request: Request, event_slug: str) -> HttpResponse:
        """The materials that you may see, by title."""
        return self._show(self.seen(event_slug))

    @extend_schema(
        request=NewMaterialSerializer,
        responses={201: MaterialSerializer(many=True)},
        examples=[example("A guide", {"resource": "guide-to-budgets"})],
    )
    def create(self, request: Request, event_slug: str) -> HttpResponse:
        """Let a resource of the library belong to the event."""
        event = self.editable(event_slug)

        def act(version: int) -> HttpResponse:
            serializer = NewMaterialSerializer(data=request.data)
            slug = self.checked(serializer)["resource"]
            with errors_named_as(serializer, request="resource", materials="resource"):
                (resource,) = materials.resources_named([slug], by=self.member)
                saved = materials.add_material(
                    event, resource, expected_version=version, by=self.member
                )
            return self._show(saved, HTTPStatus.CREATED)

        return self.once_as_read(event.version, act)

    @extend_schema(
        request=ResourceContentSerializer,
        responses={201: MaterialSerializer(many=True)},
        examples=[example("A guide", examples.NEW_RESOURCE)],
    )
    @action(detail=False, methods=["post"])
    def add(self, request: Request, event_slug: str) -> HttpResponse:
        """Add a draft to the library, of the hub that organises the event, and to the event."""
        event = self.editable(event_slug)

        def act(version: int) -> HttpResponse:
            holder = materials.holder_of_materials(event, self.member)
            serializer = ResourceContentSerializer(data=request.data, context={"request": request})
            given = {"hub": holder} | as_typed(self.checked(serializer))
            with errors_named_as(serializer):
                form = filled(lambda data: ResourceForm(data, user=self.member), given)
                saved = materials.write_material(
                    event,
                    Resource(**form.columns()),
                    entries=form.cleaned_data["entries"],
                    expected_version=version,
                    by=self.member,
                )
            return self._show(saved, HTTPStatus.CREATED)

        return self.once_as_read(event.version, act)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, event_slug: str, slug: str) -> HttpResponse:
        """Let a resource belong to the event no more; it stays in the library."""
        event = self.editable(event_slug)
        seen = Resource.objects.visible_to(request.user).filter(events=event)
        resource = get_object_or_404(seen, slug=slug)
        version = expected_version(request, event.version)
        materials.remove_material(event, resource, expected_version=version, by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def _show(self, event: Any, status: int = HTTPStatus.OK) -> HttpResponse:
        rows = material_rows(event, user=self.request.user, root=root_of(self.request))
        return self.answer({"results": list(rows)}, status=status, version=event.version)

"""/api/v1/announcements/: mail to a segment of the members, for those who write it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from catalogue.api.writing import example
from community.api.talk import ACT, LIST, TalkViewSet
from community.filters.announcements import AnnouncementFilter
from community.models import Announcement
from community.querysets.announcements import is_announcing, meant_by, reach_of
from community.serializers.announcements import (
    ANNOUNCEMENTS,
    AnnouncementContentSerializer,
    AnnouncementRowSerializer,
    AnnouncementSerializer,
    NewAnnouncementSerializer,
)
from community.services import announcements as services
from community.services.segments import words_of
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import IF_MATCH

_ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The announcement.")


class AnnouncementViewSet(TalkViewSet):
    """Mail of the portal's moderators, or of a hub's heads, to many members."""

    serializer_class = AnnouncementSerializer
    filterset_class = AnnouncementFilter
    permission_classes = [IsAuthenticated]
    http_method_names = ["get", "head", "post", "patch", "delete", "options"]
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Announcement.objects.none()
    order_keys = {
        "created_at": OrderKey(F("created_at"), "time"),
        "started_at": OrderKey(F("started_at"), "time"),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "-created_at"
    action_parameters = {
        "list": LIST,
        "retrieve": (_ID,),
        "create": ACT,
        "partial_update": (_ID, IF_MATCH),
        "destroy": (_ID, IF_MATCH),
        "test": (_ID, *ACT),
        "send": (_ID, IF_MATCH, *ACT),
        "stop": (_ID, *ACT),
    }

    def get_queryset(self) -> QuerySet[Any]:
        if not is_announcing(self.request.user):
            raise PermissionDenied
        return Announcement.objects.visible_to(self.request.user)

    @extend_schema(responses=AnnouncementRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Announcements that you may write: all, for moderators; those of your hubs, for heads."""
        return self.told_list(ANNOUNCEMENTS)

    def retrieve(self, request: Request, id: str) -> HttpResponse:
        """One announcement; of a draft also how many would get it."""
        return self._show(self.get_object())

    @extend_schema(
        request=NewAnnouncementSerializer,
        responses={201: AnnouncementSerializer},
        examples=[
            example(
                "To members in two countries who read Spanish",
                {
                    "subject": "Curso abierto",
                    "body": "El curso *empieza* pronto.",
                    "language": "es",
                    "countries": ["BR", "MX"],
                    "languages": ["es"],
                },
            )
        ],
    )
    def create(self, request: Request) -> HttpResponse:
        """Begin a draft."""
        if not is_announcing(self.member):
            raise PermissionDenied

        def act() -> HttpResponse:
            given = self.checked(
                NewAnnouncementSerializer(data=request.data, context={"request": request})
            )
            announcement = services.begin_announcement(by=self.member, **given)
            response = self._show(announcement, HTTPStatus.CREATED)
            return self.created(response, "announcement-detail", announcement.pk)

        return self.once(act)

    @extend_schema(request=AnnouncementContentSerializer(partial=True))
    def partial_update(self, request: Request, id: str) -> HttpResponse:
        """Change a draft."""
        announcement = self._writable(id)
        version = expected_version(request, announcement.version)
        given = self.checked(
            AnnouncementContentSerializer(
                data=request.data, partial=True, context={"request": request}
            )
        )
        saved = services.change_announcement(
            announcement, changes=given, expected_version=version, by=self.member
        )
        return self._show(saved)

    def destroy(self, request: Request, id: str) -> HttpResponse:
        """Throw a draft away."""
        announcement = self._writable(id)
        version = expected_version(request, announcement.version)
        services.discard_announcement(announcement, expected_version=version, by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, id: str) -> HttpResponse:
        """Mail a draft to yourself, marked as a test."""
        announcement = self._writable(id)

        def act() -> HttpResponse:
            services.test_announcement(announcement, by=self.member)
            return self._show(announcement)

        return self.once(act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def send(self, request: Request, id: str) -> HttpResponse:
        """Send it, as you read it, to all whom it means now."""
        announcement = self._writable(id)

        def act(version: int) -> HttpResponse:
            saved = services.send_announcement(
                announcement, expected_version=version, by=self.member
            )
            return self._show(saved)

        return self.once_as_read(announcement.version, act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, id: str) -> HttpResponse:
        """Mail it to nobody else; the figures say to how many it went."""
        announcement = self._writable(id)
        return self.once(
            lambda: self._show(services.stop_announcement(announcement, by=self.member))
        )

    def _writable(self, pk: str) -> Any:
        if not is_announcing(self.member):
            raise PermissionDenied
        return self.allowed(Announcement, "editable_by", pk=pk)

    def _show(self, announcement: Any, status: int = HTTPStatus.OK) -> HttpResponse:
        row = Announcement.objects.for_list().get(pk=announcement.pk)
        reach = None
        if row.is_draft:
            reach = reach_of(meant_by(row))
            if not self.member.is_moderator:
                reach = {"reached": reach["reached"]}
        data = self.told(ANNOUNCEMENTS, row) | {
            "body": row.body,
            "segment": words_of(row),
            "reach": reach,
        }
        return self.answer(data, status=status, version=row.version)

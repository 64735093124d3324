"""/api/v1/notifications/ and /api/v1/follows/: what one is told, and what one follows."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from catalogue.api.writing import WriteMixin, example
from community.filters.notices import FollowFilter, NoticeFilter
from community.followed import KINDS, NAMES
from community.models import Follow, FollowLevel, Notification
from community.serializers.notices import (
    FOLLOWS,
    NOTICES,
    FollowLevelSerializer,
    FollowSerializer,
    NoticeSerializer,
    ReadCountSerializer,
    ReadSerializer,
)
from community.services.following import follow, stop_following
from community.services.notices import mark_all_read, mark_read
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.schema import FIELDS, IDEMPOTENCY_KEY
from core.api.views import ApiViewSet

NUMBER = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The notice.")
KIND = OpenApiParameter(
    "kind", str, OpenApiParameter.PATH, enum=NAMES, description="The kind of thing."
)
KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, description="Its name in addresses.")


class OwnViewSet(WriteMixin, ApiViewSet):
    """What is one's own; for members who take part."""

    permission_classes = [IsAuthenticated]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.member.takes_part:
            raise PermissionDenied


class NotificationViewSet(OwnViewSet):
    """What you were told, and of that what you may read now."""

    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "head", "post", "options"]
    order_keys = {"id": OrderKey(F("pk"), "number")}
    default_order = "-id"
    action_parameters = {
        "list": (FIELDS,),
        "retrieve": (NUMBER,),
        "read": (NUMBER, IDEMPOTENCY_KEY),
        "read_all": (IDEMPOTENCY_KEY,),
    }
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[Any]:
        user = self.request.user
        models = Notification.objects.models_of(user) if user.is_authenticated else ()
        found: QuerySet[Any] = Notification.objects.visible_to(user, models)
        return found

    @extend_schema(responses=NoticeSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """What you were told, newest first."""
        return self.told_list(NOTICES)

    def retrieve(self, request: Request, id: str) -> HttpResponse:
        """One notice."""
        return self.answer(self.told(NOTICES, self.get_object()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, id: str) -> HttpResponse:
        """Note that you read it; a second time changes nothing."""
        notice = self.get_object()

        def act() -> HttpResponse:
            mark_read(Notification.objects.filter(pk=notice.pk), by=self.member)
            return self.answer(self.told(NOTICES, notice))

        return self.once(act)

    @extend_schema(
        operation_id="notifications_read_all",
        request=ReadSerializer,
        responses=ReadCountSerializer,
        examples=[example("All up to one", {"up_to": 4711})],
    )
    @action(detail=False, methods=["post"], url_path="read")
    def read_all(self, request: Request) -> HttpResponse:
        """Note that you read all up to one, the newest that you were given."""

        def act() -> HttpResponse:
            given = self.checked(ReadSerializer(data=request.data))
            return self.answer({"number": mark_all_read(by=self.member, up_to=given["up_to"])})

        return self.once(act)


class FollowViewSet(OwnViewSet):
    """What you follow, of what you may see now."""

    serializer_class = FollowSerializer
    filterset_class = FollowFilter
    http_method_names = ["get", "head", "put", "delete", "options"]
    order_keys = {"since": OrderKey(F("created_at"), "time")}
    default_order = "-since"
    action_parameters = {"list": (FIELDS,), "write": (KIND, KEY), "stop": (KIND, KEY)}
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[Any]:
        user = self.request.user
        kinds = Follow.objects.kinds_of(user) if user.is_authenticated else ()
        found: QuerySet[Any] = Follow.objects.visible_to(user, kinds)
        return found

    @extend_schema(responses=FollowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """What you follow, and how closely."""
        return self.told_list(FOLLOWS)

    @extend_schema(
        request=FollowLevelSerializer,
        responses=FollowSerializer,
        examples=[example("Closely", {"level": "watch"})],
    )
    @action(
        detail=False,
        methods=["put"],
        url_path=r"(?P<kind>[a-z]+)/(?P<key>[-a-zA-Z0-9_]+)",
        url_name="detail",
    )
    def write(self, request: Request, kind: str, key: str) -> HttpResponse:
        """Follow a thing as closely as you say; what you said before is replaced."""
        thing = self._thing(kind, key)
        given = self.checked(FollowLevelSerializer(data=request.data))
        row = follow(thing, level=FollowLevel(given["level"]), by=self.member)
        return self.answer(self.told(FOLLOWS, row))

    @extend_schema(request=None, responses={204: None})
    @write.mapping.delete
    def stop(self, request: Request, kind: str, key: str) -> HttpResponse:
        """Follow a thing no more; nothing happens if you do not."""
        stop_following(self._thing(kind, key), by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def _thing(self, kind: str, key: str) -> Any:
        found = KINDS.get(kind)
        if found is None or (found.key == "pk" and not key.isdigit()):
            raise Http404
        return get_object_or_404(found.things.visible_to(self.member), **{found.key: key})

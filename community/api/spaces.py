"""/api/v1/spaces/: rooms for threads."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from catalogue.api.writing import SLUG, example
from community.api.talk import ACT, LIST, TalkViewSet
from community.models import Space
from community.serializers.talk import SPACES
from community.serializers.talk_bodies import (
    SpaceContentSerializer,
    SpaceSerializer,
)
from community.services import spaces
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import IF_MATCH
from hubs.querysets import by_name


class SpaceViewSet(TalkViewSet):
    """Rooms for threads; each says who reads and who writes."""

    serializer_class = SpaceSerializer
    filterset_class = None
    lookup_field = "slug"
    lookup_value_regex = SLUG
    order_keys = {
        "name": OrderKey(by_name()),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "name"
    action_parameters = {"list": LIST, "create": ACT, "partial_update": (IF_MATCH,)}

    def get_queryset(self) -> QuerySet[Any]:
        return Space.objects.visible_to(self.request.user)

    @extend_schema(responses=SpaceSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Spaces that you may read."""
        return self.told_list(SPACES)

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One space."""
        return self._show(self.get_object())

    @extend_schema(
        request=SpaceContentSerializer,
        responses={201: SpaceSerializer},
        examples=[example("Open to all", {"name": "Fisheries", "description": "About fish."})],
    )
    def create(self, request: Request) -> HttpResponse:
        """Open a space; moderators only."""
        if not self.member.is_moderator:
            raise PermissionDenied

        def act() -> HttpResponse:
            serializer = SpaceContentSerializer(data=request.data, context={"request": request})
            space = spaces.begin_space(by=self.member, **self.checked(serializer))
            response = self._show(space, HTTPStatus.CREATED)
            return self.created(response, "space-detail", space.slug)

        return self.once(act)

    @extend_schema(request=SpaceContentSerializer(partial=True))
    def partial_update(self, request: Request, slug: str) -> HttpResponse:
        """Change what a space says and whom it lets in."""
        space = self.allowed(Space, "moderated_by", slug=slug)
        version = expected_version(request, space.version)
        given = self.checked(
            SpaceContentSerializer(data=request.data, partial=True, context={"request": request})
        )
        saved = spaces.change_space(space, changes=given, expected_version=version, by=self.member)
        return self._show(saved)

    def _show(self, space: Any, status: int = HTTPStatus.OK) -> HttpResponse:
        return self.answer(self.told(SPACES, space), status=status, version=space.version)

"""/api/v1/posts/: what members write."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from catalogue.api.writing import example
from community.api.talk import ACT, LIST, TalkViewSet
from community.filters.threads import PostFilter
from community.models import Post
from community.serializers.talk import POSTS
from community.serializers.talk_bodies import (
    MarkSerializer,
    NewPostSerializer,
    PostSerializer,
    PostTextSerializer,
    WhySerializer,
)
from community.services import keeping, posts
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import IF_MATCH

_POST = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The post.")


class PostViewSet(TalkViewSet):
    """What members wrote; `?thread=` for those of one thread, in their order."""

    serializer_class = PostSerializer
    filterset_class = PostFilter
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Post.objects.none()
    order_keys = {
        "number": OrderKey(F("number"), "number"),
        "written_at": OrderKey(F("written_at"), "time"),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "-written_at"
    action_parameters = {
        "list": LIST,
        "retrieve": (_POST,),
        "create": ACT,
        "partial_update": (_POST, IF_MATCH),
        **dict.fromkeys(("useful", "remove", "restore", "approve"), (_POST, *ACT)),
    }

    def get_queryset(self) -> QuerySet[Any]:
        return Post.objects.visible_to(self.request.user)

    @extend_schema(responses=PostSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Posts that you may read."""
        return self.told_list(POSTS)

    def retrieve(self, request: Request, id: str) -> HttpResponse:
        """One post."""
        return self._show(self.get_object())

    @extend_schema(
        request=NewPostSerializer,
        responses={201: PostSerializer},
        examples=[example("An answer", {"thread": 1, "text": "We count *people*."})],
    )
    def create(self, request: Request) -> HttpResponse:
        """Write in a thread; what somebody new writes waits for a moderator."""
        if not self.member.takes_part:
            raise PermissionDenied

        def act() -> HttpResponse:
            serializer = NewPostSerializer(data=request.data, context={"request": request})
            given = self.checked(serializer)
            post = posts.write_post(given.pop("thread"), by=self.member, **given)
            response = self._show(post, HTTPStatus.CREATED)
            return self.created(response, "post-detail", post.pk)

        return self.once(act)

    @extend_schema(request=PostTextSerializer)
    def partial_update(self, request: Request, id: str) -> HttpResponse:
        """Change the text of your own post."""
        post = self.allowed(Post, "editable_by", pk=id)
        version = expected_version(request, post.version)
        given = self.checked(PostTextSerializer(data=request.data))
        return self._show(
            posts.change_post(post, expected_version=version, by=self.member, **given)
        )

    @extend_schema(request=MarkSerializer)
    @action(detail=True, methods=["post"])
    def useful(self, request: Request, id: str) -> HttpResponse:
        """Say that a post of somebody else was useful, or take that back."""
        post = self.allowed(Post, "markable_by", pk=id)

        def act() -> HttpResponse:
            value = self.checked(MarkSerializer(data=request.data))["value"]
            return self._show(posts.mark_useful(post, is_useful=value, by=self.member))

        return self.once(act)

    @extend_schema(request=WhySerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, id: str) -> HttpResponse:
        """Take a post out of sight."""
        post = self.allowed(Post, "removable_by", pk=id)

        def act() -> HttpResponse:
            given = self.checked(WhySerializer(data=request.data))
            return self._show(keeping.remove_post(post, by=self.member, **given))

        return self.once(act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, id: str) -> HttpResponse:
        """Show a removed post again."""
        post = self.allowed(Post, "restorable_by", pk=id)
        return self.once(lambda: self._show(keeping.restore_post(post, by=self.member)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, id: str) -> HttpResponse:
        """Show a post that waits."""
        post = self.allowed(Post, "approvable_by", pk=id)
        return self.once(lambda: self._show(keeping.approve_post(post, by=self.member)))

    def _show(self, post: Any, status: int = HTTPStatus.OK) -> HttpResponse:
        return self.answer(self.told(POSTS, post), status=status, version=post.version)

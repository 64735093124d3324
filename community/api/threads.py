"""/api/v1/threads/: what is talked about."""

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
from community.filters.threads import ThreadFilter
from community.models import Post, Space, Thread
from community.serializers.talk import THREADS
from community.serializers.talk_bodies import (
    AcceptedSerializer,
    MarkSerializer,
    NewThreadSerializer,
    SummarySerializer,
    ThreadContentSerializer,
    ThreadSerializer,
    WhySerializer,
)
from community.services import keeping, threads
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import IF_MATCH

_THREAD = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The thread.")


class ThreadViewSet(TalkViewSet):
    """What members ask and tell each other."""

    serializer_class = ThreadSerializer
    filterset_class = ThreadFilter
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Thread.objects.none()
    order_keys = {
        "last_post_at": OrderKey(F("last_post_at"), "time"),
        "begun_at": OrderKey(F("created_at"), "time"),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "-last_post_at"
    action_parameters = {
        "list": LIST,
        "retrieve": (_THREAD,),
        "create": ACT,
        "partial_update": (_THREAD, IF_MATCH),
        **dict.fromkeys(
            ("close", "reopen", "pin", "lock", "accept", "remove", "restore"), (_THREAD, *ACT)
        ),
    }

    def get_queryset(self) -> QuerySet[Any]:
        found = Thread.objects.visible_to(self.request.user)
        listed: QuerySet[Any] = found.listed() if self.action == "list" else found
        return listed

    @extend_schema(responses=ThreadSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Threads that you may read."""
        return self.told_list(THREADS)

    def retrieve(self, request: Request, id: str) -> HttpResponse:
        """One thread."""
        return self._show(self.get_object())

    @extend_schema(
        request=NewThreadSerializer,
        responses={201: ThreadSerializer},
        examples=[
            example(
                "A question",
                {
                    "space": "monitoring-and-evaluation",
                    "title": "How do you count trainees?",
                    "kind": "question",
                    "text": "We count *days*.",
                },
            )
        ],
    )
    def create(self, request: Request) -> HttpResponse:
        """Begin a thread; what somebody new writes waits for a moderator."""
        if not Space.objects.writable_by(self.member).exists():
            raise PermissionDenied

        def act() -> HttpResponse:
            serializer = NewThreadSerializer(data=request.data, context={"request": request})
            given = self.checked(serializer)
            thread = threads.begin_thread(given.pop("space"), by=self.member, **given)
            response = self._show(thread, HTTPStatus.CREATED)
            return self.created(response, "thread-detail", thread.pk)

        return self.once(act)

    @extend_schema(request=ThreadContentSerializer(partial=True))
    def partial_update(self, request: Request, id: str) -> HttpResponse:
        """Change title, kind, language or last day."""
        thread = self.allowed(Thread, "editable_by", pk=id)
        version = expected_version(request, thread.version)
        given = self.checked(ThreadContentSerializer(data=request.data, partial=True))
        saved = threads.change_thread(
            thread, changes=given, expected_version=version, by=self.member
        )
        return self._show(saved)

    @extend_schema(request=SummarySerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, id: str) -> HttpResponse:
        """End a thread, with a summary."""
        thread = self.allowed(Thread, "closable_by", pk=id)

        def act() -> HttpResponse:
            given = self.checked(SummarySerializer(data=request.data))
            return self._show(threads.close_thread(thread, by=self.member, **given))

        return self.once(act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, id: str) -> HttpResponse:
        """Open a closed thread again."""
        thread = self.allowed(Thread, "moderated_by", pk=id)
        return self.once(lambda: self._show(threads.reopen_thread(thread, by=self.member)))

    @extend_schema(request=MarkSerializer)
    @action(detail=True, methods=["post"])
    def pin(self, request: Request, id: str) -> HttpResponse:
        """Pin a thread to the top of its space, or unpin it."""
        return self._mark(id, "is_pinned")

    @extend_schema(request=MarkSerializer)
    @action(detail=True, methods=["post"])
    def lock(self, request: Request, id: str) -> HttpResponse:
        """Let only moderators write in a thread, or everybody again."""
        return self._mark(id, "is_locked")

    def _mark(self, pk: str, mark: str) -> HttpResponse:
        thread = self.allowed(Thread, "moderated_by", pk=pk)

        def act() -> HttpResponse:
            value = self.checked(MarkSerializer(data=self.request.data))["value"]
            saved = threads.set_mark(thread, mark=mark, value=value, by=self.member)
            return self._show(saved)

        return self.once(act)

    @extend_schema(request=AcceptedSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, id: str) -> HttpResponse:
        """Say which post answers the question."""
        thread = self.allowed(Thread, "answerable_by", pk=id)

        def act() -> HttpResponse:
            pk = self.checked(AcceptedSerializer(data=request.data))["post"]
            answer = Post(pk=pk) if pk else None
            return self._show(threads.accept_answer(thread, answer, by=self.member))

        return self.once(act)

    @extend_schema(request=WhySerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, id: str) -> HttpResponse:
        """Take a whole thread out of sight."""
        thread = self.allowed(Thread, "moderated_by", pk=id)

        def act() -> HttpResponse:
            given = self.checked(WhySerializer(data=request.data))
            return self._show(keeping.remove_thread(thread, by=self.member, **given))

        return self.once(act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, id: str) -> HttpResponse:
        """Show a removed thread again."""
        thread = self.allowed(Thread, "moderated_by", pk=id)
        return self.once(lambda: self._show(keeping.restore_thread(thread, by=self.member)))

    def _show(self, thread: Any, status: int = HTTPStatus.OK) -> HttpResponse:
        return self.answer(self.told(THREADS, thread), status=status, version=thread.version)

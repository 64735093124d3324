"""/api/v1/drafts/: what members write and review, with its transitions."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from catalogue import services
from catalogue.api.writing import WriteMixin
from catalogue.models import Draft, GateVerdict
from catalogue.sections import missing_in
from catalogue.serializers import (
    DraftContentSerializer,
    DraftRowSerializer,
    DraftSerializer,
    MessageSerializer,
    NewDraftSerializer,
    NoteSerializer,
    VerdictSerializer,
)
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import IDEMPOTENCY_KEY, IF_MATCH
from core.api.views import ApiViewSet
from core.http import root_of

ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The draft.")
ACTS = ("submit", "withdraw", "verdicts", "request_changes", "decline", "publish", "messages")


class DraftViewSet(WriteMixin, ApiViewSet):
    """Texts on their way to be published: of one's hubs, or to be reviewed."""

    permission_classes = [IsAuthenticated]
    serializer_class = DraftSerializer
    filter_backends = []
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "head", "post", "patch", "options"]
    queryset = Draft.objects.none()
    order_keys = {
        "id": OrderKey(F("pk"), "number"),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "-updated_at"
    action_parameters = {
        "create": (IDEMPOTENCY_KEY,),
        "retrieve": (ID,),
        "partial_update": (ID, IF_MATCH),
        **dict.fromkeys(ACTS, (ID, IDEMPOTENCY_KEY)),
    }

    def get_queryset(self) -> QuerySet[Draft]:
        drafts: QuerySet[Draft] = Draft.objects.visible_to(self.request.user)
        return drafts.select_related("hub", "entry")

    @extend_schema(responses=DraftRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponse:
        """Drafts that you write or review."""
        page = self.list_page(self.get_queryset())
        page["results"] = [self._row(draft) for draft in page["results"]]
        return self.answer(page)

    def retrieve(self, request: Request, id: str) -> HttpResponse:
        """One draft in full, with what its reviewers said."""
        return self._show(self.get_object())

    @extend_schema(request=NewDraftSerializer)
    def create(self, request: Request) -> HttpResponse:
        """Begin a new experience of one of your hubs."""

        def act() -> HttpResponse:
            serializer = NewDraftSerializer(data=request.data, context={"request": request})
            draft = services.start_draft(**self.checked(serializer), by=self.member)
            response = self._show(draft, HTTPStatus.CREATED)
            return self.created(response, "draft-detail", draft.pk)

        return self.once(act)

    @extend_schema(request=DraftContentSerializer)
    def partial_update(self, request: Request, id: str) -> HttpResponse:
        """Change what the draft says; a list that is given replaces the one there was."""
        draft = self.get_object()
        version = expected_version(request, services.content_version(draft.content))
        serializer = DraftContentSerializer(
            data=request.data, context={"request": request, "draft": draft}
        )
        changes = self.checked(serializer)
        services.change_draft(draft, changes, expected_version=version, by=self.member)
        return self._show(self.get_object())

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, id: str) -> HttpResponse:
        """Send it to review."""
        return self._act(lambda draft: services.submit_draft(draft, by=self.member))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> HttpResponse:
        """Take it back."""
        return self._act(lambda draft: services.withdraw_draft(draft, by=self.member))

    @extend_schema(request=VerdictSerializer)
    @action(detail=True, methods=["post"])
    def verdicts(self, request: Request, id: str) -> HttpResponse:
        """Say whether it passes a gate in this round."""
        return self._act(
            lambda draft: services.give_verdict(
                draft, **self.checked(VerdictSerializer(data=request.data)), by=self.member
            )
        )

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"], url_path="request-changes")
    def request_changes(self, request: Request, id: str) -> HttpResponse:
        """Give it back to its authors."""
        return self._act(
            lambda draft: services.request_changes(
                draft, **self.checked(NoteSerializer(data=request.data)), by=self.member
            )
        )

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, id: str) -> HttpResponse:
        """Say that the portal will not publish it."""
        return self._act(
            lambda draft: services.decline_draft(
                draft, **self.checked(NoteSerializer(data=request.data)), by=self.member
            )
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, id: str) -> HttpResponse:
        """Publish it, when it passed all three gates."""
        return self._act(lambda draft: services.publish_draft(draft, by=self.member))

    @extend_schema(request=MessageSerializer)
    @action(detail=True, methods=["post"])
    def messages(self, request: Request, id: str) -> HttpResponse:
        """Say something to the others who work on it."""
        return self._act(
            lambda draft: services.write_message(
                draft, **self.checked(MessageSerializer(data=request.data)), by=self.member
            )
        )

    def _act(self, act: Callable[[Draft], object]) -> HttpResponse:
        draft: Draft = self.get_object()

        def act_and_show() -> HttpResponse:
            act(draft)
            return self._show(Draft.objects.select_related("hub", "entry").get(pk=draft.pk))

        return self.once(act_and_show)

    def _row(self, draft: Draft) -> dict[str, Any]:
        root = root_of(self.request)
        return {
            "id": draft.pk,
            "hub": draft.hub.slug,
            "entry": draft.entry.slug if draft.entry else None,
            "title": draft.content["title"],
            "language": draft.content["language"],
            "state": draft.state,
            "state_since": draft.state_since,
            "round": draft.round,
            "updated_at": draft.updated_at,
            "url": f"{root}{draft.get_absolute_url()}",
            "api_url": f"{root}{reverse('draft-detail', args=[draft.pk])}",
        }

    def _show(self, draft: Draft, status: int = HTTPStatus.OK) -> HttpResponse:
        verdicts = GateVerdict.objects.filter(round__draft=draft)
        data = self._row(draft) | {
            "content": draft.content,
            "missing": missing_in(draft.content),
            "gates": services.gates_of(draft),
            "verdicts": [
                {
                    "round": each.round.number,
                    "gate": each.gate,
                    "verdict": each.verdict,
                    "note": each.note,
                    "reviewer": each.reviewer.name,
                }
                for each in verdicts.select_related("round", "reviewer")
            ],
            "messages": [
                {
                    "author": each.author.name,
                    "sent_at": each.sent_at,
                    "section": each.section,
                    "text": each.text,
                }
                for each in draft.messages.select_related("author")
            ],
        }
        version = services.content_version(draft.content)
        return self.answer(data, status=status, version=version)

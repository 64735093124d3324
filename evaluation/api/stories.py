"""/api/v1/stories/: impact stories for programs, read and written."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue.api.writing import SLUG, WriteMixin, example
from catalogue.models import Adoption, EntryVersion, Translation
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import FIELDS, IDEMPOTENCY_KEY, IF_MATCH, UPDATED_SINCE
from core.api.views import ApiViewSet
from core.http import root_of
from evaluation.filters.stories import StoryFilter
from evaluation.models import Evidence, ImpactStory
from evaluation.serializers.stories import (
    STORIES,
    NewClaimSerializer,
    NewStorySerializer,
    RungSerializer,
    StoryNoteSerializer,
    StoryReasonSerializer,
    StoryRowSerializer,
    StorySerializer,
    StorySourcesSerializer,
    StoryTextsSerializer,
)
from evaluation.services import stories as services
from evaluation.story_telling import steps_of, told_changes
from hubs.models import Hub
from hubs.querysets import by_name
from hubs.serializers.fields import SourceSerializer

STORY = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The story.")
_EVIDENCE = ("title", "kind", "proves", "address", "dated_on", "withdrawn_at")


class StoryViewSet(WriteMixin, ApiViewSet):
    """What exchanges led to, rung by rung, with what shows it."""

    serializer_class = StorySerializer
    filterset_class = StoryFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "patch", "put", "options"]
    order_keys = {
        "title": OrderKey(by_name("title")),
        "published_at": OrderKey(Coalesce("published_at", "created_at"), "time"),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "-published_at"
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        "create": (IDEMPOTENCY_KEY,),
        "partial_update": (IF_MATCH,),
        "cite": (STORY, IF_MATCH),
        "write_rung": (STORY, IF_MATCH, IDEMPOTENCY_KEY),
        "remove_rung": (STORY, IDEMPOTENCY_KEY),
        "submit": (STORY, IF_MATCH, IDEMPOTENCY_KEY),
        "take_back": (STORY, IDEMPOTENCY_KEY),
        "publish": (STORY, IF_MATCH, IDEMPOTENCY_KEY),
        "send_back": (STORY, IDEMPOTENCY_KEY),
        "take_up": (STORY, IDEMPOTENCY_KEY),
        "withdraw": (STORY, IDEMPOTENCY_KEY),
    }
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[ImpactStory]:
        found: Any = ImpactStory.objects.visible_to(self.request.user)
        listed: QuerySet[ImpactStory] = found.published() if self.action == "list" else found
        return listed

    @extend_schema(responses=StoryRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Stories that are published."""
        return self.told_list(STORIES)

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One story with its statements, the evidence that you may see, and its history."""
        return self._show(self.get_object())

    @extend_schema(
        request=NewStorySerializer,
        responses={201: StorySerializer},
        examples=[
            example(
                "A draft",
                {"exchange": "study-visit", "title": "A new procurement law", "language": "en"},
            )
        ],
    )
    def create(self, request: Request) -> HttpResponse:
        """Begin the draft of a story of an exchange of your hub."""
        if not Hub.objects.assessable_by(request.user).exists():
            raise PermissionDenied

        def act() -> HttpResponse:
            serializer = NewStorySerializer(data=request.data, context={"request": request})
            given = self.checked(serializer)
            story = services.begin_story(given.pop("exchange"), by=self.member, **given)
            response = self._show(story, HTTPStatus.CREATED)
            return self.created(response, "story-detail", story.slug)

        return self.once(act)

    @extend_schema(request=StoryTextsSerializer(partial=True))
    def partial_update(self, request: Request, slug: str) -> HttpResponse:
        """Change texts of a draft."""
        story = self.allowed(ImpactStory, "editable_by", slug=slug)
        version = expected_version(request, story.version)
        given = self.checked(StoryTextsSerializer(data=request.data, partial=True))
        saved = services.change_story(
            story, changes=given, expected_version=version, by=self.member
        )
        return self._show(saved)

    @extend_schema(
        request=StorySourcesSerializer,
        examples=[
            example(
                "One source",
                {"sources": [{"title": "The law", "address": "https://law.example/2026/1"}]},
            )
        ],
    )
    @action(detail=True, methods=["put"], url_path="sources")
    def cite(self, request: Request, slug: str) -> HttpResponse:
        """Name the sources of a draft, all of them: what is not named is taken out."""
        story = self.allowed(ImpactStory, "editable_by", slug=slug)
        version = expected_version(request, story.version)
        given = self.checked(StorySourcesSerializer(data=request.data))
        saved = services.cite_sources(
            story, (), new=given["sources"], expected_version=version, by=self.member
        )
        return self._show(saved)

    @extend_schema(request=NewClaimSerializer)
    @action(detail=True, methods=["post"], url_path="rungs")
    def write_rung(self, request: Request, slug: str) -> HttpResponse:
        """Say what happened on a rung and what shows it; this replaces what was said of it."""
        story = self.allowed(ImpactStory, "editable_by", slug=slug)

        def act(version: int) -> HttpResponse:
            given = self.checked(NewClaimSerializer(data=request.data))
            services.write_claim(
                story, given["rung"], self._claim(given), expected_version=version, by=self.member
            )
            return self._show(self._again(story))

        return self.once_as_read(story.version, act)

    @extend_schema(request=RungSerializer)
    @action(detail=True, methods=["post"], url_path="rungs/remove")
    def remove_rung(self, request: Request, slug: str) -> HttpResponse:
        """Take away what is said of a rung."""
        story = self.allowed(ImpactStory, "editable_by", slug=slug)

        def act() -> HttpResponse:
            given = self.checked(RungSerializer(data=request.data))
            services.remove_claim(story, given["rung"], by=self.member)
            return self._show(self._again(story))

        return self.once(act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, slug: str) -> HttpResponse:
        """Send it, as you read it, to those who may publish it."""
        story = self.allowed(ImpactStory, "submittable_by", slug=slug)
        return self._as_read(services.submit_story, story)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, slug: str) -> HttpResponse:
        """Make one that waits a draft again."""
        story = self.allowed(ImpactStory, "submittable_by", slug=slug)
        return self.once(lambda: self._show(services.take_back_story(story, by=self.member)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, slug: str) -> HttpResponse:
        """Publish one that waits, as you read it; never your own."""
        story = self.allowed(ImpactStory, "visible_to", slug=slug)
        return self._as_read(services.publish_story, story)

    @extend_schema(request=StoryNoteSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, slug: str) -> HttpResponse:
        """Return one that waits to its author with what has to change."""
        story = self.allowed(ImpactStory, "visible_to", slug=slug)

        def act() -> HttpResponse:
            given = self.checked(StoryNoteSerializer(data=request.data))
            return self._show(services.return_story(story, by=self.member, **given))

        return self.once(act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="take-up")
    def take_up(self, request: Request, slug: str) -> HttpResponse:
        """Make one that was withdrawn a draft again."""
        story = self.allowed(ImpactStory, "resumable_by", slug=slug)
        return self.once(lambda: self._show(services.take_up_story(story, by=self.member)))

    @extend_schema(request=StoryReasonSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, slug: str) -> HttpResponse:
        """Withdraw it; only the people of the hub see it then, and may take it up again."""
        story = self.allowed(ImpactStory, "withdrawable_by", slug=slug)

        def act() -> HttpResponse:
            given = self.checked(StoryReasonSerializer(data=request.data))
            services.withdraw_story(story, by=self.member, **given)
            return HttpResponse(status=HTTPStatus.NO_CONTENT)

        return self.once(act)

    def _as_read(self, serve: Callable[..., ImpactStory], story: ImpactStory) -> HttpResponse:
        def act(version: int) -> HttpResponse:
            return self._show(serve(story, expected_version=version, by=self.member))

        return self.once_as_read(story.version, act)

    @staticmethod
    def _claim(given: dict[str, Any]) -> services.Claim:
        # What is not of this exchange, or not there at all, is refused by the service.
        return services.Claim(
            given["statement"],
            given["dated_on"],
            [Evidence(pk=pk) for pk in given["evidence"]],
            [Adoption(pk=pk) for pk in given["adoptions"]],
            [EntryVersion(pk=pk) for pk in given["versions"]],
            [Translation(pk=pk) for pk in given["translations"]],
        )

    def _again(self, story: ImpactStory) -> Any:
        return ImpactStory.objects.get(pk=story.pk)

    def _show(self, story: Any, status: int = HTTPStatus.OK) -> HttpResponse:
        root = root_of(self.request)
        data = self.told(STORIES, story) | {
            "state": story.state,
            "claims": [
                {
                    "rung": step["rung"].value,
                    "statement": step["claim"].statement,
                    "dated_on": step["claim"].dated_on,
                    "is_shown": step["claim"].holds,
                    "strength": step["claim"].strength,
                    "evidence": [_evidence_row(each, root) for each in step["evidence"]],
                    "adoptions": [_adoption_row(each, root) for each in step["adoptions"]],
                    "versions": [_version_row(each, root) for each in step["versions"]],
                    "translations": [_translation_row(each, root) for each in step["translations"]],
                }
                for step in steps_of(story, self.request.user)
                if step["claim"] is not None
            ],
            "sources": [
                SourceSerializer().to_representation(each)
                for each in story.sources.order_by("title", "pk")
            ],
            "rung_changes": [
                {name: getattr(each, name) for name in ("before", "after", "reason", "at")}
                for each in told_changes(story)
            ],
        }
        return self.answer(data, status=status, version=story.version)


def _evidence_row(evidence: Any, root: str) -> dict[str, Any]:
    row = {"id": evidence.pk} | {name: getattr(evidence, name) for name in _EVIDENCE}
    if evidence.file:
        row["address"] = f"{root}{evidence.get_absolute_url()}"
    return row


def _adoption_row(adoption: Any, root: str) -> dict[str, Any]:
    url = f"{root}{adoption.get_absolute_url()}"
    return {"id": adoption.pk, "state": adoption.state, "url": url}


def _version_row(version: Any, root: str) -> dict[str, Any]:
    entry, url = version.entry, f"{root}{version.get_absolute_url()}"
    return {"id": version.pk, "entry": entry.slug, "number": version.number, "url": url}


def _translation_row(translation: Any, root: str) -> dict[str, Any]:
    entry, language = translation.entry, translation.language
    url = f"{root}{entry.get_absolute_url()}?lang={language}"
    return {"id": translation.pk, "entry": entry.slug, "language": language, "url": url}

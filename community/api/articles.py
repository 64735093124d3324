"""/api/v1/articles/: stories and announcements for programs, read and written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from accounts.api import MemberMixin
from catalogue.api.writing import SLUG, WriteMixin, example
from community.filters.articles import ArticleFilter
from community.forms.articles import ArticlePictureForm
from community.models import Article, ArticleState
from community.querysets.articles import may_begin
from community.serializers.articles import (
    ARTICLE_COLUMNS,
    ARTICLE_LINKED,
    ARTICLES,
    DESK,
    ArticleNoteSerializer,
    ArticlePictureSerializer,
    ArticlePlaceSerializer,
    ArticleReasonSerializer,
    ArticleRowSerializer,
    ArticleSerializer,
    ArticleTextsSerializer,
    DeskRowSerializer,
    NewArticleSerializer,
    article_json_ld,
    article_values,
    completed_articles,
)
from community.services import article_states as states
from community.services import articles as services
from core.api.errors import Gone
from core.api.forms import valid
from core.api.negotiation import CsvFormat, JsonFormat, JsonLdFormat
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import FIELDS, IDEMPOTENCY_KEY, IF_MATCH, UPDATED_SINCE
from core.api.views import ApiViewSet, LinkedData, is_json_ld
from core.http import root_of
from hubs.models import Hub
from hubs.querysets import by_name

ARTICLE = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The article.")
AS_READ = (ARTICLE, IF_MATCH, IDEMPOTENCY_KEY)
_WHOLE = (
    *("text", "state", "is_proposal", "is_on_front", "is_pinned", "front_until"),
    *("return_note", "withdrawn_reason"),
)


class ArticleViewSet(WriteMixin, ApiViewSet):
    """Stories and announcements of the portal."""

    serializer_class = ArticleSerializer
    filterset_class = ArticleFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "patch", "delete", "options"]
    order_keys = {
        "published_at": OrderKey(F("published_at"), "time"),
        "title": OrderKey(by_name("title")),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "-published_at"
    may_be_gone = ("retrieve",)
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        "create": (IDEMPOTENCY_KEY,),
        "partial_update": (IF_MATCH,),
        **dict.fromkeys(("publish", "submit", "place", "picture"), AS_READ),
        "remove_picture": (ARTICLE, IF_MATCH),
        **dict.fromkeys(("take_back", "return_", "withdraw"), (ARTICLE, IDEMPOTENCY_KEY)),
    }
    action_formats = {
        "list": (JsonFormat, CsvFormat, JsonLdFormat),
        "retrieve": (JsonFormat, JsonLdFormat),
    }

    def get_queryset(self) -> QuerySet[Article]:
        found: Any = Article.objects.visible_to(self.request.user)
        listed: QuerySet[Article] = found.listed() if self.action == "list" else found
        return listed

    @extend_schema(responses=ArticleRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Stories and announcements that are published."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            ARTICLE_COLUMNS,
            name="articles",
            values=article_values,
            complete=partial(completed_articles, root=root_of(request)),
            linked=LinkedData(ARTICLE_LINKED, article_json_ld),
        )

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One article with its text; of a withdrawn one, when and why."""
        article = self.get_object()
        editable = Article.objects.alone(article).editable_by(request.user)
        if article.state == ArticleState.WITHDRAWN and not editable.exists():
            day = article.updated_at.date().isoformat()
            told = {"date": day, "reason": article.withdrawn_reason}
            raise Gone(_("Withdrawn on %(date)s: %(reason)s") % told)
        if is_json_ld(request):
            row = self.told(ARTICLES, article) | {"text": article.text}
            return self.answer_linked(article_json_ld(row))
        return self._show(article)

    @extend_schema(
        request=NewArticleSerializer,
        responses={201: ArticleSerializer},
        examples=[
            example(
                "A proposal",
                {
                    "hub": "agency",
                    "title": "How one valley keeps its water",
                    "kind": "story",
                    "language": "en",
                    "summary": "Forty villages share one calendar of irrigation.",
                    "text": "It began with one village.",
                },
            )
        ],
    )
    def create(self, request: Request) -> HttpResponse:
        """Begin an article: as a moderator, or as what your hub proposes."""
        by = self.member
        if not by.is_moderator and not Hub.objects.editable_by(by).exists():
            raise PermissionDenied

        def act() -> HttpResponse:
            given = self._given(NewArticleSerializer)
            article = services.begin_article(hub=given.pop("hub", None), columns=given, by=by)
            shown = self._show(article, HTTPStatus.CREATED)
            return self.created(shown, "article-detail", article.slug)

        return self.once(act)

    @extend_schema(request=ArticleTextsSerializer(partial=True))
    def partial_update(self, request: Request, slug: str) -> HttpResponse:
        """Change what an article says."""
        article = self.allowed(Article, "editable_by", slug=slug)
        version = expected_version(request, article.version)
        given = self._given(ArticleTextsSerializer, partial=True)
        saved = services.change_article(
            article, changes=given, expected_version=version, by=self.member
        )
        return self._show(saved)

    @extend_schema(request={"multipart/form-data": ArticlePictureSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def picture(self, request: Request, slug: str) -> HttpResponse:
        """Give it a picture, or say anew what its picture shows."""
        article = self.allowed(Article, "editable_by", slug=slug)

        def act(version: int) -> HttpResponse:
            given = self._given(ArticlePictureSerializer)
            if not (article.picture or given.get("picture")):
                raise ValidationError({"picture": [_("Choose a picture.")]})
            sent = given | {"version": version}
            form = valid(ArticlePictureForm(sent, request.FILES, instance=article))
            return self._show(
                services.set_picture(
                    article, **form.columns(), expected_version=version, by=self.member
                )
            )

        return self.once_as_read(article.version, act)

    @extend_schema(responses=ArticleSerializer)
    @picture.mapping.delete
    def remove_picture(self, request: Request, slug: str) -> HttpResponse:
        """Take its picture away."""
        article = self.allowed(Article, "editable_by", slug=slug)
        version = expected_version(request, article.version)
        texts = {"picture_text": "", "picture_credit": ""}
        return self._show(
            services.set_picture(
                article, picture="", **texts, expected_version=version, by=self.member
            )
        )

    @extend_schema(request=ArticlePlaceSerializer(partial=True))
    @action(detail=True, methods=["post"])
    def place(self, request: Request, slug: str) -> HttpResponse:
        """Say when it appears, and whether, how high and how long the front page shows it."""
        article = self.allowed(Article, "placeable_by", slug=slug)

        def act(version: int) -> HttpResponse:
            given = self._given(ArticlePlaceSerializer, partial=True)
            saved = services.place_article(
                article, changes=given, expected_version=version, by=self.member
            )
            return self._show(saved)

        return self.once_as_read(article.version, act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, slug: str) -> HttpResponse:
        """Send what your hub proposes to the moderators, as you read it."""
        return self._as_read("submittable_by", slug, states.submit_article)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, slug: str) -> HttpResponse:
        """Make what you sent a draft again."""
        article = self.allowed(Article, "submittable_by", slug=slug)
        return self.once(lambda: self._show(states.take_back_article(article, by=self.member)))

    @extend_schema(request=ArticleNoteSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def return_(self, request: Request, slug: str) -> HttpResponse:
        """Send a proposal back with what has to change."""
        article = self.allowed(Article, "returnable_by", slug=slug)

        def act() -> HttpResponse:
            given = self._given(ArticleNoteSerializer)
            return self._show(states.return_article(article, by=self.member, **given))

        return self.once(act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, slug: str) -> HttpResponse:
        """Show it to everybody, as you read it: now, or on its day if that is to come."""
        return self._as_read("publishable_by", slug, states.publish_article)

    @extend_schema(request=ArticleReasonSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, slug: str) -> HttpResponse:
        """Take it back; its address says why."""
        article = self.allowed(Article, "withdrawable_by", slug=slug)

        def act() -> HttpResponse:
            given = self._given(ArticleReasonSerializer)
            return self._show(states.withdraw_article(article, by=self.member, **given))

        return self.once(act)

    def _as_read(self, right: str, slug: str, serve: Callable[..., Any]) -> HttpResponse:
        article = self.allowed(Article, right, slug=slug)

        def act(version: int) -> HttpResponse:
            return self._show(serve(article, expected_version=version, by=self.member))

        return self.once_as_read(article.version, act)

    def _given(self, serializer: Any, **options: Any) -> dict[str, Any]:
        context = {"request": self.request}
        return self.checked(serializer(data=self.request.data, context=context, **options))

    def _show(self, article: Any, status: int = HTTPStatus.OK) -> HttpResponse:
        data = self.told(ARTICLES, article) | {name: getattr(article, name) for name in _WHOLE}
        return self.answer(data, status=status, version=article.version)


class ArticleDeskViewSet(MemberMixin, ApiViewSet):
    """Articles that are not published, for those who write them or decide on them."""

    serializer_class = DeskRowSerializer
    filterset_class = ArticleFilter
    permission_classes = [IsAuthenticated]
    http_method_names = ["get", "head", "options"]
    order_keys = {"updated_at": OrderKey(F("updated_at"), "time")}
    default_order = "-updated_at"
    action_parameters = {"list": (UPDATED_SINCE, FIELDS)}
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[Article]:
        found: QuerySet[Article] = Article.objects.on_desk_of(self.request.user)
        return found

    def list(self, request: Request) -> HttpResponseBase:
        """Drafts, proposals, what waits for its day and what was withdrawn."""
        if not may_begin(self.member):
            raise PermissionDenied
        return self.told_list(DESK)

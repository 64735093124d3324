"""/api/v1/frameworks/: results frameworks and their figures for programs, read and written."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue.api.writing import SLUG, WriteMixin, example, exchange
from core.api.forms import errors_named_as
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.responses import csv_response, expected_version
from core.api.schema import FIELDS, IDEMPOTENCY_KEY, IF_MATCH, UPDATED_SINCE
from core.api.views import ApiViewSet, is_csv
from core.http import root_of
from evaluation.filters.frameworks import FrameworkFilter
from evaluation.models import Framework
from evaluation.serializers.framework_parts import (
    FrameworkContentSerializer,
    FrameworkSourcesSerializer,
    NewFrameworkSerializer,
)
from evaluation.serializers.frameworks import (
    FIGURE_COLUMNS,
    FRAMEWORKS,
    FrameworkDetailSerializer,
    FrameworkFigureSerializer,
    FrameworkSerializer,
    figure_rows,
)
from evaluation.services.framework_records import refuse_bystanders
from evaluation.services.frameworks import (
    begin_framework,
    change_framework,
    publish_framework,
    set_sources,
    start_from_template,
)
from hubs.querysets import by_name
from hubs.serializers.fields import SourceSerializer
from hubs.services import source_at

FRAMEWORK = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The framework.")
_NEW = {"hub": "abc", "title": "Results 2026", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
_OWNERS = ("layer", "country", "network", "exchange")


class FrameworkViewSet(WriteMixin, ApiViewSet):
    """Results frameworks: what is hoped for, by what it is measured, and how far it has come."""

    serializer_class = FrameworkDetailSerializer
    filterset_class = FrameworkFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "patch", "put", "options"]
    order_keys = {
        "title": OrderKey(by_name("title")),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "title"
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        "create": (IDEMPOTENCY_KEY,),
        "partial_update": (FRAMEWORK, IF_MATCH),
        "cite": (FRAMEWORK, IF_MATCH),
        **dict.fromkeys(("publish", "withdraw"), (FRAMEWORK, IDEMPOTENCY_KEY)),
        "figures": (FRAMEWORK,),
    }
    action_formats = {"list": (JsonFormat, CsvFormat), "figures": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[Framework]:
        frameworks: QuerySet[Framework] = Framework.objects.visible_to(self.request.user)
        return frameworks

    @extend_schema(responses=FrameworkSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Frameworks of all layers."""
        return self.told_list(FRAMEWORKS)

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One framework, with its sources."""
        return self._show(self.get_object())

    @extend_schema(
        request=NewFrameworkSerializer,
        responses={201: FrameworkDetailSerializer},
        examples=exchange("A year", _NEW, _NEW | {"slug": "results-2026"}),
    )
    def create(self, request: Request) -> HttpResponse:
        """Begin a framework of your hub, empty or from a template; moderators, of the community
        or a country.
        """
        refuse_bystanders(request.user)

        def act() -> HttpResponse:
            serializer = NewFrameworkSerializer(data=request.data, context={"request": request})
            given = self.checked(serializer)
            with errors_named_as(serializer):
                begun = self._begun(given)
            response = self._show(begun, HTTPStatus.CREATED)
            return self.created(response, "framework-detail", begun.slug)

        return self.once(act)

    @extend_schema(
        request=FrameworkContentSerializer(partial=True),
        examples=[example("A later end", {"ends_on": "2027-12-31"})],
    )
    def partial_update(self, request: Request, slug: str) -> HttpResponse:
        """Change what a framework says of itself."""
        row: Framework = self.allowed(Framework, "editable_by", slug=slug)
        version = expected_version(request, row.version)
        serializer = FrameworkContentSerializer(data=request.data, partial=True)
        given = self.checked(serializer)
        with errors_named_as(serializer):
            saved = change_framework(row, changes=given, expected_version=version, by=self.member)
        return self._show(saved)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, slug: str) -> HttpResponse:
        """Show a framework to everybody."""
        return self._publish(slug, is_published=True)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, slug: str) -> HttpResponse:
        """Show a framework to its own people only."""
        return self._publish(slug, is_published=False)

    @extend_schema(request=FrameworkSourcesSerializer)
    @action(detail=True, methods=["put"], url_path="sources")
    def cite(self, request: Request, slug: str) -> HttpResponse:
        """Name the sources of a framework, all of them."""
        row: Framework = self.allowed(Framework, "editable_by", slug=slug)
        version = expected_version(request, row.version)
        serializer = FrameworkSourcesSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        rows = serializer.validated_data["sources"]
        with transaction.atomic():
            sources = [source_at(**each, by=self.member) for each in rows]
            saved = set_sources(row, sources, expected_version=version, by=self.member)
        return self._show(saved)

    @extend_schema(responses=FrameworkFigureSerializer(many=True))
    @action(detail=True, methods=["get"])
    def figures(self, request: Request, slug: str) -> HttpResponseBase:
        """Every figure of one framework: one an indicator and period, and one for its life."""
        framework = self.get_object()
        rows = figure_rows(framework, user=request.user, root=root_of(request))
        if is_csv(request):
            return csv_response(f"{framework.slug}.csv", FIGURE_COLUMNS, rows)
        return self.answer({"results": list(rows)})

    def _begun(self, given: dict[str, Any]) -> Framework:
        template = given.pop("template", None)
        hub = given.pop("hub", None)
        owner = {name: given.pop(name) for name in _OWNERS if name in given}
        begin: Callable[..., Framework] = begin_framework
        if template is None:
            return begin(hub=hub, columns=given, by=self.member, **owner)
        names = ("title", "starts_on", "ends_on")
        columns = {name: given[name] for name in names}
        return start_from_template(template, hub=hub, by=self.member, **columns)

    def _publish(self, slug: str, *, is_published: bool) -> HttpResponse:
        row: Framework = self.allowed(Framework, "editable_by", slug=slug)

        def act() -> HttpResponse:
            return self._show(publish_framework(row, is_published=is_published, by=self.member))

        return self.once(act)

    def _show(self, row: Framework, status: int = HTTPStatus.OK) -> HttpResponse:
        sources = row.sources.order_by("title", "pk")
        whole = {
            **self.told(FRAMEWORKS, row),
            "version": row.version,
            "lock_after_days": row.lock_after_days,
            "sources": [SourceSerializer().to_representation(each) for each in sources],
        }
        return self.answer(whole, status=status, version=row.version)

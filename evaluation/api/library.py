"""/api/v1/indicators/ and /api/v1/dimensions/: the indicator library for programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue.api.writing import SLUG, WriteMixin, example
from core.api.forms import errors_named_as
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import FIELDS, IDEMPOTENCY_KEY, IF_MATCH, UPDATED_SINCE
from core.api.views import ApiViewSet
from evaluation.filters.library import IndicatorFilter
from evaluation.models import DefinitionVersion, Dimension, IndicatorDefinition
from evaluation.querysets import may_keep_dimensions
from evaluation.serializers.library import (
    INDICATORS,
    ChangedDefinitionSerializer,
    DefinitionVersionSerializer,
    DimensionNameSerializer,
    DimensionSerializer,
    IndicatorDetailSerializer,
    IndicatorSerializer,
    NewDefinitionSerializer,
    dimension_row,
)
from evaluation.services.framework_records import refuse_bystanders
from evaluation.services.library import (
    DEFINED,
    add_dimension,
    add_indicator,
    change_dimension,
    change_indicator,
    retire_indicator,
)

INDICATOR = OpenApiParameter("code", str, OpenApiParameter.PATH, description="The indicator.")
DIMENSION = OpenApiParameter("code", str, OpenApiParameter.PATH, description="The dimension.")
_SEX = {
    "code": "sex",
    "name": "Sex",
    "kind": "partition",
    "parts": [{"code": "women", "name": "Women"}, {"code": "men", "name": "Men"}],
}


class IndicatorViewSet(WriteMixin, ApiViewSet):
    """Indicators that all may use: what each means, and how its figures combine."""

    serializer_class = IndicatorDetailSerializer
    filterset_class = IndicatorFilter
    lookup_field = "code"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "patch", "options"]
    order_keys = {
        "code": OrderKey(F("code")),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "code"
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        "create": (IDEMPOTENCY_KEY,),
        "partial_update": (INDICATOR, IF_MATCH),
        "versions": (INDICATOR,),
        **dict.fromkeys(("retire", "restore"), (INDICATOR, IDEMPOTENCY_KEY)),
    }
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[IndicatorDefinition]:
        found: QuerySet[IndicatorDefinition] = IndicatorDefinition.objects.visible_to(
            self.request.user
        )
        return found

    @extend_schema(responses=IndicatorSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Indicators in their newest versions."""
        return self.told_list(INDICATORS)

    def retrieve(self, request: Request, code: str) -> HttpResponse:
        """One indicator."""
        return self._show(self.get_object())

    @extend_schema(
        request=NewDefinitionSerializer,
        responses={201: IndicatorDetailSerializer},
        examples=[
            example("People", {"code": "people", "hub": "abc", "title": "People", "kind": "count"})
        ],
    )
    def create(self, request: Request) -> HttpResponse:
        """Add an indicator to the library; moderators, to the community's own."""
        refuse_bystanders(request.user)

        def act() -> HttpResponse:
            serializer = NewDefinitionSerializer(data=request.data, context={"request": request})
            given = self.checked(serializer)
            with errors_named_as(serializer):
                made = add_indicator(
                    code=given.pop("code"),
                    hub=given.pop("hub", None),
                    dimensions=given.pop("dimensions", []),
                    columns=given,
                    by=self.member,
                )
            response = self._show(made, HTTPStatus.CREATED)
            return self.created(response, "indicator-detail", made.code)

        return self.once(act)

    @extend_schema(
        request=ChangedDefinitionSerializer(partial=True),
        examples=[example("Clearer", {"title": "People trained", "change_note": "Clearer."})],
    )
    def partial_update(self, request: Request, code: str) -> HttpResponse:
        """Make a new version of an indicator; what is left out stays as it is."""
        row: IndicatorDefinition = self.allowed(IndicatorDefinition, "editable_by", code=code)
        newest = self._newest(row)
        version = expected_version(request, newest.number)
        serializer = ChangedDefinitionSerializer(data=request.data, partial=True)
        given = self.checked(serializer)
        dimensions = given.pop("dimensions", None)
        if dimensions is None:
            dimensions = list(newest.dimensions.all())
        with errors_named_as(serializer):
            saved = change_indicator(
                row,
                columns={name: getattr(newest, name) for name in DEFINED} | given,
                dimensions=dimensions,
                expected_number=version,
                by=self.member,
            )
        return self._show(saved)

    @extend_schema(responses=DefinitionVersionSerializer(many=True))
    @action(detail=True, methods=["get"])
    def versions(self, request: Request, code: str) -> HttpResponse:
        """The versions of an indicator, the newest first."""
        rows = DefinitionVersion.objects.filter(definition=self.get_object()).order_by("-number")
        told = rows.values("number", "title", "change_note", "made_at")
        return self.answer({"results": list(told)})

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, code: str) -> HttpResponse:
        """Take an indicator out of what new frameworks choose from."""
        return self._retired(code, is_retired=True)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, code: str) -> HttpResponse:
        """Let new frameworks choose an indicator again."""
        return self._retired(code, is_retired=False)

    def _retired(self, code: str, *, is_retired: bool) -> HttpResponse:
        row: IndicatorDefinition = self.allowed(IndicatorDefinition, "editable_by", code=code)
        return self.once(
            lambda: self._show(retire_indicator(row, is_retired=is_retired, by=self.member))
        )

    def _newest(self, row: IndicatorDefinition) -> DefinitionVersion:
        return DefinitionVersion.objects.filter(definition=row).latest("number")

    def _show(self, row: IndicatorDefinition, status: int = HTTPStatus.OK) -> HttpResponse:
        newest = self._newest(row)
        codes = newest.dimensions.order_by("code").values_list("code", flat=True)
        whole = self.told(INDICATORS, row) | {"dimensions": list(codes)}
        return self.answer(whole, status=status, version=newest.number)


class DimensionViewSet(WriteMixin, ApiViewSet):
    """Ways to break figures down, shared by all indicators: sex, age, country …"""

    serializer_class = DimensionSerializer
    queryset = Dimension.objects.none()
    pagination_class = None
    filter_backends = []
    lookup_field = "code"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "patch", "options"]
    action_parameters = {
        "create": (IDEMPOTENCY_KEY,),
        "partial_update": (DIMENSION, IF_MATCH),
    }

    def get_queryset(self) -> QuerySet[Dimension]:
        found: QuerySet[Dimension] = Dimension.objects.visible_to(self.request.user)
        return found.prefetch_related("cells").order_by("code")

    @extend_schema(responses=DimensionSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """All dimensions with their parts."""
        return self.answer({"results": [dimension_row(row) for row in self.get_queryset()]})

    def retrieve(self, request: Request, code: str) -> HttpResponse:
        """One dimension."""
        return self._show(self.get_object())

    @extend_schema(responses={201: DimensionSerializer}, examples=[example("Sex", _SEX)])
    def create(self, request: Request) -> HttpResponse:
        """Add a dimension, as a moderator."""
        if not may_keep_dimensions(request.user):
            raise PermissionDenied

        def act() -> HttpResponse:
            given = self.checked(DimensionSerializer(data=request.data))
            parts = _parts(given.pop("parts"))
            made = add_dimension(**given, parts=parts, by=self.member)
            response = self._show(made, HTTPStatus.CREATED)
            return self.created(response, "dimension-detail", made.code)

        return self.once(act)

    @extend_schema(
        request=DimensionNameSerializer(partial=True), examples=[example("A name", {"name": "Sex"})]
    )
    def partial_update(self, request: Request, code: str) -> HttpResponse:
        """Change names and the order of parts, or add parts, as a moderator."""
        row: Dimension = self.allowed(Dimension, "editable_by", code=code)
        version = expected_version(request, row.version)
        given = self.checked(DimensionNameSerializer(data=request.data, partial=True))
        parts = given.get("parts", dimension_row(row)["parts"])
        saved = change_dimension(
            row,
            name=given.get("name", row.name),
            parts=_parts(parts),
            expected_version=version,
            by=self.member,
        )
        return self._show(saved)

    def _show(self, row: Dimension, status: int = HTTPStatus.OK) -> HttpResponse:
        fresh = self.get_queryset().get(pk=row.pk)
        return self.answer(dimension_row(fresh), status=status, version=row.version)


def _parts(rows: Any) -> list[tuple[str, str]]:
    return [(row["code"], row["name"]) for row in rows]

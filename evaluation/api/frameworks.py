"""/api/v1/frameworks/: results frameworks and their figures for programs."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue.api.writing import SLUG
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.responses import csv_response
from core.api.schema import FIELDS, UPDATED_SINCE
from core.api.views import ApiViewSet, is_csv
from core.http import root_of
from evaluation.filters.frameworks import FrameworkFilter
from evaluation.models import Framework
from evaluation.serializers.frameworks import (
    FIGURE_COLUMNS,
    FRAMEWORK_COLUMNS,
    FrameworkFigureSerializer,
    FrameworkSerializer,
    completed_frameworks,
    figure_rows,
    framework_values,
)
from hubs.querysets import by_name

FRAMEWORK = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The framework.")


class FrameworkViewSet(ApiViewSet):
    """Results frameworks: what is hoped for, by what it is measured, and how far it has come."""

    serializer_class = FrameworkSerializer
    filterset_class = FrameworkFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "options"]
    order_keys = {
        "title": OrderKey(by_name("title")),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "title"
    action_parameters = {"list": (UPDATED_SINCE, FIELDS), "figures": (FRAMEWORK,)}
    action_formats = {"list": (JsonFormat, CsvFormat), "figures": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[Framework]:
        frameworks: QuerySet[Framework] = Framework.objects.visible_to(self.request.user)
        return frameworks

    @extend_schema(responses=FrameworkSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Frameworks of all layers."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            FRAMEWORK_COLUMNS,
            name="frameworks",
            values=framework_values,
            complete=partial(completed_frameworks, root=root_of(request)),
        )

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One framework."""
        found: QuerySet[Any] = Framework.objects.filter(pk=self.get_object().pk)
        rows = framework_values(found, FRAMEWORK_COLUMNS)
        (row,) = completed_frameworks(rows, root=root_of(request), columns=FRAMEWORK_COLUMNS)
        return self.answer(row)

    @extend_schema(responses=FrameworkFigureSerializer(many=True))
    @action(detail=True, methods=["get"])
    def figures(self, request: Request, slug: str) -> HttpResponseBase:
        """Every figure of one framework: one an indicator and period, and one for its life."""
        framework = self.get_object()
        rows = figure_rows(framework, user=request.user, root=root_of(request))
        if is_csv(request):
            return csv_response(f"{framework.slug}.csv", FIGURE_COLUMNS, rows)
        return self.answer({"results": list(rows)})

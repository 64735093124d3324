"""/api/v1/indicators/: the indicator library for programs."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue.api.writing import SLUG
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.schema import FIELDS, UPDATED_SINCE
from core.api.views import ApiViewSet
from core.http import root_of
from evaluation.filters.library import IndicatorFilter
from evaluation.models import IndicatorDefinition
from evaluation.serializers.library import (
    INDICATOR_COLUMNS,
    IndicatorSerializer,
    completed_indicators,
    indicator_values,
)


class IndicatorViewSet(ApiViewSet):
    """Indicators that all may use: what each means, and how its figures combine."""

    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilter
    lookup_field = "code"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "options"]
    order_keys = {
        "code": OrderKey(F("code")),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "code"
    action_parameters = {"list": (UPDATED_SINCE, FIELDS)}
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[IndicatorDefinition]:
        indicators: QuerySet[IndicatorDefinition] = IndicatorDefinition.objects.described()
        return indicators

    @extend_schema(responses=IndicatorSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Indicators in their newest versions."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            INDICATOR_COLUMNS,
            name="indicators",
            values=indicator_values,
            complete=partial(completed_indicators, root=root_of(request)),
        )

    def retrieve(self, request: Request, code: str) -> HttpResponse:
        """One indicator."""
        found: QuerySet[Any] = IndicatorDefinition.objects.filter(pk=self.get_object().pk)
        rows = indicator_values(found, INDICATOR_COLUMNS)
        (row,) = completed_indicators(rows, root=root_of(request), columns=INDICATOR_COLUMNS)
        return self.answer(row)

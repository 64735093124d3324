"""/api/v1/figures/: figures for programs, and what each is made of. Read only."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.schema import FIELDS
from core.api.views import ApiViewSet
from core.http import root_of
from evaluation.filters.figures import FigureFilter
from evaluation.models import Figure, FigureLine
from evaluation.serializers.figures import (
    FIGURE_FIELDS,
    FigureDetailSerializer,
    FigureSerializer,
    completed_figures,
    explain_url,
    figure_values,
    hidden_rows,
    line_rows,
)

MOST_LINES = 200  # that are told at once


class FigureViewSet(ApiViewSet):
    """Figures of frameworks: totals and parts, by period and for life."""

    serializer_class = FigureSerializer
    filterset_class = FigureFilter
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "head", "options"]
    order_keys = {"computed_at": OrderKey(F("computed_at"), "time")}
    default_order = "-computed_at"
    action_parameters = {
        "list": (FIELDS,),
        "retrieve": (OpenApiParameter("id", int, OpenApiParameter.PATH, description="Its key."),),
    }
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[Figure]:
        figures: Any = Figure.objects.visible_to(self.request.user)
        is_now = self.action == "list" and not self.request.query_params.get("as_of")
        found: QuerySet[Figure] = figures.current() if is_now else figures
        return found

    @extend_schema(responses=FigureSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Figures that hold now, or that were published at the moment `as_of`."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            FIGURE_FIELDS,
            name="figures",
            values=figure_values,
            complete=partial(completed_figures, root=root_of(request)),
        )

    @extend_schema(responses=FigureDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> HttpResponse:
        """One figure, also of the past, with the lines that it is made of."""
        figure: Any = self.get_object()
        root = root_of(request)
        values = figure_values(Figure.objects.filter(pk=figure.pk), FIGURE_FIELDS)
        (row,) = completed_figures(values, root=root, columns=FIGURE_FIELDS)
        lines = FigureLine.objects.filter(figure=figure.pk)
        seen = lines.visible_to(request.user).with_evidence(request.user).in_telling_order()
        told = line_rows(seen[: MOST_LINES + 1])
        row |= {
            "lines": told[:MOST_LINES],
            "hidden": hidden_rows(lines, request.user),
            "has_more": len(told) > MOST_LINES,
            "csv_url": f"{explain_url(root, figure.pk)}?export=csv",
        }
        return self.answer(row)

"""/api/v1/building-blocks/: reusable parts of experience for programs. Read only."""

from __future__ import annotations

from functools import partial

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from catalogue.filters import BuildingBlockFilter
from catalogue.models import BuildingBlock
from catalogue.serializers import (
    BLOCK_COLUMNS,
    BuildingBlockSerializer,
    block_rows,
    block_values,
    completed_blocks,
)
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.schema import FIELDS, UPDATED_SINCE
from core.api.views import ApiViewSet
from core.http import root_of
from hubs.querysets import by_name


class BuildingBlockViewSet(ApiViewSet):
    """Building blocks: parts of experience that others can take up by themselves."""

    serializer_class = BuildingBlockSerializer
    filterset_class = BuildingBlockFilter
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    http_method_names = ["get", "head", "options"]
    order_keys = {
        "title": OrderKey(by_name("title")),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "title"
    action_parameters = {"list": (UPDATED_SINCE, FIELDS)}
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[BuildingBlock]:
        blocks: QuerySet[BuildingBlock] = BuildingBlock.objects.visible_to(self.request.user)
        return blocks

    @extend_schema(responses=BuildingBlockSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Building blocks, each with the entries that have it."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            BLOCK_COLUMNS,
            name="building-blocks",
            values=partial(block_values, user=request.user),
            complete=partial(completed_blocks, root=root_of(request)),
        )

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One building block."""
        found = BuildingBlock.objects.filter(pk=self.get_object().pk)
        (row,) = block_rows(found, user=request.user, root=root_of(request))
        return self.answer(row)

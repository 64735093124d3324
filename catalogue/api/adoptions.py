"""/api/v1/entries/<slug>/adoptions/ and of building blocks: who took them up. Read only."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from catalogue.filters import AdoptionFilter
from catalogue.models import Adoption, BuildingBlock, Entry
from catalogue.serializers import (
    ADOPTION_COLUMNS,
    AdoptionSerializer,
    adoption_values,
    completed_adoptions,
)
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.schema import FIELDS, UPDATED_SINCE
from core.api.views import ApiViewSet
from core.http import root_of


class _AdoptionViewSet(ApiViewSet):
    """Adoptions of one thing."""

    serializer_class = AdoptionSerializer
    filterset_class = AdoptionFilter
    http_method_names = ["get", "head", "options"]
    order_keys = {
        "id": OrderKey(F("pk"), "number"),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "id"
    action_formats = {"list": (JsonFormat, CsvFormat)}
    queryset = Adoption.objects.none()

    def list_rows(self, request: Request, **of: Any) -> HttpResponseBase:
        found: QuerySet[Adoption] = Adoption.objects.visible_to(request.user).filter(**of)
        return self.page_or_csv(
            self.filter_queryset(found),
            ADOPTION_COLUMNS,
            name="adoptions",
            values=partial(adoption_values, user=request.user),
            complete=partial(completed_adoptions, root=root_of(request)),
        )


class EntryAdoptionViewSet(_AdoptionViewSet):
    """Who took an entry up, and what became of it: what failed is here too."""

    action_parameters = {
        "list": (
            OpenApiParameter("entry_slug", str, OpenApiParameter.PATH, description="The entry."),
            UPDATED_SINCE,
            FIELDS,
        )
    }

    @extend_schema(responses=AdoptionSerializer(many=True))
    def list(self, request: Request, entry_slug: str) -> HttpResponseBase:
        """Adoptions of the entry, confirmed or stated by the adopter alone."""
        entries = Entry.objects.visible_to(request.user).published()
        return self.list_rows(request, entry=get_object_or_404(entries, slug=entry_slug))


class BlockAdoptionViewSet(_AdoptionViewSet):
    """Who took a building block up, and what became of it."""

    action_parameters = {
        "list": (
            OpenApiParameter(
                "block_slug", str, OpenApiParameter.PATH, description="The building block."
            ),
            UPDATED_SINCE,
            FIELDS,
        )
    }

    @extend_schema(responses=AdoptionSerializer(many=True))
    def list(self, request: Request, block_slug: str) -> HttpResponseBase:
        """Adoptions of the building block, confirmed or stated by the adopter alone."""
        blocks = BuildingBlock.objects.visible_to(request.user)
        return self.list_rows(request, block=get_object_or_404(blocks, slug=block_slug))

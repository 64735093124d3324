"""/api/v1/experts/: the people who can be asked, for programs. Read only."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from catalogue.filters import ExpertFilter
from catalogue.models import Expert
from catalogue.serializers import (
    EXPERT_COLUMNS,
    ExpertRowSerializer,
    ExpertSerializer,
    completed_experts,
    expert_values,
)
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.schema import FIELDS, UPDATED_SINCE
from core.api.views import ApiViewSet
from core.http import root_of
from hubs.querysets import by_name

IN_FULL = tuple(str(name) for name in ExpertSerializer().fields)


class ExpertViewSet(ApiViewSet):
    """People who can be asked; their employers agreed. Fields show what you may see."""

    serializer_class = ExpertSerializer
    filterset_class = ExpertFilter
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    http_method_names = ["get", "head", "options"]
    order_keys = {
        "name": OrderKey(by_name("person")),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "name"
    action_parameters = {"list": (UPDATED_SINCE, FIELDS)}
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[Expert]:
        user = self.request.user
        found: Any = Expert.objects.visible_to(user).published()
        shown: QuerySet[Expert] = found.with_shown(user)
        return shown

    @extend_schema(responses=ExpertRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Experts whose employers agreed."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            EXPERT_COLUMNS,
            name="experts",
            values=expert_values,
            complete=partial(completed_experts, root=root_of(request)),
        )

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One expert, as far as you may see them."""
        expert = self.get_object()
        rows = expert_values(self.get_queryset().filter(pk=expert.pk), IN_FULL)
        (data,) = completed_experts(rows, root=root_of(request), columns=IN_FULL)
        return self.answer(data)

"""Hubs: the list, one hub with all its facts, and the change of its own columns."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from accounts.api import MemberMixin
from core.api.filters import day_of
from core.api.negotiation import CsvFormat, JsonFormat, JsonLdFormat
from core.api.pagination import OrderKey
from core.api.responses import chosen_fields, expected_version
from core.api.schema import AS_OF, FIELDS, IF_MATCH, UPDATED_SINCE
from core.api.views import ApiViewSet, LinkedData, is_json_ld
from core.http import root_of
from hubs.filters import HubFilter
from hubs.models import FACT_MODELS, DatedFact, Hub, NetworkMembership, SelfAssessment
from hubs.permissions import CanEditHub
from hubs.querysets import by_name
from hubs.serializers import (
    FACT_FIELDS,
    FACT_SERIALIZERS,
    HUB_COLUMNS,
    Addresses,
    HubDetailSerializer,
    HubNetworkSerializer,
    HubRowSerializer,
    HubSerializer,
    SelfAssessmentSerializer,
    hub_values,
    reader,
)
from hubs.serializers.json_ld import JSON_LD_COLUMNS, hub_json_ld
from hubs.services import change_hub

DETAIL_FIELDS = tuple(HubDetailSerializer.Meta.fields)
_FACTS = {
    field: (model, serializer)
    for field, model, serializer in zip(
        FACT_FIELDS, FACT_MODELS, FACT_SERIALIZERS.values(), strict=True
    )
}


class HubViewSet(MemberMixin, ApiViewSet):
    """Institutions and networks through which a country or sector shares and learns."""

    permission_classes = [IsAuthenticatedOrReadOnly, CanEditHub]
    serializer_class = HubDetailSerializer
    filterset_class = HubFilter
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    http_method_names = ["get", "head", "patch", "options"]
    order_keys = {
        "name": OrderKey(by_name()),
        "founded_year": OrderKey(Coalesce("founded_year", 0), "number"),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "name"
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        "retrieve": (AS_OF, FIELDS),
        "partial_update": (IF_MATCH,),
    }
    action_formats = {
        "list": (JsonFormat, CsvFormat, JsonLdFormat),
        "retrieve": (JsonFormat, JsonLdFormat),
    }

    def get_queryset(self) -> QuerySet[Hub]:
        hubs: QuerySet[Hub] = Hub.objects.visible_to(self.request.user)
        if self.action == "list":
            return hubs
        # A successor that the reader may not see is not named to them.
        seen = Hub.objects.visible_to(self.request.user).filter(pk=OuterRef("successor"))
        return hubs.select_related("successor").annotate(is_successor_visible=Exists(seen))

    @extend_schema(responses=HubRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Hubs, with what is drawn from their facts as of today."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            HUB_COLUMNS,
            name="hubs",
            values=partial(hub_values, user=request.user),
            complete=Addresses(root_of(request), "hub").complete,
            linked=LinkedData(JSON_LD_COLUMNS, hub_json_ld),
        )

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One hub with everything dated that is known of it, each fact with its sources."""
        hub = self._shown(self.get_object())
        addresses = Addresses(root_of(request), "hub")
        if is_json_ld(request):
            row = {name: getattr(hub, name) for name in JSON_LD_COLUMNS if name != "url"}
            node = hub_json_ld(row | {"url": addresses.page(slug)})
            return self.answer_linked(node, version=hub.version)
        fields = chosen_fields(request, DETAIL_FIELDS)
        text = request.query_params.get("as_of")
        as_of = None if text is None else day_of("as_of", text)
        return self.answer(self._detail(hub, fields, as_of), version=hub.version)

    @extend_schema(request=HubSerializer(partial=True))
    def partial_update(self, request: Request, slug: str) -> HttpResponse:
        """Change a hub's own columns; its facts have addresses of their own."""
        hub = self.get_object()
        version = expected_version(request, hub.version)
        serializer = HubSerializer(
            hub, data=request.data, partial=True, context={"user": request.user}
        )
        changes = self.checked(serializer)
        change_hub(hub, changes=changes, expected_version=version, by=self.member)
        hub = self._shown(self.get_queryset().get(pk=hub.pk))
        return self.answer(self._detail(hub, DETAIL_FIELDS, None), version=hub.version)

    def _shown(self, hub: Any) -> Any:
        """Return `hub` without what the reader may not see; it is not to be saved."""
        if not hub.is_successor_visible:
            hub.successor = None
        return hub

    def _detail(
        self, hub: Any, fields: Sequence[str], as_of: datetime.date | None
    ) -> dict[str, Any]:
        addresses = Addresses(root_of(self.request), "hub")
        hub.as_of = as_of
        hub.url = addresses.page(hub.slug)
        hub.api_url = addresses.api(hub.slug)
        own = reader(HubSerializer).to_representation(hub)
        data = {name: value for name, value in own.items() if name in fields}
        for field in fields:
            if field in _FACTS:
                model, fact_serializer = _FACTS[field]
                data[field] = _read(fact_serializer, self._facts(model, hub, as_of))
            elif field == "networks":
                data[field] = _read(HubNetworkSerializer, _networks(hub, as_of))
            elif field == "self_assessments":
                data[field] = _read(SelfAssessmentSerializer, self._assessments(hub))
        return data

    def _facts(
        self, model: type[DatedFact], hub: Hub, as_of: datetime.date | None
    ) -> QuerySet[Any]:
        facts = model.objects.visible_to(self.request.user).filter(hub=hub)
        if as_of is not None:
            facts = facts.as_of(as_of)
        return facts.newest_first().for_list()

    def _assessments(self, hub: Hub) -> QuerySet[SelfAssessment]:
        found: QuerySet[SelfAssessment] = SelfAssessment.objects.visible_to(
            self.request.user
        ).filter(hub=hub)
        return found.prefetch_related("scores")


def _read(serializer: type[serializers.Serializer[Any]], rows: Iterable[Any]) -> list[Any]:
    shape = reader(serializer)
    return [shape.to_representation(row) for row in rows]


def _networks(hub: Hub, as_of: datetime.date | None) -> QuerySet[NetworkMembership]:
    memberships = NetworkMembership.objects.filter(hub=hub).select_related("network")
    if as_of is not None:
        memberships = memberships.exclude(joined_on__gt=as_of).exclude(left_on__lt=as_of)
    return memberships.order_by("network__name", "pk")

"""Organisations and networks: what is around hubs. Read only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.schema import FIELDS, UPDATED_SINCE
from core.api.views import ApiViewSet
from core.dates import partial_isoformat
from core.http import root_of
from hubs.filters import NetworkFilter, OrganisationFilter
from hubs.models import (
    CoordinationLink,
    FundingStream,
    Hub,
    Network,
    NetworkMembership,
    Organisation,
)
from hubs.querysets import by_name
from hubs.serializers import (
    NETWORK_COLUMNS,
    ORGANISATION_COLUMNS,
    Addresses,
    NetworkRowSerializer,
    NetworkSerializer,
    OrganisationRowSerializer,
    OrganisationSerializer,
)

_ADDRESSES = {"url", "api_url"}


class _AroundViewSet(ApiViewSet):
    """A list of plain columns, and one thing with the hubs it is tied to."""

    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    http_method_names = ["get", "head", "options"]
    default_order = "name"
    action_formats = {"list": (JsonFormat, CsvFormat)}
    noun: str
    columns: tuple[str, ...]

    def list_rows(self, request: Request) -> HttpResponseBase:
        def values(rows: Any, _fields: Sequence[str]) -> QuerySet[Any]:
            stored = [name for name in self.columns if name not in _ADDRESSES]
            found: QuerySet[Any] = rows.values("pk", *stored)
            return found

        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            self.columns,
            name=f"{self.noun}s",
            values=values,
            complete=Addresses(root_of(request), self.noun).complete,
        )

    def own_columns(self, thing: Any) -> dict[str, Any]:
        addresses = Addresses(root_of(self.request), self.noun)
        row = {name: getattr(thing, name) for name in self.columns if name not in _ADDRESSES}
        return row | {"url": addresses.page(thing.slug), "api_url": addresses.api(thing.slug)}


class OrganisationViewSet(_AroundViewSet):
    """Bodies that are not hubs: they coordinate with hubs, fund or host them."""

    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilter
    order_keys = {
        "name": OrderKey(by_name()),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    action_parameters = {"list": (UPDATED_SINCE, FIELDS)}
    noun = "organisation"
    columns = ORGANISATION_COLUMNS

    def get_queryset(self) -> QuerySet[Organisation]:
        found: QuerySet[Organisation] = Organisation.objects.visible_to(self.request.user)
        return found

    @extend_schema(responses=OrganisationRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Organisations around hubs."""
        return self.list_rows(request)

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One organisation, the hubs that it coordinates with and those that it funds."""
        organisation = self.get_object()
        user = request.user
        links = CoordinationLink.objects.visible_to(user).filter(organisation=organisation)
        streams = FundingStream.objects.visible_to(user).filter(provider=organisation)
        data = self.own_columns(organisation)
        data["coordinates_with"] = list(_ties(links, "role"))
        data["funds"] = list(_ties(streams, "source_type"))
        return self.answer(data)


def _ties(facts: QuerySet[Any], as_what: str) -> Iterator[dict[str, Any]]:
    columns = ("valid_from", "valid_from_precision", "valid_to", "valid_to_precision")
    rows: Iterable[dict[str, Any]] = facts.order_by(by_name("hub__name"), "pk").values(
        "hub__slug", "hub__name", as_what, *columns
    )
    for row in rows:
        yield {
            "slug": row["hub__slug"],
            "name": row["hub__name"],
            "as_what": row[as_what],
            "valid_from": partial_isoformat(row["valid_from"], row["valid_from_precision"]),
            "valid_to": partial_isoformat(row["valid_to"], row["valid_to_precision"]),
        }


class NetworkViewSet(_AroundViewSet):
    """Hubs that work together under one name."""

    serializer_class = NetworkSerializer
    filterset_class = NetworkFilter
    order_keys = {"name": OrderKey(by_name())}
    action_parameters = {"list": (FIELDS,)}
    noun = "network"
    columns = NETWORK_COLUMNS

    def get_queryset(self) -> QuerySet[Network]:
        found: QuerySet[Network] = Network.objects.visible_to(self.request.user)
        return found

    @extend_schema(responses=NetworkRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Networks of hubs."""
        return self.list_rows(request)

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One network with its hubs, as far as you may see them."""
        network = self.get_object()
        hubs = Hub.objects.visible_to(request.user)
        memberships = NetworkMembership.objects.filter(network=network, hub__in=hubs)
        data = self.own_columns(network)
        data["secretariat"] = (
            hubs.filter(pk=network.secretariat_id).values_list("slug", flat=True).first()
        )
        data["hubs"] = [
            {
                "slug": row["hub__slug"],
                "name": row["hub__name"],
                "joined_on": row["joined_on"],
                "left_on": row["left_on"],
            }
            for row in memberships.order_by(by_name("hub__name"), "pk").values(
                "hub__slug", "hub__name", "joined_on", "left_on"
            )
        ]
        return self.answer(data)

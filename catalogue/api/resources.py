"""/api/v1/resources/: the library for programs. Read only."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from catalogue.filters import ResourceFilter
from catalogue.models import Entry, Resource
from catalogue.serializers import (
    RESOURCE_COLUMNS,
    ResourceRowSerializer,
    ResourceSerializer,
    completed_resources,
    copy_address,
    resource_values,
)
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.schema import FIELDS, UPDATED_SINCE
from core.api.views import ApiViewSet
from core.http import root_of
from hubs.querysets import by_name


class ResourceViewSet(ApiViewSet):
    """The library: communiqués, guides, evaluations, recordings, and where to get them."""

    serializer_class = ResourceSerializer
    filterset_class = ResourceFilter
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    http_method_names = ["get", "head", "options"]
    order_keys = {
        "title": OrderKey(by_name("title")),
        "updated_at": OrderKey(F("updated_at"), "time"),
        "year": OrderKey(Coalesce("year", 0), "number"),
    }
    default_order = "-year"
    action_parameters = {"list": (UPDATED_SINCE, FIELDS)}
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[Resource]:
        found: QuerySet[Resource] = Resource.objects.visible_to(self.request.user).published()
        return found

    @extend_schema(responses=ResourceRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Resources that are published."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            RESOURCE_COLUMNS,
            name="resources",
            values=resource_values,
            complete=partial(completed_resources, root=root_of(request)),
        )

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One resource with its copies, what it documents and the pages that name it."""
        resource: Any = self.get_object()
        root = root_of(request)
        same: Any = self.get_queryset().filter(pk=resource.pk)
        (row,) = resource_values(same.with_source_list(), [*RESOURCE_COLUMNS, "source_list"])
        (data,) = completed_resources([row], root=root, columns=RESOURCE_COLUMNS)
        entries = Entry.objects.visible_to(request.user).published()
        return self.answer(
            data
            | {
                "language": resource.language,
                "links": [
                    {
                        **{name: link[name] for name in ("language", "content_type", "bytes")},
                        "address": copy_address(link, slug, root),
                        "unreachable_since": link["unreachable_since"],
                    }
                    for link in row["link_list"]
                ],
                "entries": list(
                    entries.filter(resources=resource.pk)
                    .order_by("slug")
                    .values_list("slug", flat=True)
                ),
                "sources": [
                    {name: source[name] for name in ("title", "publisher", "address")}
                    for source in row["source_list"]
                ],
            }
        )

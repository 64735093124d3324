"""/api/v1/resources/: the library for programs, read and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy  # a form writes into its instance
from functools import partial
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue import services
from catalogue.api import examples
from catalogue.api.writing import SLUG, WriteMixin, example, exchange
from catalogue.filters import ResourceFilter
from catalogue.forms import ResourceForm
from catalogue.models import Entry, Resource
from catalogue.querysets import may_add_resources
from catalogue.serializers import (
    RESOURCE_COLUMNS,
    ResourceContentSerializer,
    ResourceRowSerializer,
    ResourceSerializer,
    completed_resources,
    copy_row,
    resource_values,
)
from catalogue.serializers.json_ld import resource_json_ld
from core.api.forms import errors_named_as, filled
from core.api.negotiation import CsvFormat, JsonFormat, JsonLdFormat
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import FIELDS, IDEMPOTENCY_KEY, IF_MATCH, UPDATED_SINCE
from core.api.views import ApiViewSet, LinkedData, is_json_ld
from core.http import root_of
from hubs.querysets import by_name
from hubs.serializers import Addresses

RESOURCE = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The resource.")


class ResourceViewSet(WriteMixin, ApiViewSet):
    """The library: communiqués, guides, evaluations, recordings, and where to get them."""

    serializer_class = ResourceSerializer
    filterset_class = ResourceFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "patch", "options"]
    order_keys = {
        "title": OrderKey(by_name("title")),
        "updated_at": OrderKey(F("updated_at"), "time"),
        "year": OrderKey(Coalesce("year", 0), "number"),
    }
    default_order = "-year"
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        "create": (IDEMPOTENCY_KEY,),
        "partial_update": (IF_MATCH,),
        "publish": (RESOURCE, IF_MATCH, IDEMPOTENCY_KEY),
        "withdraw": (RESOURCE, IDEMPOTENCY_KEY),
    }
    action_formats = {
        "list": (JsonFormat, CsvFormat, JsonLdFormat),
        "retrieve": (JsonFormat, JsonLdFormat),
    }

    def get_queryset(self) -> QuerySet[Resource]:
        found: Any = Resource.objects.visible_to(self.request.user)
        listed: QuerySet[Resource] = found.published() if self.action == "list" else found
        return listed

    @extend_schema(responses=ResourceRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Resources that are published."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            RESOURCE_COLUMNS,
            name="resources",
            values=resource_values,
            complete=partial(completed_resources, root=root_of(request)),
            linked=LinkedData(RESOURCE_COLUMNS, self._node()),
        )

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One resource with its copies, what it documents and the pages that name it."""
        return self._show(self.get_object())

    @extend_schema(
        request=ResourceContentSerializer,
        responses={201: ResourceSerializer},
        examples=exchange("A guide", examples.NEW_RESOURCE, examples.RESOURCE),
    )
    def create(self, request: Request) -> HttpResponse:
        """Add a resource; it is a draft until it is published."""
        if not may_add_resources(request.user):
            raise PermissionDenied

        def act() -> HttpResponse:
            serializer = ResourceContentSerializer(data=request.data, context={"request": request})
            given = as_typed(self.checked(serializer))
            with errors_named_as(serializer):
                form = filled(lambda data: ResourceForm(data, user=self.member), given)
                resource = services.create_resource(
                    Resource(**form.columns()),
                    entries=form.cleaned_data["entries"],
                    by=self.member,
                )
            response = self._show(resource, HTTPStatus.CREATED)
            return self.created(response, "resource-detail", resource.slug)

        return self.once(act)

    @extend_schema(
        request=ResourceContentSerializer(partial=True),
        examples=[example("Another year", {"year": 2025})],
    )
    def partial_update(self, request: Request, slug: str) -> HttpResponse:
        """Change what is known of a resource; a list that is given replaces the one there was."""
        resource: Resource = self.allowed(Resource, "editable_by", slug=slug)
        version = expected_version(request, resource.version)
        serializer = ResourceContentSerializer(
            data=request.data, partial=True, context={"request": request}
        )
        given = as_typed(self.checked(serializer))
        with errors_named_as(serializer):
            form = filled(
                lambda data: ResourceForm(data, instance=copy(resource), user=self.member), given
            )
            columns = form.columns()
            saved = services.change_resource(
                resource,
                changes={name: columns[name] for name in given if name in columns},
                entries=form.cleaned_data["entries"],
                expected_version=version,
                by=self.member,
            )
        return self._show(saved)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, slug: str) -> HttpResponse:
        """Show it to everybody, as you read it."""
        resource = self.allowed(Resource, "editable_by", slug=slug)

        def act(version: int) -> HttpResponse:
            saved = services.publish_resource(resource, expected_version=version, by=self.member)
            return self._show(saved)

        return self.once_as_read(resource.version, act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, slug: str) -> HttpResponse:
        """Make it a draft again."""
        resource = self.allowed(Resource, "editable_by", slug=slug)
        return self.once(lambda: self._show(services.withdraw_resource(resource, by=self.member)))

    def _node(self) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        hubs = Addresses(root_of(self.request), "hub")
        return partial(resource_json_ld, hub_page=hubs.page)

    def _show(self, resource: Any, status: int = HTTPStatus.OK) -> HttpResponse:
        root, user = root_of(self.request), self.request.user
        same: Any = Resource.objects.filter(pk=resource.pk)
        (row,) = resource_values(same.with_source_list(), [*RESOURCE_COLUMNS, "source_list"])
        (data,) = completed_resources([row], root=root, columns=RESOURCE_COLUMNS)
        if is_json_ld(self.request):
            return self.answer_linked(self._node()(data), version=resource.version)
        # Of drafts, those of the reader's own hubs: a list that is sent back loses none.
        entries = Entry.objects.visible_to(user).filter(resources=resource.pk).order_by("slug")
        data |= {
            "language": resource.language,
            "is_published": resource.is_published,
            "links": [copy_row(link, resource.slug, root) for link in row["link_list"]],
            "entries": list(entries.values_list("slug", flat=True)),
            "sources": [
                {name: source[name] for name in ("title", "publisher", "address")}
                for source in row["source_list"]
            ],
        }
        return self.answer(data, status=status, version=resource.version)


def as_typed(given: dict[str, Any]) -> dict[str, Any]:
    """Return what was sent as the form takes it: entries one a line."""
    if "entries" not in given:
        return given
    return given | {"entries": "\n".join(given["entries"])}

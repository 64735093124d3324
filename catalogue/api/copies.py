"""/api/v1/resources/<slug>/copies/: where a resource can be had, read and written."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue import services
from catalogue.api.writing import WriteMixin, example
from catalogue.forms import ResourceLinkForm
from catalogue.models import Resource, ResourceLink
from catalogue.serializers import NewCopySerializer, ResourceLinkSerializer, copy_row
from core.api.forms import valid
from core.api.pagination import OrderKey
from core.api.parsers import StrictJsonParser
from core.api.schema import IDEMPOTENCY_KEY
from core.api.views import ApiViewSet
from core.http import root_of

RESOURCE = OpenApiParameter(
    "resource_slug", str, OpenApiParameter.PATH, description="The resource."
)
_COLUMNS = ("pk", "language", "address", "content_type", "bytes", "unreachable_since")
ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The copy.")


class ResourceCopyViewSet(WriteMixin, ApiViewSet):
    """Copies of a resource: addresses elsewhere, and files that the portal keeps."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    parser_classes = [StrictJsonParser, MultiPartParser]
    serializer_class = ResourceLinkSerializer
    filter_backends = []
    order_keys = {"position": OrderKey(F("position"), "number")}
    default_order = "position"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "head", "post", "delete", "options"]
    queryset = ResourceLink.objects.none()
    action_parameters = {
        "list": (RESOURCE,),
        "create": (RESOURCE, IDEMPOTENCY_KEY),
        "destroy": (RESOURCE, ID),
    }

    def list(self, request: Request, resource_slug: str) -> HttpResponse:
        """All copies of the resource, in their order."""
        seen = Resource.objects.visible_to(request.user)
        resource: Any = get_object_or_404(seen, slug=resource_slug)
        page = self.list_page(resource.links.values(*_COLUMNS, "position"))
        page["results"] = [self._row(link, resource) for link in page["results"]]
        return self.answer(page)

    @extend_schema(
        request={
            "application/json": NewCopySerializer,
            "multipart/form-data": NewCopySerializer,
        },
        responses={201: ResourceLinkSerializer},
        examples=[
            example("An address", {"language": "fr", "address": "https://example.org/guide.pdf"})
        ],
    )
    def create(self, request: Request, resource_slug: str) -> HttpResponse:
        """Add a copy: an address, or a file of one language, the last of the list."""
        resource = self.allowed(Resource, "editable_by", slug=resource_slug)

        def act() -> HttpResponse:
            given = self.checked(NewCopySerializer(data=request.data))
            form = valid(ResourceLinkForm(given, request.FILES))
            link = services.add_link(resource, form.link(), by=self.member)
            row = {name: getattr(link, name) for name in _COLUMNS}
            return self.answer(self._row(row, resource), status=HTTPStatus.CREATED)

        return self.once(act)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, resource_slug: str, id: str) -> HttpResponse:
        """Take a copy away; a file goes with it."""
        resource = self.allowed(Resource, "editable_by", slug=resource_slug)
        link = get_object_or_404(ResourceLink.objects.filter(resource=resource), pk=id)
        services.remove_link(link, by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def _row(self, link: dict[str, Any], resource: Resource) -> dict[str, Any]:
        return copy_row(link, resource.slug, root_of(self.request))

"""/api/v1/packs/ and /api/v1/iati/: a hub's report of a year, and its exchanges as IATI."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue.api.writing import SLUG
from core.api.forms import valid
from core.api.negotiation import JsonFormat, XmlFormat
from core.api.views import ApiViewSet
from core.errors import DomainError
from core.http import root_of
from evaluation.forms.packs import pack_form
from evaluation.iati.reading import ready_of
from evaluation.iati.writing import file_portions
from evaluation.packs.content import gather
from evaluation.serializers.packs import IatiSerializer, PackSerializer, iati_shape, pack_shape
from hubs.models import Hub

HUB = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The hub.")
PACK = (
    OpenApiParameter("year", int, description="The year; this one if it is not named."),
    OpenApiParameter(
        "as_of", str, description="A day (its end) or a moment; now if it is not named."
    ),
    OpenApiParameter(
        "internal", bool, description="Name what is confidential; for the hub's people."
    ),
)


class _OfHub(ApiViewSet):
    """What there is of one hub that the reader may see."""

    queryset = Hub.objects.none()
    lookup_field = "slug"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "options"]

    def get_queryset(self) -> QuerySet[Hub]:
        hubs: QuerySet[Hub] = Hub.objects.visible_to(self.request.user)
        return hubs


class PackViewSet(_OfHub):
    """Report packs of hubs."""

    serializer_class = PackSerializer
    action_parameters = {"retrieve": PACK}

    @extend_schema(parameters=[HUB, *PACK], responses=PackSerializer)
    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One hub's report of one year, as known at one moment."""
        hub = self.get_object()
        form = valid(pack_form(request.query_params, hub, request.user))
        pack = gather(form.scope(hub, request.user))
        return self.answer(pack_shape(pack, root=root_of(request)))


class IatiViewSet(_OfHub):
    """Exchanges of hubs as IATI 2.03."""

    serializer_class = IatiSerializer
    action_formats = {"retrieve": (JsonFormat, XmlFormat)}

    @extend_schema(
        parameters=[HUB],
        responses={
            (200, "application/json"): IatiSerializer,
            (200, "application/xml"): OpenApiTypes.STR,
        },
    )
    def retrieve(self, request: Request, slug: str) -> HttpResponseBase:
        """What is in a hub's activity file; with `format=xml` the file itself, 409 while
        something is missing for it.
        """
        ready = ready_of(self.get_object())
        if getattr(request.accepted_renderer, "format", "") != "xml":
            return self.answer(iati_shape(ready))
        if not ready.is_ready:
            raise DomainError(_("There is no file yet.") + " " + " ".join(ready.missing))
        return StreamingHttpResponse(
            file_portions(ready, root=root_of(request)),
            content_type="application/xml; charset=utf-8",
        )

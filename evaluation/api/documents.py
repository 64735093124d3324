"""/api/v1/exchanges/<slug>/documents/: documents, links and testimonies on an exchange."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue.api.writing import WriteMixin, example
from core.api.forms import errors_named_as, valid
from core.api.parsers import StrictJsonParser
from core.api.schema import IDEMPOTENCY_KEY
from core.api.views import ApiViewSet
from core.http import get_allowed, root_of
from evaluation.forms.exchange_parts import DocumentForm
from evaluation.models import Evidence, Exchange
from evaluation.serializers.exchange_parts import ExchangeReasonSerializer
from evaluation.serializers.followup import (
    DocumentContentSerializer,
    DocumentSerializer,
    document_row,
)
from evaluation.services.evidence import add_evidence, withdraw_evidence

_EXCHANGE = OpenApiParameter(
    "exchange_slug", str, OpenApiParameter.PATH, description="The exchange."
)
_ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The document.")


class ExchangeDocumentViewSet(WriteMixin, ApiViewSet):
    """What shows that an exchange was so. Confidential documents are there for the people of the
    hub that tells the exchange only.
    """

    serializer_class = DocumentSerializer
    queryset = Evidence.objects.none()
    permission_classes = [IsAuthenticatedOrReadOnly]
    parser_classes = [StrictJsonParser, MultiPartParser]
    pagination_class = None
    filter_backends = []
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "head", "post", "options"]
    action_parameters = {
        "list": (_EXCHANGE,),
        "create": (_EXCHANGE, IDEMPOTENCY_KEY),
        "withdraw": (_EXCHANGE, _ID, IDEMPOTENCY_KEY),
    }

    @extend_schema(responses=DocumentSerializer(many=True))
    def list(self, request: Request, exchange_slug: str) -> HttpResponseBase:
        """The documents that you may see; those that were withdrawn say so."""
        seen = Exchange.objects.visible_to(request.user)
        exchange = get_object_or_404(seen, slug=exchange_slug)
        rows = Evidence.objects.downloadable_by(request.user).filter(exchange=exchange)
        return self.answer({"results": [self._row(row) for row in rows.order_by("pk")]})

    @extend_schema(
        request={
            "application/json": DocumentContentSerializer,
            "multipart/form-data": DocumentContentSerializer,
        },
        responses={201: DocumentSerializer},
        examples=[
            example(
                "A page", {"kind": "link", "title": "The law", "address": "https://law.example/"}
            )
        ],
    )
    def create(self, request: Request, exchange_slug: str) -> HttpResponse:
        """Add a document: a file, an address, or what it says."""
        exchange: Exchange = self.allowed(Exchange, "editable_by", slug=exchange_slug)

        def act() -> HttpResponse:
            serializer = DocumentContentSerializer(data=request.data)
            given = self.checked(serializer)
            name = given["file"].name if "file" in given else ""
            with errors_named_as(serializer):
                instance = Evidence(exchange=exchange)
                form = valid(DocumentForm(given, request.FILES, instance=instance))
                evidence = add_evidence(
                    form.instance, form.cleaned_data["file"], name=name, by=self.member
                )
            evidence.refresh_from_db(fields=["added_at"])
            return self.answer(self._row(evidence), status=HTTPStatus.CREATED)

        return self.once(act)

    @extend_schema(
        request=ExchangeReasonSerializer, examples=[example("Why", {"reason": "The wrong year."})]
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, exchange_slug: str, id: str) -> HttpResponse:
        """Take a document back, with a reason; the rungs that rest on it fall with it."""
        exchange = self.allowed(Exchange, "editable_by", slug=exchange_slug)
        rows = Evidence.objects
        seen = rows.visible_to(request.user).filter(exchange=exchange)
        evidence = get_allowed(seen, rows.editable_by(request.user), pk=id)

        def act() -> HttpResponse:
            given = self.checked(ExchangeReasonSerializer(data=request.data))
            withdraw_evidence(evidence, reason=given["reason"], by=self.member)
            return self.answer(self._row(Evidence.objects.get(pk=evidence.pk)))

        return self.once(act)

    def _row(self, evidence: Any) -> dict[str, Any]:
        return document_row(evidence, root=root_of(self.request))

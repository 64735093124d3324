"""/api/v1/drafts/<id>/attachments/: files and pictures of a draft."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.http.response import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from catalogue import services
from catalogue.api.writing import WriteMixin
from catalogue.content import column_of
from catalogue.forms import AttachmentForm
from catalogue.models import Attachment, Draft
from catalogue.serializers import AttachmentSerializer, NewAttachmentSerializer
from core.api.forms import valid
from core.api.schema import IDEMPOTENCY_KEY
from core.api.views import ApiViewSet
from core.http import root_of

DRAFT = OpenApiParameter("draft_id", int, OpenApiParameter.PATH, description="The draft.")
ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The attachment.")


class AttachmentViewSet(WriteMixin, ApiViewSet):
    """Files and pictures that a draft names, in their order: twenty at most."""

    permission_classes = [IsAuthenticated]
    parser_classes = [MultiPartParser]
    serializer_class = AttachmentSerializer
    filter_backends = []
    pagination_class = None
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "head", "post", "delete", "options"]
    queryset = Attachment.objects.none()
    action_parameters = {
        "list": (DRAFT,),
        "create": (DRAFT, IDEMPOTENCY_KEY),
        "destroy": (DRAFT, ID),
    }

    def list(self, request: Request, draft_id: str) -> HttpResponse:
        """What the draft names."""
        draft: Draft = get_object_or_404(Draft.objects.visible_to(request.user), pk=draft_id)
        return self.answer([self._row(row) for row in column_of(draft.content, "attachments")])

    @extend_schema(request={"multipart/form-data": NewAttachmentSerializer})
    def create(self, request: Request, draft_id: str) -> HttpResponse:
        """Add a file or a picture, the last of the list."""
        draft = self.allowed(Draft, "editable_by", pk=draft_id)

        def act() -> HttpResponse:
            given = self.checked(NewAttachmentSerializer(data=request.data))
            form = valid(AttachmentForm(given, request.FILES))
            caption = form.cleaned_data["caption"]
            new = services.add_attachment(
                draft,
                form.cleaned_data["file"],
                name=given["file"].name,
                caption=caption,
                by=self.member,
            )
            row = {name: getattr(new, name) for name in ("pk", "name", "content_type")}
            return self.answer(self._row(row | {"caption": caption}), status=HTTPStatus.CREATED)

        return self.once(act)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, draft_id: str, id: str) -> HttpResponse:
        """Take it out of the draft; versions that name it keep it."""
        draft = self.allowed(Draft, "editable_by", pk=draft_id)
        if int(id) not in {row["pk"] for row in column_of(draft.content, "attachments")}:
            raise Http404
        services.remove_attachment(draft, int(id), by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        path = reverse("catalogue:attachment", args=[row["pk"]])
        told = {name: row[name] for name in ("name", "content_type", "caption")}
        return {"id": row["pk"], **told, "address": f"{root_of(self.request)}{path}"}

"""What the addresses of spaces, threads and posts have in common."""

from __future__ import annotations

from rest_framework.permissions import IsAuthenticatedOrReadOnly

from catalogue.api.writing import WriteMixin
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.schema import FIELDS, IDEMPOTENCY_KEY, UPDATED_SINCE
from core.api.views import ApiViewSet

LIST = (UPDATED_SINCE, FIELDS)
ACT = (IDEMPOTENCY_KEY,)


class TalkViewSet(WriteMixin, ApiViewSet):
    """Read by all who may see a thing, written by members."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "patch", "options"]
    action_formats = {"list": (JsonFormat, CsvFormat)}

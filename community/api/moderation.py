"""/api/v1/flags/ and /api/v1/moderation/: reporting something; what waits for a moderator."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from accounts.api import MemberMixin
from catalogue.api.writing import WriteMixin, example
from community.models import Decision
from community.querysets.moderation import flaggable_by, moderates, queue_for, rows_of
from community.serializers.moderation import (
    FlagSerializer,
    NewFlagSerializer,
    QueueSerializer,
    waiting_row,
)
from community.services.flags import flag
from community.services.queue import WHYS, items_of
from core.api.schema import IDEMPOTENCY_KEY
from core.api.views import ApiViewSet
from core.http import get_allowed, root_of

MOST = 100  # things in one answer
WHY = OpenApiParameter("why", str, enum=sorted(WHYS), description="Why it waits.")


class FlagViewSet(WriteMixin, ApiViewSet):
    """Reports to those who moderate."""

    serializer_class = FlagSerializer
    permission_classes = [IsAuthenticated]
    http_method_names = ["post", "options"]
    action_parameters = {"create": (IDEMPOTENCY_KEY,)}

    @extend_schema(
        request=NewFlagSerializer,
        responses={201: FlagSerializer},
        examples=[
            example(
                "Wrong facts",
                {
                    "kind": "hub",
                    "id": 12,
                    "reason": "wrong-facts",
                    "text": "The agency was founded in 2005: see its law.",
                },
            )
        ],
    )
    def create(self, request: Request) -> HttpResponse:
        """Report something; what you have reported already is answered with that report."""
        member = self.member
        if not member.takes_part:
            raise PermissionDenied

        def act() -> HttpResponse:
            given = self.checked(NewFlagSerializer(data=request.data))
            kind = given["kind"]
            seen = rows_of(kind).visible_to(member)
            thing = get_allowed(seen, flaggable_by(kind, member), pk=given["id"])
            made = flag(kind, thing, reason=given["reason"], text=given["text"], by=member)
            row = {"id": made.pk, "kind": made.kind}
            row |= {name: getattr(made, name) for name in ("reason", "text", "state", "made_at")}
            return self.answer(row, status=HTTPStatus.CREATED)

        return self.once(act)


class QueueViewSet(MemberMixin, ApiViewSet):
    """What waits for moderators."""

    serializer_class = QueueSerializer
    queryset = Decision.objects.none()  # only for the document: the list is of many kinds
    permission_classes = [IsAuthenticated]
    pagination_class = None
    http_method_names = ["get", "head", "options"]
    action_parameters = {"list": (WHY,)}

    @extend_schema(responses=QueueSerializer)
    def list(self, request: Request) -> HttpResponse:
        """What waits for a decision of yours, the oldest 100 things first."""
        member = self.member
        if not moderates(member):
            raise PermissionDenied
        why = request.query_params.get("why", "")
        if why and why not in WHYS:
            known = ", ".join(sorted(WHYS))
            raise ValidationError({"why": [_("There are: %(known)s.") % {"known": known}]})
        found = queue_for(member, why=why)
        rows = [waiting_row(item, root=root_of(request)) for item in items_of(found[:MOST])]
        return self.answer({"count": found.count(), "results": rows})

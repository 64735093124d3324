"""/api/v1/members/: who takes part, as far as each lets the reader see. Read only."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from accounts.registers import shares_hub
from community.filters.members import MemberFilter
from community.querysets.members import listed_members
from community.serializers.members import (
    MEMBER_DETAIL,
    MEMBERS,
    MemberRowSerializer,
    MemberSerializer,
    completed_members,
    contribution_rows,
    member_values,
)
from community.services.contributions import contributions_of
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.schema import FIELDS
from core.api.views import ApiViewSet
from core.http import root_of
from hubs.querysets import by_name


class MemberViewSet(ApiViewSet):
    """Members of the community; each decides who sees which field."""

    serializer_class = MemberSerializer
    filterset_class = MemberFilter
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    http_method_names = ["get", "head", "options"]
    order_keys = {
        "name": OrderKey(by_name()),
        "joined_at": OrderKey(F("joined_at"), "time"),
    }
    default_order = "name"
    action_parameters = {"list": (FIELDS,)}
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[Any]:
        return listed_members(self.request.user)

    @extend_schema(responses=MemberRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Members who take part."""
        return self.told_list(MEMBERS)

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One member, with what they contributed as far as they show it."""
        member, user = self.get_object(), self.request.user
        found = self.get_queryset().filter(pk=member.pk)
        rows = member_values(found, MEMBER_DETAIL)
        (row,) = completed_members(rows, root=root_of(request), columns=MEMBER_DETAIL)
        given = contributions_of(member, user, shares_hub=shares_hub(member.pk, user.pk))
        return self.answer(row | {"contributions": contribution_rows(given, root=root_of(request))})

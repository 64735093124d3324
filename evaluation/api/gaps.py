"""/api/v1/gaps/: where little is shared, for programs. Read only."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from core.api.forms import valid
from core.api.views import ApiViewSet
from evaluation.forms.gaps import MOST, GapForm
from evaluation.gaps import GROUPS, WHATS
from evaluation.models import Exchange
from evaluation.serializers.gaps import GapSerializer, gap_row

ASKED = (
    OpenApiParameter("of", str, enum=list(GROUPS), description="Sectors if it is not named."),
    OpenApiParameter("what", str, enum=list(WHATS), description="Only those with few of it."),
    OpenApiParameter("at_most", int, description=f"What few means: 0 to {MOST}; 0 if not named."),
    OpenApiParameter("stated", bool, description="Only what a hub states."),
)


class GapViewSet(ApiViewSet):
    """Categories beside what the portal holds of each; no number ranks anybody."""

    serializer_class = GapSerializer
    queryset = Exchange.objects.none()
    pagination_class = None
    http_method_names = ["get", "head", "options"]
    action_parameters = {"list": ASKED}

    @extend_schema(responses=GapSerializer(many=True), filters=False)
    def list(self, request: Request) -> HttpResponseBase:
        """All categories of one group that were asked for, in the order of their codes."""
        given = request.query_params
        form = valid(GapForm.of_query({name: given[name] for name in given}))
        return self.answer([gap_row(gap) for gap in form.rows(request.user)])

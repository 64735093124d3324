"""Up to six hubs side by side as of a day: the data of the page, its CSV and its JSON."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.api.filters import day_of
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.responses import csv_response
from core.api.schema import AS_OF
from core.api.views import ApiView, is_csv
from core.dates import today
from hubs.comparison import COLUMNS, MAX_HUBS, compare, export_rows
from hubs.models import Hub
from hubs.profile import profiles_of


class ComparedValueSerializer(serializers.Serializer[Any]):
    """One thing that is said of one hub; a cell that is not stated is one empty `value`."""

    hub = serializers.SlugField()
    hub_name = serializers.CharField()
    as_of = serializers.DateField()
    dimension = serializers.SlugField()
    value = serializers.CharField()
    differs = serializers.BooleanField(
        help_text="Not every hub here of which anything is stated has it."
    )
    details = serializers.ListField(child=serializers.CharField())
    when = serializers.CharField()
    sources = serializers.ListField(child=serializers.URLField())


class ComparisonSerializer(serializers.Serializer[Any]):
    """The values of every hub, dimension by dimension, in the reader's language."""

    as_of = serializers.DateField()
    results = ComparedValueSerializer(many=True)


class ComparisonView(ApiView):
    """Hubs side by side on the five dimensions."""

    http_method_names = ["get", "head", "options"]
    action_parameters = {
        "get": (
            OpenApiParameter(
                "hub",
                str,
                many=True,
                required=True,
                description=f"The slugs of 1 to {MAX_HUBS} hubs, each in a parameter of its own.",
            ),
            AS_OF,
        )
    }
    action_formats = {"get": (JsonFormat, CsvFormat)}

    @extend_schema(
        operation_id="hubs_compare",
        responses={HTTPStatus.OK: ComparisonSerializer(many=False)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Compare up to six hubs as of a day, today if none is named."""
        text = request.query_params.get("as_of")
        as_of = today() if text is None else day_of("as_of", text)
        hubs = _hubs(request)
        comparison = compare(profiles_of(hubs, user=request.user, as_of=as_of), as_of=as_of)
        rows = export_rows(comparison)
        if is_csv(request):
            return csv_response("comparison.csv", COLUMNS, rows)
        return self.answer({"as_of": as_of.isoformat(), "results": list(rows)})


def _hubs(request: Request) -> list[Hub]:
    """Return the hubs that the request names, in its order, if the reader may see them all."""
    slugs = list(dict.fromkeys(request.query_params.getlist("hub")))
    if not 1 <= len(slugs) <= MAX_HUBS:
        message = _("Name 1 to %(maximum)d hubs.") % {"maximum": MAX_HUBS}
        raise ValidationError({"hub": [message]})
    found = {hub.slug: hub for hub in Hub.objects.visible_to(request.user).filter(slug__in=slugs)}
    missing = [slug for slug in slugs if slug not in found]
    if missing:
        raise ValidationError(
            {"hub": [_("There is no hub “%(slug)s”.") % {"slug": slug[:80]} for slug in missing]}
        )
    return [found[slug] for slug in slugs]

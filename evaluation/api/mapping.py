"""/api/v1/frameworks/<slug>/mappings/: which part below counts into which part above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from catalogue.api.writing import example
from core.api.schema import IDEMPOTENCY_KEY, IF_MATCH
from core.api.views import is_csv
from evaluation.api.framework_parts import FRAMEWORK, FrameworkPartViewSet
from evaluation.mapping import (
    Pair,
    mapping_rows,
    pair_version,
    pairs_of,
    version_of,
)
from evaluation.models import Framework
from evaluation.serializers.mapping import MappedPartsSerializer, MappingSerializer
from evaluation.services.mapping import map_parts


class FrameworkMappingViewSet(FrameworkPartViewSet):
    """Parts of dimensions and their places above; what has none is listed and not counted."""

    serializer_class = MappingSerializer
    noun = "mappings"
    http_method_names = ["get", "head", "post", "options"]
    action_parameters = {
        "list": (FRAMEWORK,),
        "create": (FRAMEWORK, IF_MATCH, IDEMPOTENCY_KEY),
    }

    @extend_schema(responses=MappingSerializer(many=True))
    def list(self, request: Request, framework_slug: str) -> HttpResponseBase:
        """Every part that is carried to a framework above, or from one below."""
        framework = self.seen(framework_slug)
        if is_csv(request):
            return self.listed(self._rows(framework))
        return self._show(framework)

    @extend_schema(
        request=MappedPartsSerializer,
        responses=MappingSerializer(many=True),
        examples=[
            example(
                "Two parts",
                {
                    "part_dimension": "age-band",
                    "into_dimension": "age",
                    "parts": [
                        {"part": "0-14", "into": "children"},
                        {"part": "15-24", "into": None},
                    ],
                },
            )
        ],
    )
    def create(self, request: Request, framework_slug: str) -> HttpResponse:
        """Map the parts that are named, as the list was read; null gives a part no place."""
        framework = self.written(framework_slug)

        def act(_version: int) -> HttpResponse:
            given = self.checked(MappedPartsSerializer(data=request.data))
            pair = self._pair(framework, given)
            places = {row["part"]: row["into"] or "" for row in given["parts"]}
            try:
                map_parts(
                    framework,
                    pair,
                    places,
                    expected_version=pair_version(pair),
                    by=self.member,
                )
            except DjangoValidationError as error:
                raise serializers.ValidationError({"parts": error.messages}) from error
            return self._show(framework)

        return self.once_as_read(_version_of(self._rows(framework)), act)

    def _pair(self, framework: Framework, given: dict[str, Any]) -> Pair:
        for pair in pairs_of(framework, self.member):
            named = (given["part_dimension"], given["into_dimension"])
            if (pair.source.code, pair.target.code) == named:
                return pair
        message = _("No parts are carried between these dimensions here.")
        raise serializers.ValidationError({"into_dimension": [message]})

    def _rows(self, framework: Framework) -> Any:
        return mapping_rows(pairs_of(framework, self.request.user))

    def _show(self, framework: Framework) -> HttpResponse:
        rows = self._rows(framework)
        return self.answer({"results": rows}, version=_version_of(rows))


def _version_of(rows: Sequence[dict[str, Any]]) -> int:
    return version_of(
        [
            (f"{row['part_dimension']}:{row['part']}", f"{row['into_dimension']}:{row['into']}")
            for row in rows
        ]
    )

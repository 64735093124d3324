"""/api/v1/search/: one list over everything that can be found. Read only."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from catalogue import search
from catalogue.filters import FACETS, SearchFilter, search_of
from catalogue.models import SearchRow
from catalogue.results import Result, results_of
from catalogue.serializers import SearchResultSerializer, shown_row
from core.api.pagination import CursorPagination
from core.api.views import ApiViewSet
from core.http import root_of

if TYPE_CHECKING:
    from rest_framework.views import APIView

ORDERS = {"relevance": search.RELEVANCE, "-published_at": search.NEWEST}
MAX_CURSOR = 20  # characters
FACETS_PARAMETER = OpenApiParameter(
    "facets",
    bool,
    description=(
        "Also count the values of each facet, without its own filter. `is_about`: the counts"
        " come from a sample, for there are more than 10 000 results."
    ),
)


class SearchPagination(CursorPagination):
    """Pages by place, as far as search orders its results."""

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        parameters = super().get_schema_operation_parameters(view)
        for each in parameters:
            if each["name"] == "order":
                each["schema"] = {"type": "string", "enum": list(ORDERS), "default": "relevance"}
        return parameters

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        whole = super().get_paginated_response_schema(schema)
        counts = {"type": "object", "additionalProperties": {"type": "integer"}}
        whole["properties"] |= {
            "is_more": {"type": "boolean", "description": "Only with count=true."},
            "is_partial": {
                "type": "boolean",
                "description": "Time was up: something is left out. Ask with fewer words.",
            },
            "facets": {
                "type": "object",
                "description": "Only with facets=true.",
                "additionalProperties": {
                    "type": "object",
                    "properties": {"is_about": {"type": "boolean"}, "counts": counts},
                },
            },
        }
        return whole

    def read(self, request: Request) -> tuple[int, int, bool]:
        """Return the size of the page, its place, and whether to count; 400 if one is bad."""
        self.request = request
        return self._page_size(), self._place(), self._flag("count")

    def is_asked(self, name: str) -> bool:
        """Return what a parameter says that is true or false."""
        return self._flag(name)

    def at(self, place: int | None) -> str | None:
        """Return the address of the page at `place`."""
        if place is None:
            return None
        address = self.request.build_absolute_uri()
        return str(replace_query_param(address, "cursor", _encoded(place)))

    def _place(self) -> int:
        cursor = self.request.query_params.get("cursor")
        if cursor is None:
            return 0
        try:
            place = int(base64.urlsafe_b64decode(f"{cursor}==").decode())
        except (binascii.Error, ValueError) as error:
            raise _bad_cursor() from error
        if len(cursor) > MAX_CURSOR or not 0 <= place <= search.COUNTED:
            raise _bad_cursor()
        return place


class SearchViewSet(ApiViewSet):
    """Everything that can be found: by words in six languages, and by values of facets."""

    queryset = SearchRow.objects.none()
    serializer_class = SearchResultSerializer
    filterset_class = SearchFilter
    pagination_class = SearchPagination
    http_method_names = ["get", "head", "options"]
    action_parameters = {"list": (FACETS_PARAMETER,)}

    @extend_schema(responses=SearchResultSerializer(many=True))
    def list(self, request: Request) -> HttpResponse:
        """What fits best. With `order=-published_at`, or without words, the newest first."""
        pages = SearchPagination()
        size, place, is_counted = pages.read(request)
        with_facets = pages.is_asked("facets")
        wanted = search_of(
            self._asked(),
            order=self._order(),
            facets=FACETS if with_facets else (),
            is_counted=is_counted,
        )
        found = search.search(wanted, user=request.user, limit=size + 1, offset=place)
        results = results_of(
            found.things[:size], user=request.user, text=wanted.text, reading=found.reading
        )
        scores = dict(zip(found.things, found.scores, strict=False))
        root = root_of(request)
        page: dict[str, Any] = {
            "next": pages.at(place + size if len(found.things) > size else None),
            "previous": pages.at(max(place - size, 0) if place else None),
            **({"count": found.count, "is_more": found.is_more} if is_counted else {}),
            "is_partial": found.is_partial,
            "results": [_row(each, scores.get((each.kind, each.key)), root) for each in results],
        }
        if with_facets:
            page["facets"] = {
                name: {"is_about": name in found.about, "counts": counts}
                for name, counts in found.facets.items()
            }
        return self.answer(page)

    def _asked(self) -> dict[str, Any]:
        """Return the cleaned filters. Raises ValidationError (400) for a bad value."""
        filterset = SearchFilter(
            self.request.query_params, queryset=self.get_queryset(), request=self.request
        )
        if not filterset.is_valid():
            raise ValidationError(filterset.form.errors)  # type: ignore[arg-type]
        asked: dict[str, Any] = filterset.form.cleaned_data
        return asked

    def _order(self) -> str:
        order = self.request.query_params.get("order", "relevance")
        if order not in ORDERS:
            raise ValidationError(
                {"order": [_("Choose from: %(known)s.") % {"known": ", ".join(ORDERS)}]}
            )
        return ORDERS[order]


def _row(result: Result, score: float | None, root: str) -> dict[str, Any]:
    return shown_row(result.kind, result.shown, root=root) | {
        "score": score,
        "highlights": [result.snippet] if result.is_marked else [],
    }


def _encoded(place: int) -> str:
    return base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def _bad_cursor() -> ValidationError:
    return ValidationError({"cursor": [_("This is not a cursor of this list in this order.")]})

"""/api/v1/tags/: the vocabulary of tags for programs. Read only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import django_filters as df
from django.db.models import F, QuerySet
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from catalogue.api.writing import SLUG
from catalogue.models import Tag
from catalogue.serializers.tags import TAG_COLUMNS, TagSerializer, completed_tags, tag_values
from catalogue.tagged import tag_counts
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.schema import FIELDS, UPDATED_SINCE
from core.api.views import ApiViewSet
from core.http import root_of
from hubs.filters import MAX_TEXT, AskingOnceFilterSet
from hubs.querysets import by_name
from hubs.serializers import Addresses


class TagFilter(AskingOnceFilterSet):
    """What a list of tags can be asked for."""

    q = df.CharFilter(method="filter_text", label=_("Words in a name"), max_length=MAX_TEXT)

    class Meta:
        model = Tag
        fields: list[str] = []

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)


class TagViewSet(ApiViewSet):
    """Tags: what entries are about, in words that their authors chose."""

    serializer_class = TagSerializer
    filterset_class = TagFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    http_method_names = ["get", "head", "options"]
    order_keys = {
        "name": OrderKey(by_name("name")),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "name"
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        "retrieve": (OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The tag."),),
    }
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[Tag]:
        tags: QuerySet[Tag] = Tag.objects.visible_to(self.request.user)
        return tags

    @extend_schema(responses=TagSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Tags of the vocabulary; those merged into another one are left out."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset().filter(merged_into=None)),
            TAG_COLUMNS,
            name="tags",
            values=tag_values,
            complete=self._completed,
        )

    @extend_schema(responses={200: TagSerializer, 301: None})
    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One tag; a merged one leads to the tag it became."""
        tag: Any = self.get_object()
        if tag.merged_into:
            tags = Addresses(root_of(request), "tag", "catalogue")
            return HttpResponsePermanentRedirect(tags.api(tag.merged_into.slug))
        values = tag_values(Tag.objects.filter(pk=tag.pk), TAG_COLUMNS)
        (row,) = self._completed(values, columns=TAG_COLUMNS)
        return self.answer(row)

    def _completed(
        self, rows: Iterable[dict[str, Any]], *, columns: Sequence[str]
    ) -> Iterator[dict[str, Any]]:
        # To count is a search: only for those who asked for it.
        counts = tag_counts(self.request.user) if "entries" in columns else {}
        return completed_tags(rows, root=root_of(self.request), counts=counts, columns=columns)

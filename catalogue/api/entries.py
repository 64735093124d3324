"""/api/v1/entries/: the catalogue for programs. Read only."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from catalogue.filters import EntryFilter
from catalogue.models import BuildingBlock, Entry
from catalogue.serializers import (
    ADDRESSES,
    ENTRY_COLUMNS,
    EntryRowSerializer,
    EntrySerializer,
    completed,
    entry_rows,
    entry_values,
)
from catalogue.services import content_of
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.responses import chosen_fields, csv_response
from core.api.schema import FIELDS, UPDATED_SINCE
from core.api.views import ApiViewSet, is_csv
from hubs.api.hubs import root_of
from hubs.querysets import by_name
from hubs.serializers import Addresses

FIELDS_OF_ENTRY = tuple(str(name) for name in EntrySerializer().fields)


class EntryViewSet(ApiViewSet):
    """Packaged experiences: the challenge, what was done, the results, the lessons."""

    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    http_method_names = ["get", "head", "options"]
    order_keys = {
        "title": OrderKey(by_name("title")),
        "published_at": OrderKey(F("published_at"), "time"),
        "updated_at": OrderKey(F("updated_at"), "time"),
        "adoption_count": OrderKey(F("adoption_count"), "number"),
        "year_from": OrderKey(Coalesce("year_from", 0), "number"),
    }
    default_order = "-published_at"
    action_parameters = {"list": (UPDATED_SINCE, FIELDS)}
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[Entry]:
        entries: QuerySet[Entry] = Entry.objects.visible_to(self.request.user).published()
        return entries.select_related("hub")

    @extend_schema(responses=EntryRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Entries, as they were last published."""
        fields = chosen_fields(request, ENTRY_COLUMNS)
        entries = self.filter_queryset(self.get_queryset())
        root = root_of(request)
        if is_csv(request):
            rows = entry_rows(self.in_order(entries), root=root, columns=fields)
            return csv_response("entries.csv", fields, rows)
        page = self.list_page(entry_values(entries, fields))
        page["results"] = list(completed(page["results"], root=root, columns=fields))
        return self.answer(page)

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One entry in full, with its results, partners, sources and versions."""
        entry: Any = self.get_object()
        addresses = Addresses(root_of(request), "entry", "catalogue")
        row = {
            name: getattr(entry, name) for name in ENTRY_COLUMNS if name not in (*ADDRESSES, "hub")
        }
        page = addresses.page(entry.slug)
        versions = entry.versions.newest_first().values_list("number", flat=True)
        blocks = BuildingBlock.objects.visible_to(request.user).filter(uses__entry=entry)
        blocks = blocks.order_by("uses__position", "uses__pk")
        data = {
            **row,
            **content_of(entry),
            "hub": entry.hub.slug,
            "url": page,
            "api_url": addresses.api(entry.slug),
            "translations": list(
                entry.translations.with_is_stale().values(
                    "language", "state", "from_version", "is_stale", "texts"
                )
            ),
            "building_blocks": list(blocks.values_list("slug", flat=True)),
            "versions": [f"{page}v/{number}/" for number in versions],
        }
        return self.answer({name: data[name] for name in FIELDS_OF_ENTRY})

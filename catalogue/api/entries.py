"""/api/v1/entries/: the catalogue for programs. What entries say is written as drafts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue import services
from catalogue.api.versions import entry_or_gone
from catalogue.api.writing import SLUG, WriteMixin
from catalogue.filters import EntryFilter
from catalogue.models import BuildingBlock, Entry, EntryState, Tag
from catalogue.serializers import (
    ADDRESSES,
    ENTRY_COLUMNS,
    EntryRowSerializer,
    EntrySerializer,
    ReasonSerializer,
    completed,
    entry_values,
)
from catalogue.serializers.json_ld import ENTRY_LINKED, entry_json_ld, entry_row_json_ld
from catalogue.services import content_of
from core.api.negotiation import CsvFormat, JsonFormat, JsonLdFormat
from core.api.pagination import OrderKey
from core.api.schema import FIELDS, IDEMPOTENCY_KEY, UPDATED_SINCE
from core.api.views import ApiViewSet, LinkedData, is_json_ld
from core.http import root_of
from hubs.querysets import by_name
from hubs.serializers import Addresses

FIELDS_OF_ENTRY = tuple(str(name) for name in EntrySerializer().fields)


ENTRY = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The entry.")
ACTS = ("archive", "restore", "withdraw", "contest", "settle", "revise")


class EntryViewSet(WriteMixin, ApiViewSet):
    """Packaged experiences: the challenge, what was done, the results, the lessons."""

    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "options"]
    order_keys = {
        "title": OrderKey(by_name("title")),
        "published_at": OrderKey(F("published_at"), "time"),
        "updated_at": OrderKey(F("updated_at"), "time"),
        "adoption_count": OrderKey(F("adoption_count"), "number"),
        "year_from": OrderKey(Coalesce("year_from", 0), "number"),
    }
    default_order = "-published_at"
    may_be_gone = ("retrieve",)
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        "retrieve": (ENTRY,),
        **dict.fromkeys(ACTS, (ENTRY, IDEMPOTENCY_KEY)),
    }
    action_formats = {
        "list": (JsonFormat, CsvFormat, JsonLdFormat),
        "retrieve": (JsonFormat, JsonLdFormat),
    }

    def get_queryset(self) -> QuerySet[Entry]:
        entries: QuerySet[Entry] = Entry.objects.visible_to(self.request.user).published()
        return entries.select_related("hub")

    def get_object(self) -> Any:
        """Return the entry; say of a withdrawn one when and why, as its page does."""
        return entry_or_gone(self.get_queryset(), self.kwargs["slug"])

    @extend_schema(responses=EntryRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Entries, as they were last published."""
        hubs = Addresses(root_of(request), "hub")
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            ENTRY_COLUMNS,
            name="entries",
            values=entry_values,
            complete=partial(completed, root=root_of(request)),
            linked=LinkedData(ENTRY_LINKED, partial(entry_row_json_ld, hub_page=hubs.page)),
        )

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
        if is_json_ld(request):
            url = Addresses(root_of(request), "hub").page(entry.hub.slug)
            tags = Tag.objects.all().by_text(entry.tags).values()
            linked = entry_json_ld(
                data,
                hub={"name": entry.hub.name, "url": url},
                keywords=[tag.label for tag in tags],
            )
            return self.answer_linked(linked)
        return self.answer({name: data[name] for name in FIELDS_OF_ENTRY})

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, slug: str) -> HttpResponse:
        """Set it aside: it stays readable, marked as no longer kept up."""
        return self._act(services.archive_entry)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, slug: str) -> HttpResponse:
        """Take it out of the archive."""
        return self._act(services.restore_entry)

    @extend_schema(request=ReasonSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, slug: str) -> HttpResponse:
        """Take it back for good: its address will say why."""
        return self._act(services.withdraw_entry)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def contest(self, request: Request, slug: str) -> HttpResponse:
        """Mark it as contested: `reason` says what, by whom. For moderators."""
        return self._act(
            lambda entry, reason, by: services.contest_entry(entry, statement=reason, by=by)
        )

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, slug: str) -> HttpResponse:
        """Take the mark "contested" away. For moderators."""
        return self._act(services.settle_entry)

    @extend_schema(
        request=None,
        responses={
            200: inline_serializer(
                "Revised", {"draft": serializers.URLField(help_text="Address of the draft.")}
            )
        },
    )
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, slug: str) -> HttpResponse:
        """Begin the next version, or find the draft of it that there is."""
        draft = services.revise_entry(self.get_object(), by=self.member)
        return self.answer(
            {"draft": f"{root_of(request)}{reverse('draft-detail', args=[draft.pk])}"}
        )

    def _act(self, do: Callable[..., object]) -> HttpResponse:
        entry: Entry = self.get_object()

        def act() -> HttpResponse:
            reason = self.checked(ReasonSerializer(data=self.request.data))["reason"]
            do(entry, reason=reason, by=self.member)
            entry.refresh_from_db()
            if entry.state == EntryState.WITHDRAWN:
                return HttpResponse(status=HTTPStatus.NO_CONTENT)
            return self.retrieve(self.request, entry.slug)

        return self.once(act)

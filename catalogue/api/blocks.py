"""/api/v1/building-blocks/: reusable parts of experience for programs, read and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy  # a form writes into its instance
from functools import partial
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue import services
from catalogue.api import examples
from catalogue.api.writing import SLUG, WriteMixin, example, exchange
from catalogue.filters import BuildingBlockFilter
from catalogue.forms import BlockForm, NewBlockForm
from catalogue.models import BlockUse, BuildingBlock, Entry
from catalogue.serializers import (
    BLOCK_COLUMNS,
    BlockContentSerializer,
    BlockEntrySerializer,
    BuildingBlockSerializer,
    NewBlockSerializer,
    block_rows,
    block_values,
    completed_blocks,
)
from catalogue.serializers.json_ld import block_json_ld
from core.api.forms import errors_named_as, filled
from core.api.negotiation import CsvFormat, JsonFormat, JsonLdFormat
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import FIELDS, IDEMPOTENCY_KEY, IF_MATCH, UPDATED_SINCE
from core.api.views import ApiViewSet, LinkedData, is_json_ld
from core.http import root_of
from hubs.models import Hub
from hubs.querysets import by_name
from hubs.serializers import Addresses

BLOCK = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The building block.")
ENTRY = OpenApiParameter("entry", str, OpenApiParameter.PATH, description="The entry.")


class BuildingBlockViewSet(WriteMixin, ApiViewSet):
    """Building blocks: parts of experience that others can take up by themselves."""

    serializer_class = BuildingBlockSerializer
    filterset_class = BuildingBlockFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "patch", "delete", "options"]
    order_keys = {
        "title": OrderKey(by_name("title")),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "title"
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        "create": (IDEMPOTENCY_KEY,),
        "partial_update": (IF_MATCH,),
        **dict.fromkeys(("publish", "withdraw", "attach"), (BLOCK, IDEMPOTENCY_KEY)),
        "detach": (BLOCK, ENTRY),
    }
    action_formats = {
        "list": (JsonFormat, CsvFormat, JsonLdFormat),
        "retrieve": (JsonFormat, JsonLdFormat),
    }

    def get_queryset(self) -> QuerySet[BuildingBlock]:
        blocks: QuerySet[BuildingBlock] = BuildingBlock.objects.visible_to(self.request.user)
        return blocks

    @extend_schema(responses=BuildingBlockSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Building blocks, each with the entries that have it."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            BLOCK_COLUMNS,
            name="building-blocks",
            values=partial(block_values, user=request.user),
            complete=partial(completed_blocks, root=root_of(request)),
            linked=LinkedData(BLOCK_COLUMNS, self._node()),
        )

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One building block."""
        return self._show(self.get_object())

    @extend_schema(
        request=NewBlockSerializer,
        responses={201: BuildingBlockSerializer},
        examples=exchange("Seed vouchers", examples.NEW_BLOCK, examples.BLOCK),
    )
    def create(self, request: Request) -> HttpResponse:
        """Describe a new building block of a hub that you edit; its editors alone see it yet."""
        if not Hub.objects.editable_by(request.user).exists():
            raise PermissionDenied

        def act() -> HttpResponse:
            serializer = NewBlockSerializer(data=request.data, context={"request": request})
            given = self.checked(serializer)
            form = filled(lambda data: NewBlockForm(data, user=self.member), given)
            block = services.create_block(
                form.cleaned_data["hub"], columns=form.columns(), by=self.member
            )
            response = self._show(block, HTTPStatus.CREATED)
            return self.created(response, "block-detail", block.slug)

        return self.once(act)

    @extend_schema(
        request=BlockContentSerializer(partial=True),
        examples=[example("A better title", {"title": "Seed vouchers and fairs"})],
    )
    def partial_update(self, request: Request, slug: str) -> HttpResponse:
        """Change the texts of a building block."""
        block: BuildingBlock = self.allowed(BuildingBlock, "editable_by", slug=slug)
        version = expected_version(request, block.version)
        serializer = BlockContentSerializer(data=request.data, partial=True)
        given = self.checked(serializer)
        with errors_named_as(serializer):
            columns = filled(lambda data: BlockForm(data, instance=copy(block)), given).columns()
            changes = {name: columns[name] for name in given}
            saved = services.change_block(
                block, changes=changes, expected_version=version, by=self.member
            )
        return self._show(saved)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, slug: str) -> HttpResponse:
        """Show it to everybody who may see its hub."""
        return self._act(slug, services.publish_block)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, slug: str) -> HttpResponse:
        """Show it to its hub's editors only; entries keep it."""
        return self._act(slug, services.withdraw_block)

    @extend_schema(
        request=BlockEntrySerializer, examples=[example("An entry", {"entry": "seed-banks"})]
    )
    @action(detail=True, methods=["post"], url_path="entries")
    def attach(self, request: Request, slug: str) -> HttpResponse:
        """Say that an entry of a hub that you edit has it, as the entry's last."""
        block = self.get_object()
        if not Entry.objects.of_hubs_edited_by(self.member).exists():
            raise PermissionDenied

        def act() -> HttpResponse:
            serializer = BlockEntrySerializer(data=request.data, context={"request": request})
            services.attach_block(block, self.checked(serializer)["entry"], by=self.member)
            return self._show(block)

        return self.once(act)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["delete"], url_path=f"entries/(?P<entry>{SLUG})")
    def detach(self, request: Request, slug: str, entry: str) -> HttpResponse:
        """Say that an entry has it no more: for editors of the entry's hub and of its own."""
        uses = BlockUse.objects.visible_to(request.user).filter(block=self.get_object())
        services.detach_block(get_object_or_404(uses, entry__slug=entry), by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def _act(self, slug: str, do: Callable[..., BuildingBlock]) -> HttpResponse:
        block = self.allowed(BuildingBlock, "editable_by", slug=slug)
        return self.once(lambda: self._show(do(block, by=self.member)))

    def _node(self) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        hubs = Addresses(root_of(self.request), "hub")
        return partial(block_json_ld, hub_page=hubs.page)

    def _show(self, block: BuildingBlock, status: int = HTTPStatus.OK) -> HttpResponse:
        found = BuildingBlock.objects.filter(pk=block.pk)
        (row,) = block_rows(found, user=self.request.user, root=root_of(self.request))
        if is_json_ld(self.request):
            return self.answer_linked(self._node()(row), version=block.version)
        return self.answer(row, status=status, version=block.version)

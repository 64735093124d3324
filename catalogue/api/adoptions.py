"""/api/v1/adoptions/, and those of one entry or building block: who took up what."""

from __future__ import annotations

from collections.abc import Callable
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
from catalogue.api.writing import WriteMixin, example, exchange
from catalogue.filters import AdoptionFilter
from catalogue.forms import AdoptionForm, ClaimForm
from catalogue.models import Adoption, BuildingBlock, Entry
from catalogue.serializers import (
    ADOPTION_COLUMNS,
    AdoptionContentSerializer,
    AdoptionReasonSerializer,
    AdoptionSerializer,
    ClaimSerializer,
    adoption_rows,
    adoption_values,
    completed_adoptions,
)
from core.api.forms import filled
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import FIELDS, IDEMPOTENCY_KEY, IF_MATCH, UPDATED_SINCE
from core.api.views import ApiViewSet
from core.http import root_of

ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The adoption.")


class _AdoptionViewSet(ApiViewSet):
    """Adoptions of one thing."""

    serializer_class = AdoptionSerializer
    filterset_class = AdoptionFilter
    http_method_names = ["get", "head", "options"]
    order_keys = {
        "id": OrderKey(F("pk"), "number"),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "id"
    action_formats = {"list": (JsonFormat, CsvFormat)}
    queryset = Adoption.objects.none()

    def list_rows(self, request: Request, **of: Any) -> HttpResponseBase:
        found: QuerySet[Adoption] = Adoption.objects.visible_to(request.user).filter(**of)
        return self.page_or_csv(
            self.filter_queryset(found),
            ADOPTION_COLUMNS,
            name="adoptions",
            values=partial(adoption_values, user=request.user),
            complete=partial(completed_adoptions, root=root_of(request)),
        )


class EntryAdoptionViewSet(_AdoptionViewSet):
    """Who took an entry up, and what became of it: what failed is here too."""

    action_parameters = {
        "list": (
            OpenApiParameter("entry_slug", str, OpenApiParameter.PATH, description="The entry."),
            UPDATED_SINCE,
            FIELDS,
        )
    }

    @extend_schema(responses=AdoptionSerializer(many=True))
    def list(self, request: Request, entry_slug: str) -> HttpResponseBase:
        """Adoptions of the entry, confirmed or stated by the adopter alone."""
        entries = Entry.objects.visible_to(request.user).published()
        return self.list_rows(request, entry=get_object_or_404(entries, slug=entry_slug))


class BlockAdoptionViewSet(_AdoptionViewSet):
    """Who took a building block up, and what became of it."""

    action_parameters = {
        "list": (
            OpenApiParameter(
                "block_slug", str, OpenApiParameter.PATH, description="The building block."
            ),
            UPDATED_SINCE,
            FIELDS,
        )
    }

    @extend_schema(responses=AdoptionSerializer(many=True))
    def list(self, request: Request, block_slug: str) -> HttpResponseBase:
        """Adoptions of the building block, confirmed or stated by the adopter alone."""
        blocks = BuildingBlock.objects.visible_to(request.user)
        return self.list_rows(request, block=get_object_or_404(blocks, slug=block_slug))


class AdoptionViewSet(WriteMixin, _AdoptionViewSet):
    """Who took up what, and what became of it: what failed is here too."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "patch", "options"]
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        "create": (IDEMPOTENCY_KEY,),
        "retrieve": (ID,),
        "partial_update": (ID, IF_MATCH),
        "confirm": (ID, IF_MATCH, IDEMPOTENCY_KEY),
        **dict.fromkeys(("reject", "retract"), (ID, IDEMPOTENCY_KEY)),
    }

    @extend_schema(responses=AdoptionSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Adoptions, confirmed or stated by the adopter alone."""
        return self.list_rows(request)

    def retrieve(self, request: Request, id: str) -> HttpResponse:
        """One adoption."""
        seen = Adoption.objects.visible_to(request.user)
        return self._show(get_object_or_404(seen, pk=id))

    @extend_schema(
        request=ClaimSerializer,
        responses={201: AdoptionSerializer},
        examples=exchange("Adapted", examples.CLAIM, examples.ADOPTION),
    )
    def create(self, request: Request) -> HttpResponse:
        """State that a hub that you edit, or an organisation, took something up.

        The hub that shared it is asked to confirm.
        """
        if not self.member.takes_part:
            raise PermissionDenied

        def act() -> HttpResponse:
            serializer = ClaimSerializer(data=request.data, context={"request": request})
            given = self.checked(serializer)
            of = {name: given.pop(name) for name in ("entry", "block") if name in given}
            (thing,) = of.values()
            form = filled(
                lambda data: ClaimForm(data, instance=Adoption(**of), user=self.member), given
            )
            adoption = services.claim_adoption(
                thing, adopter=form.adopter(), columns=form.columns(), by=self.member
            )
            response = self._show(adoption, HTTPStatus.CREATED)
            return self.created(response, "adoption-detail", adoption.pk)

        return self.once(act)

    @extend_schema(
        request=AdoptionContentSerializer(partial=True),
        examples=[example("It failed", {"outcome": "failed", "why": "No rain."})],
    )
    def partial_update(self, request: Request, id: str) -> HttpResponse:
        """Change what became of it, as the adopter; it waits to be confirmed anew."""
        adoption = self.allowed(Adoption, "editable_by", pk=id)
        version = expected_version(request, adoption.version)
        serializer = AdoptionContentSerializer(
            data=request.data, partial=True, context={"request": request}
        )
        given = self.checked(serializer)
        form = filled(
            lambda data: AdoptionForm(data, instance=copy(adoption), user=self.member), given
        )
        columns = form.columns()
        saved = services.change_adoption(
            adoption,
            changes={name: columns[name] for name in given},
            expected_version=version,
            by=self.member,
        )
        return self._show(saved)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, id: str) -> HttpResponse:
        """Confirm it as the hub that shared the thing, as you read it."""
        adoption = self.allowed(Adoption, "decidable_by", pk=id)

        def act(version: int) -> HttpResponse:
            saved = services.confirm_adoption(adoption, expected_version=version, by=self.member)
            return self._show(saved)

        return self.once_as_read(adoption.version, act)

    @extend_schema(
        request=AdoptionReasonSerializer,
        responses={204: None},
        examples=[example("Not so", examples.REASON)],
    )
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, id: str) -> HttpResponse:
        """Reject what was only stated, as the hub that shared the thing; the claimant is told."""
        return self._remove(id, "decidable_by", services.reject_adoption)

    @extend_schema(
        request=AdoptionReasonSerializer,
        responses={204: None},
        examples=[example("Not so", examples.REASON)],
    )
    @action(detail=True, methods=["post"])
    def retract(self, request: Request, id: str) -> HttpResponse:
        """Take it back as the adopter; one that failed is changed instead, and says so."""
        return self._remove(id, "editable_by", services.retract_adoption)

    def _remove(self, pk: str, right: str, remove: Callable[..., None]) -> HttpResponse:
        def act() -> HttpResponse:
            adoption = self.allowed(Adoption, right, pk=pk)
            given = self.checked(AdoptionReasonSerializer(data=self.request.data))
            remove(adoption, reason=given["reason"], by=self.member)
            return HttpResponse(status=HTTPStatus.NO_CONTENT)

        return self.once(act)

    def _show(self, adoption: Adoption, status: int = HTTPStatus.OK) -> HttpResponse:
        found = Adoption.objects.filter(pk=adoption.pk)
        (row,) = adoption_rows(found, user=self.request.user, root=root_of(self.request))
        return self.answer(row, status=status, version=adoption.version)

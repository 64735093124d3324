"""/api/v1/updates/: reported figures, and what becomes of them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue.api.writing import WriteMixin, example
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import FIELDS, IDEMPOTENCY_KEY, IF_MATCH, UPDATED_SINCE
from core.api.views import ApiViewSet
from evaluation.filters.updates import UpdateFilter
from evaluation.models import Exchange, Framework, Indicator, Period, Update
from evaluation.serializers.updates import (
    UPDATES,
    ReturnSerializer,
    UpdateContentSerializer,
    UpdateCreateSerializer,
    UpdateSerializer,
    WithdrawSerializer,
)
from evaluation.services.approving import approve_update, return_update, withdraw_update
from evaluation.services.reporting import (
    begin_update,
    change_update,
    recall_update,
    revise_update,
    submit_update,
)
from evaluation.services.units import Unit
from evaluation.services.update_checks import COLUMNS, NUMBERS, SEVERAL, Stated, cells_of
from hubs.models import Hub

ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The update.")
_ACTS = ("submit", "approve", "return_with_note", "withdraw")


class UpdateViewSet(WriteMixin, ApiViewSet):
    """What hubs and exchanges report on their indicators; only approved figures count."""

    serializer_class = UpdateSerializer
    filterset_class = UpdateFilter
    queryset = Update.objects.none()
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "patch", "options"]
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    order_keys = {
        "id": OrderKey(F("pk"), "number"),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "id"
    action_formats = {"list": (JsonFormat, CsvFormat)}
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        "create": (IDEMPOTENCY_KEY,),
        "retrieve": (ID,),
        "partial_update": (ID, IF_MATCH),
        **dict.fromkeys(_ACTS, (ID, IF_MATCH, IDEMPOTENCY_KEY)),
        **dict.fromkeys(("recall", "revise"), (ID, IDEMPOTENCY_KEY)),
    }

    def get_queryset(self) -> QuerySet[Update]:
        found: QuerySet[Update] = Update.objects.visible_to(self.request.user)
        return found

    @extend_schema(responses=UpdateSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Figures that you may see: approved ones, and all of your own hubs."""
        return self.told_list(UPDATES)

    def retrieve(self, request: Request, id: str) -> HttpResponse:
        """One figure."""
        return self._show(self.get_object())

    @extend_schema(request=UpdateCreateSerializer, responses={201: UpdateSerializer})
    def create(self, request: Request) -> HttpResponse:
        """Begin a report as a draft. Where an approved figure is there it is its revision."""

        def act() -> HttpResponse:
            given = self.checked(UpdateCreateSerializer(data=request.data))
            indicator, period, unit = self._series(given)
            stated = _stated(given, indicator)
            update = begin_update(indicator, period, unit, stated=stated, by=self.member)
            response = self._show(update, HTTPStatus.CREATED)
            return self.created(response, "update-detail", update.pk)

        return self.once(act)

    @extend_schema(
        request=UpdateContentSerializer(partial=True),
        examples=[example("Another value", {"value": "12"})],
    )
    def partial_update(self, request: Request, id: str) -> HttpResponse:
        """Change a draft or what was returned. `cells`, where given, are all there are."""
        update = self.allowed(Update, "editable_by", pk=id)
        version = expected_version(request, update.version)
        given = self.checked(UpdateContentSerializer(data=request.data, partial=True))
        stated = _stated(given, update.indicator)
        if "cells" not in given:
            parts = update.cells.values("cell", *NUMBERS)
            kept = {part.pop("cell"): part for part in parts}
            stated = Stated(stated.columns, kept)
        saved = change_update(update, stated=stated, expected_version=version, by=self.member)
        return self._show(saved)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, id: str) -> HttpResponse:
        """Send a draft for approval, as you read it."""
        update = self.allowed(Update, "editable_by", pk=id)
        return self.once_as_read(
            update.version,
            lambda version: self._show(
                submit_update(update, expected_version=version, by=self.member)
            ),
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, id: str) -> HttpResponse:
        """Approve a figure that somebody else reported, as you read it."""
        update = self.allowed(Update, "approvable_by", pk=id)
        return self.once_as_read(
            update.version,
            lambda version: self._show(
                approve_update(update, expected_version=version, by=self.member)
            ),
        )

    @extend_schema(request=ReturnSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def return_with_note(self, request: Request, id: str) -> HttpResponse:
        """Send a figure back, with what has to change."""
        update = self.allowed(Update, "approvable_by", pk=id)

        def act(version: int) -> HttpResponse:
            note = self.checked(ReturnSerializer(data=request.data))["note"]
            return self._show(
                return_update(update, note=note, expected_version=version, by=self.member)
            )

        return self.once_as_read(update.version, act)

    @extend_schema(request=WithdrawSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> HttpResponse:
        """Take a figure out, with a reason; it counts no more."""
        update = self.allowed(Update, "withdrawable_by", pk=id)

        def act(version: int) -> HttpResponse:
            reason = self.checked(WithdrawSerializer(data=request.data))["reason"]
            return self._show(
                withdraw_update(update, reason=reason, expected_version=version, by=self.member)
            )

        return self.once_as_read(update.version, act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, id: str) -> HttpResponse:
        """Take what waits for approval back, to go on with it."""
        update = self.allowed(Update, "recallable_by", pk=id)
        return self.once(lambda: self._show(recall_update(update, by=self.member)))

    @extend_schema(request=None, responses={201: UpdateSerializer})
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, id: str) -> HttpResponse:
        """Begin a revision of an approved figure, as a draft."""
        update = self.allowed(Update, "revisable_by", pk=id)

        def act() -> HttpResponse:
            revision = revise_update(update, by=self.member)
            response = self._show(revision, HTTPStatus.CREATED)
            return self.created(response, "update-detail", revision.pk)

        return self.once(act)

    def _series(self, given: dict[str, Any]) -> tuple[Indicator, Period, Unit]:
        """Return what is reported on, among what the member may see; 400 names what is not."""
        user = self.request.user
        if ("hub" in given) == ("exchange" in given):
            message = _("Name a hub or an exchange, not both.")
            raise serializers.ValidationError({"hub": [message]})
        framework = _one(
            Framework.objects.visible_to(user).filter(slug=given["framework"]), "framework"
        )
        indicator = _indicator(framework, given)
        periods = Period.objects.filter(
            framework=framework, frequency=indicator.frequency, starts_on=given["period_start"]
        )
        if "hub" in given:
            hubs = Hub.objects.visible_to(user).filter(slug=given["hub"])
            unit = Unit(hub=_one(hubs, "hub"))
        else:
            exchanges = Exchange.objects.visible_to(user).filter(slug=given["exchange"])
            unit = Unit(exchange=_one(exchanges, "exchange"))
        return indicator, _one(periods, "period_start"), unit

    def _show(self, update: Update, status: int = HTTPStatus.OK) -> HttpResponse:
        return self.answer(self.told(UPDATES, update), status=status, version=update.version)


def _indicator(framework: Framework, given: dict[str, Any]) -> Indicator:
    """Return the indicator that was named by its code, and by its number where the framework
    has several of that code.
    """
    found = Indicator.objects.select_related("definition", "result__framework").filter(
        result__framework=framework, definition__definition__code=given["indicator"]
    )
    if "indicator_id" in given:
        found = found.filter(pk=given["indicator_id"])
    elif len(found[:2]) > 1:
        raise serializers.ValidationError({"indicator_id": [str(SEVERAL)]})
    indicator: Indicator = _one(found, "indicator")
    return indicator


def _one(rows: Any, name: str) -> Any:
    found = rows.first()
    if found is None:
        raise serializers.ValidationError({name: [_("There is no such one.")]})
    return found


def _stated(given: dict[str, Any], indicator: Indicator) -> Stated:
    columns = {name: given[name] for name in COLUMNS if name in given}
    known = {(cell.dimension.code, cell.code): cell.pk for cell in cells_of(indicator.definition)}
    parts: dict[int, dict[str, Any]] = {}
    for part in given.get("cells", ()):
        key = known.get((part["dimension"], part["part"]))
        if key is None or key in parts:
            raise ValidationError({"cells": [_("Name each part of the indicator once.")]})
        parts[key] = {name: part.get(name) for name in NUMBERS}
    return Stated(columns, parts)

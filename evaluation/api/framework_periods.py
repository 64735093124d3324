"""Periods of one framework, their locks, and leave to report late."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from catalogue.api.writing import example
from evaluation.api.framework_parts import FRAMEWORK, ID, FrameworkPartViewSet, place_of
from evaluation.models import Framework, LockException, Period
from evaluation.serializers.framework_parts import (
    LockExceptionSerializer,
    NewLockExceptionSerializer,
    NewPeriodsSerializer,
    PeriodSerializer,
    exception_row,
    period_row,
)
from evaluation.services.locks import allow_late_report, lock_period, unlock_period
from evaluation.services.periods import make_periods, remove_period


class FrameworkPeriodViewSet(FrameworkPartViewSet):
    """Periods of a framework, and whether they are locked."""

    serializer_class = PeriodSerializer
    noun = "periods"
    http_method_names = ["get", "head", "post", "delete", "options"]
    action_parameters = FrameworkPartViewSet.action_parameters | {"destroy": (FRAMEWORK, ID)}

    @extend_schema(responses=PeriodSerializer(many=True))
    def list(self, request: Request, framework_slug: str) -> HttpResponseBase:
        """All periods, by frequency and start."""
        return self.listed(self._rows(self.seen(framework_slug)))

    @extend_schema(
        request=NewPeriodsSerializer,
        responses={201: PeriodSerializer(many=True)},
        examples=[example("Quarters", {"frequency": "quarter", "until": "2027-12-31"})],
    )
    def create(self, request: Request, framework_slug: str) -> HttpResponse:
        """Make the periods of a frequency that are missing; answered with all there are."""
        framework = self.written(framework_slug)

        def act() -> HttpResponse:
            given = self.checked(NewPeriodsSerializer(data=request.data))
            make_periods(framework, by=self.member, **given)
            rows = self._rows(framework)
            return self.answer({"results": rows}, status=HTTPStatus.CREATED)

        return self.once(act)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, framework_slug: str, id: str) -> HttpResponse:
        """Take out a period on which nothing stands. It is never changed, so it has no version."""
        framework = self.written(framework_slug)
        period = get_object_or_404(Period, framework=framework, pk=id)
        remove_period(period, by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def lock(self, request: Request, framework_slug: str, id: str) -> HttpResponse:
        """Close a period to reports at once."""
        period = self._lockable(framework_slug, id)
        return self.once(lambda: self._show(lock_period(period, by=self.member)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def unlock(self, request: Request, framework_slug: str, id: str) -> HttpResponse:
        """Take back a lock set by hand; one that came with age stays."""
        period = self._lockable(framework_slug, id)
        return self.once(lambda: self._show(unlock_period(period, by=self.member)))

    def _lockable(self, slug: str, pk: str) -> Period:
        framework: Framework = self.allowed(Framework, "lockable_by", slug=slug)
        return get_object_or_404(Period, framework=framework, pk=pk)

    def _rows(self, framework: Framework) -> Any:
        rows = Period.objects.filter(framework=framework).select_related("framework")
        return [period_row(row) for row in rows.order_by("frequency", "starts_on")]

    def _show(self, period: Period) -> HttpResponse:
        return self.answer(period_row(period))


class LockExceptionViewSet(FrameworkPartViewSet):
    """Timed leave to report on locked periods, for who may lock and open them."""

    permission_classes = [IsAuthenticated]
    serializer_class = LockExceptionSerializer
    noun = "exceptions"
    http_method_names = ["get", "head", "post", "options"]

    @extend_schema(responses=LockExceptionSerializer(many=True))
    def list(self, request: Request, framework_slug: str) -> HttpResponseBase:
        """What leave was given, the last first."""
        rows = LockException.objects.filter(period__framework=self._lockable(framework_slug))
        return self.listed([exception_row(row) for row in rows.order_by("-pk")])

    @extend_schema(
        request=NewLockExceptionSerializer,
        responses={201: LockExceptionSerializer},
        examples=[
            example(
                "A week",
                {"period": 1, "until": "2027-02-07T12:00:00Z", "reason": "The survey was late."},
            )
        ],
    )
    def create(self, request: Request, framework_slug: str) -> HttpResponse:
        """Open a locked period until a moment, with a reason."""
        framework = self._lockable(framework_slug)

        def act() -> HttpResponse:
            given = self.checked(NewLockExceptionSerializer(data=request.data))
            indicator, period = place_of(framework, given)
            leave = allow_late_report(
                period,
                indicator=indicator,
                until=given["until"],
                reason=given["reason"],
                by=self.member,
            )
            leave.refresh_from_db(fields=["at"])
            return self.answer(exception_row(leave), status=HTTPStatus.CREATED)

        return self.once(act)

    def _lockable(self, slug: str) -> Framework:
        framework: Framework = self.allowed(Framework, "lockable_by", slug=slug)
        return framework

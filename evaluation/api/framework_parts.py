"""Results, indicators and targets of one framework."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue.api.writing import WriteMixin, example
from core.api.forms import errors_named_as, filled
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.responses import csv_response, expected_version
from core.api.schema import IDEMPOTENCY_KEY, IF_MATCH
from core.api.views import ApiViewSet, is_csv
from core.errors import DomainError
from evaluation.forms.frameworks import IndicatorForm, ResultForm
from evaluation.models import Framework, Indicator, Period, Result, Target
from evaluation.serializers.framework_parts import (
    FrameworkIndicatorSerializer,
    IndicatorContentSerializer,
    NewIndicatorContentSerializer,
    NewTargetSerializer,
    ResultContentSerializer,
    ResultSerializer,
    TargetContentSerializer,
    TargetSerializer,
    indicator_rows_of,
    result_rows,
    target_row,
)
from evaluation.services.frameworks import (
    TARGET_TEXTS,
    remove_indicator,
    remove_result,
    save_indicator,
    save_result,
    set_target,
)

FRAMEWORK = OpenApiParameter(
    "framework_slug", str, OpenApiParameter.PATH, description="The framework."
)
ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The part.")


class FrameworkPartViewSet(WriteMixin, ApiViewSet):
    """Parts of one framework, all at once. If-Match names the version of the part."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    pagination_class = None
    filter_backends = []
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Framework.objects.none()
    action_formats = {"list": (JsonFormat, CsvFormat)}
    serializer_class: type[serializers.Serializer[Any]]
    noun: str
    action_parameters = {
        "list": (FRAMEWORK,),
        "create": (FRAMEWORK, IDEMPOTENCY_KEY),
        "retrieve": (FRAMEWORK, ID),
        "partial_update": (FRAMEWORK, ID, IF_MATCH),
        "destroy": (FRAMEWORK, ID, IF_MATCH),
        **dict.fromkeys(("lock", "unlock"), (FRAMEWORK, ID, IDEMPOTENCY_KEY)),
    }

    def seen(self, slug: str) -> Framework:
        """Return the framework, if the reader may see it."""
        found = Framework.objects.visible_to(self.request.user)
        framework: Framework = get_object_or_404(found, slug=slug)
        return framework

    def written(self, slug: str) -> Framework:
        """Return the framework, if the member may write it."""
        framework: Framework = self.allowed(Framework, "editable_by", slug=slug)
        return framework

    def columns_of(
        self, form_class: Any, instance: Any, framework: Framework, given: dict[str, Any]
    ) -> dict[str, Any]:
        """Return the columns that the page's form makes of what was given, of these alone."""
        form = filled(
            lambda data: form_class(data, instance=instance, framework=framework, user=self.member),
            given,
        )
        return {name: value for name, value in form.columns().items() if name in given}

    def listed(self, rows: list[dict[str, Any]]) -> HttpResponseBase:
        """Return all rows, as JSON or as CSV with the serializer's fields as columns."""
        if is_csv(self.request):
            name = f"{self.kwargs['framework_slug']}-{self.noun}.csv"
            columns = list(self.serializer_class().fields)
            return csv_response(name, columns, rows)
        return self.answer({"results": rows})

    def one_of(self, rows: list[dict[str, Any]], row: Any, status: int = 200) -> HttpResponse:
        """Return the row among `rows` that tells of `row`, with its version."""
        told = next(each for each in rows if each["id"] == row.pk)
        return self.answer(told, status=status, version=row.version)


class FrameworkResultViewSet(FrameworkPartViewSet):
    """Results of a framework: what is hoped for."""

    serializer_class = ResultSerializer
    noun = "results"
    http_method_names = ["get", "head", "post", "patch", "delete", "options"]

    @extend_schema(responses=ResultSerializer(many=True))
    def list(self, request: Request, framework_slug: str) -> HttpResponseBase:
        """All results, in order."""
        return self.listed(result_rows(self.seen(framework_slug), user=request.user))

    def retrieve(self, request: Request, framework_slug: str, id: str) -> HttpResponse:
        """One result."""
        framework = self.seen(framework_slug)
        return self._show(get_object_or_404(Result, framework=framework, pk=id))

    @extend_schema(
        request=ResultContentSerializer,
        responses={201: ResultSerializer},
        examples=[example("An outcome", {"kind": "outcome", "title": "Seeds are kept"})],
    )
    def create(self, request: Request, framework_slug: str) -> HttpResponse:
        """Add a result."""
        framework = self.written(framework_slug)

        def act() -> HttpResponse:
            made = self._saved(framework, None, 0)
            response = self._show(made, HTTPStatus.CREATED)
            return self.created(response, "framework-result-detail", framework.slug, made.pk)

        return self.once(act)

    @extend_schema(
        request=ResultContentSerializer(partial=True),
        examples=[example("Another title", {"title": "Seeds are kept and used"})],
    )
    def partial_update(self, request: Request, framework_slug: str, id: str) -> HttpResponse:
        """Change a result."""
        framework = self.written(framework_slug)
        result = get_object_or_404(Result, framework=framework, pk=id)
        version = expected_version(request, result.version)
        return self._show(self._saved(framework, result, version))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, framework_slug: str, id: str) -> HttpResponse:
        """Take out a result on which nothing hangs."""
        framework = self.written(framework_slug)
        result = get_object_or_404(Result, framework=framework, pk=id)
        version = expected_version(request, result.version)
        remove_result(result, expected_version=version, by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def _saved(self, framework: Framework, result: Result | None, version: int) -> Result:
        serializer = ResultContentSerializer(
            data=self.request.data, partial=result is not None, context={"request": self.request}
        )
        given = self.checked(serializer)
        instance = Result.objects.get(pk=result.pk) if result else Result(framework=framework)
        with errors_named_as(serializer):
            columns = self.columns_of(ResultForm, instance, framework, given)
            return save_result(
                framework,
                result,
                columns=columns,
                expected_version=version,
                by=self.member,
            )

    def _show(self, result: Result, status: int = HTTPStatus.OK) -> HttpResponse:
        rows = result_rows(result.framework, user=self.request.user)
        return self.one_of(rows, result, status)


class FrameworkIndicatorViewSet(FrameworkPartViewSet):
    """Indicators of a framework: by what its results are measured."""

    serializer_class = FrameworkIndicatorSerializer
    noun = "indicators"
    http_method_names = ["get", "head", "post", "patch", "delete", "options"]

    @extend_schema(responses=FrameworkIndicatorSerializer(many=True))
    def list(self, request: Request, framework_slug: str) -> HttpResponseBase:
        """All indicators, by result and in order."""
        return self.listed(indicator_rows_of(self.seen(framework_slug), user=request.user))

    def retrieve(self, request: Request, framework_slug: str, id: str) -> HttpResponse:
        """One indicator."""
        return self._show(self._indicator(self.seen(framework_slug), id))

    @extend_schema(
        request=NewIndicatorContentSerializer,
        responses={201: FrameworkIndicatorSerializer},
        examples=[example("People", {"result": 1, "definition": "people-trained"})],
    )
    def create(self, request: Request, framework_slug: str) -> HttpResponse:
        """Add an indicator of the library to a result."""
        framework = self.written(framework_slug)

        def act() -> HttpResponse:
            made = self._saved(framework, None, 0)
            response = self._show(made, HTTPStatus.CREATED)
            return self.created(response, "framework-indicator-detail", framework.slug, made.pk)

        return self.once(act)

    @extend_schema(
        request=IndicatorContentSerializer(partial=True),
        examples=[example("A baseline", {"baseline_value": "40", "baseline_year": 2024})],
    )
    def partial_update(self, request: Request, framework_slug: str, id: str) -> HttpResponse:
        """Change an indicator; its figures and those above follow."""
        framework = self.written(framework_slug)
        indicator = self._indicator(framework, id)
        version = expected_version(request, indicator.version)
        return self._show(self._saved(framework, indicator, version))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, framework_slug: str, id: str) -> HttpResponse:
        """Take out an indicator on which nobody reported."""
        indicator = self._indicator(self.written(framework_slug), id)
        version = expected_version(request, indicator.version)
        remove_indicator(indicator, expected_version=version, by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def _indicator(self, framework: Framework, pk: str) -> Indicator:
        rows = Indicator.objects.select_related("result__framework", "definition")
        found: Indicator = get_object_or_404(rows, result__framework=framework, pk=pk)
        return found

    def _saved(self, framework: Framework, indicator: Indicator | None, version: int) -> Indicator:
        shape = NewIndicatorContentSerializer if indicator is None else IndicatorContentSerializer
        serializer = shape(
            data=self.request.data, partial=indicator is not None, context={"request": self.request}
        )
        given = self.checked(serializer)
        if indicator is None:
            result = given.pop("result")
            if result.framework_id != framework.pk:
                raise ValidationError({"result": [_("Name a result of this framework.")]})
            instance = Indicator(result=result)
        else:
            result = indicator.result
            instance = Indicator.objects.get(pk=indicator.pk)
        with errors_named_as(serializer):
            columns = self.columns_of(IndicatorForm, instance, framework, given)
            return save_indicator(
                result,
                indicator,
                columns=columns,
                expected_version=version,
                by=self.member,
            )

    def _show(self, indicator: Indicator, status: int = HTTPStatus.OK) -> HttpResponse:
        rows = indicator_rows_of(indicator.result.framework, user=self.request.user)
        return self.one_of(rows, indicator, status)


class FrameworkTargetViewSet(FrameworkPartViewSet):
    """Targets of a framework's indicators, by period and for its whole life."""

    serializer_class = TargetSerializer
    noun = "targets"
    http_method_names = ["get", "head", "post", "patch", "delete", "options"]

    @extend_schema(responses=TargetSerializer(many=True))
    def list(self, request: Request, framework_slug: str) -> HttpResponseBase:
        """All targets."""
        found = Target.objects.filter(indicator__result__framework=self.seen(framework_slug))
        return self.listed([target_row(row) for row in found.order_by("indicator", "pk")])

    def retrieve(self, request: Request, framework_slug: str, id: str) -> HttpResponse:
        """One target."""
        return self._show(self._target(self.seen(framework_slug), id))

    @extend_schema(
        request=NewTargetSerializer,
        responses={201: TargetSerializer},
        examples=[example("For life", {"indicator": 1, "period": None, "value": "40"})],
    )
    def create(self, request: Request, framework_slug: str) -> HttpResponse:
        """Set the target of a place that has none yet."""
        framework = self.written(framework_slug)

        def act() -> HttpResponse:
            given = self.checked(NewTargetSerializer(data=request.data))
            indicator, period = place_of(framework, given)
            place = {"indicator": indicator, "period": period}
            if Target.objects.filter(**place).exists():
                raise DomainError(_("This period has a target already."))
            made = self._saved(Target(**place), given, Target(**place).version)
            if made is None:
                raise ValidationError({"value": [_("Say what is to be reached.")]})
            response = self._show(made, HTTPStatus.CREATED)
            return self.created(response, "framework-target-detail", framework.slug, made.pk)

        return self.once(act)

    @extend_schema(
        request=TargetContentSerializer(partial=True), examples=[example("More", {"value": "50"})]
    )
    def partial_update(self, request: Request, framework_slug: str, id: str) -> HttpResponse:
        """Change a target."""
        target = self._target(self.written(framework_slug), id)
        version = expected_version(request, target.version)
        given = self.checked(TargetContentSerializer(data=request.data, partial=True))
        columns = {name: getattr(target, name) for name in TARGET_TEXTS} | given
        if all(value in (None, "") for value in columns.values()):
            raise ValidationError({"value": [_("Say what is to be reached.")]})
        saved = self._saved(target, columns, version)
        return self._show(saved or target)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, framework_slug: str, id: str) -> HttpResponse:
        """Take a target away."""
        target = self._target(self.written(framework_slug), id)
        self._saved(target, {}, expected_version(request, target.version))
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def _target(self, framework: Framework, pk: str) -> Target:
        rows = Target.objects.select_related("indicator__result__framework", "period")
        return get_object_or_404(rows, indicator__result__framework=framework, pk=pk)

    def _saved(self, place: Target, columns: dict[str, Any], version: int) -> Target | None:
        return set_target(
            place.indicator,
            place.period,
            columns=columns,
            expected_version=version,
            by=self.member,
        )

    def _show(self, row: Target, status: int = HTTPStatus.OK) -> HttpResponse:
        return self.answer(target_row(row), status=status, version=row.version)


def place_of(framework: Framework, given: dict[str, Any]) -> tuple[Any, Any]:
    """Return the indicator and the period of a framework that were named by number; each is None
    where null was named. Raises `ValidationError` at what the framework does not have.
    """
    offered = {
        "indicator": Indicator.objects.filter(result__framework=framework).select_related(
            "result__framework", "definition"
        ),
        "period": Period.objects.filter(framework=framework),
    }
    found: dict[str, Any] = {}
    for name, rows in offered.items():
        pk = given.get(name)
        found[name] = None if pk is None else rows.filter(pk=pk).first()
        if pk is not None and found[name] is None:
            raise ValidationError({name: [_("This framework has no such one.")]})
    return found["indicator"], found["period"]

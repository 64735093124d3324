"""Parties, steps and contributions of one exchange, for programs."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue.api.writing import WriteMixin, example
from core.api.forms import errors_named_as, filled
from core.api.responses import expected_version
from core.api.schema import IDEMPOTENCY_KEY, IF_MATCH
from core.api.views import ApiViewSet
from evaluation.api.exchanges import typed_dates
from evaluation.facts import with_facts
from evaluation.forms.exchange_parts import ContributionForm, PartForm, PartyForm, StepForm
from evaluation.models import Contribution, Exchange, Party, Step
from evaluation.serializers.exchange_parts import (
    ContributionContentSerializer,
    PartyContentSerializer,
    PeopleSerializer,
    StepContentSerializer,
    contribution_row,
    part_rows,
    party_row,
    step_row,
)
from evaluation.serializers.exchanges import (
    ContributionSerializer,
    PartySerializer,
    StepSerializer,
)
from evaluation.services.exchange_parts import (
    People,
    add_part,
    change_part,
    remove_part,
    state_people,
)

_EXCHANGE = OpenApiParameter(
    "exchange_slug", str, OpenApiParameter.PATH, description="The exchange."
)
_ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The part.")


class _PartViewSet(WriteMixin, ApiViewSet):
    """Parts of one exchange. If-Match names the version of the exchange, whose ETag it is."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    pagination_class = None
    filter_backends = []
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "head", "post", "patch", "delete", "options"]
    queryset = Exchange.objects.none()
    action_parameters = {
        "list": (_EXCHANGE,),
        "create": (_EXCHANGE, IF_MATCH, IDEMPOTENCY_KEY),
        "partial_update": (_EXCHANGE, _ID, IF_MATCH),
        "destroy": (_EXCHANGE, _ID, IF_MATCH),
        "people": (_EXCHANGE, _ID, IF_MATCH, IDEMPOTENCY_KEY),
    }
    model: type[Any]
    form_class: type[PartForm]
    content_class: type[Any]
    noun: str
    row: Callable[[Any], dict[str, Any]]

    def list_parts(self, slug: str) -> HttpResponse:
        seen = Exchange.objects.visible_to(self.request.user)
        whole: Any = get_object_or_404(with_facts(seen), slug=slug)
        return self.answer({"results": part_rows(whole)[self.noun]}, version=whole.version)

    def add(self, slug: str) -> HttpResponse:
        exchange: Exchange = self.allowed(Exchange, "editable_by", slug=slug)

        def act(version: int) -> HttpResponse:
            _given, columns = self._read(self.model(exchange=exchange), exchange, is_new=True)
            with errors_named_as(self.content_class()):
                part = add_part(
                    exchange,
                    self.model,
                    columns=columns,
                    expected_version=version,
                    by=self.member,
                )
            return self._show(part, HTTPStatus.CREATED)

        return self.once_as_read(exchange.version, act)

    def change(self, slug: str, pk: str) -> HttpResponse:
        exchange, part = self._part(slug, pk)
        version = expected_version(self.request, exchange.version)
        given, columns = self._read(self.model.objects.get(pk=part.pk), exchange, is_new=False)
        named = {*given, *(f"{name}_precision" for name in given)}
        with errors_named_as(self.content_class()):
            saved = change_part(
                part,
                changes={name: value for name, value in columns.items() if name in named},
                expected_version=version,
                by=self.member,
            )
        return self._show(saved)

    def remove(self, slug: str, pk: str) -> HttpResponse:
        exchange, part = self._part(slug, pk)
        version = expected_version(self.request, exchange.version)
        remove_part(part, expected_version=version, by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def _part(self, slug: str, pk: str) -> tuple[Exchange, Any]:
        exchange: Exchange = self.allowed(Exchange, "editable_by", slug=slug)
        return exchange, get_object_or_404(self.model, exchange=exchange, pk=pk)

    def _read(
        self, row: Any, exchange: Exchange, *, is_new: bool
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what was sent, and the columns that the page's form makes of it."""
        serializer = self.content_class(
            data=self.request.data, partial=not is_new, context={"request": self.request}
        )
        given = typed_dates(self.checked(serializer))
        with errors_named_as(serializer):
            form = filled(
                lambda data: self.form_class(
                    data, instance=row, exchange=exchange, user=self.member
                ),
                given,
            )
        return given, form.columns()

    def _show(self, part: Any, status: int = HTTPStatus.OK) -> HttpResponse:
        exchange = Exchange.objects.get(pk=part.exchange_id)
        return self.answer(type(self).row(part), status=status, version=exchange.version)


class ExchangePartyViewSet(_PartViewSet):
    """Parties of an exchange."""

    serializer_class = PartySerializer
    model, form_class, content_class = Party, PartyForm, PartyContentSerializer
    noun, row = "parties", staticmethod(party_row)

    @extend_schema(responses=PartySerializer(many=True))
    def list(self, request: Request, exchange_slug: str) -> HttpResponseBase:
        """The parties, with what each did."""
        return self.list_parts(exchange_slug)

    @extend_schema(
        request=PartyContentSerializer,
        responses={201: PartySerializer},
        examples=[example("A hub", {"side": "provider", "hub": "abc"})],
    )
    def create(self, request: Request, exchange_slug: str) -> HttpResponse:
        """Name a party."""
        return self.add(exchange_slug)

    @extend_schema(
        request=PartyContentSerializer(partial=True),
        examples=[example("A note", {"note": "Sent the trainers."})],
    )
    def partial_update(self, request: Request, exchange_slug: str, id: str) -> HttpResponse:
        """Change a party."""
        return self.change(exchange_slug, id)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, exchange_slug: str, id: str) -> HttpResponse:
        """Take a party out that gave nothing, sent nobody and said nothing."""
        return self.remove(exchange_slug, id)


class ExchangeStepViewSet(_PartViewSet):
    """Steps of an exchange, with the people at each."""

    serializer_class = StepSerializer
    model, form_class, content_class = Step, StepForm, StepContentSerializer
    noun, row = "steps", staticmethod(step_row)

    @extend_schema(responses=StepSerializer(many=True))
    def list(self, request: Request, exchange_slug: str) -> HttpResponseBase:
        """The steps, with the people of each party."""
        return self.list_parts(exchange_slug)

    @extend_schema(
        request=StepContentSerializer,
        responses={201: StepSerializer},
        examples=[example("A visit", {"title": "Visit to Pará", "starts_on": "2012-07"})],
    )
    def create(self, request: Request, exchange_slug: str) -> HttpResponse:
        """Add a step."""
        return self.add(exchange_slug)

    @extend_schema(
        request=StepContentSerializer(partial=True), examples=[example("Done", {"is_done": True})]
    )
    def partial_update(self, request: Request, exchange_slug: str, id: str) -> HttpResponse:
        """Change a step."""
        return self.change(exchange_slug, id)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, exchange_slug: str, id: str) -> HttpResponse:
        """Take a step out, with its people."""
        return self.remove(exchange_slug, id)

    @extend_schema(
        request=PeopleSerializer,
        examples=[example("Ten", {"people": [{"party": 1, "total": 10, "women": 4}]})],
    )
    @action(detail=True, methods=["post"])
    def people(self, request: Request, exchange_slug: str, id: str) -> HttpResponse:
        """State who took part, by party; parties left out have nothing stated."""
        exchange, step = self._part(exchange_slug, id)

        def act(version: int) -> HttpResponse:
            given = self.checked(PeopleSerializer(data=request.data))
            parties = Party.objects.filter(exchange=exchange).in_bulk()
            if not parties.keys() >= {row["party"] for row in given["people"]}:
                raise ValidationError({"people": [_("Name parties of this exchange.")]})
            people = [
                People(parties[row["party"]], row["total"], row["women"], row["men"])
                for row in given["people"]
            ]
            saved = state_people(step, people, expected_version=version, by=self.member)
            return self._show(Step.objects.get(pk=saved.pk))

        return self.once_as_read(exchange.version, act)


class ExchangeContributionViewSet(_PartViewSet):
    """What the parties put into an exchange."""

    serializer_class = ContributionSerializer
    model, form_class, content_class = (
        Contribution,
        ContributionForm,
        ContributionContentSerializer,
    )
    noun, row = "contributions", staticmethod(contribution_row)

    @extend_schema(responses=ContributionSerializer(many=True))
    def list(self, request: Request, exchange_slug: str) -> HttpResponseBase:
        """The contributions, each in its unit or currency."""
        return self.list_parts(exchange_slug)

    @extend_schema(
        request=ContributionContentSerializer,
        responses={201: ContributionSerializer},
        examples=[example("Days", {"party": 1, "kind": "expert-days", "quantity": "12"})],
    )
    def create(self, request: Request, exchange_slug: str) -> HttpResponse:
        """Add a contribution."""
        return self.add(exchange_slug)

    @extend_schema(
        request=ContributionContentSerializer(partial=True),
        examples=[example("More", {"quantity": "14"})],
    )
    def partial_update(self, request: Request, exchange_slug: str, id: str) -> HttpResponse:
        """Change a contribution."""
        return self.change(exchange_slug, id)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, exchange_slug: str, id: str) -> HttpResponse:
        """Take a contribution out."""
        return self.remove(exchange_slug, id)

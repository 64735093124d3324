"""/api/v1/exchanges/: exchanges for programs, read and written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue.api.writing import SLUG, WriteMixin, example, exchange
from catalogue.models import Entry
from core.api.forms import errors_named_as, filled
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import FIELDS, IDEMPOTENCY_KEY, IF_MATCH, UPDATED_SINCE
from core.api.views import ApiViewSet
from core.dates import partial_isoformat
from evaluation.facts import with_facts
from evaluation.filters.exchanges import ExchangeFilter
from evaluation.forms.exchanges import ExchangeForm, NewExchangeForm
from evaluation.models import Exchange, ExchangeStatus, Party
from evaluation.serializers.exchange_parts import (
    ExchangeReasonSerializer,
    MoveSerializer,
    TiedEntriesSerializer,
    WordSerializer,
    fact_rows,
    part_rows,
)
from evaluation.serializers.exchanges import (
    EXCHANGES,
    ExchangeContentSerializer,
    ExchangeRowSerializer,
    ExchangeSerializer,
    FactSerializer,
    NewExchangeSerializer,
)
from evaluation.services.confirming import agree_to_differ, confirm_facts, state_difference
from evaluation.services.exchange_states import (
    move_exchange,
    publish_exchange,
    withdraw_exchange,
)
from evaluation.services.exchanges import (
    begin_exchange,
    change_exchange,
    copy_exchange,
    tie_entries,
)
from evaluation.standing import standing_of
from hubs.models import Hub
from hubs.querysets import by_name

EXCHANGE = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The exchange.")
_NEW = {"hub": "abc", "title": "Cotton in Mozambique", "modality": "bilateral"}


def typed_dates(given: dict[str, Any]) -> dict[str, Any]:
    """Return what a serializer read with dates as a form reads them."""
    typed = {name: value for name, value in given.items() if not name.endswith("_precision")}
    for name in ("starts_on", "ends_on"):
        if name in given:
            typed[name] = partial_isoformat(given[name], given[f"{name}_precision"]) or ""
    return typed


class ExchangeViewSet(WriteMixin, ApiViewSet):
    """Exchanges: who worked with whom, what each side says of it and put into it."""

    serializer_class = ExchangeSerializer
    filterset_class = ExchangeFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "patch", "put", "options"]
    order_keys = {
        "updated_at": OrderKey(F("updated_at"), "time"),
        "title": OrderKey(by_name("title")),
        # What has no date comes last of the newest first, as on the page.
        "starts_on": OrderKey(Coalesce(Cast("starts_on", CharField()), Value(""))),
        "id": OrderKey(F("pk"), "number"),
    }
    default_order = "id"
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        "create": (IDEMPOTENCY_KEY,),
        "partial_update": (EXCHANGE, IF_MATCH),
        "tie": (EXCHANGE, IF_MATCH),
        **dict.fromkeys(("publish", "move", "say"), (EXCHANGE, IF_MATCH, IDEMPOTENCY_KEY)),
        **dict.fromkeys(("withdraw", "duplicate"), (EXCHANGE, IDEMPOTENCY_KEY)),
        "confirmations": (EXCHANGE,),
    }
    action_formats = {"list": (JsonFormat, CsvFormat)}

    def get_queryset(self) -> QuerySet[Exchange]:
        found: QuerySet[Exchange] = Exchange.objects.visible_to(self.request.user)
        return found

    @extend_schema(responses=ExchangeRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Exchanges; those that one side alone reports have `is_confirmed` false."""
        return self.told_list(EXCHANGES)

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One exchange with its parties, steps, people and contributions."""
        return self._show(self.get_object())

    @extend_schema(
        request=NewExchangeSerializer,
        responses={201: ExchangeSerializer},
        examples=exchange("Cotton", _NEW, _NEW | {"slug": "cotton-in-mozambique"}),
    )
    def create(self, request: Request) -> HttpResponse:
        """Begin an exchange of a hub in which you are head, editor or M&E focal point."""
        if not Hub.objects.assessable_by(request.user).exists():
            raise PermissionDenied

        def act() -> HttpResponse:
            serializer = NewExchangeSerializer(data=request.data, context={"request": request})
            given = typed_dates(self.checked(serializer))
            with errors_named_as(serializer):
                form = filled(lambda data: NewExchangeForm(data, user=self.member), given)
                begun = begin_exchange(
                    form.cleaned_data["hub"], columns=form.columns(), by=self.member
                )
            response = self._show(begun, HTTPStatus.CREATED)
            return self.created(response, "exchange-detail", begun.slug)

        return self.once(act)

    @extend_schema(
        request=ExchangeContentSerializer(partial=True),
        examples=[example("A later end", {"ends_on": "2013-12"})],
    )
    def partial_update(self, request: Request, slug: str) -> HttpResponse:
        """Change what it says of itself; what was changed waits to be confirmed anew."""
        row: Exchange = self.allowed(Exchange, "editable_by", slug=slug)
        version = expected_version(request, row.version)
        serializer = ExchangeContentSerializer(data=request.data, partial=True)
        given = typed_dates(self.checked(serializer))
        with errors_named_as(serializer):
            fresh = Exchange.objects.get(pk=row.pk)
            columns = filled(lambda data: ExchangeForm(data, instance=fresh), given).columns()
            named = {*given, *(f"{name}_precision" for name in given)}
            saved = change_exchange(
                row,
                changes={name: value for name, value in columns.items() if name in named},
                expected_version=version,
                by=self.member,
            )
        return self._show(saved)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, slug: str) -> HttpResponse:
        """Show it to everybody, or if it is confidential to its parties, as you read it."""
        row: Exchange = self.allowed(Exchange, "editable_by", slug=slug)
        return self.once_as_read(
            row.version,
            lambda version: self._show(
                publish_exchange(row, expected_version=version, by=self.member)
            ),
        )

    @extend_schema(
        request=ExchangeReasonSerializer, examples=[example("Why", {"reason": "By mistake."})]
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, slug: str) -> HttpResponse:
        """Show it to its own hub only."""
        row: Exchange = self.allowed(Exchange, "editable_by", slug=slug)

        def act() -> HttpResponse:
            given = self.checked(ExchangeReasonSerializer(data=request.data))
            return self._show(withdraw_exchange(row, reason=given["reason"], by=self.member))

        return self.once(act)

    @extend_schema(request=MoveSerializer, examples=[example("Begun", {"status": "under-way"})])
    @action(detail=True, methods=["post"])
    def move(self, request: Request, slug: str) -> HttpResponse:
        """Say where it stands now; to cancel, and to go back from an end, with a reason."""
        row: Exchange = self.allowed(Exchange, "editable_by", slug=slug)

        def act(version: int) -> HttpResponse:
            given = self.checked(MoveSerializer(data=request.data))
            saved = move_exchange(
                row,
                ExchangeStatus(given["status"]),
                reason=given["reason"],
                expected_version=version,
                by=self.member,
            )
            return self._show(saved)

        return self.once_as_read(row.version, act)

    @extend_schema(request=None, responses={201: ExchangeSerializer})
    @action(detail=True, methods=["post"], url_path="copy")
    def duplicate(self, request: Request, slug: str) -> HttpResponse:
        """Begin another like it: no dates, people, contributions or confirmations."""
        row: Exchange = self.allowed(Exchange, "editable_by", slug=slug)

        def act() -> HttpResponse:
            copy = copy_exchange(row, by=self.member)
            response = self._show(copy, HTTPStatus.CREATED)
            return self.created(response, "exchange-detail", copy.slug)

        return self.once(act)

    @extend_schema(
        request=TiedEntriesSerializer, examples=[example("Two", {"entries": ["seed-banks"]})]
    )
    @action(detail=True, methods=["put"], url_path="entries")
    def tie(self, request: Request, slug: str) -> HttpResponse:
        """Name the entries of the catalogue that it is tied to, all of them."""
        row: Exchange = self.allowed(Exchange, "editable_by", slug=slug)
        version = expected_version(request, row.version)
        serializer = TiedEntriesSerializer(data=request.data, context={"request": request})
        entries = self.checked(serializer)["entries"]
        return self._show(tie_entries(row, entries, expected_version=version, by=self.member))

    @extend_schema(responses=FactSerializer(many=True))
    @action(detail=True, methods=["get"])
    def confirmations(self, request: Request, slug: str) -> HttpResponse:
        """The shared facts, and what each provider and seeker says of each."""
        return self._facts(self.get_object())

    @extend_schema(
        request=WordSerializer,
        responses=FactSerializer(many=True),
        examples=[example("All is so", {"party": 1, "state": "confirmed"})],
    )
    @confirmations.mapping.post
    def say(self, request: Request, slug: str) -> HttpResponse:
        """Say for a side of yours what is so, what differs, or that it may differ."""
        row: Exchange = self.get_object()
        if not Party.objects.confirmable_by(request.user).filter(exchange=row).exists():
            raise PermissionDenied

        def act(version: int) -> HttpResponse:
            given = self.checked(WordSerializer(data=request.data))
            party = Party.objects.filter(exchange=row, pk=given["party"]).first()
            if party is None:
                raise ValidationError({"party": [_("Name a party of this exchange.")]})
            _speak(party, given)(expected_version=version, by=self.member)
            return self._facts(row)

        return self.once_as_read(row.version, act)

    def _facts(self, row: Exchange) -> HttpResponse:
        whole = with_facts(Exchange.objects.filter(pk=row.pk)).get()
        return self.answer({"results": [*fact_rows(standing_of(whole))]}, version=whole.version)

    def _show(self, row: Exchange, status: int = HTTPStatus.OK) -> HttpResponse:
        return self.answer(self._whole(row), status=status, version=row.version)

    def _whole(self, row: Exchange) -> dict[str, Any]:
        found = Exchange.objects.filter(pk=row.pk)
        whole: Any = with_facts(found.select_related("copied_from")).get()
        seen = Exchange.objects.visible_to(self.request.user)
        entries = Entry.objects.visible_to(self.request.user).published().filter(exchanges=row)
        is_copy = whole.copied_from is not None and seen.contains(whole.copied_from)
        return {
            **self.told(EXCHANGES, row),
            "version": whole.version,
            "confidentiality": whole.confidentiality,
            "cancel_reason": whole.cancel_reason,
            "copied_from": whole.copied_from.slug if is_copy else None,
            "entries": [*entries.order_by("slug").values_list("slug", flat=True)],
            **part_rows(whole),
        }


def _speak(party: Party, given: dict[str, Any]) -> Callable[..., Any]:
    """Return the service that says what `given` says."""
    if given["state"] == "confirmed":
        return partial(confirm_facts, party, given.get("facts"))
    (fact,) = given["facts"]
    if given["state"] == "differs":
        stated = given["stated"] or None
        return partial(state_difference, party, fact, text=given["text"], stated=stated)
    return partial(agree_to_differ, party, fact, text=given["text"])

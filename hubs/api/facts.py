"""Dated and sourced facts, one set of addresses for each of the seven kinds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from accounts.api import MemberMixin
from accounts.idempotency import answer_once
from core.api.filters import day_of
from core.api.pagination import OrderKey
from core.api.responses import dumps, expected_version
from core.api.schema import AS_OF, IDEMPOTENCY_KEY, IF_MATCH
from core.api.views import ApiViewSet
from hubs.models import DatedFact, Hub, Source
from hubs.permissions import CanEditHub
from hubs.serializers import FACT_SERIALIZERS, FactSerializer, reader
from hubs.services import change_fact, create_fact, find_or_create_source, remove_fact

HUB = OpenApiParameter("hub_slug", str, OpenApiParameter.PATH, description="The hub.")
MAX_REASON = 500  # characters
ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The fact.")
REASON = OpenApiParameter(
    "reason",
    {"type": "string", "minLength": 1, "maxLength": MAX_REASON},
    required=True,
    description="Why the fact should never have been stated; kept in the hub's history. "
    "A fact that has ceased to hold gets `valid_to` instead.",
)


class FactViewSet(MemberMixin, ApiViewSet):
    """Facts of one kind about one hub."""

    permission_classes = [IsAuthenticatedOrReadOnly, CanEditHub]
    filter_backends = []
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "head", "post", "patch", "delete", "options"]
    order_keys = {
        "id": OrderKey(F("pk"), "number"),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "id"
    action_parameters = {
        "list": (HUB, AS_OF),
        "create": (HUB, IDEMPOTENCY_KEY),
        "retrieve": (HUB, ID),
        "partial_update": (HUB, ID, IF_MATCH),
        "destroy": (HUB, ID, IF_MATCH, REASON),
    }
    serializer_class: type[FactSerializer]
    kind: str
    model: type[DatedFact]

    def get_queryset(self) -> QuerySet[Any]:
        facts = self.model.objects.visible_to(self.request.user)
        found: QuerySet[Any] = facts.filter(hub=self.hub).for_list()
        return found

    def list(self, request: Request, hub_slug: str) -> HttpResponse:
        """Facts of this kind, each with its sources."""
        facts: Any = self.get_queryset()
        text = request.query_params.get("as_of")
        if text is not None:
            facts = facts.as_of(day_of("as_of", text))
        page = self.list_page(facts)
        shape = reader(self.serializer_class)
        page["results"] = [shape.to_representation(fact) for fact in page["results"]]
        return self.answer(page)

    def retrieve(self, request: Request, hub_slug: str, id: str) -> HttpResponse:
        """One fact."""
        return self._show(self._fact(id))

    def create(self, request: Request, hub_slug: str) -> HttpResponse:
        """State a new fact, with at least one source."""
        hub = self.hub

        def act() -> HttpResponse:
            serializer = self.get_serializer(data=request.data, context={"hub": hub})
            columns = self.checked(serializer)
            with transaction.atomic():
                sources = self._sources(columns.pop("sources"))
                fact = create_fact(self.model(hub=hub, **columns), sources=sources, by=self.member)
            return self._show(self._fact(fact.pk), status=HTTPStatus.CREATED)

        return answer_once(request._request, dumps(request.data), by=self.member, act=act)

    def partial_update(self, request: Request, hub_slug: str, id: str) -> HttpResponse:
        """Change a fact. `sources`, where given, replace those it had."""
        hub, fact = self.hub, self._fact(id)
        version = expected_version(request, fact.version)
        serializer = self.get_serializer(
            fact, data=request.data, partial=True, context={"hub": hub}
        )
        changes = self.checked(serializer)
        given = changes.pop("sources", None)
        with transaction.atomic():
            sources = None if given is None else self._sources(given)
            change_fact(
                fact, changes=changes, sources=sources, expected_version=version, by=self.member
            )
        return self._show(self._fact(id))

    def destroy(self, request: Request, hub_slug: str, id: str) -> HttpResponse:
        """Remove a fact; the hub's history keeps it."""
        fact = self._fact(id)
        version = expected_version(request, fact.version)
        reason = request.query_params.get("reason", "").strip()
        if not 1 <= len(reason) <= MAX_REASON:
            message = _("Say why, in up to %(maximum)d characters.") % {"maximum": MAX_REASON}
            raise ValidationError({"reason": [message]})
        remove_fact(fact, reason=reason, expected_version=version, by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    @cached_property
    def hub(self) -> Hub:
        """The hub, if the reader may see it (404) and, to write, edit it (403)."""
        hub = get_object_or_404(
            Hub.objects.visible_to(self.request.user), slug=self.kwargs["hub_slug"]
        )
        self.check_object_permissions(self.request, hub)
        return hub

    def _fact(self, pk: int | str) -> Any:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _sources(self, rows: Iterable[dict[str, Any]]) -> Sequence[Source]:
        return [find_or_create_source(**row, by=self.member) for row in rows]

    def _show(self, fact: Any, status: int = HTTPStatus.OK) -> HttpResponse:
        response = self.answer(
            reader(self.serializer_class).to_representation(fact),
            status=status,
            version=fact.version,
        )
        if status == HTTPStatus.CREATED:
            path = reverse(f"{self.kind}-detail", args=[self.hub.slug, fact.pk])
            response["Location"] = self.request.build_absolute_uri(path)
        return response


def _view_set(kind: str, serializer: type[FactSerializer]) -> type[FactViewSet]:
    """Return the view set of one kind: all differ in their model and serializer only."""
    model: type[DatedFact] = serializer.Meta.model
    return type(
        f"{model.__name__}ViewSet",
        (FactViewSet,),
        {
            "__doc__": serializer.__doc__,
            "kind": kind,
            "model": model,
            "serializer_class": serializer,
            "queryset": model.objects.none(),  # names the model for the schema
        },
    )


FACT_VIEW_SETS = {
    kind: _view_set(kind, serializer) for kind, serializer in FACT_SERIALIZERS.items()
}

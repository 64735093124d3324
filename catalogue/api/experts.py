"""/api/v1/experts/: the people who can be asked, for programs, read and written."""

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
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue import services
from catalogue.api import examples
from catalogue.api.expert_consent import ConsentViewSet
from catalogue.api.writing import SLUG, example, exchange
from catalogue.filters import ExpertFilter
from catalogue.forms import ExpertForm, OutsideExpertForm
from catalogue.models import Expert, LanguageLevel
from catalogue.querysets import may_add_experts
from catalogue.serializers import (
    EXPERT_COLUMNS,
    ExpertContentSerializer,
    ExpertRowSerializer,
    ExpertSerializer,
    OutsideExpertSerializer,
    completed_experts,
    expert_values,
)
from catalogue.serializers.json_ld import expert_json_ld
from core.api.forms import errors_named_as, filled
from core.api.negotiation import CsvFormat, JsonFormat, JsonLdFormat
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import FIELDS, IDEMPOTENCY_KEY, IF_MATCH, UPDATED_SINCE
from core.api.views import LinkedData, is_json_ld
from core.http import root_of
from hubs.querysets import by_name
from hubs.serializers import Addresses

OWN_TO_SOME = ("editing", "consent")
IN_FULL = tuple(name for name in map(str, ExpertSerializer().fields) if name not in OWN_TO_SOME)
AUDIENCES = (
    *("agreed_on", "biography_audience", "years_audience", "employer_audience"),
    "contact_audience",
)
_LEVELS = dict.fromkeys(LanguageLevel.values, "languages")  # fields of the form
EXPERT = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The expert.")


class ExpertViewSet(ConsentViewSet):
    """People who can be asked; their employers agreed. Fields show what you may see."""

    serializer_class = ExpertSerializer
    filterset_class = ExpertFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    permission_classes = [IsAuthenticatedOrReadOnly]
    http_method_names = ["get", "head", "post", "patch", "options"]
    order_keys = {
        "name": OrderKey(by_name("person")),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "name"
    action_parameters = {
        "list": (UPDATED_SINCE, FIELDS),
        **dict.fromkeys(("create", "begin"), (IDEMPOTENCY_KEY,)),
        "partial_update": (IF_MATCH,),
        "consent": (EXPERT, IF_MATCH, IDEMPOTENCY_KEY),
        "decline": (EXPERT, IDEMPOTENCY_KEY),
    }
    action_formats = {
        "list": (JsonFormat, CsvFormat, JsonLdFormat),
        "retrieve": (JsonFormat, JsonLdFormat),
    }

    def get_queryset(self) -> QuerySet[Expert]:
        user = self.request.user
        found: Any = Expert.objects.visible_to(user)
        listed = found.published() if self.action == "list" else found
        shown: QuerySet[Expert] = listed.with_shown(user)
        return shown

    @extend_schema(responses=ExpertRowSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Experts whose employers agreed."""
        return self.page_or_csv(
            self.filter_queryset(self.get_queryset()),
            EXPERT_COLUMNS,
            name="experts",
            values=expert_values,
            complete=partial(completed_experts, root=root_of(request)),
            linked=LinkedData(EXPERT_COLUMNS, self._node()),
        )

    def retrieve(self, request: Request, slug: str) -> HttpResponse:
        """One expert, as far as you may see them."""
        return self.show(self.get_object())

    @extend_schema(
        request=OutsideExpertSerializer,
        responses={201: ExpertSerializer},
        examples=exchange("Somebody outside", examples.OUTSIDE, examples.EXPERT),
    )
    def create(self, request: Request) -> HttpResponse:
        """Add somebody outside the portal who agreed to stand here: for heads and moderators."""
        if not may_add_experts(request.user):
            raise PermissionDenied
        return self._create(None, OutsideExpertSerializer, OutsideExpertForm)

    @extend_schema(responses=ExpertSerializer)
    @action(detail=False, permission_classes=[IsAuthenticated])
    def mine(self, request: Request) -> HttpResponse:
        """Your own profile, if you have one."""
        return self.show(get_object_or_404(self.get_queryset(), member=self.member))

    @extend_schema(
        request=ExpertContentSerializer,
        responses={201: ExpertSerializer},
        examples=exchange("Own profile", examples.OWN_PROFILE, examples.EXPERT),
    )
    @mine.mapping.post
    def begin(self, request: Request) -> HttpResponse:
        """Write your own profile; it is shown once your employer has agreed."""
        if not self.member.takes_part:
            raise PermissionDenied
        return self._create(self.member, ExpertContentSerializer, ExpertForm)

    @extend_schema(
        request=OutsideExpertSerializer(partial=True),
        examples=[example("Less time", {"availability": "limited"})],
    )
    def partial_update(self, request: Request, slug: str) -> HttpResponse:
        """Change a profile that you write; a list that is given replaces the one there was.

        `name` and `agreed_on` are of people outside the portal only.
        """
        expert: Expert = self.allowed(Expert, "editable_by", slug=slug)
        version = expected_version(request, expert.version)
        is_own = expert.member_id is not None
        serializer_class = ExpertContentSerializer if is_own else OutsideExpertSerializer
        form_class = ExpertForm if is_own else OutsideExpertForm
        serializer = serializer_class(data=request.data, partial=True, context={"request": request})
        given = _as_typed(self.checked(serializer))
        with errors_named_as(serializer, **_LEVELS):
            form = filled(
                lambda data: form_class(data, instance=copy(expert), user=self.member), given
            )
            columns = form.columns()
            saved = services.change_expert(
                expert,
                changes={name: columns[name] for name in given if name in columns},
                languages=form.languages(),
                expected_version=version,
                by=self.member,
            )
        return self.show(saved)

    def _create(
        self,
        member: Any,
        serializer_class: type[ExpertContentSerializer],
        form_class: Callable[..., ExpertForm],
    ) -> HttpResponse:
        def act() -> HttpResponse:
            request = self.request
            serializer = serializer_class(data=request.data, context={"request": request})
            given = _as_typed(self.checked(serializer))
            with errors_named_as(serializer, **_LEVELS):
                form = filled(
                    lambda data: form_class(data, instance=Expert(member=member), user=self.member),
                    given,
                )
                expert = services.create_expert(
                    Expert(member=member, **form.columns()),
                    languages=form.languages(),
                    by=self.member,
                )
            response = self.show(expert, HTTPStatus.CREATED)
            return self.created(response, "expert-detail", expert.slug)

        return self.once(act)

    def _node(self) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        hubs = Addresses(root_of(self.request), "hub")
        return partial(expert_json_ld, hub_page=hubs.page)

    def show(self, expert: Expert, status: int = HTTPStatus.OK) -> HttpResponse:
        """Answer with what the reader may see; others' ETags betray no hidden change."""
        user, experts = self.request.user, Expert.objects
        found: Any = experts.filter(pk=expert.pk)
        rows = expert_values(found.with_shown(user), IN_FULL)
        (data,) = completed_experts(rows, root=root_of(self.request), columns=IN_FULL)
        if is_json_ld(self.request):
            return self.answer_linked(self._node()(data))
        can_edit = user.is_authenticated and experts.editable_by(user).contains(expert)
        can_decide = user.is_authenticated and experts.decidable_by(user).contains(expert)
        is_known = can_edit or can_decide
        data["editing"] = {name: getattr(expert, name) for name in AUDIENCES} if can_edit else None
        data["consent"] = _consent(expert, with_note=can_decide) if is_known else None
        return self.answer(data, status=status, version=expert.version if is_known else None)


def _consent(expert: Expert, *, with_note: bool) -> dict[str, Any]:
    told = ("is_published", "consented_on", "declined_at", "decline_reason")
    note = expert.consent_note if with_note else ""
    return {name: getattr(expert, name) for name in told} | {"note": note}


def _as_typed(given: dict[str, Any]) -> dict[str, Any]:
    """Return what was sent as the form takes it: languages by their level."""
    spoken = given.pop("languages", None)
    if spoken is None:
        return given
    levels = {
        level: [code for code, each in spoken.items() if each == level]
        for level in LanguageLevel.values
    }
    return given | levels

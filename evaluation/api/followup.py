"""/api/v1/action-plans/ and /api/v1/surveys/: what follows an exchange."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from catalogue.api.writing import WriteMixin, example
from core.api.forms import errors_named_as, filled
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import IDEMPOTENCY_KEY, IF_MATCH
from core.api.views import ApiViewSet
from core.http import get_allowed
from evaluation.forms.followup import ItemForm
from evaluation.models import ActionItem, ActionPlan, Party, Survey, SurveyInvitation
from evaluation.serializers.followup import (
    NewPlanSerializer,
    PlanSerializer,
    PointContentSerializer,
    PointNoteSerializer,
    PointSerializer,
    SurveyDetailSerializer,
    SurveySerializer,
    answer_row,
    plan_row,
    point_row,
    survey_row,
)
from evaluation.services import plans

_ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="Its number.")
_PLAN = OpenApiParameter("plan_id", int, OpenApiParameter.PATH, description="The action plan.")
_NUMBER = "[0-9]{1,18}"


class ActionPlanViewSet(WriteMixin, ApiViewSet):
    """What the parties of your hubs' exchanges mean to do next."""

    serializer_class = PlanSerializer
    queryset = ActionPlan.objects.none()
    permission_classes = [IsAuthenticated]
    filter_backends = []
    lookup_url_kwarg = "id"
    lookup_value_regex = _NUMBER
    http_method_names = ["get", "head", "post", "options"]
    order_keys = {"id": OrderKey(F("pk"), "number")}
    default_order = "id"
    action_parameters = {"create": (IDEMPOTENCY_KEY,), "retrieve": (_ID,)}

    def get_queryset(self) -> QuerySet[ActionPlan]:
        found: QuerySet[ActionPlan] = ActionPlan.objects.visible_to(self.request.user)
        whole = found.select_related("exchange", "party__hub", "party__organisation")
        return whole.prefetch_related("items__member")

    @extend_schema(responses=PlanSerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Plans with their points."""
        page = self.list_page(self.get_queryset())
        page["results"] = [plan_row(plan) for plan in page["results"]]
        return self.answer(page)

    def retrieve(self, request: Request, id: str) -> HttpResponse:
        """One plan."""
        return self.answer(plan_row(self.get_object()))

    @extend_schema(
        request=NewPlanSerializer,
        responses={201: PlanSerializer},
        examples=[example("Of a party", {"party": 1})],
    )
    def create(self, request: Request) -> HttpResponse:
        """Begin the plan of a party; where there is one, it is answered."""

        def act() -> HttpResponse:
            serializer = NewPlanSerializer(data=request.data, context={"request": request})
            party: Party = self.checked(serializer)["party"]
            plan = plans.begin_plan(party, by=self.member)
            row = plan_row(self.get_queryset().get(pk=plan.pk))
            response = self.answer(row, status=HTTPStatus.CREATED)
            return self.created(response, "action-plan-detail", plan.pk)

        return self.once(act)


class ActionPointViewSet(WriteMixin, ApiViewSet):
    """Points of one action plan."""

    serializer_class = PointSerializer
    queryset = ActionItem.objects.none()
    permission_classes = [IsAuthenticated]
    filter_backends = []
    pagination_class = None
    lookup_url_kwarg = "id"
    lookup_value_regex = _NUMBER
    http_method_names = ["get", "head", "post", "patch", "options"]
    action_parameters = {
        "list": (_PLAN,),
        "create": (_PLAN, IDEMPOTENCY_KEY),
        "retrieve": (_PLAN, _ID),
        "partial_update": (_PLAN, _ID, IF_MATCH),
        **dict.fromkeys(("done", "reopen"), (_PLAN, _ID, IDEMPOTENCY_KEY)),
    }

    @extend_schema(responses=PointSerializer(many=True))
    def list(self, request: Request, plan_id: str) -> HttpResponseBase:
        """All points, by day."""
        plan = get_object_or_404(ActionPlan.objects.visible_to(request.user), pk=plan_id)
        rows = ActionItem.objects.filter(plan=plan).select_related("member")
        return self.answer({"results": [point_row(row) for row in rows.order_by("due_on", "pk")]})

    def retrieve(self, request: Request, plan_id: str, id: str) -> HttpResponse:
        """One point."""
        return self._show(self._item(plan_id, id, "visible_to"))

    @extend_schema(
        request=PointContentSerializer,
        responses={201: PointSerializer},
        examples=[example("A law", {"title": "Send the draft law", "due_on": "2027-03-31"})],
    )
    def create(self, request: Request, plan_id: str) -> HttpResponse:
        """Add a point."""
        plan: ActionPlan = self.allowed(ActionPlan, "editable_by", pk=plan_id)

        def act() -> HttpResponse:
            _given, columns = self._read(ActionItem(plan=plan), plan, is_new=True)
            item = plans.add_item(plan, ActionItem(**columns), by=self.member)
            response = self._show(item, HTTPStatus.CREATED)
            return self.created(response, "action-point-detail", plan.pk, item.pk)

        return self.once(act)

    @extend_schema(
        request=PointContentSerializer(partial=True),
        examples=[example("Later", {"due_on": "2027-06-30"})],
    )
    def partial_update(self, request: Request, plan_id: str, id: str) -> HttpResponse:
        """Change a point; a new day or member is reminded anew."""
        item = self._item(plan_id, id, "editable_by")
        version = expected_version(request, item.version)
        fresh = ActionItem.objects.get(pk=item.pk)
        given, columns = self._read(fresh, item.plan, is_new=False)
        changes = {name: value for name, value in columns.items() if name in given}
        return self._show(
            plans.change_item(item, changes=changes, expected_version=version, by=self.member)
        )

    @extend_schema(request=PointNoteSerializer, examples=[example("A note", {"note": "Sent."})])
    @action(detail=True, methods=["post"])
    def done(self, request: Request, plan_id: str, id: str) -> HttpResponse:
        """Mark a point as done today, with what came of it."""
        item = self._item(plan_id, id, "completable_by")

        def act() -> HttpResponse:
            note = self.checked(PointNoteSerializer(data=request.data))["note"]
            return self._show(plans.finish_item(item, note=note, by=self.member))

        return self.once(act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, plan_id: str, id: str) -> HttpResponse:
        """Mark a point as not done."""
        item = self._item(plan_id, id, "completable_by")
        return self.once(lambda: self._show(plans.reopen_item(item, by=self.member)))

    def _item(self, plan_id: str, pk: str, right: str) -> Any:
        items = ActionItem.objects
        seen = items.visible_to(self.request.user).filter(plan=int(plan_id))
        allowed = getattr(items, right)(self.request.user)
        return get_allowed(seen.select_related("plan__exchange", "plan__party"), allowed, pk=pk)

    def _read(
        self, row: ActionItem, plan: ActionPlan, *, is_new: bool
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what was sent, and the columns that the page's form makes of it."""
        serializer = PointContentSerializer(
            data=self.request.data,
            partial=not is_new,
            context={"people": plans.people_of(plan)},
        )
        given = self.checked(serializer)
        with errors_named_as(serializer):
            form = filled(lambda data: ItemForm(data, instance=row, plan=plan), given)
        return given, form.columns()

    def _show(self, item: ActionItem, status: int = HTTPStatus.OK) -> HttpResponse:
        fresh = ActionItem.objects.select_related("member").get(pk=item.pk)
        return self.answer(point_row(fresh), status=status, version=fresh.version)


class SurveyViewSet(ApiViewSet):
    """Surveys of your hubs' exchanges: how many were asked, and what they answered."""

    serializer_class = SurveyDetailSerializer
    queryset = Survey.objects.none()
    permission_classes = [IsAuthenticated]
    filter_backends = []
    lookup_url_kwarg = "id"
    lookup_value_regex = _NUMBER
    http_method_names = ["get", "head", "options"]
    order_keys = {"id": OrderKey(F("pk"), "number")}
    default_order = "id"
    action_parameters = {"retrieve": (_ID,)}

    def get_queryset(self) -> QuerySet[Survey]:
        found: QuerySet[Survey] = Survey.objects.visible_to(self.request.user)
        is_answered = Q(invitations__answered_at__isnull=False)
        return found.select_related("exchange").annotate(
            asked=Count("invitations"), answered=Count("invitations", filter=is_answered)
        )

    @extend_schema(responses=SurveySerializer(many=True))
    def list(self, request: Request) -> HttpResponseBase:
        """Surveys without their answers."""
        page = self.list_page(self.get_queryset())
        page["results"] = [survey_row(survey) for survey in page["results"]]
        return self.answer(page)

    def retrieve(self, request: Request, id: str) -> HttpResponse:
        """One survey with its answers; nobody is named."""
        survey = self.get_object()
        invitations = SurveyInvitation.objects.visible_to(request.user).filter(survey=survey)
        answered = invitations.exclude(answered_at=None).order_by("answered_at", "pk")
        return self.answer(
            survey_row(survey) | {"answers": [answer_row(each) for each in answered]}
        )

"""What people thought of an event, for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from catalogue.api.writing import WriteMixin, example
from community.forms.enrolling import MARK_CHOICES, FeedbackForm
from community.models import MARKS, Event, EventFeedback
from community.serializers.event_people import (
    SUMMARY_COLUMNS,
    FeedbackAnswersSerializer,
    FeedbackSerializer,
    FeedbackSummarySerializer,
    summary_rows,
)
from community.services import attending
from core.api.forms import errors_named_as, filled
from core.api.responses import csv_response
from core.api.views import is_csv

_TEXTS = ("best", "better")


class FeedbackMixin(WriteMixin):
    """The questions on an event, one's own answers, and what all said."""

    answer: Callable[..., HttpResponse]
    checked: Callable[[Any], dict[str, Any]]

    @extend_schema(responses=FeedbackSerializer, filters=False)
    @action(detail=True, methods=["get"], permission_classes=[IsAuthenticated])
    def feedback(self, request: Request, slug: str) -> HttpResponse:
        """The questions, and what you answered, if you had a seat and it is over."""
        return self._told(self.allowed(Event, "answerable_by", slug=slug))

    @extend_schema(
        request=FeedbackAnswersSerializer,
        responses=FeedbackSerializer,
        examples=[example("Useful", {"useful": 5, "organised": 4, "applied": 3})],
    )
    @feedback.mapping.post
    def give_feedback(self, request: Request, slug: str) -> HttpResponse:
        """Say what you think of it; said again, it replaces what you said first."""
        event = self.allowed(Event, "answerable_by", slug=slug)

        def act() -> HttpResponse:
            sheet = attending.sheet_of(event, self.member)
            serializer = FeedbackAnswersSerializer(data=request.data)
            given = self.checked(serializer)
            with errors_named_as(serializer):
                form = filled(lambda data: FeedbackForm(data, instance=sheet), given)
                attending.give_feedback(event, answers=form.cleaned_data, by=self.member)
            return self._told(event)

        return self.once(act)

    @extend_schema(responses=FeedbackSummarySerializer, filters=False)
    @action(
        detail=True,
        methods=["get"],
        url_path="feedback/summary",
        permission_classes=[IsAuthenticated],
    )
    def feedback_summary(self, request: Request, slug: str) -> HttpResponseBase:
        """What all said, without names; for those who run the event."""
        event = self.allowed(Event, "editable_by", slug=slug)
        told = attending.summary_of(event)
        if is_csv(request):
            return csv_response(f"{slug}-feedback.csv", SUMMARY_COLUMNS, summary_rows(told))
        means = [
            {"name": name, "question": question, "mean": mean}
            for name, (question, mean) in zip(MARKS, told["means"], strict=False)
        ]
        return self.answer(
            {
                "count": told["count"],
                "fewest": attending.FEWEST_TOLD,
                "means": means,
                "best": told["best"],
                "better": told["better"],
            }
        )

    def _told(self, event: Any) -> HttpResponse:
        sheet = attending.sheet_of(event, self.member)
        names = (*MARKS, *_TEXTS)
        columns: Any = EventFeedback._meta
        marks = {str(number): label for number, label in MARK_CHOICES}
        questions = [
            {
                "name": name,
                "question": columns.get_field(name).verbose_name,
                "answers": marks if name in MARKS else {},
            }
            for name in names
        ]
        answers = {name: getattr(sheet, name) for name in names} if sheet else None
        return self.answer({"questions": questions, "answers": answers})

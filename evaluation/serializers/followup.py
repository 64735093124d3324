"""Surveys, action plans and documents of exchanges, as programs read and write them."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.models import Member
from evaluation.models import (
    ActionItem,
    ActionPlan,
    Evidence,
    EvidenceKind,
    Party,
    Proves,
    Survey,
    SurveyInvitation,
)
from hubs.serializers.fields import OwnChoices, OwnChoicesMixin, StrictBodyMixin

POINT_TEXTS = ("title", "due_on", "responsible")


class NewPlanSerializer(OwnChoicesMixin, StrictBodyMixin, serializers.Serializer[Any]):
    """The party whose plan is begun."""

    party = serializers.PrimaryKeyRelatedField(queryset=Party.objects.none())
    own_choices: ClassVar[OwnChoices] = {"party": Party.objects.visible_to}


class PointContentSerializer(StrictBodyMixin, serializers.ModelSerializer[ActionItem]):
    """One thing to be done."""

    member = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Member.objects.none(),
        allow_null=True,
        required=False,
        help_text="Who is reminded, by their name in addresses; somebody of a hub of the exchange.",
    )

    class Meta:
        model = ActionItem
        fields = [*POINT_TEXTS, "member"]

    def get_fields(self) -> dict[str, Any]:
        """Offer the people of the plan that `context` names."""
        fields: dict[str, Any] = super().get_fields()
        if "people" in self.context:
            fields["member"].queryset = self.context["people"]
        return fields


class PointNoteSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """What came of it."""

    note = serializers.CharField(max_length=1_000, allow_blank=True, default="")


class PointSerializer(serializers.Serializer[Any]):
    """A point of an action plan."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    due_on = serializers.DateField()
    responsible = serializers.CharField()
    member = serializers.SlugField(allow_null=True)
    done_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()


class PlanSerializer(serializers.Serializer[Any]):
    """What one party means to do after an exchange."""

    id = serializers.IntegerField()
    exchange = serializers.SlugField()
    party = serializers.IntegerField()
    party_name = serializers.CharField()
    points = PointSerializer(many=True)


class SurveySerializer(serializers.Serializer[Any]):
    """What is asked at one moment after an exchange."""

    id = serializers.IntegerField()
    exchange = serializers.SlugField()
    moment = serializers.CharField(help_text="Months after the end: 0, 6 or 24.")
    due_on = serializers.DateField()
    asked = serializers.IntegerField()
    answered = serializers.IntegerField()


class AnswerSerializer(serializers.Serializer[Any]):
    """What one person answered, without their name."""

    id = serializers.IntegerField()
    answered_at = serializers.DateTimeField()
    language = serializers.CharField()
    may_be_quoted = serializers.BooleanField()
    answers = serializers.DictField(child=serializers.CharField())


class SurveyDetailSerializer(SurveySerializer):
    """A survey with its answers."""

    answers = AnswerSerializer(many=True)


class DocumentContentSerializer(StrictBodyMixin, serializers.ModelSerializer[Evidence]):
    """A document, link or testimony on an exchange."""

    kind = serializers.ChoiceField(EvidenceKind.choices)
    proves = serializers.ChoiceField(Proves.choices, default=Proves.OTHER)
    file = serializers.FileField(
        required=False, help_text="Up to 9 MB, in multipart/form-data; judged by its content."
    )

    class Meta:
        model = Evidence
        fields = [
            *("kind", "proves", "title", "text", "address", "dated_on", "is_confidential", "file"),
        ]


class DocumentSerializer(serializers.Serializer[Any]):
    """A piece of evidence."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    proves = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    address = serializers.CharField(help_text="Of the page on the web, or of the file here.")
    file_name = serializers.CharField()
    dated_on = serializers.DateField(allow_null=True)
    is_confidential = serializers.BooleanField()
    added_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_reason = serializers.CharField()


def point_row(item: Any) -> dict[str, Any]:
    """Return a point, fetched with its member, as `PointSerializer` says."""
    return {
        "id": item.pk,
        **{name: getattr(item, name) for name in POINT_TEXTS},
        "member": item.member.slug if item.member else None,
        "done_on": item.done_on,
        "note": item.note,
    }


def plan_row(plan: ActionPlan) -> dict[str, Any]:
    """Return a plan, fetched with exchange, party and points, as `PlanSerializer` says."""
    return {
        "id": plan.pk,
        "exchange": plan.exchange.slug,
        "party": plan.party_id,
        "party_name": str(plan.party),
        "points": [point_row(item) for item in plan.items.all()],
    }


def survey_row(survey: Any) -> dict[str, Any]:
    """Return a survey, counted and fetched with its exchange, as `SurveySerializer` says."""
    row: Survey = survey
    return {
        "id": row.pk,
        "exchange": row.exchange.slug,
        "moment": row.moment,
        "due_on": row.due_on,
        "asked": survey.asked,
        "answered": survey.answered,
    }


def answer_row(invitation: SurveyInvitation) -> dict[str, Any]:
    """Return an answer as `AnswerSerializer` says."""
    names = ("answered_at", "language", "may_be_quoted", "answers")
    return {"id": invitation.pk} | {name: getattr(invitation, name) for name in names}


def document_row(evidence: Any, *, root: str) -> dict[str, Any]:
    """Return a piece of evidence as `DocumentSerializer` says."""
    names = ("kind", "proves", "title", "text", "address", "file_name", "dated_on")
    later = ("is_confidential", "added_at", "withdrawn_at", "withdrawn_reason")
    row = {"id": evidence.pk} | {name: getattr(evidence, name) for name in (*names, *later)}
    if evidence.file:
        row["address"] = f"{root}{evidence.get_absolute_url()}"
    return row

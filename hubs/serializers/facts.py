"""The seven kinds of facts, as read and as written."""

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core import codes
from hubs.models import (
    CoordinationLink,
    ExpertiseSource,
    FundingStream,
    InstitutionalArrangement,
    InstitutionalModel,
    MonitoringPractice,
    Organisation,
    Presence,
    Statement,
)
from hubs.serializers.fields import CodeField, PartialDateField, SourceSerializer, StrictBodyMixin

_BEFORE = ["id"]
_AFTER = [
    "valid_from",
    "valid_to",
    "stated_on",
    "recorded_on",
    "note",
    "sources",
    "is_published",
    "version",
    "updated_at",
]
_READ_ONLY = ["recorded_on", "version", "updated_at"]


class FactSerializer(StrictBodyMixin, serializers.ModelSerializer[Any]):
    """What every kind of fact has: when it held, who says so.

    Checks one field at a time; what must be true of a whole fact, the services check.
    """

    valid_from = PartialDateField(help_text=_("From when it held; null if unknown."))
    valid_to = PartialDateField(is_end=True, help_text=_("Until when; null if it still holds."))
    stated_on = PartialDateField(help_text=_("The date of the source that says so."))
    sources = SourceSerializer(many=True, max_length=20)  # type: ignore[call-arg]  # its list's


class StatementSerializer(FactSerializer):
    """What a source says of the hub beside the five dimensions."""

    class Meta:
        model = Statement
        fields = [*_BEFORE, "topic", "text", *_AFTER]
        read_only_fields = _READ_ONLY


class InstitutionalArrangementSerializer(FactSerializer):
    """How the hub is set up."""

    model = serializers.SlugRelatedField[InstitutionalModel](
        slug_field="code",
        queryset=InstitutionalModel.objects.all(),
        help_text=_("The code of the institutional model."),
    )

    class Meta:
        model = InstitutionalArrangement
        fields = [
            *_BEFORE,
            "model",
            "host_institution",
            "legal_basis",
            "governing_body",
            "staff_number",
            *_AFTER,
        ]
        read_only_fields = _READ_ONLY


class CoordinationLinkSerializer(FactSerializer):
    """With whom the hub coordinates at home."""

    organisation = serializers.SlugRelatedField[Organisation](
        slug_field="slug", queryset=Organisation.objects.all()
    )
    organisation_name = serializers.CharField(source="organisation.name", read_only=True)

    class Meta:
        model = CoordinationLink
        fields = [
            *_BEFORE,
            "organisation",
            "organisation_name",
            "role",
            "government_level",
            "mechanism",
            *_AFTER,
        ]
        read_only_fields = _READ_ONLY


class ExpertiseSourceSerializer(FactSerializer):
    """Where the hub's expertise comes from."""

    class Meta:
        model = ExpertiseSource
        fields = [*_BEFORE, "kind", "engagement", "example", *_AFTER]
        read_only_fields = _READ_ONLY


class FundingStreamSerializer(FactSerializer):
    """Who pays. Amounts stay in their currency; null is "not stated"."""

    provider = serializers.SlugRelatedField[Organisation](
        slug_field="slug",
        queryset=Organisation.objects.all(),
        required=False,
        allow_null=True,
    )
    provider_name = serializers.CharField(source="provider.name", read_only=True, default=None)
    currency = CodeField(
        codes.CURRENCIES, required=False, allow_blank=True, help_text=_("ISO 4217.")
    )

    class Meta:
        model = FundingStream
        fields = [
            *_BEFORE,
            "source_type",
            "provider",
            "provider_name",
            "pledged",
            "committed",
            "spent",
            "currency",
            "share",
            "earmark",
            "confidentiality",
            *_AFTER,
        ]
        read_only_fields = _READ_ONLY


class MonitoringPracticeSerializer(FactSerializer):
    """How the hub follows what came of it."""

    class Meta:
        model = MonitoringPractice
        fields = [*_BEFORE, "approach", "description", *_AFTER]
        read_only_fields = _READ_ONLY


class PresenceSerializer(FactSerializer):
    """A country in which the hub has an office, a programme or a correspondent."""

    country = CodeField(codes.COUNTRIES, help_text=_("ISO 3166-1 alpha-2."))

    class Meta:
        model = Presence
        fields = [*_BEFORE, "country", "place", "kind", *_AFTER]
        read_only_fields = _READ_ONLY


@cache
def reader(serializer: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """Return a serializer to read with only: making its fields costs more than using them."""
    return serializer()


# In the order of a profile; the keys are those of the addresses.
FACT_SERIALIZERS: dict[str, type[FactSerializer]] = {
    "statements": StatementSerializer,
    "institutional-arrangements": InstitutionalArrangementSerializer,
    "coordination-links": CoordinationLinkSerializer,
    "expertise-sources": ExpertiseSourceSerializer,
    "funding-streams": FundingStreamSerializer,
    "monitoring-practices": MonitoringPracticeSerializer,
    "presences": PresenceSerializer,
}

"""A hub with everything that is known of it; and the things around hubs."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core import codes
from hubs.models import Hub, Network, NetworkMembership, Organisation, PillarScore, SelfAssessment
from hubs.serializers.facts import (
    FACT_SERIALIZERS,
    CoordinationLinkSerializer,
    ExpertiseSourceSerializer,
    FundingStreamSerializer,
    InstitutionalArrangementSerializer,
    MonitoringPracticeSerializer,
    PresenceSerializer,
    StatementSerializer,
)
from hubs.serializers.fields import CodeField, CodeListField, StrictBodyMixin

# What an editor may change; the same as on the page "Identity".
HUB_CHANGEABLE = (
    "name", "acronym", "native_name", "native_language", "countries", "level", "sectors",
    "languages", "website", "founded_year", "status", "successor", "summary",
    "iati_identifier", "review_due",
)  # fmt: skip
# The kinds of facts as fields of a hub: "funding_streams" for funding-streams.
FACT_FIELDS = [kind.replace("-", "_") for kind in FACT_SERIALIZERS]


class HubRowSerializer(serializers.Serializer[Any]):
    """A hub in the list. What is drawn from facts holds today."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    acronym = serializers.CharField()
    native_name = serializers.CharField()
    countries = serializers.ListField(child=serializers.CharField())
    level = serializers.ChoiceField(Hub.Level.choices)
    sectors = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())
    website = serializers.CharField()
    founded_year = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(Hub.Status.choices)
    model = serializers.CharField(allow_null=True)
    funding_types = serializers.ListField(child=serializers.CharField())
    coordination_levels = serializers.ListField(child=serializers.CharField())
    expertise_kinds = serializers.ListField(child=serializers.CharField())
    verified_on = serializers.DateField(allow_null=True)
    review_due = serializers.DateField(allow_null=True)
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class HubNetworkSerializer(serializers.ModelSerializer[NetworkMembership]):
    """A hub's time in a network."""

    slug = serializers.CharField(source="network.slug")
    name = serializers.CharField(source="network.name")

    class Meta:
        model = NetworkMembership
        fields = ["slug", "name", "joined_on", "left_on"]


class PillarScoreSerializer(serializers.ModelSerializer[PillarScore]):
    """The level, 0 to 4, on one pillar, and what shows it."""

    class Meta:
        model = PillarScore
        fields = ["pillar", "level", "evidence"]


class SelfAssessmentSerializer(serializers.ModelSerializer[SelfAssessment]):
    """A hub's own view of its capabilities, shown with its consent only."""

    scores = PillarScoreSerializer(many=True)

    class Meta:
        model = SelfAssessment
        fields = ["assessed_on", "note", "scores"]


class HubSerializer(StrictBodyMixin, serializers.ModelSerializer[Hub]):
    """A hub's own columns, as read and as changed by PATCH."""

    native_language = CodeField(codes.LANGUAGES, required=False, allow_blank=True)
    countries = CodeListField(codes.COUNTRIES, required=False, help_text=_("ISO 3166-1 alpha-2."))
    sectors = CodeListField(codes.SECTORS, required=False, help_text=_("DAC sector categories."))
    languages = CodeListField(codes.LANGUAGES, required=False, help_text=_("ISO 639-1."))
    successor = serializers.SlugRelatedField[Hub](
        slug_field="slug", queryset=Hub.objects.none(), required=False, allow_null=True
    )
    as_of = serializers.DateField(
        read_only=True, allow_null=True, help_text=_("The day that was asked for.")
    )
    url = serializers.URLField(read_only=True)
    api_url = serializers.URLField(read_only=True)

    class Meta:
        model = Hub
        fields = [
            "slug",
            *HUB_CHANGEABLE,
            "verified_on",
            "is_published",
            "version",
            "updated_at",
            "as_of",
            "url",
            "api_url",
        ]
        read_only_fields = ["slug", "verified_on", "is_published", "version", "updated_at"]

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if "user" in self.context:
            # A hub that the writer cannot see must not be found by trying names.
            successor: Any = fields["successor"]
            successor.queryset = Hub.objects.visible_to(self.context["user"])
        return fields


class HubDetailSerializer(HubSerializer):
    """A hub with everything dated that is known of it, by kind."""

    statements = StatementSerializer(many=True, read_only=True)
    institutional_arrangements = InstitutionalArrangementSerializer(many=True, read_only=True)
    coordination_links = CoordinationLinkSerializer(many=True, read_only=True)
    expertise_sources = ExpertiseSourceSerializer(many=True, read_only=True)
    funding_streams = FundingStreamSerializer(many=True, read_only=True)
    monitoring_practices = MonitoringPracticeSerializer(many=True, read_only=True)
    presences = PresenceSerializer(many=True, read_only=True)
    networks = HubNetworkSerializer(many=True, read_only=True)
    self_assessments = SelfAssessmentSerializer(many=True, read_only=True)

    class Meta(HubSerializer.Meta):
        fields = [*HubSerializer.Meta.fields, *FACT_FIELDS, "networks", "self_assessments"]


class OrganisationRowSerializer(serializers.ModelSerializer[Organisation]):
    """A body that is not a hub: it coordinates with hubs, funds or hosts them."""

    url = serializers.URLField(read_only=True)
    api_url = serializers.URLField(read_only=True)

    class Meta:
        model = Organisation
        fields = [
            "slug",
            "name",
            "acronym",
            "kind",
            "country",
            "website",
            "iati_identifier",
            "updated_at",
            "url",
            "api_url",
        ]


class OrganisationHubSerializer(serializers.Serializer[Any]):
    """A hub to which the organisation is tied, and how."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    as_what = serializers.CharField(
        help_text=_("A role in coordination (lead, member …), or the type of funding.")
    )
    valid_from = serializers.CharField(allow_null=True)
    valid_to = serializers.CharField(allow_null=True)


class OrganisationSerializer(OrganisationRowSerializer):
    """An organisation with the hubs that it coordinates with and funds."""

    coordinates_with = OrganisationHubSerializer(many=True)
    funds = OrganisationHubSerializer(many=True)

    class Meta(OrganisationRowSerializer.Meta):
        fields = [*OrganisationRowSerializer.Meta.fields, "coordinates_with", "funds"]


class NetworkRowSerializer(serializers.ModelSerializer[Network]):
    """Hubs that work together under one name."""

    url = serializers.URLField(read_only=True)
    api_url = serializers.URLField(read_only=True)

    class Meta:
        model = Network
        fields = ["slug", "name", "acronym", "description", "website", "url", "api_url"]


class NetworkHubSerializer(serializers.Serializer[Any]):
    """A hub's time in the network."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    joined_on = serializers.DateField(allow_null=True)
    left_on = serializers.DateField(allow_null=True)


class NetworkSerializer(NetworkRowSerializer):
    """A network with its hubs, and the hub that serves it."""

    secretariat = serializers.SlugField(allow_null=True)
    hubs = NetworkHubSerializer(many=True)

    class Meta(NetworkRowSerializer.Meta):
        fields = [*NetworkRowSerializer.Meta.fields, "secretariat", "hubs"]

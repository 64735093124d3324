"""What the API and the CSV files say of hubs; shapes, not acts."""

from hubs.serializers.facts import FACT_SERIALIZERS, FactSerializer, reader
from hubs.serializers.hub import (
    FACT_FIELDS,
    HubDetailSerializer,
    HubNetworkSerializer,
    HubRowSerializer,
    HubSerializer,
    NetworkRowSerializer,
    NetworkSerializer,
    OrganisationRowSerializer,
    OrganisationSerializer,
    SelfAssessmentSerializer,
)
from hubs.serializers.rows import (
    HUB_COLUMNS,
    NETWORK_COLUMNS,
    ORGANISATION_COLUMNS,
    Addresses,
    hub_rows,
    hub_values,
)

__all__ = [
    "FACT_FIELDS",
    "FACT_SERIALIZERS",
    "HUB_COLUMNS",
    "NETWORK_COLUMNS",
    "ORGANISATION_COLUMNS",
    "Addresses",
    "FactSerializer",
    "HubDetailSerializer",
    "HubNetworkSerializer",
    "HubRowSerializer",
    "HubSerializer",
    "NetworkRowSerializer",
    "NetworkSerializer",
    "OrganisationRowSerializer",
    "OrganisationSerializer",
    "SelfAssessmentSerializer",
    "hub_rows",
    "hub_values",
    "reader",
]

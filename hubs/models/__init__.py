"""Hubs, the organisations around them, and the facts about them."""

from hubs.models.assessment import Pillar, PillarScore, SelfAssessment
from hubs.models.dimensions import (
    CoordinationLink,
    ExpertiseSource,
    FundingStream,
    InstitutionalArrangement,
    InstitutionalModel,
    MonitoringPractice,
    Presence,
    Statement,
)
from hubs.models.fact import DatedFact
from hubs.models.hub import Hub
from hubs.models.membership import Membership
from hubs.models.network import Network, NetworkMembership
from hubs.models.organisation import Organisation, Source
from hubs.models.starter import StarterRow

# The kinds of facts, in the order of a profile: what a hub is, then the five dimensions.
FACT_MODELS: tuple[type[DatedFact], ...] = (
    Statement,
    InstitutionalArrangement,
    CoordinationLink,
    ExpertiseSource,
    FundingStream,
    MonitoringPractice,
    Presence,
)

__all__ = [
    "FACT_MODELS",
    "CoordinationLink",
    "DatedFact",
    "ExpertiseSource",
    "FundingStream",
    "Hub",
    "InstitutionalArrangement",
    "InstitutionalModel",
    "Membership",
    "MonitoringPractice",
    "Network",
    "NetworkMembership",
    "Organisation",
    "Pillar",
    "PillarScore",
    "Presence",
    "SelfAssessment",
    "Source",
    "StarterRow",
    "Statement",
]

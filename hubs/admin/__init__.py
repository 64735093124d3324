"""Hubs in the admin: for moderators, with sources, history and revert."""

from hubs.admin.facts import FactAdmin
from hubs.admin.hubs import HubAdmin, MembershipAdmin, NetworkAdmin, SelfAssessmentAdmin
from hubs.admin.registers import InstitutionalModelAdmin, OrganisationAdmin, SourceAdmin

__all__ = [
    "FactAdmin",
    "HubAdmin",
    "InstitutionalModelAdmin",
    "MembershipAdmin",
    "NetworkAdmin",
    "OrganisationAdmin",
    "SelfAssessmentAdmin",
    "SourceAdmin",
]

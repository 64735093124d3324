"""Hubs in the admin: for moderators, with sources, history and revert."""

from hubs.admin.facts import FACT_ADMINS
from hubs.admin.hubs import HubAdmin, MembershipAdmin, NetworkAdmin, SelfAssessmentAdmin
from hubs.admin.registers import InstitutionalModelAdmin, OrganisationAdmin, SourceAdmin

__all__ = [
    "FACT_ADMINS",
    "HubAdmin",
    "InstitutionalModelAdmin",
    "MembershipAdmin",
    "NetworkAdmin",
    "OrganisationAdmin",
    "SelfAssessmentAdmin",
    "SourceAdmin",
]

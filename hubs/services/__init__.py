"""What changes hubs: one function per use case, one transaction per function."""

from hubs.services.assessments import give_consent, save_assessment, withdraw_consent
from hubs.services.facts import change_fact, create_fact, remove_fact
from hubs.services.identity import change_hub, verify_hub
from hubs.services.memberships import (
    confirm_membership,
    decline_membership,
    end_membership,
    request_membership,
)
from hubs.services.registers import find_or_create_organisation, find_or_create_source, source_at

__all__ = [
    "change_fact",
    "change_hub",
    "confirm_membership",
    "create_fact",
    "decline_membership",
    "end_membership",
    "find_or_create_organisation",
    "find_or_create_source",
    "give_consent",
    "remove_fact",
    "request_membership",
    "save_assessment",
    "source_at",
    "verify_hub",
    "withdraw_consent",
]

"""Accounts in the admin: members and their standing, texts, messages, the audit trail."""

from accounts.admin.base import PortalAdmin
from accounts.admin.members import MemberAdmin
from accounts.admin.records import (
    AcceptanceAdmin,
    ActivityAdmin,
    ContactMessageAdmin,
    LegalTextAdmin,
    OutgoingMailAdmin,
)

__all__ = [
    "AcceptanceAdmin",
    "ActivityAdmin",
    "ContactMessageAdmin",
    "LegalTextAdmin",
    "MemberAdmin",
    "OutgoingMailAdmin",
    "PortalAdmin",
]

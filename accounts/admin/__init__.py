"""Accounts in the admin: members and their standing, texts, messages, the audit trail."""

from accounts.admin.base import (
    HistoryAdmin,
    PortalAdmin,
    ReadOnlyInline,
    SeenAdmin,
    SeenHistoryAdmin,
    SeenHistoryMixin,
    VersionedForm,
    locked,
)
from accounts.admin.decisions import DecidingAdmin
from accounts.admin.members import MemberAdmin
from accounts.admin.records import (
    AcceptanceAdmin,
    ActivityAdmin,
    ContactMessageAdmin,
    LegalTextAdmin,
    MailAddressAdmin,
    OutgoingMailAdmin,
)

__all__ = [
    "AcceptanceAdmin",
    "ActivityAdmin",
    "ContactMessageAdmin",
    "DecidingAdmin",
    "HistoryAdmin",
    "LegalTextAdmin",
    "MailAddressAdmin",
    "MemberAdmin",
    "OutgoingMailAdmin",
    "PortalAdmin",
    "ReadOnlyInline",
    "SeenAdmin",
    "SeenHistoryAdmin",
    "SeenHistoryMixin",
    "VersionedForm",
    "locked",
]

"""Members, what they agreed to, what they did, and the mail the portal owes them."""

from accounts.models.activity import Activity, ActivityAudience
from accounts.models.address import AddressState, Bounce, MailAddress
from accounts.models.contact import ContactMessage
from accounts.models.idempotency import IdempotentRequest
from accounts.models.invitation import Invitation
from accounts.models.legal import Acceptance, LegalText
from accounts.models.mail import DigestItem, MailKind, MailPace, OutgoingMail
from accounts.models.member import Member, Visibility

__all__ = [
    "Acceptance",
    "Activity",
    "ActivityAudience",
    "AddressState",
    "Bounce",
    "ContactMessage",
    "DigestItem",
    "IdempotentRequest",
    "Invitation",
    "LegalText",
    "MailAddress",
    "MailKind",
    "MailPace",
    "Member",
    "OutgoingMail",
    "Visibility",
]

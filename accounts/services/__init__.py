"""What changes members, and what is recorded of every change in the portal."""

from accounts.services.bounces import bounce_of, receive_bounce, try_again
from accounts.services.contact import handle_message, send_contact_message
from accounts.services.digests import send_digests
from accounts.services.inviting import invitation_of, invite, may_invite
from accounts.services.legal import accept_texts, load_legal_texts, publish_text
from accounts.services.notify import (
    DIGEST,
    change_mail_choices,
    end_mail,
    ended_by,
    gets_mail,
    notify,
    notify_each,
    off_address,
)
from accounts.services.own_data import (
    close_account,
    close_duplicate,
    close_for_good,
    export_own_data,
    save_profile,
)
from accounts.services.record import (
    Change,
    changes_between,
    new_activity,
    queue_mail,
    record_activities,
    record_activity,
)
from accounts.services.standing import (
    admit_member,
    approve_member,
    change_role,
    decline_member,
    end_expired,
    free_slug,
    limit_member,
    reinstate_member,
    settle_verified_member,
    suspend_member,
)
from accounts.services.standing_undone import last_of_standing, standing_of, undo_standing

__all__ = [
    "DIGEST",
    "Change",
    "accept_texts",
    "admit_member",
    "approve_member",
    "bounce_of",
    "change_mail_choices",
    "change_role",
    "changes_between",
    "close_account",
    "close_duplicate",
    "close_for_good",
    "decline_member",
    "end_expired",
    "end_mail",
    "ended_by",
    "export_own_data",
    "free_slug",
    "gets_mail",
    "handle_message",
    "invitation_of",
    "invite",
    "last_of_standing",
    "limit_member",
    "load_legal_texts",
    "may_invite",
    "new_activity",
    "notify",
    "notify_each",
    "off_address",
    "publish_text",
    "queue_mail",
    "receive_bounce",
    "record_activities",
    "record_activity",
    "reinstate_member",
    "save_profile",
    "send_contact_message",
    "send_digests",
    "settle_verified_member",
    "standing_of",
    "suspend_member",
    "try_again",
    "undo_standing",
]

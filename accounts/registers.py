"""Registers that the apps above add to when they start."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import Member

# What an app keeps of a member, by the name it has in the member's download.
OWN_DATA: dict[str, Callable[[int], list[dict[str, object]]]] = {}
# What an app wipes of a member, by their number, in the transaction that closes the account.
FORGET: list[Callable[[int], None]] = []
# What an app does when a member's name or standing changed, by their number, in the same
# transaction. Who closes the account is wiped by FORGET.
MEMBER_CHANGED: list[Callable[[int], None]] = []
# Whether two people, by their numbers, hold a role in one hub: asks the app that knows hubs.
SHARES_HUB: list[Callable[[int, int], bool]] = []
# Which members, as a condition on them, somebody may let in who does not moderate.
MAY_ADMIT: list[Callable[[Member], Q]] = []
# Where a member can appeal against a measure, by the activity that recorded it and its member:
# the app above that has appeals says so.
APPEAL_ADDRESS: list[Callable[[int, int], str]] = []
# What each verb of an activity says to a reader.
VERBS: dict[str, Promise] = {
    "member.joined": _("Joined"),
    "member.approved": _("Member approved"),
    "member.declined": _("Member declined"),
    "member.suspended": _("Member suspended"),
    "member.limited": _("Member limited"),
    "member.reinstated": _("Member reinstated"),
    "member.measure_undone": _("Decision over a member undone"),
    "member.role_changed": _("Role changed"),
    "member.closed": _("Account closed"),
    "member.texts_accepted": _("Terms accepted"),
    "message.received": _("Message to the moderators"),
    "message.handled": _("Message handled"),
    "legal_text.published": _("Legal text published"),
    "mail.retried": _("Mail to be tried again"),
    "admin.added": _("Added in the admin"),
    "admin.changed": _("Changed in the admin"),
    "admin.removed": _("Removed in the admin"),
    "admin.reverted": _("Reverted in the admin"),
}


def shares_hub(one: int | None, other: int | None) -> bool:
    """Return whether members `one` and `other` hold a role in the same hub; one query."""
    return one is not None and other is not None and any(ask(one, other) for ask in SHARES_HUB)


def describe(verb: str) -> str:
    """Return `verb` in the reader's language, or as it is if nobody described it."""
    return str(VERBS.get(verb, verb))

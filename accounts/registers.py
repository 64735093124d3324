"""Registers that the apps above add to when they start."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import Activity, Member


@dataclass(frozen=True)
class DigestSource:
    """What an app above has to say in the mails of the day and of the week.

    `waiting` gives, of all members, their number, the kind of mail, and since when something of
    it waits. `take` is given members by their number and, by number and kind, the moment up to
    which what waits is told; it notes that all this is told, in the running transaction, and
    gives by number and kind what to say: each a function that says it in the language and time
    zone that are set then. What may no longer be read is not given. `more` is the path of the
    page that has what did not fit.
    """

    waiting: Callable[[], Iterable[tuple[int, str, datetime.datetime]]]
    take: Callable[
        [Mapping[int, Member], Mapping[tuple[int, str], datetime.datetime]],
        Mapping[tuple[int, str], Sequence[Callable[[], str]]],
    ]
    more: Callable[[], str]


# What an app keeps of a member, by the name it has in the member's download.
OWN_DATA: dict[str, Callable[[int], list[dict[str, object]]]] = {}
# What an app wipes of a member, by their number, in the transaction that closes the account.
FORGET: list[Callable[[int], None]] = []
# What an app does when a member's name or standing changed, by their number, in the same
# transaction. Who closes the account is wiped by FORGET.
MEMBER_CHANGED: list[Callable[[int], None]] = []
# Whether two people, by their numbers, hold a role in one hub: asks the app that knows hubs.
SHARES_HUB: list[Callable[[int, int], bool]] = []
# Whether somebody, who may not moderate the portal, decides on what waits in a queue.
DECIDES: list[Callable[[Member], bool]] = []
# Which members, as a condition on them, somebody may let in who does not moderate.
MAY_ADMIT: list[Callable[[Member], Q]] = []
# What an app does with activities that were just written down, in the same transaction.
ACTIVITY_RECORDED: list[Callable[[Sequence[Activity]], None]] = []
# What apps above say in the mails of the day and of the week.
DIGEST_SOURCES: list[DigestSource] = []
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
    "mail.address_trusted": _("Mail goes to an address again"),
    "mail.retried": _("Mail to be tried again"),
    "admin.added": _("Added in the admin"),
    "admin.changed": _("Changed in the admin"),
    "admin.removed": _("Removed in the admin"),
    "admin.reverted": _("Reverted in the admin"),
}


def shares_hub(one: int | None, other: int | None) -> bool:
    """Return whether members `one` and `other` hold a role in the same hub; one query."""
    return one is not None and other is not None and any(ask(one, other) for ask in SHARES_HUB)


def decides(member: Member) -> bool:
    """Return whether a member decides on what waits in a queue; one query at most."""
    return member.is_moderator or any(ask(member) for ask in DECIDES)


def describe(verb: str) -> str:
    """Return `verb` in the reader's language, or as it is if nobody described it."""
    return str(VERBS.get(verb, verb))

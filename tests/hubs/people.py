"""One member for each role that a rule may ask about, seen from one hub."""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

PEOPLE = (
    "anonymous",
    "pending",
    "suspended",
    "member",
    "stranger",  # an editor, but of another hub: the one who could leak
    "asking",  # asked for a role; nobody has confirmed it
    "declined",
    "former",  # was an editor until two days ago
    "future",  # will be one in two days: tests may run past midnight
    "suspended_editor",
    "correspondent",
    "me_focal_point",
    "editor",
    "head",
    "moderator",
    "administrator",
)
OWN = {"correspondent", "me_focal_point", "editor", "head"}
EDITORS = {"editor", "head"}
MODERATORS = {"moderator", "administrator"}
MEMBERS = {"member", "stranger", "asking", "declined", "former", "future"} | OWN | MODERATORS


DAY = datetime.timedelta(days=1)
TODAY = datetime.date.today()  # noqa: DTZ011 -- the portal's zone is UTC in tests
# Places in the hub: what the membership of each of them is like.
PLACES = {
    "asking": {"head": True, "awaiting": True},
    "declined": {"head": True, "declined": True},
    "former": {"head": True, "valid_from": TODAY - 9 * DAY, "valid_to": TODAY - 2 * DAY},
    "future": {"head": True, "valid_from": TODAY + 2 * DAY},
    "suspended_editor": {"member__suspended": True},
    "editor": {},
    "head": {"head": True},
    "correspondent": {"correspondent": True},
    "me_focal_point": {"me_focal_point": True},
}


def person(who, hub):
    """Return the user called `who` in `PEOPLE`, with their place in `hub`."""
    if who == "anonymous":
        return AnonymousUser()
    if who == "stranger":
        return make.MembershipFactory(head=True).member
    if who in PLACES:
        return make.MembershipFactory(hub=hub, **PLACES[who]).member
    return MemberFactory() if who == "member" else MemberFactory(**{who: True})


def someone(role, *hubs):
    """Return a user of `role`, who has that role in each of `hubs` if it is one of a hub; a
    suspended one is an editor who was suspended.
    """
    if role not in PLACES and role != "suspended":
        return person(role, None)
    place = {} if role == "suspended" else PLACES[role]
    member = MemberFactory()
    for hub in hubs:
        make.MembershipFactory(hub=hub, member=member, **place)
    if role == "suspended":
        member.status = member.Status.SUSPENDED
        member.save()
    return member


def allowed(act, *arguments, **words):
    """Return whether `act` may be done; anything else that it refuses is raised."""
    try:
        act(*arguments, **words)
    except PermissionDenied:
        return False
    return True

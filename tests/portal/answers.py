"""What an address answers to whom: the words in which the tables of addresses are written."""

from tests.portal.walk import ROLES

ALL = set(ROLES)
VISITORS = {"anonymous", "suspended"}
SIGNED_IN = ALL - VISITORS
MEMBERS = SIGNED_IN - {"pending"}
OWN = {"correspondent", "me_focal_point", "editor", "head"}
MODERATORS = {"moderator", "administrator"}
WRITERS = {"editor", "head"} | MODERATORS
ASSESSORS = {"me_focal_point", "editor", "head"}
EDITORS = WRITERS | {"stranger"}  # of any hub
DECIDERS = {"head"} | MODERATORS
INSIDERS = OWN | MODERATORS  # who knows of the hidden hub


def everybody(status=200):
    return {status: ALL}


def only(allowed, status=200, others=403, visitors="sign in"):
    """`allowed` get `status`, other members `others`, visitors `visitors`."""
    return answers({status: allowed, others: SIGNED_IN - allowed, visitors: VISITORS})


def known(allowed, status=200, visitors="sign in", knowing=INSIDERS):
    """As `only`, and those who are not `knowing` find nothing."""
    return answers(
        {
            visitors: VISITORS,
            404: SIGNED_IN - knowing - allowed,
            403: knowing - allowed,
            status: allowed,
        }
    )


def visible(allowed, status=200):
    """`allowed` get `status`, everybody else finds nothing, without being asked to sign in."""
    return answers({status: allowed, 404: ALL - allowed})


def draft_only(allowed, status=200, visitors="sign in"):
    """Those who work on a draft get `status`, visitors sign in, others find nothing."""
    return answers({visitors: VISITORS, 404: SIGNED_IN - allowed, status: allowed})


def answers(answers):
    return {status: people for status, people in answers.items() if people}


NO = everybody(405)
DRAFT_READERS = {
    "text": WRITERS,
    "sent text": WRITERS,
    "foreign text": MODERATORS | {"stranger"},
}
READ = {"GET": everybody(), "POST": NO}
FORM = {"GET": everybody(), "POST": everybody()}
MINE = {"GET": only(SIGNED_IN), "POST": only(SIGNED_IN)}
MODERATE = {"GET": only(MODERATORS), "POST": only(MODERATORS)}
ACT = {"GET": NO, "POST": only(MODERATORS, 302)}
GUEST = {
    method: answers({200: VISITORS, 302: SIGNED_IN}) for method in ("GET", "POST")
}  # members are taken back to the portal


def away(**answers):
    """Pages of members that lead on to another page."""
    return {method: only(SIGNED_IN, status) for method, status in answers.items()}


API_READ = {"GET": everybody(), "POST": NO, "PATCH": NO, "DELETE": NO}

"""Who may go where in moderation; see `tests.portal.tables`."""

from tests.portal.answers import (
    MEMBERS,
    MODERATE,
    MODERATORS,
    NO,
    SIGNED_IN,
    everybody,
    only,
)

_READ = {"GET": only(MODERATORS), "POST": NO}
_UNKNOWN = {  # of a closed space: not for those who moderate the portal either
    "GET": only(MODERATORS, 404),
    "POST": only(MODERATORS, 404),
}
MODERATION_PAGES = {
    "community:flag_new": {
        "post": {"GET": only(MEMBERS), "POST": only(MEMBERS)},
        "secret post": {"GET": only(MEMBERS, 404), "POST": only(MEMBERS, 404)},
    },
    "community:my_standing": {"": {"GET": only(SIGNED_IN), "POST": NO}},
    "community:warning_read": {"": {"GET": NO, "POST": only(SIGNED_IN, 302)}},
    "community:appeal_new": {
        "decision": {"GET": only(SIGNED_IN, 404), "POST": only(SIGNED_IN, 404)}
    },
    "community:appeal_by_link": {"measure": {"GET": everybody(), "POST": everybody()}},
    "community:moderation": {"": _READ},
    "community:moderation_log": {"": _READ},
    "community:watched_words": {"": MODERATE},
    "community:watched_word_remove": {"word": {"GET": NO, "POST": only(MODERATORS, 302)}},
    "community:moderation_person": {"author": MODERATE},
    "community:moderation_merge": {
        "author": {"GET": only({"administrator"}), "POST": only({"administrator"})}
    },
    "community:moderation_decision": {
        "decision": _READ,
        "secret decision": {"GET": only(MODERATORS, 404), "POST": NO},
    },
    "community:moderation_undo": {
        "decision": {"GET": NO, "POST": only(MODERATORS, 302)},
        "secret decision": {"GET": NO, "POST": only(MODERATORS, 404)},
    },
    "community:moderation_item": {
        "post": MODERATE,
        "appeal": MODERATE,
        "secret post": _UNKNOWN,
    },
    "community:moderation_claim": {
        "post": {"GET": NO, "POST": only(MODERATORS, 302)},
        "secret post": {"GET": NO, "POST": only(MODERATORS, 404)},
    },
}
MODERATION_API = {
    "flag-list": {
        "": {
            "GET": everybody(405),
            "POST": only(MEMBERS, 400, visitors=401),
            "PATCH": NO,
            "DELETE": NO,
        }
    },
    "moderation-list": {
        "": {
            "GET": only(MODERATORS, visitors=401),
            "POST": NO,
            "PATCH": NO,
            "DELETE": NO,
        }
    },
}
MODERATION_ADMIN = {"community.decision": "", "community.watchedword": ""}
MODERATION_WITHOUT_HISTORY = set(MODERATION_ADMIN)

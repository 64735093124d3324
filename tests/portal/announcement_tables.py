"""Who may go where in announcements; see `tests.portal.tables`."""

from tests.portal.answers import MODERATORS, NO, SIGNED_IN, answers, only

WRITERS = {"head", "stranger"} | MODERATORS  # who write announcements at all
OF_HUB = {"head"} | MODERATORS


def _known(allowed, status=200):
    """`allowed` get `status`, everybody else finds nothing."""
    return only(allowed, status, others=404)


def _written(allowed):
    return {
        "announcement_detail": {"GET": _known(allowed), "POST": NO},
        "announcement_edit": {"GET": _known(allowed), "POST": _known(allowed)},
        "announcement_test": {"GET": NO, "POST": _known(allowed, 302)},
        "announcement_send": {"GET": _known(allowed), "POST": _known(allowed, 302)},
        "announcement_stop": {"GET": NO, "POST": _known(allowed, 302)},
        "announcement_discard": {"GET": NO, "POST": _known(allowed, 302)},
    }


_OF_HUB, _OF_PORTAL = _written(OF_HUB), _written(MODERATORS)
ANNOUNCEMENT_PAGES = {
    "community:announcement_list": {"": {"GET": only(WRITERS), "POST": NO}},
    "community:announcement_begin": {"": {"GET": only(WRITERS), "POST": only(WRITERS)}},
    **{
        f"community:{name}": {
            "announcement of the hub": _OF_HUB[name],
            "announcement": _OF_PORTAL[name],
        }
        for name in _OF_HUB
    },
    "community:announcements_got": {"": {"GET": only(SIGNED_IN), "POST": NO}},
    "community:announcement_read": {
        "another's announcement": {"GET": only(SIGNED_IN, 404), "POST": NO}
    },
}


def _told(allowed, status=200):
    """`allowed` get `status`, other writers find nothing, other members are forbidden."""
    return answers(
        {
            status: allowed,
            404: WRITERS - allowed,
            403: SIGNED_IN - WRITERS,
            401: {"anonymous", "suspended"},
        }
    )


def _one(allowed):
    return {
        "GET": _told(allowed),
        "POST": NO,
        "PATCH": _told(allowed, 428),
        "DELETE": _told(allowed, 428),
    }


def _act(allowed, status):
    return {"GET": NO, "POST": _told(allowed, status), "PATCH": NO, "DELETE": NO}


_ACTS = {"test": 200, "send": 428, "stop": 409}
ANNOUNCEMENT_API = {
    "announcement-list": {
        "": {
            "GET": only(WRITERS, visitors=401),
            "POST": only(WRITERS, 400, visitors=401),
            "PATCH": NO,
            "DELETE": NO,
        }
    },
    "announcement-detail": {
        "announcement's resource": _one(MODERATORS),
        "resource of the hub's announcement": _one(OF_HUB),
    },
    **{
        f"announcement-{verb}": {
            "announcement's resource": _act(MODERATORS, status),
            "resource of the hub's announcement": _act(OF_HUB, status),
        }
        for verb, status in _ACTS.items()
    },
}
ANNOUNCEMENT_ADMIN = {"community.announcement": ""}

"""Who may go where among the parts and the people of events; see `tests.portal.tables`."""

from tests.portal.answers import API_READ, INSIDERS, NO, WRITERS, known, only, visible

_HIDDEN = ("draft event", "event of a hidden hub")


def _whole(status):
    """A list that is read with the event, and to which WRITERS get `status` when they add."""
    return {
        "event": API_READ | {"POST": only(WRITERS, status, visitors=401)},
        **dict.fromkeys(
            _HIDDEN,
            API_READ
            | {"GET": visible(INSIDERS), "POST": known(WRITERS, status, visitors=401)},
        ),
    }


def _one(**statuses):
    """A part, of which WRITERS get these statuses."""
    return {
        "event": API_READ
        | {"GET": NO}
        | {method: only(WRITERS, status, visitors=401) for method, status in statuses.items()},
        **dict.fromkeys(
            _HIDDEN,
            API_READ
            | {"GET": NO}
            | {method: known(WRITERS, status, visitors=401) for method, status in statuses.items()},
        ),
    }


PARTS = ("event-session-", "event-material-")
EVENT_PART_API = {
    "event-session-list": _whole(428),
    "event-session-detail": _one(PATCH=428, DELETE=428),
    "event-material-list": _whole(428),
    "event-material-add": _one(POST=428),
    "event-material-detail": _one(DELETE=428),
}


def of_part(event, name):
    """Return what the address of a part of an event needs."""
    needs = {"event_slug": event.slug}
    if name == "event-session-detail":
        needs["id"] = event.sessions.get().pk
    if name == "event-material-detail":
        needs["slug"] = event.materials.get().slug
    return needs

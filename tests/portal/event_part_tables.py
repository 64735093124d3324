"""Who may go where among the parts and the people of events; see `tests.portal.tables`."""

from tests.portal.answers import API_READ, INSIDERS, NO, WRITERS, known, only, visible

_HIDDEN = ("draft event", "event of a hidden hub")


def _whole(status):
    """A list that is read with the event, and to which WRITERS get `status` when they add."""
    return {
        "event": API_READ | {"POST": only(WRITERS, status, visitors=401)},
        **dict.fromkeys(
            _HIDDEN,
            API_READ | {"GET": visible(INSIDERS), "POST": known(WRITERS, status, visitors=401)},
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


PARTS = ("event-session-", "event-material-", "event-attendance-", "session-attendance-")
_READ_BY_WRITERS = {
    "event": API_READ | {"GET": only(WRITERS, visitors=401)},
    **dict.fromkeys(_HIDDEN, API_READ | {"GET": known(WRITERS, visitors=401)}),
}
_NOBODYS = {  # it is not over
    "event": API_READ | dict.fromkeys(("GET", "POST"), only(set(), visitors=401)),
    **dict.fromkeys(_HIDDEN, API_READ | dict.fromkeys(("GET", "POST"), known(set(), visitors=401))),
}
_SHEET = {
    "event": {"GET": only(WRITERS), "POST": NO},
    **{key: {"GET": known(WRITERS), "POST": NO} for key in _HIDDEN},
}
_DISCARD = {
    "event": dict.fromkeys(("GET", "POST"), only(WRITERS)),
    **dict.fromkeys(_HIDDEN, dict.fromkeys(("GET", "POST"), known(WRITERS))),
}
EVENT_PART_PAGES = {"community:event_sheet": _SHEET, "community:event_discard": _DISCARD}
EVENT_PART_API = {
    "event-hubs": _one(POST=428),
    "event-session-list": _whole(428),
    "event-session-detail": _one(PATCH=428, DELETE=428),
    "event-material-list": _whole(428),
    "event-material-add": _one(POST=428),
    "event-material-detail": _one(DELETE=428),
    "event-attendance-list": _READ_BY_WRITERS,
    "session-attendance-list": {
        "event": API_READ
        | {"GET": only(WRITERS, visitors=401), "POST": only(WRITERS, 400, visitors=401)},
        **dict.fromkeys(
            _HIDDEN,
            API_READ
            | {"GET": known(WRITERS, visitors=401), "POST": known(WRITERS, 400, visitors=401)},
        ),
    },
    "event-feedback": _NOBODYS,
    "event-feedback-summary": _READ_BY_WRITERS,
}


def of_part(event, name):
    """Return what the address of a part of an event needs."""
    needs = {"event_slug": event.slug}
    if name == "session-attendance-list":
        needs["session_id"] = event.sessions.get().pk
    if name == "event-session-detail":
        needs["id"] = event.sessions.get().pk
    if name == "event-material-detail":
        needs["slug"] = event.materials.get().slug
    return needs

"""Who may go where among events; see `tests.portal.tables`."""

from tests.portal.answers import (
    ALL,
    API_READ,
    EDITORS,
    INSIDERS,
    MEMBERS,
    NO,
    READ,
    SIGNED_IN,
    WRITERS,
    answers,
    everybody,
    known,
    only,
    visible,
)
from tests.portal.event_part_tables import PARTS, of_part


def _both(answers):
    return {"GET": answers, "POST": answers}


_HIDDEN = ("draft event", "event of a hidden hub")
_FORM = {"event": _both(only(WRITERS)), **dict.fromkeys(_HIDDEN, _both(known(WRITERS)))}
_PAGE = {
    "event": {"GET": only(WRITERS), "POST": NO},
    **{key: {"GET": known(WRITERS), "POST": NO} for key in _HIDDEN},
}
_BUTTON = {
    "event": {"GET": NO, "POST": only(WRITERS, 302)},
    **{key: {"GET": NO, "POST": known(WRITERS, 302)} for key in _HIDDEN},
}
EVENT_PAGES = {
    "community:event_list": {"": READ},
    "community:event_begin": {"": _both(only(EDITORS))},
    "community:my_events": {"": {"GET": only(SIGNED_IN), "POST": NO}},
    "community:event_feed_new": {"": {"GET": NO, "POST": only(MEMBERS, 302)}},
    "community:event_feed_end": {"": {"GET": NO, "POST": only(MEMBERS, 302)}},
    "community:event_feed": {"": {"GET": everybody(404), "POST": NO}},
    "community:event_detail": {
        "event": READ,
        **{key: {"GET": visible(INSIDERS), "POST": NO} for key in _HIDDEN},
    },
    "community:event_file": {
        "event": READ,
        "draft event": {"GET": everybody(404), "POST": NO},
        "event of a hidden hub": {"GET": visible(INSIDERS), "POST": NO},
    },
    **{
        f"community:{name}": _FORM
        for name in (
            *("event_section", "event_hubs", "event_materials", "session_add", "session_edit"),
            *("event_cancel", "enrolment_decline"),
        )
    },
    **{f"community:{name}": _PAGE for name in ("event_edit", "event_people", "feedback_summary")},
    **{
        f"community:{name}": _BUTTON
        for name in ("session_remove", "event_publish", "enrolment_approve")
    },
    "community:event_attendance": {
        "event": {"GET": only(WRITERS), "POST": only(WRITERS, 302)},
        **{key: {"GET": known(WRITERS), "POST": known(WRITERS, 302)} for key in _HIDDEN},
    },
    "community:event_enrol": {
        "event": {"GET": only(MEMBERS), "POST": only(MEMBERS, 302)},
        "event of a hidden hub": {"GET": known(INSIDERS), "POST": known(INSIDERS, 302)},
    },
    "community:event_give_up": {
        "event": {"GET": NO, "POST": only(MEMBERS, 302)},
        "event of a hidden hub": {"GET": NO, "POST": known(INSIDERS, 302)},
    },
    "community:event_feedback": {
        "event": _both(only(set())),  # it is not over
        **dict.fromkeys(_HIDDEN, _both(known(set()))),
    },
}


def _api(act, status):
    """`act` is POSTed, and WRITERS get `status`."""
    return {
        act: {
            "event": API_READ | {"GET": NO, "POST": only(WRITERS, status, visitors=401)},
            **dict.fromkeys(
                _HIDDEN, API_READ | {"GET": NO, "POST": known(WRITERS, status, visitors=401)}
            ),
        }
    }


_SEEN_BY_INSIDERS = answers({200: WRITERS, 403: INSIDERS - WRITERS, 404: ALL - INSIDERS - WRITERS})
EVENT_API = {
    "event-list": {"": API_READ | {"POST": only(EDITORS, 400, visitors=401)}},
    "event-detail": {
        "event": API_READ | dict.fromkeys(("PATCH", "DELETE"), only(WRITERS, 428, visitors=401)),
        **dict.fromkeys(
            _HIDDEN,
            API_READ
            | {"GET": visible(INSIDERS)}
            | dict.fromkeys(("PATCH", "DELETE"), known(WRITERS, 428, visitors=401)),
        ),
    },
    **_api("event-publish", 428),
    **_api("event-cancel", 400),
    **_api("event-decide", 400),
    "event-enrol": {
        "event": API_READ | {"GET": NO, "POST": only(MEMBERS, 200, visitors=401)},
    },
    "event-give-up": {
        "event": API_READ | {"GET": NO, "POST": only(MEMBERS, 409, visitors=401)},
    },
    "event-enrolments": {
        "event": API_READ | {"GET": answers({200: WRITERS, 403: ALL - WRITERS})},
        **dict.fromkeys(_HIDDEN, API_READ | {"GET": _SEEN_BY_INSIDERS}),
    },
}


def of_event(world, name, which):
    """Return what the address of a page or resource of an event needs."""
    event = world.events[which]
    if name.startswith(PARTS):
        return of_part(event, name)
    needs = {"slug": event.slug}
    if name in ("session_edit", "session_remove"):
        needs["pk"] = event.sessions.get().pk
    if name.startswith("enrolment_"):
        needs["pk"] = event.enrolments.get(member=world.someone).pk
    if name in ("event_attendance", "event_sheet"):
        needs["session"] = event.sessions.get().pk
    if name == "event_section":
        needs["section"] = "about"
    return needs

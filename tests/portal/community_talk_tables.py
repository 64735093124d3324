"""Who may go where among spaces, threads and posts; see `tests.portal.tables`."""

from tests.portal.answers import (
    API_READ,
    MEMBERS,
    MODERATORS,
    NO,
    OWN,
    READ,
    SIGNED_IN,
    VISITORS,
    answers,
    everybody,
    only,
)


def _both(answers):
    return {"GET": answers, "POST": answers}


NOT_FOUND = answers({"sign in": VISITORS, 404: SIGNED_IN})
GONE = {"GET": everybody(404), "POST": NO}
MODERATE = _both(only(MODERATORS))
BUTTON = {"GET": NO, "POST": only(MODERATORS, 302)}
HIDDEN_BUTTON = {"GET": NO, "POST": NOT_FOUND}
ON = {"GET": everybody(302), "POST": NO}


def _of(thing, shown, hidden):
    return {thing: shown, f"closed {thing}": hidden}


TALK_PAGES = {
    "community:community_home": {"": READ},
    "community:thread_list": {"": READ},
    "community:threads_read": {"": {"GET": NO, "POST": only(SIGNED_IN, 302)}},
    "community:space_begin": {"": MODERATE},
    "community:space_detail": _of("space", READ, GONE),
    "community:thread_begin": _of("space", _both(only(MEMBERS)), _both(NOT_FOUND)),
    "community:space_edit": _of("space", MODERATE, _both(NOT_FOUND)),
    "community:space_archive": _of("space", BUTTON, HIDDEN_BUTTON),
    "community:space_people": _of(
        "space", {"GET": only(MEMBERS), "POST": only(MODERATORS)}, _both(NOT_FOUND)
    ),
    "community:person_remove": _of("space's person", BUTTON, HIDDEN_BUTTON),
    "community:thread_detail": _of("thread page", READ, GONE),
    "community:thread_unread": _of("thread", ON, GONE),
    "community:thread_reply": _of(
        "thread", {"GET": only(MEMBERS), "POST": only(SIGNED_IN)}, _both(NOT_FOUND)
    ),
    "community:thread_people": _of(
        "thread", {"GET": only(MEMBERS), "POST": NO}, {"GET": NOT_FOUND, "POST": NO}
    ),
    "community:thread_draft": _of(
        "thread", _both(only(OWN | MODERATORS | {"stranger"})), _both(NOT_FOUND)
    ),
    "community:thread_close": _of(
        "thread", MODERATE | {"POST": only(MODERATORS, 302)}, _both(NOT_FOUND)
    ),
    **{
        f"community:thread_{act}": _of("thread", MODERATE, _both(NOT_FOUND))
        for act in ("edit", "remove", "move", "merge", "split")
    },
    **{
        f"community:thread_{act}": _of("thread", BUTTON, HIDDEN_BUTTON)
        for act in ("reopen", "restore", "pin", "unpin", "lock", "unlock")
    },
    "community:post_detail": _of("written post", ON, GONE),
    "community:post_history": _of("written post", READ, GONE),
    "community:post_edit": _of("written post", _both(only(set())), _both(NOT_FOUND)),
    "community:post_remove": _of("written post", MODERATE, _both(NOT_FOUND)),
    "community:post_restore": _of(
        "written post", {"GET": NO, "POST": only(set(), 302)}, HIDDEN_BUTTON
    ),
    "community:post_useful": _of(
        "written post", {"GET": NO, "POST": only(MEMBERS, 302)}, HIDDEN_BUTTON
    ),
    "community:post_accept": _of("written post", BUTTON, HIDDEN_BUTTON),
    "community:post_file": _of("file", GONE, GONE),  # whose file is lost
    "community:comment": {"thing to comment on": _both(only(MEMBERS))},
}


def _api(**methods):
    told = {name: only(people, status, visitors=401) for name, (people, status) in methods.items()}
    return API_READ | told


_UNKNOWN = answers({401: VISITORS, 404: SIGNED_IN})


def _verb(people, status):
    return {
        "thread's resource": {"GET": NO, "POST": only(people, status, visitors=401)},
        "closed thread's resource": {"GET": NO, "POST": _UNKNOWN},
    }


def _post_verb(people, status):
    return {
        "written post's resource": {"GET": NO, "POST": only(people, status, visitors=401)},
        "closed written post's resource": {"GET": NO, "POST": _UNKNOWN},
    }


_HIDDEN = API_READ | {"GET": everybody(404), "PATCH": _UNKNOWN}
TALK_API = {
    "space-list": {"": _api(POST=(MODERATORS, 400))},
    "space-detail": {"space": _api(PATCH=(MODERATORS, 428)), "closed space": _HIDDEN},
    "thread-list": {"": _api(POST=(MEMBERS, 400))},
    "thread-detail": {
        "thread's resource": _api(PATCH=(MODERATORS, 428)),
        "closed thread's resource": _HIDDEN,
    },
    "thread-close": _verb(MODERATORS, 400),
    "thread-reopen": _verb(MODERATORS, 409),
    "thread-pin": _verb(MODERATORS, 400),
    "thread-lock": _verb(MODERATORS, 400),
    "thread-accept": _verb(MODERATORS, 400),
    "thread-remove": _verb(MODERATORS, 400),
    "thread-restore": _verb(MODERATORS, 409),
    "post-list": {"": _api(POST=(MEMBERS, 400))},
    "post-detail": {
        "written post's resource": _api(PATCH=(set(), 428)),
        "closed written post's resource": _HIDDEN,
    },
    "post-useful": _post_verb(MEMBERS, 400),
    "post-remove": _post_verb(MODERATORS, 400),
    "post-restore": _post_verb(set(), 409),
    "post-approve": _post_verb(set(), 409),
}

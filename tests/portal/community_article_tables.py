"""Who may go where among articles; see `tests.portal.tables`."""

from tests.portal.answers import (
    ALL,
    API_READ,
    EDITORS,
    INSIDERS,
    MODERATORS,
    NO,
    READ,
    WRITERS,
    answers,
    everybody,
    known,
    only,
    visible,
)

_PROPOSERS = WRITERS - MODERATORS


def _both(answers):
    return {"GET": answers, "POST": answers}


def _form(of_all, waiting):
    """A page with a form for moderators; of a proposal that waits, for `waiting`."""
    return {
        "article": _both(only(of_all)),
        "draft article": _both(known(of_all, knowing=MODERATORS)),
        "article of a hidden hub": _both(known(of_all)),
        "waiting article": _both(known(waiting, knowing=WRITERS)),
    }


ARTICLE_PAGES = {
    "community:article_list": {"": READ},
    "community:article_begin": {"": _both(only(EDITORS))},
    "community:article_desk": {"": {"GET": only(EDITORS), "POST": NO}},
    "community:article_detail": {
        "article": READ,
        "draft article": {"GET": visible(MODERATORS), "POST": NO},
        "article of a hidden hub": {"GET": visible(INSIDERS), "POST": NO},
        "proposed article": {"GET": visible(WRITERS), "POST": NO},
        "waiting article": {"GET": visible(WRITERS), "POST": NO},
        "withdrawn article": {"GET": everybody(410), "POST": NO},
    },
    "community:article_picture": {"article": {"GET": everybody(404), "POST": NO}},  # it has none
    "community:article_edit": _form(MODERATORS, _PROPOSERS),
    "community:article_illustrate": _form(MODERATORS, _PROPOSERS),
    "community:article_place": _form(MODERATORS, MODERATORS),
    "community:article_withdraw": {
        "article": _both(only(MODERATORS)),
        "waiting article": _both(known(set(), knowing=WRITERS)),
    },
    "community:article_return": {
        "article": _both(only(set())),  # it does not wait
        "waiting article": _both(known(MODERATORS, knowing=WRITERS)),
    },
    "community:article_submit": {
        "proposed article": {"GET": NO, "POST": known(_PROPOSERS, 302, knowing=WRITERS)},
        "draft article": {"GET": NO, "POST": known(set(), knowing=MODERATORS)},
    },
    "community:article_take_back": {
        "waiting article": {"GET": NO, "POST": known(_PROPOSERS, 302, knowing=WRITERS)},
    },
    "community:article_publish": {
        "article": {"GET": NO, "POST": only(set())},  # it is published
        "draft article": {"GET": NO, "POST": known(MODERATORS, 302, knowing=MODERATORS)},
        "proposed article": {"GET": NO, "POST": known(set(), knowing=WRITERS)},
        "waiting article": {"GET": NO, "POST": known(MODERATORS, 302, knowing=WRITERS)},
    },
}


def _act(allowed, status, knowing):
    return API_READ | {
        "GET": NO,
        "POST": known(allowed, status, visitors=401, knowing=knowing),
    }


ARTICLE_API = {
    "article-list": {"": API_READ | {"POST": only(EDITORS, 400, visitors=401)}},
    "article-detail": {
        "article": API_READ | {"PATCH": only(MODERATORS, 428, visitors=401)},
        "draft article": API_READ
        | {
            "GET": visible(MODERATORS),
            "PATCH": known(MODERATORS, 428, visitors=401, knowing=MODERATORS),
        },
        "article of a hidden hub": API_READ
        | {"GET": visible(INSIDERS), "PATCH": known(MODERATORS, 428, visitors=401)},
        "waiting article": API_READ
        | {
            "GET": visible(WRITERS),
            "PATCH": known(_PROPOSERS, 428, visitors=401, knowing=WRITERS),
        },
        "withdrawn article": API_READ
        | {
            "GET": answers({200: MODERATORS, 410: ALL - MODERATORS}),
            "PATCH": only(MODERATORS, 428, visitors=401),
        },
    },
    "article-desk-list": {"": API_READ | {"GET": only(EDITORS, visitors=401)}},
    "article-publish": {"waiting article": _act(MODERATORS, 428, WRITERS)},
    "article-submit": {"proposed article": _act(_PROPOSERS, 428, WRITERS)},
    "article-take-back": {"waiting article": _act(_PROPOSERS, 200, WRITERS)},
    "article-return": {"waiting article": _act(MODERATORS, 400, WRITERS)},
    "article-picture": {
        "article": API_READ
        | {
            "GET": NO,
            "POST": only(MODERATORS, 415, visitors=401),
            "DELETE": only(MODERATORS, 428, visitors=401),
        },
        "waiting article": API_READ
        | {
            "GET": NO,
            "POST": known(_PROPOSERS, 415, visitors=401, knowing=WRITERS),
            "DELETE": known(_PROPOSERS, 428, visitors=401, knowing=WRITERS),
        },
    },
    "article-place": {"waiting article": _act(MODERATORS, 428, WRITERS)},
    "article-withdraw": {
        "article": API_READ | {"GET": NO, "POST": only(MODERATORS, 400, visitors=401)},
    },
}

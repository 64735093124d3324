"""Who may go where among notices and what is followed; see `tests.portal.tables`."""

from tests.portal.answers import INSIDERS, MEMBERS, NO, SIGNED_IN, VISITORS, answers, only

_MINE = only(MEMBERS)
_HERE = {"GET": _MINE, "POST": NO}


def _hidden(status=200, visitors="sign in", waiting=403):
    """`INSIDERS` get `status`; of what is hidden other members find nothing."""
    return answers(
        {
            visitors: VISITORS,
            waiting: {"pending"} if waiting != 404 else set(),
            404: MEMBERS - INSIDERS if waiting != 404 else SIGNED_IN - INSIDERS,
            status: INSIDERS,
        }
    )


def _mine_api(**methods):
    """Members get what is said for each method; others are refused."""
    return {method: only(MEMBERS, status, visitors=401) for method, status in methods.items()}


NOTICE_PAGES = {
    "accounts:mail_try_again": {"": {"GET": NO, "POST": only(SIGNED_IN, 302)}},
    "community:follow": {
        "published": {"GET": _MINE, "POST": _MINE},
        "hidden": {"GET": _hidden(waiting=404), "POST": _hidden(waiting=404)},
    },
    "community:following": {"": _HERE},
    "community:notification_list": {"": _HERE},
    "community:news_page": {"": {"GET": only(MEMBERS, 404), "POST": NO}},
    "community:notification_read": {"": {"GET": NO, "POST": only(MEMBERS, 302)}},
}
NOTICE_API = {
    "follow-list": {"": _mine_api(GET=200)},
    "follow-detail": {
        "published": _mine_api(PUT=400, DELETE=204),
        "hidden": {"PUT": _hidden(400, visitors=401), "DELETE": _hidden(204, visitors=401)},
    },
    "notification-list": {"": _mine_api(GET=200)},
    "notification-detail": {"": _mine_api(GET=404)},
    "notification-read": {"": _mine_api(POST=404)},
    "notification-read-all": {"": _mine_api(POST=400)},
}

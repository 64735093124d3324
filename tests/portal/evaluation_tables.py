"""Who may go where among exchanges and results; see `tests.portal.tables`."""

from evaluation.services.surveys import follow_up, token_of
from tests.factories.evaluation import ExchangeFactory, PartyFactory
from tests.factories.evaluation_stories import ItemFactory, PersonFactory, StoryFactory
from tests.portal.answers import (
    API_READ,
    ASSESSORS,
    MODERATORS,
    NO,
    OWN,
    READ,
    SIGNED_IN,
    draft_only,
    everybody,
    known,
    only,
    visible,
)

# Stories, surveys, action plans.


def _both(answers):
    return {"GET": answers, "POST": answers}


_KEPT = _both(known(ASSESSORS, knowing=OWN))
_BUTTON = {"GET": NO, "POST": known(ASSESSORS, 302, knowing=OWN)}
_DONE_AT_ONCE = _KEPT | {"POST": known(ASSESSORS, 302, knowing=OWN)}  # nothing need be typed
_READ_BY_OWN = {"GET": draft_only(OWN), "POST": NO}
STORY_PAGES = {
    "evaluation:story_list": {"": READ},
    "evaluation:story_begin": {"exchange": _both(only(ASSESSORS))},
    "evaluation:story_detail": {
        "published story": READ,
        "draft story": {"GET": visible(OWN), "POST": NO},
        "story that waits": {"GET": visible(OWN | MODERATORS), "POST": NO},
    },
    "evaluation:story_edit": {
        "draft story": {"GET": known(ASSESSORS, knowing=OWN), "POST": NO},
        "published story": {"GET": only(set()), "POST": NO},
    },
    "evaluation:story_section": {"draft story": _KEPT, "published story": _both(only(set()))},
    "evaluation:story_rung": {"draft story": _KEPT, "published story": _both(only(set()))},
    "evaluation:story_rung_remove": {"draft story": _BUTTON},
    "evaluation:story_submit": {"draft story": _BUTTON},
    "evaluation:story_take_back": {"draft story": _BUTTON},
    "evaluation:story_review": {
        "story that waits": _both(known(ASSESSORS | MODERATORS, knowing=OWN | MODERATORS))
    },
    "evaluation:story_publish": {
        "story that waits": {
            "GET": NO,
            "POST": known(ASSESSORS | MODERATORS, 302, knowing=OWN | MODERATORS),
        }
    },
    "evaluation:story_withdraw": {
        "draft story": _KEPT,
        "published story": _both(only(ASSESSORS | MODERATORS)),
    },
    "evaluation:follow_up": {"exchange": _READ_BY_OWN},
    "evaluation:person_add": {"exchange": _both(only(ASSESSORS))},
    "evaluation:person_forget": {"person": _DONE_AT_ONCE},
    "evaluation:survey_detail": {"survey": _READ_BY_OWN},
    "evaluation:answer_use": {"answer": _KEPT},
    "evaluation:survey_answer": {"token": {"GET": everybody(), "POST": everybody(409)}},
    "evaluation:plan_begin": {"party": {"GET": only(SIGNED_IN, 302), "POST": only(ASSESSORS, 302)}},
    "evaluation:plan_detail": {"plan": _READ_BY_OWN},
    "evaluation:item_add": {"plan": _KEPT},
    "evaluation:item_edit": {"point": _KEPT},
    "evaluation:item_done": {"point": _DONE_AT_ONCE},
    "evaluation:item_reopen": {"point": _both(known(ASSESSORS, 302, knowing=OWN))},
}


def story_things(world, now):
    """Return what the addresses of `STORY_PAGES` need, by what they are about."""
    exchange = ExchangeFactory(hub=world.hub, status="completed", ends_on=now.date())
    person = PersonFactory(exchange=exchange)
    follow_up(now)
    waiting, answered = person.invitations.get(), PersonFactory(exchange=exchange)
    follow_up(now)
    answer = answered.invitations.get()
    answer.answered_at, answer.answers = now, {"learned": "Nets"}
    answer.save()
    party = PartyFactory(exchange=exchange, hub=None, country="MZ")
    item = ItemFactory(plan__party=PartyFactory(exchange=exchange, hub=None, country="BR"))
    return {
        "": {},
        "exchange": {"slug": exchange.slug},
        "published story": {"slug": StoryFactory(exchange=exchange, published=True).slug},
        "draft story": {"slug": StoryFactory(exchange=exchange).slug},
        "story that waits": {"slug": StoryFactory(exchange=exchange, submitted=True).slug},
        "person": {"pk": person.pk},
        "survey": {"pk": waiting.survey_id},
        "answer": {"pk": answer.pk},
        "token": {"token": token_of(waiting)},
        "party": {"pk": party.pk},
        "plan": {"pk": item.plan_id},
        "point": {"pk": item.pk},
    }


STORY_PARTS = {
    "evaluation:story_section": {"section": "about"},
    "evaluation:story_rung": {"rung": "connect"},
    "evaluation:story_rung_remove": {"rung": "connect"},
}

# Figures: what a key that is none finds is the same for everybody; who sees which figure is in
# `tests/evaluation/test_explaining.py`.

FIGURE_PAGES = {
    "evaluation:dashboard": {"": READ},
    "evaluation:figure_explain": {"no figure": {"GET": everybody(404), "POST": NO}},
}
FIGURE_API = {
    "figure-list": {"": API_READ},
    "figure-detail": {"no figure": API_READ | {"GET": everybody(404)}},
}

# Report packs and IATI files: of a hub that everybody sees, and of a hidden one.

_OF_HUB = {
    "hub": READ,
    "hidden hub": {"GET": visible(OWN | MODERATORS), "POST": NO},
}
PACK_PAGES = {
    "evaluation:pack_detail": _OF_HUB,
    "evaluation:pack_zip": _OF_HUB,
    "evaluation:iati_detail": _OF_HUB,
    "evaluation:iati_file": {  # without an organisation identifier there is none
        "hub": {"GET": everybody(409), "POST": NO},
        "hidden hub": {"GET": visible(OWN | MODERATORS, 409), "POST": NO},
    },
}
PACK_API = {
    "pack-detail": {
        "hub": API_READ,
        "hidden hub": API_READ | {"GET": visible(OWN | MODERATORS)},
    },
    "iati-detail": {
        "hub": API_READ,
        "hidden hub": API_READ | {"GET": visible(OWN | MODERATORS)},
    },
}

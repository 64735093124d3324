"""Who may go where among exchanges and results; see `tests.portal.tables`."""

from evaluation.services.surveys import follow_up, token_of
from tests.factories.evaluation import ExchangeFactory, PartyFactory
from tests.factories.evaluation_stories import ItemFactory, PersonFactory, StoryFactory
from tests.portal.answers import (
    API_READ,
    ASSESSORS,
    DECIDERS,
    INSIDERS,
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
    "evaluation:story_sources": {
        # Nothing need be typed; without its version what is sent is stale.
        "draft story": _KEPT | {"POST": known(ASSESSORS, 409, knowing=OWN)},
        "published story": _both(only(set())),
    },
    "evaluation:story_take_up": {"withdrawn story": _BUTTON},
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
        "withdrawn story": {"slug": StoryFactory(exchange=exchange, withdrawn=True).slug},
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
    "evaluation:gaps": {"": READ},
    "evaluation:figure_explain": {"no figure": {"GET": everybody(404), "POST": NO}},
}
FIGURE_API = {
    "gap-list": {"": API_READ},
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

# Exchanges, frameworks, the library and reports: of what everybody sees ("shown"), and of what
# the hub keeps to itself as yet ("hidden").

_TELLERS = ASSESSORS | MODERATORS


def _of_both(methods, allowed, status=200, visitors="sign in"):
    """`allowed` get `status` by each of the methods, others are refused; of what is hidden they
    find nothing.
    """
    shown = only(allowed, status, visitors=visitors)
    hidden = known(allowed, status, visitors=visitors)
    other = {"GET": NO, "POST": NO}
    return {
        "shown": other | dict.fromkeys(methods, shown),
        "hidden": other | dict.fromkeys(methods, hidden),
    }


_FORM, _PRESS, _LOOK = ("GET", "POST"), ("POST",), ("GET",)
_SHOWN = {"shown": READ, "hidden": {"GET": visible(INSIDERS), "POST": NO}}
_DRAFT = {"draft report": _both(known(OWN, knowing=OWN))}
_REFUSED = known(set(), knowing=OWN)
RESULT_PAGES = {
    **{
        f"evaluation:{name}": {"": READ}
        for name in (
            *("exchange_list", "framework_list", "guideline", "indicator_list", "update_list"),
        )
    },
    "evaluation:exchange_board": {"hub": READ},
    "evaluation:exchange_detail": _SHOWN,
    "evaluation:framework_detail": _SHOWN,
    "evaluation:framework_mappings": _SHOWN,
    "evaluation:indicator_detail": {"of the library": READ},
    "evaluation:questionnaire": {"moment": READ},
    **{
        f"evaluation:{name}": _of_both(_FORM, _TELLERS)
        for name in (
            *("document_add", "exchange_change", "exchange_entries"),
            *("exchange_move", "exchange_withdraw", "part_add", "part_change", "part_remove"),
            *("step_people",),
        )
    },
    "evaluation:exchange_edit": _of_both(_LOOK, _TELLERS),
    "evaluation:exchange_copy": _of_both(_PRESS, _TELLERS, 302),
    "evaluation:exchange_publish": _of_both(_PRESS, _TELLERS, 302),
    "evaluation:document_withdraw": _of_both(_FORM, ASSESSORS),
    # Each side speaks for itself; moderators for none.
    "evaluation:exchange_differ": _of_both(_FORM, ASSESSORS),
    **{
        f"evaluation:{name}": _of_both(_FORM, ASSESSORS)
        for name in (
            *("framework_change", "indicator_add", "indicator_change", "period_make"),
            *("mapping_write", "result_add", "result_change"),
        )
    },
    "evaluation:framework_edit": _of_both(_LOOK, ASSESSORS),
    "evaluation:framework_publish": _of_both(_PRESS, ASSESSORS, 302),
    "evaluation:indicator_remove": _of_both(_PRESS, ASSESSORS, 302),
    "evaluation:period_remove": _of_both(_PRESS, ASSESSORS, 302),
    "evaluation:result_remove": _of_both(_PRESS, ASSESSORS, 302),
    "evaluation:period_open": _of_both(_FORM, DECIDERS),
    "evaluation:period_lock": _of_both(_PRESS, DECIDERS, 302),
    **{
        f"evaluation:{name}": _of_both(_FORM, OWN)
        for name in ("framework_links", "framework_report", "framework_upload")
    },
    "evaluation:upload_template": _of_both(_LOOK, OWN),
    "evaluation:framework_begin": {"": _both(only(ASSESSORS | {"stranger"}))},
    "evaluation:indicator_new": {"": _both(only(ASSESSORS | {"stranger"} | MODERATORS))},
    "evaluation:indicator_revise": {"of the library": _both(only(MODERATORS))},
    "evaluation:dimension_list": {"": READ},
    "evaluation:dimension_add": {"": _both(only(MODERATORS))},
    "evaluation:dimension_change": {"of the library": _both(only(MODERATORS))},
    "evaluation:indicator_retire": {"of the library": {"GET": NO, "POST": only(MODERATORS, 302)}},
    "evaluation:update_detail": {"draft report": {"GET": visible(OWN), "POST": NO}},
    "evaluation:update_change": {
        "draft report": {"GET": known(OWN, knowing=OWN), "POST": known(OWN, 409, knowing=OWN)}
    },
    "evaluation:update_withdraw": _DRAFT,
    "evaluation:update_submit": {"draft report": {"GET": NO, "POST": known(OWN, 302, knowing=OWN)}},
    **{
        f"evaluation:{name}": {"draft report": {"GET": NO, "POST": _REFUSED}}
        for name in ("update_approve", "update_recall", "update_revise")
    },
    "evaluation:update_return": {"draft report": _both(_REFUSED)},
    "evaluation:update_due": {"": {"GET": only(SIGNED_IN), "POST": NO}},
    "evaluation:updates_approve": {"": {"GET": NO, "POST": only(SIGNED_IN, 302)}},
    "evaluation:report_thanks": {"no token": {"GET": everybody(410), "POST": NO}},
    "evaluation:report_by_link": {"no token": _both(everybody(410))},
}
RESULT_API = {
    **{
        f"{kind}-list": {"": {"GET": everybody()}}
        for kind in ("exchange", "framework", "indicator", "story", "update")
    },
    **{
        f"{kind}-detail": {
            "shown": {"GET": everybody()},
            "hidden": {"GET": visible(INSIDERS)},
        }
        for kind in ("exchange", "framework")
    },
    "framework-figures": {"shown": {"GET": everybody()}, "hidden": {"GET": visible(INSIDERS)}},
    **{
        name: {
            "shown": {"POST": only(_TELLERS, 428, visitors=401)},
            "hidden": {"POST": known(_TELLERS, 428, visitors=401)},
        }
        for name in ("exchange-move", "exchange-publish", "exchange-party-list")
    },
    # Each side speaks for itself; moderators for none.
    "exchange-confirmations": {
        "shown": {"GET": everybody(), "POST": only(ASSESSORS, 428, visitors=401)},
        "hidden": {
            "GET": visible(INSIDERS),
            "POST": known(ASSESSORS, 428, visitors=401),
        },
    },
    **{
        f"update-{verb}": {"draft report": {"POST": known(OWN, 428, visitors=401, knowing=OWN)}}
        for verb in ("submit", "withdraw")
    },
    **{
        f"update-{verb}": {"draft report": {"POST": known(set(), visitors=401, knowing=OWN)}}
        for verb in ("approve", "recall", "return-with-note", "revise")
    },
}

# Frameworks, the library, follow-up and documents as programs write them.


def _api_write(allowed, status=400, method="POST"):
    """`allowed` get `status` of an empty body; of what is hidden others find nothing."""
    return {
        "shown": {method: only(allowed, status, visitors=401)},
        "hidden": {method: known(allowed, status, visitors=401)},
    }


def _with_reading(answers):
    """The same, of what everybody reads where it is shown."""
    return {
        "shown": {"GET": everybody()} | answers["shown"],
        "hidden": {"GET": visible(INSIDERS)} | answers["hidden"],
    }


_KEPT_API = known(OWN, visitors=401, knowing=OWN)
_EMPTY = {"": {"GET": only(SIGNED_IN, visitors=401)}}
WRITING_API = {
    **{
        f"framework-{part}-list": _with_reading(_api_write(ASSESSORS))
        for part in ("result", "indicator", "target", "period")
    },
    **{
        f"framework-{part}-detail": _with_reading(_api_write(ASSESSORS, 428, "PATCH"))
        for part in ("result", "indicator", "target")
    },
    "framework-period-detail": _api_write(ASSESSORS, 409, "DELETE"),
    "framework-mapping-list": _with_reading(_api_write(ASSESSORS, 428)),
    "framework-cite": _api_write(ASSESSORS, 428, "PUT"),
    "story-cite": {
        "draft story": {"PUT": known(ASSESSORS, 428, visitors=401, knowing=OWN)},
        "published story": {"PUT": only(set(), visitors=401)},
    },
    "framework-publish": _api_write(ASSESSORS, 200),
    "framework-withdraw": _api_write(ASSESSORS, 200),
    "framework-period-lock": _api_write(DECIDERS, 200),
    "framework-period-unlock": _api_write(DECIDERS, 200),
    "framework-exception-list": {
        "shown": {
            "GET": only(DECIDERS, visitors=401),
            "POST": only(DECIDERS, 400, visitors=401),
        },
        "hidden": {
            "GET": known(DECIDERS, visitors=401),
            "POST": known(DECIDERS, 400, visitors=401),
        },
    },
    "exchange-document-list": _with_reading(_api_write(_TELLERS)),
    "dimension-list": {
        "": {"GET": everybody(), "POST": only(MODERATORS, 400, visitors=401)},
    },
    "dimension-detail": {
        "of the library": {"GET": everybody(), "PATCH": only(MODERATORS, 428, visitors=401)},
    },
    "indicator-detail": {
        "of the library": {"GET": everybody(), "PATCH": only(MODERATORS, 428, visitors=401)},
    },
    **{
        f"indicator-{verb}": {"of the library": {"POST": only(MODERATORS, visitors=401)}}
        for verb in ("retire", "restore")
    },
    "indicator-versions": {"of the library": {"GET": everybody()}},
    "action-plan-list": _EMPTY,
    "survey-list": _EMPTY,
    **{
        route: {"hidden": {"GET": _KEPT_API}}
        for route in ("action-plan-detail", "action-point-list", "survey-detail")
    },
    "action-point-detail": {
        "hidden": {
            "GET": _KEPT_API,
            "PATCH": known(ASSESSORS, 428, visitors=401, knowing=OWN),
        }
    },
    "action-point-done": {"hidden": {"POST": known(ASSESSORS, visitors=401, knowing=OWN)}},
    "action-point-reopen": {"hidden": {"POST": known(ASSESSORS, visitors=401, knowing=OWN)}},
}

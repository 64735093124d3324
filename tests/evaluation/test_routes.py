"""Every address of exchanges and results, walked with things that nobody outside may know of.

The tables of `tests.portal.evaluation_tables` say what each role is answered; another walk says
of all, also of those added later: to outsiders what is hidden is not there, whatever they ask to
do with it, and nothing ever fails.
"""

import datetime

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from evaluation.models import Evidence, Survey, Target
from evaluation.urls import urlpatterns
from tests.factories.evaluation import (
    DefinitionVersionFactory,
    DimensionFactory,
    ExchangeFactory,
    FrameworkFactory,
    IndicatorFactory,
    PartyFactory,
    PeriodFactory,
    ResultFactory,
    StepFactory,
    UpdateFactory,
)
from tests.factories.evaluation_stories import ItemFactory, StoryFactory
from tests.portal.evaluation_tables import (
    FIGURE_API,
    FIGURE_PAGES,
    PACK_API,
    PACK_PAGES,
    RESULT_API,
    RESULT_PAGES,
    STORY_PAGES,
    STORY_PARTS,
    WRITING_API,
    story_things,
)
from tests.portal.test_routes import expected, faults
from tests.portal.walk import ROLES, World, routes

pytestmark = pytest.mark.django_db
TABLES = FIGURE_PAGES | FIGURE_API | PACK_PAGES | PACK_API | RESULT_PAGES | RESULT_API | STORY_PAGES
TABLES |= WRITING_API

# What is everybody's, whoever asks: no hidden thing is in its address.
OPEN = {
    *("exchange_list", "exchange_board", "framework_list", "indicator_list", "indicator_detail"),
    *("indicator_retire", "indicator_revise", "guideline", "questionnaire", "update_list"),
    *("dashboard", "gaps", "story_list", "pack_detail", "pack_zip", "iati_detail", "iati_file"),
    *("exchange_add", "framework_begin", "indicator_new", "update_due", "updates_approve"),
    *("dimension_list", "dimension_add", "dimension_change"),
    *("report_by_link", "report_thanks", "survey_answer"),
}
OUTSIDERS = ("anonymous", "member", "stranger")
API_PREFIXES = (
    *("exchange", "figure", "framework", "gap", "iati", "indicator", "pack", "story", "update"),
    *("action-plan", "action-point", "dimension", "survey"),
)
API_OPEN = {f"{kind}-list" for kind in ("exchange", "figure", "framework", "story", "update")}
API_OPEN |= {"gap-list", "indicator-list", "indicator-detail", "iati-detail", "pack-detail"}
API_OPEN |= {"dimension-list", "dimension-detail", "indicator-versions"}
# Whose lists hold what is one's own only, and whose writing is refused before it is looked for.
API_OPEN |= {"action-plan-list", "survey-list", "indicator-retire", "indicator-restore"}


def hidden_things(world):
    """Return what addresses need, by the first part of the route's name."""
    exchange = ExchangeFactory(hub=world.hub, draft=True)
    party = PartyFactory(exchange=exchange, hub=world.hub)
    step = StepFactory(exchange=exchange)
    evidence = Evidence.objects.create(
        exchange=exchange, kind="link", title="A page", address="https://source.example/"
    )
    framework = FrameworkFactory(hub=world.hub, draft=True)
    result = ResultFactory(framework=framework)
    version = DefinitionVersionFactory()
    version.definition.current = version
    version.definition.save()
    indicator = IndicatorFactory(result=result, definition=version)
    period = PeriodFactory(framework=framework, starts_on=datetime.date(2026, 1, 1), ends_on=None)
    update = UpdateFactory(indicator=indicator, period=period)
    target = Target.objects.create(indicator=indicator, value=1)
    item = ItemFactory(plan__party=party, plan__exchange=exchange)
    survey = Survey.objects.create(exchange=exchange, moment="0", due_on=datetime.date(2026, 1, 1))
    dimension, above = (DimensionFactory(parts=["a"]) for _number in range(2))
    higher = IndicatorFactory(result__framework=FrameworkFactory(layer="community", hub=None))
    version.dimensions.add(dimension)
    higher.definition.dimensions.add(above)
    indicator.rolls_up_to = higher
    indicator.save()
    story = StoryFactory(exchange=exchange)
    return {
        "code": version.definition.code,
        "dimension": dimension,
        "above": above,
        "exchange": exchange,
        "evidence": evidence,
        "item": item,
        "plan": item.plan,
        "survey": survey,
        "target": target,
        "framework": framework,
        "indicator": indicator,
        "party": party,
        "period": period,
        "result": result,
        "step": step,
        "story": story,
        "update": update,
        "hub": world.hub,
    }


def slug_of(name, things):
    if name in ("exchange_board", "pack_detail", "pack_zip", "iati_detail", "iati_file"):
        return things["hub"].slug
    if name in ("exchange-list", "pack-detail", "iati-detail"):
        return things["hub"].slug
    if name == "questionnaire":
        return "before"
    for prefix in (
        "framework",
        "story",
        "result",
        "indicator",
        "target",
        "period",
        "upload",
        "mapping",
    ):
        if name.startswith(prefix) and name != "story_begin":
            known = prefix if prefix in ("framework", "story") else "framework"
            return things[known].slug
    return things["exchange"].slug


def number_of(name, things):
    for prefix, thing in (
        ("framework-result", "result"),
        ("framework-indicator", "indicator"),
        ("framework-target", "target"),
        ("framework-period", "period"),
        ("exchange-document", "evidence"),
        ("action-plan", "plan"),
        ("action-point", "item"),
        ("survey", "survey"),
        ("evidence", "evidence"),
        ("document", "evidence"),
        ("indicator", "indicator"),
        ("target", "indicator"),
        ("result", "result"),
        ("period", "period"),
        ("update", "update"),
        ("step", "step"),
        ("exchange-step", "step"),
        ("exchange", "party"),
        ("plan_begin", "party"),
        ("part", "party"),
    ):
        if name.startswith(prefix):
            return things[thing].pk
    return 2**31 - 1  # there is none


def address_of(route, things):
    """Return an address of the route, made of hidden things."""
    name = route.rpartition(":")[2]
    offered = {
        "slug": slug_of(name, things),
        "exchange_slug": things["exchange"].slug,
        "framework_slug": things["framework"].slug,
        "plan_id": things["plan"].pk,
        "source": things["dimension"].code,
        "target": things["above"].code,
        "code": things["dimension"].code if name.startswith("dimension") else things["code"],
        "pk": number_of(name, things),
        "id": number_of(name, things),
        "result_pk": things["result"].pk,
        "kind": "parties",
        "fact": "status",
        "section": "summary",
        "rung": "reform",
        "token": "nothing",
    }
    for names in (
        (),
        ("slug",),
        ("pk",),
        ("id",),
        ("code",),
        ("token",),
        ("slug", "pk"),
        ("slug", "kind"),
        ("slug", "kind", "pk"),
        ("slug", "pk", "fact"),
        ("slug", "section"),
        ("slug", "rung"),
        ("slug", "result_pk"),
        ("slug", "result_pk", "pk"),
        ("exchange_slug",),
        ("exchange_slug", "id"),
        ("framework_slug",),
        ("framework_slug", "id"),
        ("plan_id",),
        ("plan_id", "id"),
        ("slug", "source", "target"),
    ):
        try:
            return reverse(route, kwargs={each: offered[each] for each in names})
        except NoReverseMatch:
            continue
    raise AssertionError(f"say how the address of {route} is made")


def walked():
    """Give every route of this app: name, and whether it is open to all."""
    for pattern in urlpatterns:
        yield f"evaluation:{pattern.name}", pattern.name in OPEN
    for route in routes():
        if ":" not in route and route.startswith(tuple(f"{kind}-" for kind in API_PREFIXES)):
            yield route, route in API_OPEN


@pytest.mark.parametrize("role", [*OUTSIDERS, "correspondent", "editor", "head", "moderator"])
def test_hidden_things_are_not_there_for_outsiders_and_nothing_fails(role):
    world = World(role)
    things = hidden_things(world)
    wrong = []

    for route, is_open in walked():
        url = address_of(route, things)
        for method in ("GET", "POST"):
            answer, response = world.ask(method, url)
            wrong += [(method, route, fault) for fault in faults(role, route, response)]
            hides = answer in (401, 403, 404, 405, 415, "sign in")
            if role in OUTSIDERS and not is_open and not hides:
                wrong.append((method, route, answer))
            if role in ("member", "stranger") and not is_open and answer == 403:
                wrong.append((method, route, "tells that it is there"))

    assert wrong == []


def shown(things):
    """Return the same things, read by everybody."""
    for name in ("exchange", "framework"):
        things[name].is_published = True
        things[name].save()
    return things


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_answered_as_the_table_says(role):
    world = World(role)
    others = story_things(world, timezone.now()) | {
        "hidden hub": {"slug": world.hidden.slug},
        "hub": {"slug": world.hub.slug},
        "no figure": {"pk": 10**17},
    }
    hidden, public = hidden_things(world), shown(hidden_things(world))
    wrong = []

    def address(route, which):
        if which and which in others:
            return reverse(route, kwargs=others[which] | STORY_PARTS.get(route, {}))
        return address_of(route, public if which == "shown" else hidden)

    for route, variants in TABLES.items():
        for which, methods in variants.items():
            url = address(route, which)
            for method, answers in methods.items():
                answer, response = world.ask(method, url)
                if answer != expected(answers, role):
                    wrong.append((method, route, which, answer, expected(answers, role)))
                wrong += [(method, route, which, fault) for fault in faults(role, route, response)]

    assert wrong == []


@pytest.mark.parametrize("role", ["correspondent", "editor", "head"])
def test_the_hubs_people_see_what_they_write(role):
    world = World(role)
    things = hidden_things(world)

    for name in ("exchange", "framework", "story", "update"):
        answer, _response = world.ask("GET", things[name].get_absolute_url())
        assert answer == 200, name

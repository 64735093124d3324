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
from tests.kept import kept
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


def shown(things):
    """Return the same things, read by everybody."""
    for name in ("exchange", "framework"):
        things[name].is_published = True
        things[name].save()
    return things


class Results:
    """A world with results that are hidden, that are public, and of stories; `address` finds them.

    An address is asked the same way once: all that a request does is undone.
    """

    def __init__(self):
        self.world = World()
        self.others = story_things(self.world, timezone.now()) | {
            "hidden hub": {"slug": self.world.hidden.slug},
            "hub": {"slug": self.world.hub.slug},
            "no figure": {"pk": 10**17},
        }
        self.hidden, self.public = hidden_things(self.world), shown(hidden_things(self.world))

    def become(self, role):
        self.world.become(role)
        self.role, self.answers = role, {}
        return self

    def address(self, route, which):
        if which and which in self.others:
            return reverse(route, kwargs=self.others[which] | STORY_PARTS.get(route, {}))
        return address_of(route, self.public if which == "shown" else self.hidden)

    def ask(self, method, route, url):
        """Return the answer, and what is wrong with it whoever asked."""
        if (method, url) not in self.answers:
            answer, response = self.world.ask(method, url)
            wrong = [(method, route, fault) for fault in faults(self.role, route, response)]
            self.answers[method, url] = answer, wrong
        return self.answers[method, url]


@pytest.fixture(scope="module")
def things(django_db_setup, django_db_blocker):
    with kept(django_db_blocker):
        yield Results()


@pytest.fixture
def results(things, db, role):
    return things.become(role)


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


def unlike_the_tables(results):
    """Yield where the role is answered otherwise than the tables say."""
    for route, variants in TABLES.items():
        for which, methods in variants.items():
            url = results.address(route, which)
            for method, answers in methods.items():
                answer, wrong = results.ask(method, route, url)
                if answer != expected(answers, results.role):
                    yield method, route, which, answer, expected(answers, results.role)
                yield from wrong


def told_of_the_hidden(results):
    """Yield which address fails, or tells an outsider of what is hidden."""
    for route, is_open in walked():
        for method in ("GET", "POST"):
            answer, wrong = results.ask(method, route, address_of(route, results.hidden))
            yield from wrong
            hides = answer in (401, 403, 404, 405, 415, "sign in")
            if results.role in OUTSIDERS and not is_open and not hides:
                yield method, route, answer
            if results.role in ("member", "stranger") and not is_open and answer == 403:
                yield method, route, "tells that it is there"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_answered_as_the_table_says_and_outsiders_find_nothing_hidden(results, role):
    assert list(unlike_the_tables(results)) == []
    if role in (*OUTSIDERS, "correspondent", "editor", "head", "moderator"):
        assert list(told_of_the_hidden(results)) == []


@pytest.mark.parametrize("role", ["correspondent", "editor", "head"])
def test_the_hubs_people_see_what_they_write(results, role):
    for name in ("exchange", "framework", "story", "update"):
        answer, _response = results.world.ask("GET", results.hidden[name].get_absolute_url())
        assert answer == 200, name

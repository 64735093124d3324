"""Exchanges and results in a real browser: read by everybody, written by a hub's people."""

import datetime

import pytest

from evaluation.models import Figure, Target
from evaluation.services.outbox import request_recalculation
from evaluation.services.recalculating import recalculate_due
from tests.browser.conftest import LOOKS, faults, sign_in
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import (
    ContributionFactory,
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

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub(texts):
    hub = make_hubs.HubFactory(slug="agency", name="Agency")
    exchange = ExchangeFactory(hub=hub, slug="cotton", title="Cotton", sectors=["311"])
    party = PartyFactory(exchange=exchange, hub=hub)
    PartyFactory(exchange=exchange, hub=None, country="ML", side="seeker")
    StepFactory(exchange=exchange)
    ContributionFactory(party=party)
    framework = FrameworkFactory(hub=hub, slug="results", ends_on=datetime.date(2020, 12, 31))
    period = PeriodFactory(framework=framework)
    indicator = IndicatorFactory(result=ResultFactory(framework=framework), baseline_value=0)
    indicator.definition.definition.current = indicator.definition
    indicator.definition.definition.save()
    Target.objects.create(indicator=indicator, period=period, value=10)
    UpdateFactory(indicator=indicator, period=period, value=4, approved=True)
    request_recalculation([indicator.pk])
    recalculate_due()
    return hub


PUBLIC = (
    "/evaluation/",
    "/evaluation/?country=KE",
    "/evaluation/gaps/",
    "/evaluation/gaps/?of=hub&at_most=5",
    "/evaluation/dimensions/",
    "/evaluation/exchanges/",
    "/evaluation/exchanges/cotton/",
    "/evaluation/frameworks/",
    "/evaluation/frameworks/results/",
    "/evaluation/guideline/",
    "/evaluation/guideline/after/",
    "/evaluation/indicators/",
    "/evaluation/stories/",
    "/evaluation/updates/",
    "/evaluation/packs/agency/?year=2020",
    "/evaluation/iati/agency/",
    "/hubs/agency/",
)
OWN = (
    "/evaluation/exchanges/board/agency/",
    "/evaluation/exchanges/add/",
    "/evaluation/exchanges/cotton/edit/",
    "/evaluation/frameworks/begin/",
    "/evaluation/frameworks/results/edit/",
    "/evaluation/frameworks/results/periods/make/",
    "/evaluation/updates/to-report/",
    "/evaluation/stories/begin/cotton/",
)
DESK = ("/evaluation/dimensions/add/", "/evaluation/dimensions/sex/change/")


@LOOKS
def test_axe_finds_nothing_in_exchanges_and_results(
    open_page, hub, settings, width, language, dark
):
    settings.DEMO = True  # in which this moderator needs no second factor
    head = make_hubs.MembershipFactory(hub=hub, head=True).member
    moderator = MemberFactory(moderator=True, email="moderator@demo.example")
    DimensionFactory(code="sex", parts=["women", "men"])
    page = open_page("/", width=width, language=language, dark=dark)
    found = {}

    def look(path):
        page.goto(path)
        found[path] = faults(page)

    figure = Figure.objects.current().filter(period=None).earliest("pk")
    for path in (*PUBLIC, figure.get_absolute_url()):
        look(path)
    sign_in(page, head, "/evaluation/exchanges/")
    for path in OWN:
        look(path)

    page.context.clear_cookies()
    sign_in(page, moderator)
    for path in DESK:
        look(path)
        assert page.url.endswith(path)

    assert {path: each for path, each in found.items() if each} == {}

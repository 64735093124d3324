"""Pages of results that only those who write them open, looked at in a real browser."""

import datetime

import pytest
from django.urls import reverse

from core.sheets import Line
from evaluation.models import Exchange, ExchangeStatus, UpdateUpload, UploadState
from evaluation.services import plans
from evaluation.services.stories import begin_story
from evaluation.services.surveys import add_person, follow_up
from evaluation.services.upload_steps import begin_upload
from tests.browser.conftest import LOOKS, faults, sign_in
from tests.evaluation.exchange_world import TwoSides
from tests.factories import hubs as make_hubs
from tests.factories.evaluation import (
    DefinitionVersionFactory,
    DimensionFactory,
    FrameworkFactory,
    IndicatorFactory,
    PeriodFactory,
    ResultFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


def indicator_by(dimension, **framework):
    version = DefinitionVersionFactory()
    version.dimensions.add(dimension)
    framework = FrameworkFactory(ends_on=datetime.date(2020, 12, 31), **framework)
    return IndicatorFactory(result=ResultFactory(framework=framework), definition=version)


@pytest.fixture
def pages(texts):
    """Return who writes, and the addresses of what they write."""
    world = TwoSides()
    hub, exchange = world.agency, Exchange.objects.get(slug="cotton")
    exchange.status, exchange.ends_on = ExchangeStatus.COMPLETED, datetime.date(2020, 6, 30)
    exchange.save()
    head = make_hubs.MembershipFactory(hub=hub, head=True).member
    bands, ages = (
        DimensionFactory(code="bands", parts=["0-9", "10-99"]),
        DimensionFactory(code="ages", parts=["young", "old"]),
    )
    above = indicator_by(ages, layer="country", country="BR", hub=None)
    below = indicator_by(bands, hub=hub, slug="results")
    below.rolls_up_to = above
    below.save()
    framework = below.result.framework
    ResultFactory(framework=framework, title="Without an indicator")
    period = PeriodFactory(framework=framework)
    update = UpdateFactory(indicator=below, period=period, hub=hub, value=4, author=head)
    story = begin_story(exchange, title="A story", language="en", by=head)
    plan = plans.begin_plan(exchange.parties.first(), by=head)
    add_person(exchange, name="Ana", email="ana@demo.example", language="fr", by=head)
    follow_up(datetime.datetime(2020, 7, 1, tzinfo=datetime.UTC))
    cells = [below.definition.definition.code, period.starts_on.isoformat(), hub.slug, "x"]
    lines = [Line(1, ["indicator", "period_start", "hub", "value"]), Line(2, cells)]
    upload = begin_upload(framework, iter(lines), language="en", is_sent=False, by=head)
    working = UpdateUpload.objects.create(
        member=head, framework=framework, rows=[], report=upload.report | {"rows": 900}
    )
    failed = UpdateUpload.objects.create(
        member=head,
        framework=framework,
        rows=[],
        state=UploadState.FAILED,
        report=upload.report | {"failure": "The table could not be worked on."},
    )
    at = f"/evaluation/frameworks/{framework.slug}/"
    told = f"/evaluation/stories/{story.slug}/edit/"
    return head, [
        *(f"{at}{page}" for page in ("edit/", "mappings/", "mappings/bands/ages/", "links/")),
        *(f"{at}{page}" for page in ("report/", "upload/")),
        *(each.get_absolute_url() for each in (upload, working, failed, update, plan)),
        *(f"{told}{page}" for page in ("", "sources/", "about/", "rungs/share/")),
        f"/evaluation/follow-up/exchanges/{exchange.slug}/",
        *(reverse("evaluation:survey_detail", args=[each.pk]) for each in exchange.surveys.all()),
        reverse("evaluation:item_add", args=[plan.pk]),
        f"/evaluation/exchanges/{exchange.slug}/documents/add/",
    ]


@LOOKS
def test_axe_finds_nothing_where_results_are_written(open_page, pages, width, language, dark):
    head, addresses = pages
    page = open_page("/", width=width, language=language, dark=dark)
    sign_in(page, head, "/evaluation/exchanges/")
    found = {}

    for address in addresses:
        answer = page.goto(address)
        found[address] = faults(page) if answer.status == 200 else [answer.status]

    assert {address: each for address, each in found.items() if each} == {}

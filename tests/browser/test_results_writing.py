"""Exchanges, figures and stories are written in a real browser: on a narrow screen without
scripts, by keyboard alone, and what a script adds while one types.
"""

import datetime

import pytest

from evaluation.models import Evidence, Exchange, ImpactStory, Update
from evaluation.services.recalculating import recalculate_due
from evaluation.services.reporting_links import Reporter, make_link
from evaluation.services.units import Unit
from tests.browser.conftest import follow, sign_in
from tests.browser.hands import Hand, Keys
from tests.factories import evaluation as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db(transaction=True)
SAVE = "main form .actions button[type=submit]"


class World:
    """An agency with a framework and one indicator, and a ministry; heads of both."""

    def __init__(self):
        self.agency = make_hubs.HubFactory(slug="agency", name="Agency")
        self.ministry = make_hubs.HubFactory(slug="ministry", name="Ministry")
        self.head = make_hubs.MembershipFactory(hub=self.agency, head=True).member
        self.editor = make_hubs.MembershipFactory(hub=self.agency).member
        self.seeker = make_hubs.MembershipFactory(hub=self.ministry, head=True).member
        framework = make.FrameworkFactory(hub=self.agency, slug="results")
        self.period = make.PeriodFactory(
            framework=framework, starts_on=datetime.date(2026, 1, 1), ends_on=None
        )
        self.indicator = make.IndicatorFactory(
            result=make.ResultFactory(framework=framework),
            definition__title="People trained",
            definition__accumulates=True,
        )
        self.indicator.definition.definition.current = self.indicator.definition
        self.indicator.definition.definition.save()


@pytest.fixture
def world(texts):
    return World()


def tell_of_an_exchange(hand, world):
    """Begin an exchange, name both parties, publish it; return it."""
    hand.go("/evaluation/exchanges/add/?hub=agency")
    hand.write("[name=title]", "Cotton")
    hand.tick("[name=modality][value=bilateral]")
    hand.follow(SAVE)
    for hub, side in ((world.agency, "provider"), (world.ministry, "seeker")):
        hand.follow("main a[href$='/parties/add/']")
        hand.tick(f"[name=side][value={side}]")
        hand.choose("[name=hub]", str(hub.pk))
        hand.follow(SAVE)
    hand.go("/evaluation/exchanges/cotton/edit/")  # the button stands above the parties
    hand.follow("form[action$='/publish/'] button")
    exchange = Exchange.objects.get()
    assert (exchange.title, exchange.is_published) == ("Cotton", True)
    assert set(exchange.parties.values_list("side", "hub__slug")) == {
        ("provider", "agency"),
        ("seeker", "ministry"),
    }
    return exchange


def confirm(hand, exchange, side):
    hand.go(exchange.get_absolute_url())
    party = exchange.parties.get(side=side)
    hand.follow(f"main a[href$='/confirm/{party.pk}/']")
    hand.follow("button[name=all]")


def test_an_exchange_is_told_confirmed_reported_on_approved_and_its_figure_explained(
    open_page, world
):
    page = open_page("/", width=320, scripts=False)
    sign_in(page, world.head)
    exchange = tell_of_an_exchange(Hand(page), world)
    confirm(Hand(page), exchange, "provider")
    other = open_page("/", width=320, scripts=False)
    sign_in(other, world.seeker)
    confirm(Hand(other), exchange, "seeker")
    exchange.refresh_from_db()
    assert exchange.is_confirmed

    third = open_page("/", width=320, scripts=False)
    sign_in(third, world.editor)
    hand = Hand(third)
    hand.go("/evaluation/updates/to-report/")
    hand.follow("main .items a")
    hand.write("[name=value]", "twelve")
    hand.follow("button[name=submit]")
    assert third.title().startswith("Error:")
    assert third.input_value("[name=value]") == "twelve"
    hand.write("[name=value]", "12")
    hand.follow("button[name=submit]")
    update = Update.objects.get()
    assert (update.state, update.value) == ("submitted", 12)

    hand = Hand(page)
    hand.go(update.get_absolute_url())
    hand.follow("form[action$='/approve/'] button")
    recalculate_due()
    hand.go("/evaluation/frameworks/results/")
    hand.follow("table.matrix td:last-child a[href*='/explain/']")
    text = page.inner_text("main")
    assert "People trained" in text
    assert "12" in text
    assert "Agency" in text


def test_a_story_is_refused_by_what_is_missing_and_then_published(open_page, world):
    exchange = make.ExchangeFactory(hub=world.agency, slug="cotton", title="Cotton")
    page = open_page("/", width=320, scripts=False)
    sign_in(page, world.editor)
    hand = Hand(page)
    hand.go(exchange.get_absolute_url())
    hand.follow("main a[href$='/stories/begin/cotton/']")
    hand.write("[name=title]", "A law on cotton")
    hand.follow(SAVE)
    story = ImpactStory.objects.get()
    for section, field in (
        ("about", "summary"),
        ("other-explanations", "other_explanations"),
        ("did-not-work", "what_did_not_work"),
        ("rungs/connect", "statement"),
    ):
        hand.follow(f"main a[href$='/edit/{section}/']")
        hand.write(f"[name={field}]", "They met, and much else happened.")
        hand.follow(SAVE)
    hand.follow("form[action$='/submit/'] button")
    assert "Connect needs at least one of" in page.inner_text("main")
    story.refresh_from_db()
    assert story.state == "draft"

    hand.go(f"{exchange.get_absolute_url()}edit/")
    hand.follow("main a[href$='/documents/add/']")
    hand.tick("[name=kind][value=link]")
    hand.choose("[name=proves]", "attendance")
    hand.write("[name=title]", "List of those who came")
    hand.write("[name=address]", "https://list.example/")
    hand.follow(SAVE)
    evidence = Evidence.objects.get()
    hand.go(f"/evaluation/stories/{story.slug}/edit/rungs/connect/")
    hand.tick(f"[name=evidence][value='{evidence.pk}']")
    hand.follow(SAVE)
    hand.follow("form[action$='/submit/'] button")
    other = open_page("/", width=320, scripts=False)
    sign_in(other, world.head)
    hand = Hand(other)
    hand.go(story.get_absolute_url())
    hand.follow("main a[href$='/review/']")
    hand.follow("form[action$='/publish/'] button")

    story.refresh_from_db()
    assert (story.state, story.reached) == ("published", "connect")
    assert "List of those who came" in other.inner_text("main")


def test_an_exchange_is_told_and_confirmed_by_keyboard_alone(open_page, world):
    page = open_page("/")
    sign_in(page, world.head)
    keys = Keys(page)

    exchange = tell_of_an_exchange(keys, world)
    confirm(keys, exchange, "provider")

    assert exchange.confirmations.filter(party__side="provider").exists()


def test_a_link_s_page_tells_each_increment_while_one_types_and_is_thanked_for_once(
    open_page, world
):
    second = make.IndicatorFactory(
        result=world.indicator.result, definition=world.indicator.definition
    )
    earlier = make.PeriodFactory(
        framework=world.period.framework,
        starts_on=datetime.date(2025, 1, 1),
        ends_on=datetime.date(2025, 12, 31),
    )
    for indicator, value in ((world.indicator, 100), (second, 7)):
        make.UpdateFactory(indicator=indicator, period=earlier, value=value, approved=True)
    _link, address = make_link(
        [world.indicator, second],
        world.period,
        Unit(hub=world.agency),
        reporter=Reporter("Ana"),
        days=7,
        by=world.head,
    )
    page = open_page(address[address.index("/evaluation/") :])

    page.fill(f"[name='{world.indicator.pk}-value']", "130")
    page.fill(f"[name='{second.pk}-value']", "9")

    assert page.locator("[data-increment]").all_inner_texts() == ["+30", "+2"]
    follow(page, SAVE)
    assert page.url.endswith("/thanks/")
    assert "wait for approval" in page.inner_text("main")
    page.reload()
    assert "wait for approval" in page.inner_text("main")
    assert sorted(Update.objects.filter(state="submitted").values_list("value", flat=True)) == [
        9,
        130,
    ]

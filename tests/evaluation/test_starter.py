"""The starter content: real exchanges, each figure with its source, loaded once."""

import json
from decimal import Decimal

import pytest
from django.core.management import call_command

from catalogue.models import SearchRow
from evaluation.models import (
    ActionPlan,
    Confirmation,
    Exchange,
    Figure,
    Framework,
    ImpactStory,
    Indicator,
    IndicatorDefinition,
    Party,
    RungClaim,
    Update,
)
from evaluation.services.recalculating import find_drift, recalculate_due
from evaluation.starter.loader import CONTENT, load_starter_results
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation_stories import PlanFactory
from tests.factories.hubs import HubFactory

pytestmark = pytest.mark.django_db


def the_starter_content_is_there():
    exchanges = Exchange.objects.filter(is_starter=True)

    assert exchanges.count() == 42
    # What a source does not name is a country alone, never an invented institution.
    assert Party.objects.filter(side="seeker", hub=None, organisation=None).exists()
    assert {e.slug for e in exchanges if e.sources.count() == 0} == set()
    assert {e.slug for e in exchanges if e.entries.count() != 1} == set()
    assert SearchRow.objects.filter(kind="exchange").count() == 42
    assert SearchRow.objects.filter(kind="story").count() == 1
    sides = exchanges.filter(parties__side="provider").distinct()
    assert sides.count() == exchanges.filter(parties__side="seeker").distinct().count() == 42


def every_reported_figure_has_its_source_and_period():
    updates = Update.objects.filter(is_starter=True)

    assert updates.count() == 59
    assert [u for u in updates if u.sources.count() != 1] == []
    assert {u.state for u in updates} == {"approved"}
    assert updates.filter(period__ends_on=None).count() == 0
    # What is told in words has no number: not even 0.
    assert updates.filter(indicator__definition__kind="narrative").exclude(value=None).count() == 0


def people_trained_add_up_to_what_the_sources_state():
    indicator = Indicator.objects.get(
        result__framework__slug="what-public-sources-report-of-exchanges"
    )
    stated = Update.objects.filter(indicator__definition__definition__code="people-trained")
    total = Figure.objects.current().get(indicator=indicator, period=None, series="approved")

    assert total.value == sum(update.value for update in stated) > 0
    assert total.status == "ok"
    # By hand, for two exchanges: the cotton programme, and the family-planning courses.
    cotton = Figure.objects.current().filter(
        indicator__result__framework__exchange__slug="embrapa-cotton-4-phase-1",
        indicator__definition__definition__code="people-trained",
        period=None,
    )
    assert [figure.value for figure in cotton] == [Decimal(425)]
    courses = Figure.objects.current().filter(
        indicator__result__framework__exchange__slug="indonesia-muslim-leaders-family-planning",
        indicator__definition__definition__code="people-trained",
        period=None,
    )
    assert sorted(figure.value for figure in courses) == [14, 17, 20, 24]
    assert find_drift() == 0


def the_story_reaches_reform_by_a_third_party():
    story = ImpactStory.objects.get(slug="cabri-the-gambia-arrears")

    assert (story.state, story.reached, story.strength) == ("published", "reform", "document")
    assert {claim.rung for claim in RungClaim.objects.filter(story=story, holds=True)} == {
        "connect",
        "share",
        "reform",
    }


def the_library_and_the_template_are_there():
    assert IndicatorDefinition.objects.filter(is_starter=True).count() == 21
    template = Framework.objects.get(is_template=True)
    assert template.results.count() == 5
    assert Indicator.objects.filter(result__framework=template).count() == 10


def a_second_load_changes_nothing_and_edits_stand():
    exchange = Exchange.objects.get(slug="embrapa-cotton-4-phase-1")
    exchange.title = "What its people call it"
    exchange._history_user = MemberFactory()
    exchange.save()

    assert dict(load_starter_results()) == {}
    load_starter_results(CONTENT.read_text(encoding="utf-8") + "\n")
    exchange.refresh_from_db()
    assert exchange.title == "What its people call it"
    assert Exchange.objects.filter(is_starter=True).count() == 42
    assert Update.objects.filter(is_starter=True).count() == 59


PAGES = (
    "/",
    "/evaluation/",
    "/evaluation/exchanges/",
    "/evaluation/exchanges/?hub=embrapa&status=unknown",
    "/evaluation/exchanges/embrapa-cotton-4-phase-1/",
    "/evaluation/exchanges/board/embrapa/",
    "/evaluation/frameworks/",
    "/evaluation/frameworks/what-public-sources-report-of-exchanges/",
    "/evaluation/frameworks/guideline-for-results-of-knowledge-exchange/",
    "/evaluation/frameworks/embrapa-cotton-4-phase-1-results/",
    "/evaluation/guideline/",
    "/evaluation/indicators/people-trained/",
    "/evaluation/stories/cabri-the-gambia-arrears/",
    "/evaluation/updates/",
    "/evaluation/packs/embrapa/?year=2013",
    "/evaluation/iati/embrapa/",
    "/hubs/embrapa/",
    "/search/?q=cotton&type=exchange",
    "/search/?q=arrears&type=story",
)


def every_page_answers(client):
    figure = Figure.objects.current().get(
        indicator__result__framework__layer="community", period=None, series="approved"
    )
    for page in (*PAGES, f"/evaluation/figures/{figure.pk}/explain/"):
        response = client.get(page)
        assert response.status_code == 200, page
    assert "Cotton-4" in client.get(PAGES[4]).content.decode()


def test_starter_content_says_what_sources_say(client):
    """One load for all that only reads: it brings hubs and entries too."""
    call_command("load_starter", verbosity=0)
    recalculate_due()

    the_starter_content_is_there()
    every_reported_figure_has_its_source_and_period()
    people_trained_add_up_to_what_the_sources_state()
    the_story_reaches_reform_by_a_third_party()
    the_library_and_the_template_are_there()
    every_page_answers(client)
    a_second_load_changes_nothing_and_edits_stand()


def test_a_newer_release_keeps_what_people_planned_and_confirmed():
    content = json.loads(CONTENT.read_text(encoding="utf-8"))
    row = next(each for each in content["exchanges"] if len(each["parties"]) > 1)
    content["exchanges"] = [row]
    for slug in {row["hub"], *(party.get("hub", row["hub"]) for party in row["parties"])}:
        HubFactory(slug=slug)
    load_starter_results(json.dumps(content))
    planned, confirmed, *others = Exchange.objects.get().parties.order_by("pk")
    plan = PlanFactory(party=planned)
    said = Confirmation.objects.create(
        exchange=confirmed.exchange, party=confirmed, fact="title", value="A", state="confirmed"
    )
    row["summary"] = "Told anew."
    new = {"side": "funder", "country": "NO"}
    row["parties"] = [*row["parties"][:1], new]

    load_starter_results(json.dumps(content))

    exchange = Exchange.objects.get()
    assert exchange.summary == "Told anew."
    assert (ActionPlan.objects.get(), Confirmation.objects.get()) == (plan, said)
    left = set(exchange.parties.values_list("pk", flat=True))
    added = exchange.parties.get(side="funder", country="NO")
    assert left == {planned.pk, confirmed.pk, added.pk}
    assert others == [] or not left & {party.pk for party in others}

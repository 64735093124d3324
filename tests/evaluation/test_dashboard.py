"""The community's dashboard: its figures and its exchanges, as page and as files."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.models import Exchange
from tests.api_clients import client_of
from tests.evaluation.trees import a_tree, compute, figure, report
from tests.factories import evaluation as make
from tests.factories.evaluation_stories import StoryFactory
from tests.factories.hubs import HubFactory, OrganisationFactory
from tests.hubs.people import person

pytestmark = pytest.mark.django_db


def table(client, of):
    response = client.get(f"/evaluation/?export=csv&of={of}")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def counts(client, of):
    return {
        row["code"]: (int(row["confirmed"]), int(row["reported_by_one_side"]))
        for row in table(client, of)
    }


@pytest.fixture
def exchanges():
    """One confirmed of 2020, one of 2022 told by one side, one without a year, and others that
    do not count: a draft, a cancelled one.
    """
    both = make.ExchangeFactory(
        is_confirmed=True, starts_on=datetime.date(2020, 3, 1), modality="triangular"
    )
    one = make.ExchangeFactory(starts_on=datetime.date(2022, 3, 1))
    make.ExchangeFactory(confidential=True, title="Secret")
    make.ExchangeFactory(draft=True)
    make.ExchangeFactory(status="cancelled", cancel_reason="No money")
    make.PartyFactory(exchange=both, hub=HubFactory(countries=["KE", "UG"]))
    make.PartyFactory(exchange=both, side="seeker", hub=None, country="BR")
    make.PartyFactory(exchange=one, hub=HubFactory(countries=["ID"]))
    return both, one


def test_confirmed_exchanges_and_those_of_one_side_are_two_series(client, exchanges):
    assert counts(client, "year") == {"2020": (1, 0), "2021": (0, 0), "2022": (0, 1), "": (0, 1)}
    assert counts(client, "modality") == {
        "bilateral": (0, 2),
        "triangular": (1, 0),
        "regional": (0, 0),
        "multilateral": (0, 0),
    }


def test_an_exchange_stands_once_in_each_region_of_its_parties(client, exchanges):
    assert counts(client, "region") == {
        "002": (1, 0),
        "009": (0, 0),
        "019": (1, 0),
        "142": (0, 1),
        "150": (0, 0),
        "": (0, 1),
    }


def test_the_country_of_an_organisation_counts_as_on_every_other_page(client):
    party = make.PartyFactory(
        exchange=make.ExchangeFactory(is_confirmed=True),
        hub=None,
        organisation=OrganisationFactory(country="PE"),
        country="",
    )

    assert counts(client, "region")["019"] == (1, 0)
    assert counts(client, "region&country=PE")["019"] == (1, 0)
    page = client.get("/evaluation/exchanges/?country=PE")
    assert [line["exchange"] for line in page.context["lines"]] == [party.exchange]


def test_what_is_narrowed_down_is_what_the_lists_show(client, exchanges):
    both, one = exchanges
    Exchange.objects.filter(pk=one.pk).update(sectors=["111"])
    secret = Exchange.objects.get(confidentiality="parties")
    Exchange.objects.filter(pk=secret.pk).update(sectors=["111"], starts_on="2022-05-01")
    make.PartyFactory(exchange=secret, hub=None, country="BR")
    cancelled = Exchange.objects.get(status="cancelled")
    make.PartyFactory(exchange=cancelled, hub=None, country="BR")
    for exchange, rung in ((both, "reform"), (one, "share"), (secret, "share")):
        StoryFactory(exchange=exchange, reached=rung, published=True)
    StoryFactory(exchange=cancelled, reached="connect", published=True)
    members = (None, person("correspondent", secret.hub), person("moderator", both.hub))
    numbers = {}

    for query in ("", "country=BR", "sector=111", "year=2022", f"hub={both.hub.slug}",
                  "year=2020&year=2022&country=KE&country=ID"):  # fmt: skip
        for member in members:
            reader = client_of(member)
            board = reader.get(f"/evaluation/?{query}").context
            for name in ("confirmed", "one_side"):
                page = reader.get(board[f"{name}_url"])
                assert page.context["count"] == board[name] - board[f"hidden_{name}"], query
            page = reader.get(board["stories_url"])
            assert page.context["count"] == board["stories"] - board["hidden_stories"], query
            told = (board["confirmed"], board["one_side"], board["stories"])
            numbers.setdefault(query, []).append(told)
            rungs = table(reader, f"rung&{query}")
            assert sum(int(row["stories"]) for row in rungs) == board["stories"]
            assert counts(reader, f"year&{query}").keys() >= {"2022"} or not board["one_side"]

    # Visitors, a member of the hub that tells the confidential one, a moderator.
    assert numbers == {
        "": [(1, 2, 3)] * 3,
        "country=BR": [(1, 0, 1), (1, 1, 2), (1, 0, 1)],
        "sector=111": [(0, 1, 1), (0, 2, 2), (0, 1, 1)],
        "year=2022": [(0, 1, 1), (0, 2, 2), (0, 1, 1)],
        f"hub={both.hub.slug}": [(1, 0, 1)] * 3,
        "year=2020&year=2022&country=KE&country=ID": [(1, 1, 2)] * 3,
    }


def test_confidential_ones_are_told_of_at_the_numbers_without_a_filter_only(client, exchanges):
    secret = Exchange.objects.get(confidentiality="parties")
    StoryFactory(exchange=secret, reached="share", published=True)

    whole = client.get("/evaluation/").text
    narrowed = client.get("/evaluation/?year=2020").text

    assert (whole.count("1 confidential"), narrowed.count("1 confidential")) == (2, 0)
    assert "Confidential ones are counted without a filter only" in narrowed
    assert "?year=2020&amp;export=csv&amp;of=region" in narrowed


@pytest.mark.parametrize("query", ["country=XX", "year=x", "hub=no-such", "sector=x", "hub=a&hub="])
def test_a_bad_filter_never_widens(client, exchanges, query):
    StoryFactory(exchange=exchanges[0], reached="share", published=True)

    page = client.get(f"/evaluation/?{query}")

    assert (page.status_code, page.context["confirmed"], page.context["stories"]) == (200, 0, 0)
    assert "a filter was not understood" in page.text
    for of in ("year", "rung"):
        assert client.get(f"/evaluation/?export=csv&of={of}&{query}").status_code == 400


def test_the_page_shows_charts_with_their_tables_and_files(client, exchanges):
    text = client.get("/evaluation/").content.decode()

    for name in ("year", "modality", "region"):
        assert f'id="chart-{name}"' in text
        assert f"?export=csv&amp;of={name}" in text
    assert "Secret" not in text
    assert text.count('<svg class="chart"') == 3


def test_every_figure_leads_to_its_explanation(client):
    parent, (one, two) = a_tree()
    report(one, 4)
    report(two, 5)
    compute(one)

    text = client.get("/evaluation/").content.decode()
    rows = table(client, "figures")

    for each in (figure(parent), figure(parent, 2020)):
        assert f'href="{each.get_absolute_url()}"' in text
    assert {row["url"] for row in rows} == {
        f"http://testserver{each.get_absolute_url()}"
        for each in (figure(parent), figure(parent, 2020))
    }
    assert "2 of 2 reported" in text


def test_drafts_of_the_community_are_left_out(client):
    parent, (one, _two) = a_tree()
    report(one, 4)
    framework = parent.result.framework
    framework.is_published = False
    framework.save()
    compute(one)

    assert framework.title not in client.get("/evaluation/").content.decode()
    assert table(client, "figures") == []


def test_an_empty_portal_says_what_to_do_first(client):
    text = client.get("/evaluation/").content.decode()

    assert "No figure of the community yet" in text
    assert "No exchange is published yet." in text


def test_an_unknown_table_is_refused(client):
    response = client.get("/evaluation/?export=csv&of=countries")

    assert response.status_code == 400
    assert response.content.decode() == (
        "There is no such table. There are: figures, year, modality, region, rung."
    )


def test_statements_do_not_grow(client, exchanges):
    _parent, (one, _two) = a_tree()
    report(one, 4)
    compute(one)
    from_one = statements(client)
    for _number in range(3):
        _other, (child,) = a_tree(hubs=1)
        report(child, 4)
        compute(child)
        make.PartyFactory(exchange=make.ExchangeFactory())

    assert statements(client) == from_one
    assert from_one <= 12


def statements(client):
    with CaptureQueriesContext(connection) as found:
        client.get("/evaluation/")
    return len(found)


def test_the_list_and_the_dashboard_count_the_same_exchanges(client, exchanges):
    for state in (True, False):  # of a hub that is hidden, nobody counts any
        make.ExchangeFactory(hub__is_published=False, is_confirmed=state)
    Exchange.objects.filter(confidentiality="parties").delete()
    hub = exchanges[0].hub
    make.ExchangeFactory(hub=hub, draft=True)
    client.force_login(person("editor", hub))

    page = client.get("/evaluation/exchanges/")

    listed = {one["name"]: one["exchanges"] for one in page.context["totals"]}
    assert listed == {"Confirmed by both sides": 1, "Reported by one side": 1}
    board = client.get("/evaluation/").context
    assert (board["confirmed"], board["one_side"]) == (1, 1)
    assert "published and were not cancelled" in page.content.decode()
    assert page.context["count"] > 2


def test_stories_stand_once_on_the_rung_that_they_reached(client):
    for columns in (
        {"reached": "reform"},
        {"reached": "connect", "exchange__confidential": True},
        {"no_change_found": True, "reached": "connect"},
        {"exchange__status": "cancelled", "exchange__cancel_reason": "No", "reached": "share"},
    ):
        StoryFactory(published=True, **columns)
    StoryFactory(reached="share")

    rows = {row["code"]: row["stories"] for row in table(client, "rung")}
    page = client.get("/evaluation/").content.decode()

    assert rows == {"connect": "1", "share": "0", "reform": "1", "no-change-found": "1"}
    assert 'id="chart-rung"' in page
    assert "/evaluation/gaps/" in page

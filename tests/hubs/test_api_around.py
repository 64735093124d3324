"""Organisations, networks and comparison through the API."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import (
    FACT_FACTORIES,
    CoordinationLinkFactory,
    FundingStreamFactory,
    HubFactory,
    InstitutionalArrangementFactory,
    NetworkFactory,
    NetworkMembershipFactory,
    OrganisationFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db
ORGANISATIONS = "/api/v1/organisations/"
NETWORKS = "/api/v1/networks/"
COMPARE = "/api/v1/hubs/compare/"


def rows_of(response):
    assert response.status_code == 200
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def ministry():
    ministry = OrganisationFactory(slug="ministry", name="Ministry of Planning", country="ID")
    abc, hidden = HubFactory(slug="abc", name="Agency"), HubFactory(slug="x", unpublished=True)
    CoordinationLinkFactory(
        hub=abc,
        organisation=ministry,
        role="lead",
        valid_from=datetime.date(2010, 1, 1),
        valid_from_precision="year",
    )
    CoordinationLinkFactory(hub=hidden, organisation=ministry)
    FundingStreamFactory(hub=abc, provider=ministry)
    FundingStreamFactory(hub=abc, provider=ministry, source_type="own-fees", confidentiality="hub")
    return ministry


def test_organisations_are_listed_and_filtered(ministry):
    OrganisationFactory(slug="foundation", name="A foundation", kind="foundation")

    everybody = Client().get(ORGANISATIONS).json()["results"]
    ministries = Client().get(f"{ORGANISATIONS}?kind=ministry&country=ID&fields=slug").json()

    assert [row["slug"] for row in everybody] == ["foundation", "ministry"]
    assert ministries["results"] == [{"slug": "ministry"}]
    assert everybody[1]["api_url"] == "http://testserver/api/v1/organisations/ministry/"
    assert rows_of(Client().get(f"{ORGANISATIONS}?format=csv"))[1]["name"] == ministry.name
    assert Client().get(f"{ORGANISATIONS}?kind=unknown").status_code == 400


def test_an_organisation_is_shown_with_the_ties_that_the_reader_may_see(ministry):
    for client, funds in (
        (Client(), {"state-budget"}),
        (client_of(MemberFactory(moderator=True)), {"state-budget", "own-fees"}),
    ):
        data = client.get(f"{ORGANISATIONS}ministry/").json()

        assert {tie["as_what"] for tie in data["funds"]} == funds
        slugs = {tie["slug"] for tie in data["coordinates_with"]}
        assert slugs == ({"abc"} if funds == {"state-budget"} else {"abc", "x"})
    assert Client().get(f"{ORGANISATIONS}ministry/").json()["coordinates_with"] == [
        {
            "slug": "abc",
            "name": "Agency",
            "as_what": "lead",
            "valid_from": "2010",
            "valid_to": None,
        }
    ]


def test_networks_are_listed_and_shown_with_the_hubs_that_the_reader_may_see():
    network = NetworkFactory(
        slug="cabri", name="CABRI", secretariat=HubFactory(slug="s", unpublished=True)
    )
    NetworkMembershipFactory(network=network, hub__slug="abc", hub__name="Agency")
    NetworkMembershipFactory(network=network, hub=HubFactory(slug="hidden", unpublished=True))

    listed = Client().get(NETWORKS).json()["results"]
    network = Client().get(f"{NETWORKS}cabri/").json()

    assert [row["slug"] for row in listed] == ["cabri"]
    assert network["secretariat"] is None
    assert network["hubs"] == [
        {"slug": "abc", "name": "Agency", "joined_on": None, "left_on": None}
    ]


@pytest.mark.parametrize("path", [ORGANISATIONS, NETWORKS])
def test_what_is_around_hubs_is_only_read(path):
    moderator = client_of(MemberFactory(moderator=True))

    for method in ("post", "put", "patch", "delete"):
        assert getattr(moderator, method)(path).status_code == 405
    assert Client().get(f"{path}nothing/").status_code == 404


@pytest.fixture
def three_hubs():
    for slug in ("a", "b", "c"):
        hub = HubFactory(slug=slug, name=slug.upper())
        for factory in FACT_FACTORIES:
            factory(hub=hub, sources=[SourceFactory()])


def test_the_comparison_says_the_same_in_every_form(three_hubs):
    query = "?hub=b&hub=a"

    data = Client().get(f"{COMPARE}{query}").json()
    table = rows_of(Client().get(f"{COMPARE}{query}&format=csv"))
    page = rows_of(Client().get(f"/hubs/compare/{query}&export=csv"))

    assert table == page
    assert [(row["hub"], row["dimension"], row["value"]) for row in data["results"]] == [
        (row["hub"], row["dimension"], row["value"]) for row in table
    ]
    assert [row["hub"] for row in data["results"]][:2] == ["b", "a"]
    assert all(row["sources"] for row in data["results"] if row["dimension"] == "funding-streams")


def test_the_comparison_is_as_of_a_day():
    for slug, year in (("a", 1987), ("b", 2012)):
        InstitutionalArrangementFactory(
            hub=HubFactory(slug=slug), valid_from=datetime.date(year, 1, 1)
        )

    data = Client().get(f"{COMPARE}?hub=a&hub=b&as_of=2000").json()

    said = {
        row["hub"]: row["value"]
        for row in data["results"]
        if row["dimension"] == "institutional-arrangements"
    }
    assert data["as_of"] == "2000-12-31"
    assert (bool(said["a"]), said["b"]) == (True, "")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?hub=",
        "?hub=nothing",
        "?hub=a&hub=hidden",
        "?hub=a&hub=b&hub=c&hub=d&hub=e&hub=f&hub=g",
        "?hub=a&as_of=2012-02-30",
        "?hub=a&colour=red",
        "?hub=a&format=jsonld",
        "?hub=%00",
    ],
)
def test_a_comparison_of_what_is_not_there_is_400(three_hubs, query):
    HubFactory(slug="hidden", unpublished=True)

    response = Client().get(f"{COMPARE}{query}")

    assert (response.status_code, response.json()["status"]) == (400, 400)


def test_a_comparison_never_shows_what_is_private(three_hubs):
    hub = HubFactory(slug="d")
    before = Client().get(f"{COMPARE}?hub=d").content

    FundingStreamFactory(hub=hub, confidentiality="hub")
    FundingStreamFactory(hub=hub, draft=True)

    assert Client().get(f"{COMPARE}?hub=d").content == before


def test_comparing_six_hubs_costs_as_many_queries_as_one():
    def queries_of(number):
        query = "&".join(f"hub=h{i}" for i in range(number))
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(f"{COMPARE}?{query}").status_code == 200
        return len(queries)

    for i in range(6):
        for factory in FACT_FACTORIES:
            factory(hub=HubFactory(slug=f"h{i}") if factory is FACT_FACTORIES[0] else hub_of(i))

    assert queries_of(6) == queries_of(1) <= 14


def hub_of(number):
    from hubs.models import Hub

    return Hub.objects.get(slug=f"h{number}")

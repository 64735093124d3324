"""Entries as schema.org articles."""

import pytest

from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/entries/wells/?format=jsonld"


def linked(client, **columns):
    hub = make_hubs.HubFactory(slug="agency", name="Agency")
    entry = make.EntryFactory(hub=hub, slug="wells", title="Wells", **columns)
    entry.sources.add(make_hubs.SourceFactory(title="Report", address="https://example.org/r"))
    make.publish_content(entry, by=None)
    return client.get(ADDRESS)


def test_an_entry_is_an_article_of_its_hub(client):
    answer = linked(client, countries=["ML"], sectors=["140"], year_from=2010)
    data = answer.json()

    assert answer["Content-Type"] == "application/ld+json"
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Article")
    assert (data["name"], data["version"]) == ("Wells", 1)
    assert data["publisher"]["@id"] == "http://testserver/hubs/agency/"
    assert data["spatialCoverage"] == [{"@type": "Country", "name": "Mali", "identifier": "ML"}]
    assert data["temporalCoverage"] == "2010/.."
    assert data["about"][0]["termCode"] == "140"


def test_sources_are_cited_and_versions_named(client):
    data = linked(client).json()

    assert data["citation"][0]["url"] == "https://example.org/r"
    assert data["workExample"][0]["url"] == "http://testserver/catalogue/wells/v/1/"


def test_what_is_not_stated_is_left_out(client):
    data = linked(client).json()

    assert not {"license", "comment", "temporalCoverage", "about", "spatialCoverage"} & set(data)


def test_what_is_contested_says_so(client):
    data = linked(client, is_contested=True, contested_statement="By whom.").json()

    assert data["comment"] == [{"@type": "Comment", "name": "Contested", "text": "By whom."}]


def test_the_page_links_it(client):
    linked(client)

    assert ADDRESS in client.get("/catalogue/wells/").content.decode()


LISTS = {
    "entries": "Article",
    "building-blocks": "CreativeWork",
    "resources": "CreativeWork",
    "experts": "Person",
}


@pytest.fixture
def one_of_each():
    hub = make_hubs.HubFactory(slug="agency", name="Agency")
    make.EntryFactory(hub=hub, title="Wells", published=True, sectors=["140"])
    make.BuildingBlockFactory(hub=hub, title="Vouchers")
    resource = make.ResourceFactory(
        hub=hub, title="Guide", authors="A; B", year=2020, licence="CC BY 4.0", publisher="Office"
    )
    make.ResourceLinkFactory(resource=resource, address="https://example.org/guide.pdf")
    make.ExpertFactory(hub=hub, name="Ada", consented=True, sectors=["140"])


@pytest.mark.parametrize("kind", LISTS)
def test_lists_are_graphs_of_things_with_pages(client, one_of_each, kind):
    answer = client.get(f"/api/v1/{kind}/?format=jsonld")
    (node,) = answer.json()["@graph"]

    assert answer["Content-Type"] == "application/ld+json"
    assert (answer.json()["@context"], node["@type"]) == ("https://schema.org", LISTS[kind])
    assert client.get(node["@id"]).status_code == 200
    of = node.get("publisher") if kind != "resources" else node["provider"]
    of = node["worksFor"] if kind == "experts" else of
    assert of == {"@type": "Organization", "@id": "http://testserver/hubs/agency/"}


@pytest.mark.parametrize("kind", ["building-blocks", "resources", "experts"])
def test_one_thing_is_told_as_in_its_list_and_its_page_links_it(client, one_of_each, kind):
    (row,) = client.get(f"/api/v1/{kind}/").json()["results"]
    (node,) = client.get(f"/api/v1/{kind}/?format=jsonld").json()["@graph"]

    whole = client.get(f"{row['api_url']}?format=jsonld").json()

    assert whole == {"@context": "https://schema.org", **node}
    path = row["api_url"].removeprefix("http://testserver")
    assert f'"{path}?format=jsonld"' in client.get(row["url"]).content.decode()


def test_a_resource_says_where_it_can_be_had(client, one_of_each):
    (node,) = client.get("/api/v1/resources/?format=jsonld").json()["@graph"]

    assert node["encoding"] == [
        {"@type": "MediaObject", "contentUrl": "https://example.org/guide.pdf"}
    ]
    assert (node["creditText"], node["datePublished"]) == ("A; B", "2020")


def test_what_an_expert_shows_to_nobody_is_not_in_it(client):
    make.ExpertFactory(
        consented=True, employer="Secret office", employer_audience="nobody", contact="a@b.example"
    )

    answer = client.get("/api/v1/experts/?format=jsonld")

    assert "worksFor" not in answer.json()["@graph"][0]
    assert "Secret" not in answer.content.decode()
    assert "a@b.example" not in answer.content.decode()


@pytest.mark.parametrize("kind", LISTS)
def test_lists_hold_what_the_json_holds(client, one_of_each, kind):
    for factory in (make.EntryFactory, make.BuildingBlockFactory, make.ExpertFactory):
        factory(hub=make_hubs.HubFactory(unpublished=True))
    make.ResourceFactory(hub=make_hubs.HubFactory(unpublished=True))

    rows = client.get(f"/api/v1/{kind}/").json()["results"]
    nodes = client.get(f"/api/v1/{kind}/?format=jsonld").json()["@graph"]

    assert [row["url"] for row in rows] == [node["@id"] for node in nodes]


def test_pages_of_a_list_name_their_neighbours(client):
    make.EntryFactory.create_batch(3, published=True)

    answer = client.get("/api/v1/entries/?format=jsonld&page_size=2")

    assert len(answer.json()["@graph"]) == 2
    assert 'rel="next"' in answer["Link"]


@pytest.mark.parametrize("number", [1, 30])
def test_a_list_costs_the_same_however_long(client, django_assert_num_queries, number):
    make.EntryFactory.create_batch(number, published=True)

    with django_assert_num_queries(1):
        nodes = client.get("/api/v1/entries/?format=jsonld&page_size=50").json()["@graph"]

    assert len(nodes) == number

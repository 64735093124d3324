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

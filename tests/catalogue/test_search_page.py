"""The page of the search: its filters, files and what it says when little is found."""

import csv
import io

import pytest
from django.db import connection
from django.db.models import Func, TextField, Value

from catalogue.querysets import SearchWordQuerySet
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    hub = make_hubs.HubFactory(slug="agency", name="Agency", acronym="AG")
    make.EntryFactory(title="Cotton", hub=hub, countries=["ML"], published=True)
    make.EntryFactory(title="Coffee", lessons="cotton", countries=["KE"], published=True)
    make.EntryFactory(title="=Budget", hub=hub, countries=["KE"], published=True)


def titles(page):
    return [line.shown.title for line in page.context["lines"]]


def rows(client, query):
    text = b"".join(client.get(f"/search/?{query}&export=csv").streaming_content).decode(
        "utf-8-sig"
    )
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["=Budget", "Coffee", "Cotton"]),
        ("q=cotton", ["Cotton", "Coffee"]),
        ("q=cotton&order=-published_at", ["Coffee", "Cotton"]),
        ("country=KE", ["=Budget", "Coffee"]),
        ("q=cotton&country=KE", ["Coffee"]),
        ("hub=agency&type=entry", ["=Budget", "Cotton"]),
        ("country=XX", []),
    ],
)
def test_the_page_and_its_file_hold_the_same_in_the_same_order(client, three, query, expected):
    assert titles(client.get(f"/search/?{query}")) == expected
    if "XX" not in query:
        assert [row["title"].lstrip("'") for row in rows(client, query)] == expected


def test_the_file_names_kind_hub_and_addresses_and_defuses_cells(client, three):
    row = rows(client, "hub=agency")[0]

    assert row["title"] == "'=Budget"
    assert (row["type"], row["hub"]) == ("entry", "AG")
    assert client.get(row["url"]).status_code == 200
    assert client.get(row["api_url"]).status_code == 200


def test_the_file_of_a_bad_filter_is_refused(client, three):
    assert client.get("/search/?country=XX&export=csv").status_code == 400


def test_the_feed_holds_the_newest_that_fit(client, three):
    body = client.get("/search/?q=cotton&export=atom").content.decode()

    assert body.index("<title>Coffee</title>") < body.index("<title>Cotton</title>")
    assert "=Budget" not in body


def test_facets_have_counts_without_their_own_filter(client, three):
    page = client.get("/search/?country=KE")
    facets = {facet.name: facet for facet in page.context["facets"]}

    assert {o.value: o.count for o in facets["country"].options} == {"KE": 2, "ML": 1}
    assert {o.value: o.count for o in facets["type"].options} == {"entry": 2}


def test_where_nothing_holds_all_words_some_will_do_and_the_page_says_so(client, three):
    page = client.get("/search/?q=cotton+unheard")

    assert titles(page)[0] == "Cotton"
    assert "holds some of them" in page.content.decode()


@pytest.mark.parametrize("query", ["cotton -cotton", '"cotton unheard"', "unheard"])
def test_who_says_it_exactly_gets_exactly_that(client, three, query):
    page = client.get("/search/", {"q": query})

    assert titles(page) == []
    assert "Nothing was found" in page.content.decode()


def test_a_proposal_comes_from_what_the_reader_may_see_alone(client, three):
    hidden = make_hubs.HubFactory(unpublished=True)
    make.EntryFactory(title="Gorongosa", hub=hidden, published=True)

    assert client.get("/search/?q=gorongoza").context["proposal"] == ""
    assert client.get("/search/?q=cotten").context["proposal"] == "cotton"


def test_a_fragment_holds_results_and_facets_alone(client, three):
    body = client.get("/search/?q=cotton", headers={"HX-Request": "true"}).content.decode()

    assert body.lstrip().startswith("<section")
    assert 'id="facets"' in body
    assert "<html" not in body


@pytest.mark.parametrize("page", ["2", "900", "0", "x", "-1", "99999999"])
def test_odd_pages_show_the_nearest(client, three, page):
    assert len(titles(client.get(f"/search/?page={page}"))) == 3


def test_a_search_that_finds_nothing_does_not_wait_long_for_other_words(client, monkeypatch):
    def slow(rows, word, visible, most):
        list(rows.annotate(late=Func(Value(5), function="pg_sleep", output_field=TextField())))
        return []

    make.EntryFactory(title="Cotton", published=True)
    monkeypatch.setattr(SearchWordQuerySet, "titles_like", slow)

    page = client.get("/search/?q=cottno")

    assert page.status_code == 200
    assert page.context["proposal"] == ""
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] != "500ms"

"""Entries side by side: what differs, who may see them, the same in every format."""

import csv
import io

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.comparison import compare
from catalogue.models import Entry
from tests.factories import catalogue as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
PAGE, API = "/catalogue/compare/", "/api/v1/entries/compare/"


def published(slug, **columns):
    return make.EntryFactory(slug=slug, title=slug.title(), published=True, **columns)


def row_of(name, *slugs):
    entries = Entry.objects.visible_to(MemberFactory.build()).for_comparison(slugs)
    return next(row for row in compare(entries).rows if row.name == name)


def asked(*slugs):
    return "?" + "&".join(f"entry={slug}" for slug in slugs)


def test_what_not_every_entry_has_is_marked():
    published("wells", sectors=["140", "311"])
    published("seeds", sectors=["311"])

    row = row_of("sectors", "wells", "seeds")

    assert row.differs
    assert [[value.differs for value in cell.values].count(True) for cell in row.cells] == [1, 0]


def test_not_stated_is_no_difference():
    published("wells", sectors=["140"])
    published("seeds")

    row = row_of("sectors", "wells", "seeds")

    assert not row.differs
    assert row.cells[1].values == []


def test_prose_is_not_marked():
    published("wells", challenge="No water.")
    published("seeds", challenge="No seed.")

    assert not row_of("challenge", "wells", "seeds").differs


def test_the_order_is_that_of_the_address(client):
    published("wells")
    published("seeds")

    page = client.get(PAGE + asked("seeds", "wells"))

    assert [entry.slug for entry in page.context["comparison"].entries] == ["seeds", "wells"]


def test_page_csv_and_api_hold_the_same(client):
    wells = published("wells", countries=["ML"], is_contested=True, contested_statement="By whom.")
    make.ResultRowFactory(entry=wells, statement="Wells dug", value=7, unit="wells")

    page = client.get(PAGE + asked("wells")).content.decode()
    text = b"".join(client.get(PAGE + asked("wells") + "&export=csv").streaming_content)
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    answer = client.get(API + asked("wells")).json()["results"]

    assert [row["value"] for row in rows] == [row["value"] for row in answer]
    assert {"By whom.", "Mali", "Wells dug: 7 wells"} <= {row["value"] for row in rows}
    assert all(text in page for text in ("By whom.", "Mali", "Wells dug: 7 wells", "not stated"))
    assert "Version 1" in page


@pytest.mark.parametrize("address", [PAGE, API])
def test_hidden_and_unknown_entries_get_the_same_words(client, address):
    make.EntryFactory(slug="hidden")

    answers = [client.get(address + asked(slug)) for slug in ("hidden", "nobody")]

    assert [answer.status_code for answer in answers] == [400, 400]
    for answer, slug in zip(answers, ("hidden", "nobody"), strict=True):
        assert f"There is no entry “{slug}”." in answer.content.decode()


@pytest.mark.parametrize(("address", "words"), [(PAGE, "up to 4"), (API, "1 to 4")])
def test_more_than_four_are_refused_in_words(client, address, words):
    slugs = [published(f"entry-{number}-x").slug for number in range(5)]

    answer = client.get(address + asked(*slugs))

    assert answer.status_code == 400
    assert words in answer.content.decode()


@pytest.mark.parametrize("query", ["entry=%00", "entry=" + "x" * 10_000, "q=%00", "q=" + "x" * 300])
def test_odd_input_is_refused(client, query):
    assert client.get(f"{PAGE}?{query}").status_code == 400


def test_entries_are_found_and_added_without_a_script(client):
    published("wells")
    published("seeds")
    make.EntryFactory(slug="hidden", title="Seeds hidden")

    page = client.get(f"{PAGE}?entry=wells&q=seeds")

    assert [offer["url"] for offer in page.context["offers"]] == ["?entry=wells&entry=seeds"]


def test_an_entry_can_be_taken_away(client):
    published("wells")
    published("seeds")

    page = client.get(PAGE + asked("wells", "seeds"))

    assert [rest for _entry, rest in page.context["drop"]] == ["?entry=seeds", "?entry=wells"]


def test_four_entries_cost_no_more_statements_than_one(client):
    slugs = []
    for number in range(4):
        entry = published(f"entry-{number}-x")
        make.ResultRowFactory(entry=entry)
        slugs.append(entry.slug)

    def statements(*chosen):
        client.get(PAGE + asked(*chosen))
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE + asked(*chosen))
        return len(queries)

    assert statements(*slugs) == statements(slugs[0])


@pytest.mark.parametrize("path", ["/catalogue/", "/catalogue/wells/"])
def test_the_comparison_is_linked(client, path):
    published("wells")

    assert f"{PAGE}?entry=wells" in client.get(path).content.decode()

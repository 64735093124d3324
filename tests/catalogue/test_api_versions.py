"""Versions of an entry and what changed between them, as programs read them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue import services
from tests.factories import catalogue as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
VERSIONS = "/api/v1/entries/wells/versions/"


@pytest.fixture
def entry():
    entry = make.EntryFactory(slug="wells", title="Wells", published=True)
    entry.title = "Deep wells"
    entry.save()
    services.publish_content(entry, by=None)
    entry.refresh_from_db()
    return entry


def test_versions_are_listed_newest_first(client, entry):
    rows = client.get(VERSIONS).json()["results"]

    assert [row["number"] for row in rows] == [2, 1]
    assert rows[1]["url"] == "http://testserver/catalogue/wells/v/1/"
    assert client.get(rows[1]["api_url"]).json()["title"] == "Wells"


def test_what_changed_is_told_in_pieces(client, entry):
    answer = client.get(f"{VERSIONS}2/diff/").json()

    assert (answer["from"], answer["to"]) == (1, 2)
    (part,) = answer["parts"]
    assert (part["name"], part["label"]) == ("title", "title")
    texts = [(piece["kind"], piece["text"]) for piece in part["pieces"]]
    assert "".join(text for kind, text in texts if kind != "new") == "Wells"
    assert "".join(text for kind, text in texts if kind != "gone") == "Deep wells"


def test_it_says_what_the_page_says(client, entry):
    page = client.get("/catalogue/wells/v/1/diff/?from=2")
    (program,) = client.get(f"{VERSIONS}1/diff/?from=2").json()["parts"]

    (part,) = page.context["parts"]
    assert [(piece["kind"], piece["text"]) for piece in program["pieces"]] == part["pieces"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("1/diff/", 404),
        ("2/diff/?from=9", 404),
        ("9/diff/?from=1", 404),
        ("2/diff/?from=2", 400),
        ("2/diff/?from=x", 400),
        ("2/diff/?from=-1", 400),
        ("2/diff/?from=%00", 400),
        ("2/diff/?from=²", 400),
        ("2/diff/?from=" + "9" * 5_000, 400),
        ("2/diff/?to=1", 400),
        ("999999/", 404),
        ("9999999/", 404),
        ("?order=title", 400),
        ("?cursor=x", 400),
    ],
)
def test_what_there_is_not_is_said(client, entry, query, status):
    answer = client.get(f"{VERSIONS}{query}")

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_of_what_was_withdrawn_it_says_why(client, entry):
    services.withdraw_entry(entry, reason="A mistake.", by=MemberFactory(moderator=True))

    for path in ("", "1/", "2/diff/"):
        answer = client.get(f"{VERSIONS}{path}")
        assert answer.status_code == 410
        assert "A mistake." in answer.json()["detail"]


def test_of_a_hidden_hub_there_are_none(client, entry):
    entry.hub.is_published = False
    entry.hub.save()

    for path in ("", "1/", "2/diff/"):
        assert client.get(f"{VERSIONS}{path}").status_code == 404


@pytest.mark.parametrize("number", [2, 20])
def test_a_list_costs_the_same_however_long(client, entry, number):
    for _time in range(number - 2):
        services.publish_content(entry, by=None)

    with CaptureQueriesContext(connection) as queries:
        rows = client.get(VERSIONS).json()["results"]

    assert len(rows) == number
    assert len(queries) == 2

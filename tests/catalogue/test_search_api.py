"""/api/v1/search/: what it answers, page by page, and what it refuses."""

import pytest

from catalogue import search as module
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db

PATH = "/api/v1/search/"


@pytest.fixture
def five():
    hub = make_hubs.HubFactory(slug="agency", acronym="AG")
    for number in range(4):
        make.EntryFactory(
            slug=f"cotton-{number}", title=f"Cotton {number}", hub=hub, countries=["ML"],
            published=True,
        )  # fmt: skip
    make.EntryFactory(
        title="Água", slug="agua", language="pt", countries=["AO"], sectors=["140"],
        what_was_done="Feira algodão & <b>água</b>.", published=True,
    )  # fmt: skip


def test_each_result_says_what_it_is_and_where(client, five):
    row = client.get(PATH, {"q": "agua"}).json()["results"][0]

    assert row["type"] == "entry"
    assert (row["title"], row["language"]) == ("Água", "pt")
    assert row["url"] == "http://testserver/catalogue/agua/"
    assert client.get(row["api_url"]).json()["slug"] == "agua"
    assert row["score"] > 1
    assert row["highlights"] == ["Feira algodão &amp; &lt;b&gt;<mark>água</mark>&lt;/b&gt;."]


def test_a_word_finds_what_says_the_same_in_another_language(client, five):
    titles = [row["title"] for row in client.get(PATH, {"q": "cotton"}).json()["results"]]

    assert titles[:4] == ["Cotton 3", "Cotton 2", "Cotton 1", "Cotton 0"]
    assert titles[4:] == ["Água"]


def test_words_in_quotation_marks_stand_for_themselves(client, five):
    assert client.get(PATH, {"q": '"feira cotton"', "count": "true"}).json()["count"] == 0
    assert client.get(PATH, {"q": '"feira algodao"', "count": "true"}).json()["count"] == 1


def test_counts_and_facets_come_when_they_are_asked_for(client, five):
    plain = client.get(PATH, {"q": "cotton"}).json()
    whole = client.get(PATH, {"q": "cotton", "count": "true", "facets": "true"}).json()

    assert "count" not in plain
    assert "facets" not in plain
    assert (whole["count"], whole["is_more"], whole["is_partial"]) == (5, False, False)
    assert whole["facets"]["country"] == {"is_about": False, "counts": {"AO": 1, "ML": 4}}
    assert whole["facets"]["type"]["counts"] == {"entry": 5}
    assert whole["facets"]["hub"]["counts"]["agency"] == 4


def test_a_facet_counts_without_its_own_filter(client, five):
    answer = client.get(PATH, {"country": "AO", "facets": "true", "count": "true"}).json()

    assert answer["count"] == 1
    assert answer["facets"]["country"]["counts"] == {"AO": 1, "ML": 4}
    assert answer["facets"]["sector"]["counts"] == {"140": 1}


def test_pages_follow_on_each_other_and_lead_back(client, five):
    first = client.get(PATH, {"page_size": 2, "order": "-published_at"}).json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()

    titles = [row["title"] for page in (first, second, third) for row in page["results"]]
    assert titles == ["Água", "Cotton 3", "Cotton 2", "Cotton 1", "Cotton 0"]
    assert first["previous"] is None
    assert third["next"] is None
    assert client.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(
    "query",
    [
        "type=nothing", "country=XX", "hub=nobody", "sdg=99", "order=title", "order=-relevance",
        "page_size=0", "page_size=201", "cursor=x", "cursor=LTE", "cursor=OTk5OTk5OTk5OTk5",
        "cursor=%00", "facets=perhaps", "count=1", "unknown=1", "q=%00", "q=" + "x" * 201,
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(client, five, query):
    response = client.get(f"{PATH}?{query}")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_a_hub_that_is_not_shown_is_no_choice(client):
    make_hubs.HubFactory(slug="hidden", unpublished=True)

    assert client.get(PATH, {"hub": "hidden"}).status_code == 400


def test_when_time_is_up_the_answer_says_that_something_is_left_out(client, monkeypatch, five):
    monkeypatch.setattr(module, "MAX_SECONDS", 0.05)
    slow = "SELECT 'entry', 1, 1.0 FROM pg_sleep(30)"
    monkeypatch.setattr(module._Run, "_best", lambda self, *_: self._ask(slow))

    answer = client.get(PATH, {"q": "cotton"}).json()

    assert (answer["is_partial"], answer["results"]) == (True, [])


@pytest.mark.parametrize("rows", [1, 40])
def test_the_answer_needs_the_same_queries_for_one_row_and_for_many(
    client, django_assert_num_queries, rows
):
    hub = make_hubs.HubFactory()
    make.EntryFactory.create_batch(rows, title="Cotton", hub=hub, published=True)

    # the state of the search, the best, their count and facets (with a transaction and its
    # limits), the entries, the words in them, the hubs to choose
    with django_assert_num_queries(10):
        client.get(PATH, {"q": "cotton", "facets": "true", "page_size": 50})

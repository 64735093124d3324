"""What is not published yet, or no longer: the same on the desk page, through the API, as CSV."""

import csv
import io

import pytest

from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.articles import ArticleFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db
PAGE, API = "/community/articles/desk/", "/api/v1/articles/desk/"


@pytest.fixture
def hub():
    return HubFactory()


@pytest.fixture
def head(hub):
    return client_of(MembershipFactory(hub=hub, head=True).member)


@pytest.fixture
def moderator():
    return client_of(MemberFactory(moderator=True))


@pytest.fixture(autouse=True)
def _articles(hub):
    ArticleFactory(title="Ours", draft=True, hub=hub, is_proposal=True, return_note="Who paid?")
    ArticleFactory(title="Theirs", draft=True, hub=HubFactory(), is_proposal=True)
    ArticleFactory(title="A draft", draft=True)
    ArticleFactory(title="Gone", withdrawn=True)
    ArticleFactory(title="To be read")


def titles(client, query=""):
    by_page = {each.title for each in client.get(PAGE).context["page_obj"]}
    by_api = {each["title"] for each in client.get(f"{API}{query}").json()["results"]}
    text = client.get(f"{API}?format=csv").getvalue().decode("utf-8-sig")
    by_csv = {each["title"] for each in csv.DictReader(io.StringIO(text))}
    assert by_page == by_api == by_csv
    return by_page


def test_each_finds_what_they_write_or_decide_on(head, moderator):
    assert titles(moderator) == {"Ours", "Theirs", "A draft", "Gone"}
    assert titles(head) == {"Ours"}


def test_a_row_says_how_far_it_is(head):
    (row,) = head.get(API).json()["results"]

    assert (row["state"], row["is_proposal"], row["return_note"]) == ("draft", True, "Who paid?")
    assert head.get(f"{API}?fields=title,state").json()["results"] == [
        {"title": "Ours", "state": "draft"}
    ]


def test_the_desk_can_be_filtered_and_ordered(moderator):
    found = moderator.get(f"{API}?q=draft").json()["results"]
    assert [each["title"] for each in found] == ["A draft"]

    moments = [each["updated_at"] for each in moderator.get(API).json()["results"]]
    assert moments == sorted(moments, reverse=True)
    assert moderator.get(f"{API}?order=published_at").status_code == 400


def test_nobody_else_is_let_in(client):
    assert client.get(API).status_code == 401
    assert client_of(MemberFactory()).get(API).status_code == 403

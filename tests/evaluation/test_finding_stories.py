"""Impact stories in the search: found while everybody may see them, and no longer."""

import pytest
from django.contrib.auth.models import AnonymousUser

from catalogue import searchable
from catalogue.models import SearchRow
from catalogue.search import Search, search
from catalogue.services import index_everything
from evaluation.services import stories as services
from evaluation.services.exchange_states import withdraw_exchange
from evaluation.services.exchanges import change_exchange
from hubs.services import change_hub
from tests.factories.evaluation import ExchangeFactory, PartyFactory
from tests.factories.evaluation_stories import StoryFactory, told
from tests.hubs.people import person

pytestmark = pytest.mark.django_db


def found(text, **chosen):
    wanted = Search(tuple(searchable.kinds()), text, chosen)
    return set(search(wanted, user=AnonymousUser(), limit=50).things)


@pytest.fixture
def exchange():
    made = ExchangeFactory(sectors=["151"], starts_on="2019-05-01", title="Visits to Brasília")
    PartyFactory(exchange=made, hub=None, country="MZ")
    PartyFactory(exchange=made, hub=None, country="MZ", side="seeker")
    return made


@pytest.fixture
def head(exchange):
    return person("head", exchange.hub)


@pytest.fixture
def story(exchange, head):
    """A story that was published by its services."""
    made = StoryFactory(exchange=exchange, submitted=True, title="A procurement law")
    told(made, connect="attendance")
    made.refresh_from_db()
    return services.publish_story(made, expected_version=made.version, by=head)


def is_found(story):
    """Whether its own words find it, and all of the search, counts too, knows it."""
    row = SearchRow.objects.filter(kind="story", object_pk=story.pk).exists()
    assert row == (("story", story.pk) in found("procurement"))
    return row


def test_a_draft_is_not_found(exchange):
    StoryFactory(exchange=exchange, title="A procurement law")
    index_everything()

    assert found("procurement") == set()


@pytest.mark.parametrize("words", ["procurement", "second visit", "election", "brasilia", "met"])
def test_a_published_story_is_found_by_all_that_it_tells(words, story):
    assert ("story", story.pk) in found(words)


@pytest.mark.parametrize(
    "chosen",
    [{"type": ["story"]}, {"country": ["MZ"]}, {"sector": ["151"]}, {"year": ["2019"]}],
)
def test_a_story_is_found_under_places_and_subjects_of_its_exchange(chosen, story):
    assert ("story", story.pk) in found("procurement", **chosen)
    row = SearchRow.objects.get(kind="story")
    assert row.codes.count("country:MZ") == 1


def test_a_result_leads_to_the_page_and_the_resource(client, story):
    answer = client.get("/api/v1/search/", {"q": "procurement", "type": "story"}).json()

    (row,) = answer["results"]
    assert row["title"] == "A procurement law"
    assert client.get(row["url"]).status_code == 200
    assert client.get(row["api_url"]).json()["title"] == row["title"]


def test_a_withdrawn_story_is_found_no_more(story, head):
    assert is_found(story)

    services.withdraw_story(story, reason="Wrong.", by=head)

    assert not is_found(story)


def test_a_story_goes_with_its_exchange(story, exchange, head):
    exchange.refresh_from_db()

    withdraw_exchange(exchange, reason="Wrong.", by=head)

    assert not is_found(story)


def test_a_story_of_an_exchange_made_confidential_is_found_no_more(story, exchange, head):
    exchange.refresh_from_db()

    change_exchange(
        exchange,
        changes={"confidentiality": "parties"},
        expected_version=exchange.version,
        by=head,
    )

    assert not is_found(story)


def test_exchange_and_story_are_found_no_more_once_a_hub_in_them_is_hidden(story, exchange):
    party = PartyFactory(exchange=exchange)
    index_everything()
    assert {("exchange", exchange.pk)} <= found("brasilia")
    moderator = person("moderator", party.hub)

    change_hub(
        party.hub,
        changes={"is_published": False},
        expected_version=party.hub.version,
        by=moderator,
    )

    assert not is_found(story)
    assert not SearchRow.objects.filter(kind="exchange").exists()

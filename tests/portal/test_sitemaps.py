"""The sitemap names every public thing once, and nothing that is hidden from visitors."""

import itertools
import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from portal import sitemaps
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.articles import ArticleFactory
from tests.factories.catalogue import BuildingBlockFactory, EntryFactory, ResourceFactory
from tests.factories.community import SpaceFactory, ThreadFactory
from tests.factories.evaluation import ExchangeFactory
from tests.factories.evaluation_stories import StoryFactory
from tests.factories.events import EventFactory
from tests.factories.hubs import HubFactory

pytestmark = pytest.mark.django_db
NAMES = {"of": "http://www.sitemaps.org/schemas/sitemap/0.9"}
HOST = "http://testserver"


def addresses(client, path):
    """Return the addresses in one file, without the host."""
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    told = ElementTree.fromstring(response.content)  # noqa: S314 -- our own
    return [each.text.removeprefix(HOST) for each in told.iterfind("*/of:loc", NAMES)]


def parts(client):
    return addresses(client, "/sitemap.xml")


def everything(client):
    return [address for part in parts(client) for address in addresses(client, part)]


def public_things(number=1):
    hub = HubFactory()
    found = []
    for _each in range(number):
        exchange = ExchangeFactory(hub=hub)
        found += [
            EntryFactory(published=True, hub=hub),
            BuildingBlockFactory(hub=hub),
            ResourceFactory(hub=hub),
            exchange,
            StoryFactory(published=True, exchange=exchange),
            ThreadFactory(space=SpaceFactory()),
            ThreadFactory(comments=True, entry=EntryFactory(published=True, hub=hub)),
            ArticleFactory(),
            EventFactory(hubs=[hub]),
        ]
    return [hub, *found]


def hidden_things():
    closed = HubFactory(unpublished=True)
    kept_back = ExchangeFactory(confidential=True)
    space = SpaceFactory(members=True)
    return [
        closed,
        EntryFactory(published=True, hub=closed),
        EntryFactory(),
        BuildingBlockFactory(hub=closed),
        BuildingBlockFactory(is_published=False),
        ResourceFactory(hub=closed),
        ExchangeFactory(draft=True),
        kept_back,
        StoryFactory(published=True, exchange=kept_back),
        StoryFactory(),
        space,
        ThreadFactory(space=space),
        ThreadFactory(held=True, space=SpaceFactory()),
        ThreadFactory(comments=True, author=None, posts=0, article=ArticleFactory()),
        ThreadFactory(comments=True, hub=closed),
        ArticleFactory(draft=True),
        ArticleFactory(scheduled=True),
        ArticleFactory(withdrawn=True),
        ArticleFactory(hub=closed),
        EventFactory(draft=True),
        EventFactory(hubs=[closed]),
        EventFactory(exchange=kept_back),
    ]


def test_all_that_is_public_is_in_it_once_and_answers():
    things, client = public_things(), Client()

    found = everything(client)

    assert {each.get_absolute_url() for each in things} <= set(found)
    assert sorted(found) == sorted(set(found))
    assert "/hubs/" in found
    for address in found:
        assert client.get(address).status_code == 200, address


def test_nothing_hidden_is_in_it():
    hidden = [each.get_absolute_url() for each in hidden_things()]

    found = everything(Client())

    assert [address for address in hidden if address in found] == []
    assert not [address for address in found if "/members/" in address or "/experts/" in address]


def test_it_is_the_same_for_who_may_see_more():
    hidden_things()
    public_things()

    assert everything(client_of(MemberFactory(moderator=True))) == everything(Client())


def test_it_says_when_a_thing_was_changed_and_when_somebody_answered_last():
    article, thread = ArticleFactory(), ThreadFactory(space=SpaceFactory())
    type(thread).objects.filter(pk=thread.pk).update(last_post_at="2031-02-03T12:00:00Z")

    text = Client().get("/sitemaps/articles.xml").content.decode()
    assert re.findall("<lastmod>(.*?)</lastmod>", text) == [article.updated_at.date().isoformat()]
    text = Client().get("/sitemaps/threads.xml").content.decode()
    assert re.findall("<lastmod>(.*?)</lastmod>", text) == ["2031-02-03"]


def test_long_lists_are_in_parts_of_which_each_holds_its_own(monkeypatch):
    monkeypatch.setattr(sitemaps, "SECTION", 3)
    hubs = [HubFactory() for _each in range(7)]
    client = Client()

    own = [part for part in parts(client) if part.startswith("/sitemaps/hubs.xml")]
    held = [addresses(client, part) for part in own]

    assert max(map(len, held)) <= 3
    assert sorted(itertools.chain(*held)) == sorted(each.get_absolute_url() for each in hubs)
    assert own[1].endswith("?p=2")
    for wrong in (len(own) + 1, 0, -1, "x"):
        assert client.get(f"/sitemaps/hubs.xml?p={wrong}").status_code == 404
    assert client.get("/sitemaps/members.xml").status_code == 404


@pytest.mark.parametrize("number", [1, 4])
def test_it_asks_the_same_number_of_times_whatever_there_is(number, django_assert_num_queries):
    public_things(number)
    client = Client()

    with django_assert_num_queries(1 + len(sitemaps.KINDS)):  # whether it is kept; the newest
        client.get("/sitemap.xml")
    for kind in sitemaps.KINDS:
        with django_assert_num_queries(3):  # and the part
            client.get(f"/sitemaps/{kind}.xml")


@pytest.mark.django_db(transaction=True)
def test_who_has_a_part_is_told_so_until_anything_changes():
    public_things()
    first = Client().get("/sitemaps/hubs.xml")

    seen = Client().get("/sitemaps/hubs.xml", headers={"If-None-Match": first["ETag"]})
    assert seen.status_code == 304
    added = HubFactory()
    assert added.get_absolute_url() in everything(Client())

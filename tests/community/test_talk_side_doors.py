"""What is written in private changes not one byte of what others are shown; and hostile texts."""

import re

import pytest

from community.services import posts, threads
from tests.api_clients import client_of
from tests.core import hostile
from tests.factories import catalogue, evaluation
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db
PASSING = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": ?"\w+"')


def bodies(client, addresses):
    answers = {}
    for address in addresses:
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        answers[address] = (response.status_code, PASSING.sub(b"", body))
    return answers


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_nothing_private_shows_anywhere(who):
    hub = HubFactory(slug="agency")
    space = make.SpaceFactory(slug="room")
    open_thread = make.ThreadFactory(space=space, title="Open")
    author = MembershipFactory(hub=hub, member__slug="author").member
    exchange = evaluation.ExchangeFactory(hub=hub, slug="visit", confidential=True)
    entry = catalogue.EntryFactory(hub=hub, slug="draft")
    client = client_of(MemberFactory() if who == "member" else None)
    addresses = (
        *("/", "/community/", "/community/room/", "/community/threads/", "/hubs/agency/"),
        *("/community/threads/?q=zebra", "/community/threads/?export=csv", "/search/?q=zebra"),
        *("/community/room/?export=atom", "/community/members/author/", "/community/closed/"),
        *(open_thread.get_absolute_url(), "/api/v1/threads/?count=true", "/api/v1/posts/"),
        *("/api/v1/posts/?format=csv", "/api/v1/spaces/", "/catalogue/draft/"),
        *("/evaluation/exchanges/visit/", "/community/about/exchange/visit/"),
        *("/community/notifications/", "/api/v1/search/?q=zebra&facets=true"),
    )
    bodies(client, addresses)
    before = bodies(client, addresses)

    closed = make.SpacePersonFactory(
        space=make.SpaceFactory(slug="closed", name="Zebra", closed=True), member=author
    ).space
    secret = threads.begin_thread(closed, title="Zebra one", text="Zebra", by=author)
    threads.begin_thread(space, title="Zebra two", text="Zebra", about=exchange, by=author)
    threads.begin_thread(space, title="Zebra three", text="Zebra", about=entry, by=author)
    posts.write_post(threads.comments_on(entry), text="Zebra", by=author)
    posts.write_post(open_thread, text="Zebra held", by=MemberFactory(limited=True))
    named = "@demo" if who == "visitor" else "@author"
    posts.write_post(secret, text=f"Zebra {named}", by=author)

    assert bodies(client, addresses) == before
    assert client.get(secret.get_absolute_url()).status_code == 404


def test_hostile_texts_stay_texts():
    writer = MembershipFactory(member__name="<script>alert(1)</script>").member
    thread = make.ThreadFactory(
        title='"><img src=x onerror=alert(1)>', author=writer, posts=0, language="en"
    )
    client = client_of(None)
    some = [text for text in hostile.CORPUS if hostile.NUL not in text and len(text) < 400]
    posts_made = [
        make.PostFactory(thread=thread, author=writer, text=text, html=text) for text in some[::12]
    ]

    pages = [
        client.get(thread.get_absolute_url(), {"page": number}).content.decode()
        for number in range(1, len(posts_made) // 20 + 2)
    ]
    pages += [
        client.get(thread.space.get_absolute_url()).content.decode(),
        client.get("/community/threads/?export=atom").content.decode(),
        client.get("/community/").content.decode(),
    ]

    for page in pages:
        assert hostile.page_of(page).wrong == []
        assert "<img src=x" not in page
        assert "<script>alert" not in page

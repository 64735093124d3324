"""How often a thread is looked at: once by each visitor on a day; robots are no visitors."""

import pytest
from django.core.cache import cache

from community.services.viewing import note_view
from community.tasks import VIEWS_KEY, add_views
from tests.api_clients import client_of
from tests.factories import community as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0"


@pytest.fixture
def thread():
    cache.clear()
    return make.ThreadFactory()


def views_of(thread):
    add_views(thread.pk)
    thread.refresh_from_db()
    return thread.views


def test_each_visitor_counts_once_a_day(thread):
    visitor, member = client_of(None), client_of(MemberFactory())
    for _again in range(3):
        for client in (visitor, member):
            client.get(thread.get_absolute_url(), headers={"user-agent": BROWSER})

    assert views_of(thread) == 2
    assert views_of(thread) == 2
    visitor.get(thread.get_absolute_url(), headers={"user-agent": f"{BROWSER} other"})
    assert views_of(thread) == 3


@pytest.mark.parametrize("program", ["", "Googlebot/2.1", "curl/8", "python-requests/2"])
def test_robots_do_not_count(thread, program):
    client_of(None).get(thread.get_absolute_url(), headers={"user-agent": program})

    assert views_of(thread) == 0


@pytest.mark.django_db(transaction=True)
def test_who_has_the_page_already_has_looked_at_it_too(thread):
    client = client_of(None)
    page = client.get(thread.get_absolute_url(), headers={"user-agent": "curl/8"})
    known = {"user-agent": BROWSER, "if-none-match": page.headers["ETag"]}

    assert client.get(thread.get_absolute_url(), headers=known).status_code == 304

    assert views_of(thread) == 1


def test_nothing_that_is_kept_says_who_it_was(thread):
    note_view(thread.pk, "10.9.8.7 Firefox")

    kept = cache._cache.get_client()
    names = b" ".join(kept.keys("*")).decode()
    assert "10.9.8.7" not in names
    assert "Firefox" not in names
    assert VIEWS_KEY.format(thread=thread.pk) in names


def test_what_is_not_seen_is_not_counted():
    cache.clear()
    secret = make.ThreadFactory(space__closed=True)
    client_of(None).get(secret.get_absolute_url(), headers={"user-agent": BROWSER})

    assert views_of(secret) == 0

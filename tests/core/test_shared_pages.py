"""Pages drawn once for all visitors: never a stale row, never somebody else's page."""

import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.utils.translation import override

from core import shared_pages
from core.shared_pages import shared_page
from hubs.models import Hub
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


class Page:
    """A view that counts how often it was drawn."""

    def __init__(self, answer=None):
        self.drawn = 0
        self.answer = answer or (lambda request: HttpResponse("<p>page</p>"))

    def __call__(self, address="/hubs/", cookies=None, **headers):
        request = RequestFactory(headers=headers).get(address)
        request.user = AnonymousUser()
        request.COOKIES.update(cookies or {})
        return shared_page(self._draw)(request)

    def _draw(self, request):
        self.drawn += 1
        return self.answer(request)


def test_a_page_is_drawn_once_for_all_visitors():
    page = Page()

    assert [page().content, page().content] == [b"<p>page</p>"] * 2
    assert page.drawn == 1


@pytest.mark.parametrize(
    "other",
    [
        {"address": "/hubs/?country=GH"},
        {"cookies": {"theme": "dark"}},
        {"cookies": {"low_data": "on"}},
        {"hx_request": "true"},
    ],
)
def test_what_makes_a_page_another_one_draws_it_again(other):
    page = Page()
    page()
    page(**other)

    assert page.drawn == 2


def test_each_language_has_its_own_page():
    page = Page()
    page()
    with override("ar"):
        page()

    assert page.drawn == 2


@pytest.mark.parametrize("cookie", ["sessionid", "messages"])
def test_who_may_be_somebody_gets_a_page_of_their_own(cookie):
    page = Page()
    page()
    answer = page(cookies={cookie: "anything"})

    assert page.drawn == 2
    assert "ETag" not in answer


def test_a_page_with_a_visitors_token_is_not_given_to_others():
    page = Page(lambda request: HttpResponse(get_token(request)))

    assert page().content != page().content


@pytest.mark.parametrize("status", [302, 400, 404])
def test_only_good_pages_are_kept(status):
    page = Page(lambda request: HttpResponse(status=status))
    page()
    page()

    assert page.drawn == 2


def test_any_change_of_the_database_draws_every_page_again(client):
    make.HubFactory(slug="agency", name="Agency")
    assert b"Agency" in client.get("/hubs/").content

    Hub.objects.update(name="Bureau")

    assert b"Bureau" in client.get("/hubs/").content


def test_a_page_read_beside_an_unfinished_change_is_not_kept_beyond_it():
    make.HubFactory(slug="agency", name="Agency")

    def read():
        try:
            return Client().get("/hubs/").content
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Hub.objects.update(name="Bureau")
            assert b"Agency" in pool.submit(read).result()
        assert b"Bureau" in pool.submit(read).result()


def test_inside_a_transaction_that_writes_nothing_is_kept(client):
    make.HubFactory(slug="agency", name="Agency")
    with transaction.atomic():
        Hub.objects.update(name="Bureau")
        assert b"Bureau" in client.get("/hubs/").content
        Hub.objects.update(name="Council")
        assert b"Council" in client.get("/hubs/").content


def test_members_are_not_given_the_visitors_page(client):
    hub = make.HubFactory(slug="hidden", name="Hidden", is_published=False)
    client.get("/hubs/")
    client.force_login(make.MembershipFactory(hub=hub, member=MemberFactory()).member)

    assert b"Hidden" in client.get("/hubs/").content


def test_a_visitor_who_has_the_page_is_told_so(client):
    make.HubFactory()
    first = client.get("/hubs/")
    again = client.get("/hubs/", headers={"if-none-match": first["ETag"]})
    zipped = client.get("/hubs/", headers={"accept-encoding": "gzip"})

    assert (again.status_code, again.content) == (304, b"")
    assert gzip.decompress(zipped.content) == first.content
    assert zipped["Content-Encoding"] == "gzip"
    assert "Cookie" in zipped["Vary"]
    assert zipped["Cache-Control"] == "no-cache"
    unchanged = client.get(
        "/hubs/", headers={"accept-encoding": "gzip", "if-none-match": zipped["ETag"]}
    )
    assert unchanged.status_code == 304


def test_odd_addresses_cannot_fill_the_cache(monkeypatch):
    monkeypatch.setattr(shared_pages, "MAX_KEPT", 2)
    page = Page()
    for number in range(4):
        page(address=f"/hubs/?odd={number}")
    page(address="/hubs/?odd=0")
    page(address="/hubs/?odd=3")

    assert page.drawn == 5  # the fourth address was not kept

    page(address="/hubs/")
    page(address="/hubs/")

    assert page.drawn == 6  # they keep no page without a query from being kept


def test_a_page_without_token_changes_language_and_colours(client):
    client.handler.enforce_csrf_checks = True

    assert client.post("/display/", {"theme": "dark"}).cookies["theme"].value == "dark"
    answer = client.post("/i18n/setlang/", {"language": "ar"})
    assert answer.cookies["django_language"].value == "ar"

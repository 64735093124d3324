"""What search counts: exactly, without its own filter, for this reader, and honestly."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection
from psycopg.errors import QueryCanceled

from catalogue import search as module
from catalogue.models import SAMPLE, Entry, SearchCount, SearchRow
from catalogue.querysets import statements
from catalogue.search import Search, search
from catalogue.services import index_entries, publish_content
from catalogue.tasks import fold_search_counts
from tests.api_clients import client_of
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db

FACETS = ("country", "sector", "hub", "contested")


def counted(text="", user=None, **chosen):
    wanted = Search(("entry",), text, chosen, facets=FACETS)
    return search(wanted, user=user or AnonymousUser(), limit=25)


def sums():
    """Return what the counts say, and what the rows themselves say."""
    kept = SearchCount.objects.totals(["entry"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, count(*) FROM (SELECT unnest(codes || ''::varchar) AS code"
            " FROM catalogue_searchrow) AS codes GROUP BY code"
        )
        return kept, dict(cursor.fetchall())


@pytest.fixture
def three():
    agency, bureau = make_hubs.HubFactory(slug="agency"), make_hubs.HubFactory(slug="bureau")
    make.EntryFactory(title="Cotton", hub=agency, countries=["ML", "TD"], published=True)
    make.EntryFactory(title="Cotton again", hub=agency, countries=["ML"], published=True)
    make.EntryFactory(title="Coffee", hub=bureau, countries=["KE"], published=True)


def test_the_counts_follow_every_change_of_the_rows(three):
    entry = Entry.objects.get(title="Coffee")
    entry.countries = ["KE", "TD"]
    entry.save()
    publish_content(entry, by=None)
    index_entries()
    SearchRow.objects.filter(title="Cotton").delete()

    kept, actual = sums()

    assert kept == actual
    assert kept["country:TD"] == 1


def test_folding_the_counts_changes_no_sum(three):
    index_entries()
    before, _actual = sums()
    rows = SearchCount.objects.count()

    assert fold_search_counts(at_least=1) > 0
    assert sums()[0] == before
    assert SearchCount.objects.count() < rows
    assert fold_search_counts(at_least=1) == 0


@pytest.mark.parametrize("text", ["", "cotton or coffee"])
def test_a_facet_counts_without_its_own_filter(three, text):
    found = counted(text, country=["ML"])

    assert found.count == 2
    assert found.facets["country"] == {"ML": 2, "TD": 1, "KE": 1}
    assert found.facets["hub"] == {"agency": 2}
    assert found.about == frozenset()


def test_filters_of_several_facets_are_joined_by_and_values_by_or(three):
    assert counted(country=["KE", "TD"]).count == 2
    assert counted(country=["KE", "TD"], hub=["agency"]).count == 1
    assert counted(country=["KE", "TD"], hub=["agency"]).facets["hub"] == {
        "agency": 1,
        "bureau": 1,
    }


def test_above_the_counted_facets_come_from_the_sample(monkeypatch):
    monkeypatch.setattr(module, "COUNTED", 50)
    hub = make_hubs.HubFactory()
    make.EntryFactory.create_batch(160, title="Cotton", hub=hub, countries=["ML"], published=True)

    found = counted("cotton")

    assert (found.count, found.is_more) == (50, True)
    assert found.about == set(FACETS)
    assert 60 <= found.facets["country"]["ML"] <= 320
    assert found.facets["country"]["ML"] % 8 == 0


def test_the_page_says_about_and_more_than(client, monkeypatch):
    monkeypatch.setattr(module, "COUNTED", 1)
    hub = make_hubs.HubFactory()
    make.EntryFactory.create_batch(40, title="Cotton", hub=hub, countries=["ML"], published=True)

    body = client.get("/catalogue/?q=cotton").content.decode()

    assert "more than 1 entry" in body
    assert '<span class="count">about ' in body


def test_everything_is_counted_exactly_however_much_it_is(client, monkeypatch, three):
    monkeypatch.setattr(module, "COUNTED", 1)

    assert counted().facets["country"] == {"ML": 2, "TD": 1, "KE": 1}
    assert (counted().count, counted().is_more) == (3, False)


@pytest.mark.parametrize("user", ["anonymous", "member", "editor", "moderator"])
@pytest.mark.parametrize("query", ["", "q=cotton", "country=ML", "q=cottn", "q=cottn&country=ML"])
def test_what_is_not_public_changes_no_byte_for_anybody(client, three, user, query):
    hidden = make_hubs.HubFactory(slug="hidden", unpublished=True)
    reader = {
        "anonymous": lambda: None,
        "member": MemberFactory,
        "editor": lambda: make_hubs.MembershipFactory(hub=hidden).member,
        "moderator": lambda: MemberFactory(moderator=True),
    }[user]()
    client = client_of(reader)

    def pages():
        paths = (f"/catalogue/?{query}", f"/search/?{query}", f"/catalogue/?{query}&export=csv")
        answers = [client.get(path) for path in paths]
        return [
            b"".join(each.streaming_content) if each.streaming else strip(each.content)
            for each in answers
        ]

    def strip(body):
        return b"".join(line for line in body.splitlines() if b"csrfmiddlewaretoken" not in line)

    before = pages()
    make.EntryFactory(title="Cotton draft", countries=["ML", "NE"], sectors=["311"])
    make.EntryFactory(title="Cottn hidden", hub=hidden, countries=["ML", "NE"], published=True)

    assert pages() == before


def test_a_hub_that_is_shown_brings_its_entries_and_counts_at_once(three):
    hub = make_hubs.HubFactory(slug="hidden", unpublished=True)
    make.EntryFactory(title="Cotton", hub=hub, countries=["NE"], published=True)
    assert counted().count == counted("cotton").count + 1 == 3

    hub.is_published = True
    hub.save()

    assert (counted().count, counted("cotton").count) == (4, 3)
    assert counted().facets["country"]["NE"] == 1


def test_what_is_for_members_is_found_and_counted_for_members_alone(three):
    SearchRow.objects.filter(title="Coffee").update(audience="members")
    member, pending = MemberFactory(), MemberFactory(pending=True)

    assert (counted().count, counted("coffee").count) == (2, 0)
    assert (counted(user=pending).count, counted("coffee", user=pending).count) == (2, 0)
    assert (counted(user=member).count, counted("coffee", user=member).count) == (3, 1)
    assert "KE" not in counted().facets["country"]


def test_an_answer_is_kept_until_something_changes(three, django_assert_num_queries):
    counted("cotton")
    with django_assert_num_queries(1):
        counted("cotton")

    make.EntryFactory(title="Cotton", published=True)

    assert counted("cotton").count == 3


def test_when_time_is_up_the_page_says_so_and_shows_what_is_known(client, monkeypatch, three):
    ask = module._Run._ask

    def slow(self, sql):
        if "count(*)" in sql and "in_title" not in sql:
            raise OperationalError from QueryCanceled()
        return ask(self, sql)

    monkeypatch.setattr(module._Run, "_ask", slow)

    page = client.get("/search/?q=cotton")
    listed = client.get("/catalogue/?q=cotton")

    assert "takes longer than usual" in page.content.decode()
    assert page.context["count"] == 2
    assert listed.status_code == 200
    assert "takes longer than usual" in listed.content.decode()


def test_a_search_never_takes_much_longer_than_it_may(monkeypatch, three):
    monkeypatch.setattr(module, "MAX_SECONDS", 0.05)
    slow = "SELECT 'entry', 1, 1.0 FROM pg_sleep(30)"
    monkeypatch.setattr(module._Run, "_best", lambda self, *_: self._ask(slow))

    assert counted("cotton").is_partial


def test_another_failure_of_the_database_is_no_partial_answer(monkeypatch, three):
    monkeypatch.setattr(module._Run, "_best", lambda self, *_: self._ask("SELECT nonsense"))

    with pytest.raises(Exception, match="nonsense"):
        counted("cotton")


@pytest.mark.parametrize("order", ["title", "-title", "-published_at", "-year_from", "-updated_at"])
def test_the_list_has_the_order_of_its_file(client, order):
    for number, title in enumerate(("Água", "banks", "Cotton")):
        make.EntryFactory(title=title, year_from=2000 + number * 7 % 5, published=True)
    make.EntryFactory(title="Dairy", published=True)

    page = client.get(f"/catalogue/?order={order}")
    file = b"".join(client.get(f"/catalogue/?order={order}&export=csv").streaming_content)

    listed = [line["entry"].slug for line in page.context["lines"]]
    assert listed == [line.split(",")[0] for line in file.decode().splitlines()[1:]]
    assert len(listed) == 4


def test_later_pages_follow_on_the_first(client):
    hub = make_hubs.HubFactory()
    for number in range(60):
        make.EntryFactory(title=f"Cotton {number:02}", hub=hub, published=True)

    def titles(query):
        return [line["entry"].title for line in client.get(f"/catalogue/?{query}").context["lines"]]

    for query in ("", "q=cotton&", "order=title&"):
        pages = [titles(f"{query}page={page}") for page in (1, 2, 3)]
        assert [len(page) for page in pages] == [25, 25, 10]
        assert len({title for page in pages for title in page}) == 60
        assert titles(f"{query}page=900") == pages[2]


def test_where_the_sample_alone_shows_that_there_are_more_nothing_else_is_counted(monkeypatch):
    monkeypatch.setattr(module, "COUNTED", 50)
    monkeypatch.setattr(statements, "FEWEST", 5)
    make.EntryFactory.create_batch(120, title="Cotton", published=True)
    sampled = SearchRow.objects.filter(is_sampled=True).count()
    assert sampled >= 51 * statements.SURELY / SAMPLE

    found = counted("cotton")

    assert (found.count, found.is_more) == (50, True)
    assert sum(found.facets["hub"].values()) == sampled * SAMPLE


def test_few_in_the_sample_say_nothing(monkeypatch):
    monkeypatch.setattr(module, "COUNTED", 50)
    make.EntryFactory.create_batch(50, title="Cotton", published=True)

    assert (counted("cotton").count, counted("cotton").is_more) == (50, False)


def test_numbers_that_are_about_right_outlive_a_change_but_not_a_hub(monkeypatch):
    monkeypatch.setattr(module, "COUNTED", 1)
    hub = make_hubs.HubFactory(slug="agency")
    make.EntryFactory.create_batch(60, title="Cotton", hub=hub, published=True)
    before = counted("cotton").facets
    assert before["hub"]["agency"] > 0

    make.EntryFactory.create_batch(60, title="Cotton", hub=hub, published=True)
    assert counted("cotton").facets == before

    hub.is_published = False
    hub.save()
    assert counted("cotton").facets["hub"] == {}


def test_all_numbers_of_a_phrase_are_of_what_holds_it(three):
    make.EntryFactory(title="Cotton mills", countries=["ML"], published=True)
    make.EntryFactory(title="Mills for cotton", countries=["KE"], published=True)

    found = counted('"cotton mills"')

    assert (found.count, found.is_more) == (1, False)
    assert found.facets["country"] == {"ML": 1}
    filtered = counted('"cotton mills"', country=("KE",))
    assert (filtered.count, filtered.facets["country"]) == (0, {"ML": 1})


def test_what_is_not_asked_for_is_not_counted(three):
    wanted = Search(("entry",), "cotton", is_counted=False)

    found = search(wanted, user=AnonymousUser(), limit=25)

    assert (len(found.things), found.count, found.is_more) == (2, 0, False)

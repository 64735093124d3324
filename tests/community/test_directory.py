"""The members' directory: page, API and CSV show, search and count what each member lets the
reader see, and nothing else.
"""

import csv

import pytest

from accounts.models import Member
from tests.api_clients import client_of
from tests.community.test_members import PAST, SEES, world
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

__all__ = ["world"]  # a fixture

pytestmark = pytest.mark.django_db
PAGE, API = "/community/members/", "/api/v1/members/"
# Field -> how the API tells it, what the page shows of it, and the filter that finds it.
FIELDS = {
    "organisation": ("Ministry of Water", "Ministry of Water", "q=water"),
    "country": ("BR", "Brazil", "country=BR"),
    "languages": (["pt"], "Portuguese", "language=pt"),
    "sectors": (["140"], "Water", "sector=140"),
    "biography": ("I dig wells.", "I dig wells.", "q=wells"),
}


def names(answer):
    return {row["slug"] for row in answer.json()["results"]}


def items(page):
    """Return the text of the list of results, without the filters beside it."""
    return page.content.decode().partition('id="results"')[2].partition("</section>")[0]


def table(client, query=""):
    text = client.get(f"{PAGE}?export=csv&{query}").getvalue().decode("utf-8-sig")
    return {row["slug"]: row for row in csv.DictReader(text.splitlines())}


@pytest.mark.parametrize(("level", "expected"), SEES.items())
def test_fields_are_shown_and_found_by_those_they_are_meant_for(world, level, expected):
    owner, clients = world
    levels = dict.fromkeys(Member.VISIBILITY_DEFAULTS, level)
    Member.objects.filter(pk=owner.pk).update(visibility=levels)

    for who, client in clients.items():
        one = client.get(f"{API}owner/").json()
        page = items(client.get(PAGE))
        for field, (told, shown, query) in FIELDS.items():
            sees = who in expected
            assert one[field] == (told if sees else type(told)()), (who, field)
            assert (shown in page) == sees, (who, field)
            assert ("owner" in names(client.get(f"{API}?{query}"))) == sees, (who, field)
            assert ("owner" in table(client, query)) == sees, (who, field)


def test_what_nobody_chose_is_shown_as_a_profile_shows_it(world):
    _owner, clients = world

    told = clients["anonymous"].get(f"{API}owner/").json()
    members = clients["member"].get(f"{API}owner/").json()

    assert (told["organisation"], told["country"]) == ("Ministry of Water", "BR")
    assert (told["languages"], told["sectors"], told["biography"]) == ([], [], "")
    assert (members["languages"], members["biography"]) == (["pt"], "I dig wells.")


def test_what_is_hidden_changes_not_one_byte_for_others(world):
    owner, clients = world
    Member.objects.filter(pk=owner.pk).update(
        visibility=dict.fromkeys(Member.VISIBILITY_DEFAULTS, "nobody")
    )
    queries = ("", "?sector=140", "?country=BR", "?q=wells", "?export=csv")

    def seen():
        found = []
        for who in ("anonymous", "member", "moderator"):
            for query in queries:
                answer = clients[who].get(f"{PAGE}{query}")
                found.append(answer.getvalue() if answer.streaming else items(answer))
        return found

    before = seen()
    Member.objects.filter(pk=owner.pk).update(
        organisation="Other", country="KE", languages=["sw"], sectors=["311"], biography="Else."
    )

    assert seen() == before


def test_hubs_are_those_of_today_that_the_reader_may_see(world):
    owner, clients = world
    make.MembershipFactory(member=owner, hub=make.HubFactory(slug="past"), **PAST)
    make.MembershipFactory(member=owner, hub=make.HubFactory(slug="asked"), awaiting=True)
    make.MembershipFactory(member=owner, hub=make.HubFactory(slug="hidden", unpublished=True))
    (agency,) = clients["member"].get(f"{API}owner/").json()["hubs"]

    assert clients["anonymous"].get(f"{API}owner/").json()["hubs"] == []
    assert clients["moderator"].get(f"{API}owner/").json()["hubs"] == [agency, "hidden"]
    assert "owner" in names(clients["member"].get(f"{API}?hub={agency}"))
    assert names(clients["anonymous"].get(f"{API}?hub={agency}")) == set()
    for hub in ("past", "asked"):
        assert names(clients["member"].get(f"{API}?hub={hub}")) == set()


def test_only_who_takes_part_is_listed(client):
    MemberFactory(slug="here")
    MemberFactory(slug="limited", limited=True)
    for trait in ("pending", "suspended", "closed"):
        MemberFactory(slug=trait, **{trait: True})
    moderator = client_of(MemberFactory(slug="moderator", moderator=True))

    for reader in (client, moderator):
        assert names(reader.get(API)) == {"here", "limited", "moderator"}
        assert set(table(reader)) == {"here", "limited", "moderator"}
        assert reader.get(f"{API}suspended/").status_code == 404


def test_page_api_and_csv_are_one_list_in_one_order(client):
    for slug, name in (("z", "Zoé"), ("a", "Ánna"), ("b", "Bo")):
        MemberFactory(name=name, slug=slug)

    page = client.get(PAGE)

    listed = [line["member"].name for line in page.context["lines"]]
    assert listed == ["Ánna", "Bo", "Zoé"]
    assert [row["name"] for row in client.get(API).json()["results"]] == listed
    assert [row["name"] for row in table(client).values()] == listed
    last = client.get(f"{PAGE}?order=-joined_at").context["lines"]
    assert {line["member"].name for line in last} == set(listed)
    meanings = client.get(f"{PAGE}?export=dictionary").getvalue().decode("utf-8-sig")
    columns = [line.partition(",")[0] for line in meanings.splitlines()[1:]]
    assert columns == list(next(iter(table(client).values())))


@pytest.mark.parametrize("query", ["country=XX", "sector=999999", "hub=none", "language=zz"])
def test_a_bad_value_never_widens(client, query):
    MemberFactory()

    assert client.get(f"{API}?{query}").status_code == 400
    assert client.get(f"{PAGE}?export=csv&{query}").status_code == 400
    page = client.get(f"{PAGE}?{query}")
    assert page.status_code == 200
    assert page.context["lines"] == []


def test_the_lists_cost_the_same_for_few_and_many(world, django_assert_max_num_queries):
    _owner, clients = world
    costs = []
    for _ in range(2):
        for _number in range(4):
            make.MembershipFactory(member=MemberFactory(languages=["fr"], sectors=["140"]))
        with django_assert_max_num_queries(14) as page:
            clients["member"].get(PAGE)
        with django_assert_max_num_queries(8) as api:
            clients["member"].get(API)
        costs.append((len(page), len(api)))

    assert costs[0] == costs[1]

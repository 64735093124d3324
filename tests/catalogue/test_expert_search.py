"""Experts in the search: found by what everybody may see of them, from the moment they may."""

import datetime
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection

from accounts.services import close_account, reinstate_member, save_profile, suspend_member
from catalogue import services
from catalogue.models import Expert, SearchRow, SearchWord
from catalogue.searchable import searchable
from catalogue.services import index_experts
from hubs.services import change_hub
from tests.api_clients import client_of
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
SECRET = "Zanzibar"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')  # another one each time
PATHS = (
    *("/search/", "/search/?q=zanzibar", "/search/?type=expert", "/search/?q=registries"),
    *("/search/?q=zanzibra", "/search/?q=mwanakombo", "/search/?all=hub&all=country&all=type"),
    *("/search/?export=csv", "/search/?export=atom", "/search/?q=zanzibar&export=csv"),
    *("/search/?hub=agency", "/api/v1/search/?hub=agency&facets=true", "/catalogue/"),
    *("/api/v1/search/?facets=true", "/api/v1/search/?q=zanzibar&facets=true"),
    *("/api/v1/search/?type=expert", "/api/v1/search/?sector=140&country=TZ&language=sw"),
)


@pytest.fixture
def hub():
    return make_hubs.HubFactory(slug="agency", name="Agency", acronym="AGX")


@pytest.fixture
def head(hub):
    return make_hubs.MembershipFactory(hub=hub, head=True).member


@pytest.fixture
def moderator():
    return MemberFactory(moderator=True)


def shown(**columns):
    expert = make.ExpertFactory(**{"consented": True} | columns)
    index_experts([expert.pk])
    return expert


def found(client, text="", **chosen):
    rows = client.get("/api/v1/search/", {"q": text, "type": "expert"} | chosen).json()["results"]
    return [row["title"] for row in rows]


def seen(client):
    """Return every byte that a reader gets of the search."""
    told = []
    for path in PATHS:
        answer = client.get(path)
        body = b"".join(answer) if answer.streaming else answer.content
        told.append((path, answer.status_code, answer.headers.get("ETag"), TOKEN.sub(b"", body)))
    return told


def test_an_expert_is_found_by_name_headline_and_public_biography(client):
    shown(name="Mwanakombo Ali", headline="Social registries", biography="Payments in Zanzibar.")

    for text in ("mwanakombo", "registry", "zanzibar"):
        assert found(client, text) == ["Mwanakombo Ali"], text
    page = client.get("/search/?q=registries").content.decode()
    assert "Mwanakombo Ali" in page
    assert "<li>Experts</li>" in page


@pytest.mark.parametrize(
    "chosen", [{"sector": "140"}, {"country": "TZ"}, {"language": "sw"}, {"hub": "agency"}]
)
def test_filters_and_facets_know_experts(client, hub, chosen):
    expert = make.ExpertFactory(
        consented=True, name="Ali", hub=hub, sectors=["140"], countries=["TZ"]
    )
    expert.spoken.create(language="sw", level="fluent")
    index_experts([expert.pk])

    assert found(client, **chosen) == ["Ali"]
    assert found(client, sector="111") == []
    facets = client.get("/api/v1/search/?facets=true").json()["facets"]
    ((facet, value),) = chosen.items()
    assert facets[facet]["counts"] == {value: 1}


def test_results_lead_to_the_page_and_the_resource(client):
    shown(name="Ali")

    (row,) = client.get("/api/v1/search/?type=expert").json()["results"]

    assert client.get(row["url"]).status_code == 200
    assert client.get(row["api_url"]).json()["name"] == "Ali"


@pytest.mark.parametrize("reader", ["visitor", "member", "head of another hub"])
def test_who_is_not_to_be_seen_changes_not_one_byte(client, hub, reader):
    if reader == "member":
        client = client_of(MemberFactory())
    if reader == "head of another hub":
        client = client_of(make_hubs.MembershipFactory(head=True).member)
    make.EntryFactory(hub=hub, title="Cotton", published=True)
    named = {"name": f"Mwanakombo {SECRET}"}
    unseen = (
        {"consented": False} | named,
        {"is_published": False} | named,
        {"hub": make_hubs.HubFactory(is_published=False)} | named,
        {"own": True, "member__status": "suspended"},
        {"own": True, "member__status": "pending"},
    )
    before = seen(client)

    for columns in unseen:
        expert = make.ExpertFactory(
            **{"consented": True, "headline": SECRET, "biography": SECRET}
            | {"sectors": ["140"], "countries": ["TZ"]}
            | columns
        )
        expert.spoken.create(language="sw", level="fluent")
        index_experts([expert.pk])
    services.index_rows("expert")

    assert not SearchRow.objects.filter(kind="expert").exists()
    assert seen(client) == before


@pytest.mark.parametrize("reader", ["visitor", "member", "moderator"])
def test_private_fields_change_not_one_byte(client, hub, moderator, reader):
    if reader != "visitor":
        client = client_of(moderator if reader == "moderator" else MemberFactory())
    private = {"biography": SECRET, "contact": SECRET, "years": 31}
    employers = ({"hub": hub, "employer": ""}, {"employer": SECRET})
    kept_back = [
        (audience, employer) for audience in ("members", "hub", "nobody") for employer in employers
    ]
    experts = [shown(name=f"Ali {number}", headline="Social registries") for number in range(6)]
    before = seen(client)

    for expert, (audience, employer) in zip(experts, kept_back, strict=True):
        audiences = {f"{field}_audience": audience for field in (*private, "employer")}
        Expert.objects.filter(pk=expert.pk).update(**private, **audiences, **employer)
    index_experts([expert.pk for expert in experts])

    assert seen(client) == before


def test_who_may_see_more_finds_no_more(head, hub):
    shown(name="Ali", hub=hub, biography=SECRET, biography_audience="hub")

    client = client_of(head)

    assert found(client, SECRET) == []
    assert SECRET not in client.get("/search/?q=ali").content.decode()


def test_the_row_follows_the_profile_and_the_employer_s_word(client, hub, head, moderator):
    expert = Expert(hub=hub, name="Ali", agreed_on=datetime.date(2026, 1, 1), headline="Wells")
    services.create_expert(expert, languages={"sw": "fluent"}, by=head)
    assert found(client) == []

    today = datetime.date(2026, 1, 2)
    version = Expert.objects.get().version
    services.consent_to_expert(expert, on=today, note="", expected_version=version, by=moderator)
    assert found(client, "wells") == ["Ali"]

    version = Expert.objects.get().version
    services.change_expert(
        expert,
        changes={"headline": "Latrines"},
        languages={"fr": "basic"},
        expected_version=version,
        by=head,
    )
    assert found(client, "wells") == []
    assert found(client, "latrine", language="fr") == ["Ali"]

    services.decline_expert(expert, reason="No more.", by=moderator)
    assert found(client) == []


def test_another_employer_hides_until_it_agrees(client, moderator):
    expert = shown(name="Ali", employer="One")

    services.change_expert(
        expert, changes={"employer": "Two"}, languages={}, expected_version=1, by=moderator
    )

    assert found(client) == []


def test_a_member_who_leaves_is_found_no_more_and_their_name_is_forgotten(client):
    expert = shown(own=True, member__name="Mwanakombo Ali")
    assert found(client, "mwanakombo") == ["Mwanakombo Ali"]
    assert SearchWord.objects.filter(plain="mwanakombo").exists()

    close_account(expert.member, by=expert.member)

    assert found(client) == []
    assert not SearchWord.objects.filter(plain="mwanakombo").exists()


def test_words_that_other_titles_have_stay(client):
    expert = shown(own=True, member__name="Cotton Ali")
    make.EntryFactory(title="Cotton", published=True)

    close_account(expert.member, by=expert.member)

    assert SearchWord.objects.filter(plain="cotton").exists()


def test_a_suspended_member_is_found_again_when_back(client, moderator):
    member = shown(own=True, member__name="Ali").member

    suspend_member(member, by=moderator, reason="Spam.")
    assert found(client) == []

    reinstate_member(member, by=moderator, reason="A mistake.")
    assert found(client) == ["Ali"]


def test_a_new_name_is_found_and_the_old_one_is_not(client):
    member = shown(own=True, member__name="Mwanakombo").member

    member.name = "Khadija"
    save_profile(member, expected_version=member.version)

    assert found(client, "khadija") == ["Khadija"]
    assert found(client, "mwanakombo") == []


def test_experts_of_a_hub_come_and_go_with_it(client, hub, moderator):
    shown(name="Ali", hub=hub, employer_audience="nobody")

    hub = change_hub(hub, changes={"is_published": False}, expected_version=1, by=moderator)
    assert found(client) == []

    change_hub(hub, changes={"is_published": True}, expected_version=2, by=moderator)
    assert found(client) == ["Ali"]


@pytest.mark.parametrize("what", ["hub", "member"])
def test_the_database_hides_experts_whoever_writes(client, hub, what):
    shown(name="Ali", hub=hub, employer_audience="nobody")
    own = shown(own=True, member__name="Bo")

    if what == "hub":
        type(hub).objects.update(is_published=False)
    else:
        type(own.member).objects.filter(pk=own.member.pk).update(status="suspended")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    rows = SearchRow.objects.filter(kind="expert").values_list("title", flat=True)
    assert list(rows) == (["Bo"] if what == "hub" else ["Ali"])


@pytest.mark.django_db(transaction=True)
def test_a_hub_that_is_hidden_while_its_expert_is_shown_leaves_none():
    hub, moderator = make_hubs.HubFactory(), MemberFactory(moderator=True)
    expert = make.ExpertFactory(hub=hub, employer_audience="nobody")
    day = datetime.date(2026, 1, 2)

    all_at_once(
        lambda: services.consent_to_expert(
            expert, on=day, note="", expected_version=1, by=moderator
        ),
        lambda: change_hub(hub, changes={"is_published": False}, expected_version=1, by=moderator),
    )

    assert Expert.objects.get().consented_on == day
    assert not SearchRow.objects.filter(kind="expert").exists()


def test_the_index_is_made_anew_of_published_experts_alone(client):
    make.ExpertFactory(name="Ali", consented=True)
    make.ExpertFactory(name="Bo")

    call_command("index_search")

    assert found(client) == ["Ali"]


@pytest.mark.parametrize("number", [1, 20])
def test_results_take_one_query_more_however_many_experts(
    client, number, django_assert_num_queries
):
    for _each in range(number):
        shown()
    client.get("/search/?type=expert")
    keys = list(Expert.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1):
        assert len(searchable("expert").shown(keys, AnonymousUser())) == number

"""/api/v1/hubs/: what is listed and shown, to whom, in which form, at what cost."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hubs.models import Hub
from hubs.serializers import FACT_FIELDS, HUB_COLUMNS, HubDetailSerializer, HubRowSerializer
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import (
    FACT_FACTORIES,
    CoordinationLinkFactory,
    ExpertiseSourceFactory,
    FundingStreamFactory,
    HubFactory,
    InstitutionalArrangementFactory,
    MembershipFactory,
    NetworkMembershipFactory,
    PillarScoreFactory,
    SelfAssessmentFactory,
    SourceFactory,
    StatementFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/api/v1/hubs/"


def slugs(response):
    assert response.status_code == 200, response.content
    return [row["slug"] for row in response.json()["results"]]


@pytest.fixture
def abc():
    """A published hub with facts that everybody sees and facts that few see."""
    hub = HubFactory(
        name="Brazilian Cooperation Agency",
        acronym="ABC",
        slug="abc",
        countries=["BR"],
        sectors=["311"],
        languages=["pt"],
        founded_year=1987,
        website="https://abc.example/",
    )
    source = SourceFactory(
        title="Bali report", dated_on=datetime.date(2012, 7, 1), dated_on_precision="month"
    )
    InstitutionalArrangementFactory(
        hub=hub,
        valid_from=datetime.date(1987, 1, 1),
        valid_from_precision="year",
        host_institution="Ministry of External Relations",
        sources=[source],
    )
    CoordinationLinkFactory(hub=hub, organisation__slug="ministry", sources=[source])
    ExpertiseSourceFactory(hub=hub, sources=[source])
    FundingStreamFactory(hub=hub, sources=[source])
    FundingStreamFactory(hub=hub, source_type="foundation", confidentiality="members")
    FundingStreamFactory(hub=hub, source_type="private", confidentiality="hub")
    FundingStreamFactory(hub=hub, source_type="bilateral", draft=True)
    StatementFactory(hub=hub, text="A draft", draft=True)
    SelfAssessmentFactory(hub=hub)
    return hub


@pytest.fixture
def people(abc):
    """Return who may ask, by the name of their part."""
    return {
        "anonymous": None,
        "pending": MemberFactory(pending=True),
        "suspended": MemberFactory(suspended=True),
        "member": MemberFactory(),
        "stranger": MembershipFactory().member,
        "correspondent": MembershipFactory(hub=abc, correspondent=True).member,
        "editor": MembershipFactory(hub=abc).member,
        "head": MembershipFactory(hub=abc, head=True).member,
        "moderator": MemberFactory(moderator=True),
    }


PUBLIC = {"state-budget"}
FUNDING_SEEN = {
    "anonymous": PUBLIC,
    "pending": PUBLIC,
    "suspended": PUBLIC,
    "member": PUBLIC | {"foundation"},
    "stranger": PUBLIC | {"foundation"},
    "correspondent": PUBLIC | {"foundation", "private"},
    "editor": PUBLIC | {"foundation", "private", "bilateral"},
    "head": PUBLIC | {"foundation", "private", "bilateral"},
    "moderator": PUBLIC | {"foundation", "private", "bilateral"},
}


@pytest.mark.parametrize(("who", "expected"), FUNDING_SEEN.items())
def test_each_role_sees_its_funding_streams_everywhere(people, who, expected):
    client = client_of(people[who])

    row = client.get(f"{LIST}?fields=funding_types").json()["results"]
    detail = client.get(f"{LIST}abc/").json()
    facts = client.get(f"{LIST}abc/funding-streams/?count=true").json()
    table = rows_of(client.get(f"{LIST}?format=csv&fields=slug,funding_types&q=Brazilian"))

    assert {"funding_types": sorted(expected)} in row
    assert {stream["source_type"] for stream in detail["funding_streams"]} == expected
    assert {stream["source_type"] for stream in facts["results"]} == expected
    assert facts["count"] == len(expected)
    assert table == [{"slug": "abc", "funding_types": "; ".join(sorted(expected))}]


def rows_of(response):
    assert response.status_code == 200
    text = b"".join(response).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


UNPUBLISHED_SEEN = {
    "anonymous": False,
    "pending": False,
    "suspended": False,
    "member": False,
    "stranger": False,
    "correspondent": True,
    "editor": True,
    "head": True,
    "moderator": True,
}


@pytest.mark.parametrize(("who", "is_seen"), UNPUBLISHED_SEEN.items())
def test_an_unpublished_hub_is_there_for_its_people_only(people, abc, who, is_seen):
    Hub.objects.filter(pk=abc.pk).update(is_published=False)
    client = client_of(people[who])

    in_list = "abc" in slugs(client.get(LIST))
    counted = client.get(f"{LIST}?count=true&q=Brazilian").json()["count"]
    in_csv = "abc" in {row["slug"] for row in rows_of(client.get(f"{LIST}?format=csv"))}
    statuses = {
        client.get(f"{LIST}abc/").status_code,
        client.get(f"{LIST}abc/statements/").status_code,
    }

    assert (in_list, counted, in_csv) == (is_seen, int(is_seen), is_seen)
    assert statuses == ({200} if is_seen else {404})


def test_the_list_has_the_columns_that_are_promised(abc):
    row = Client().get(LIST).json()["results"][0]

    assert tuple(row) == HUB_COLUMNS == tuple(HubRowSerializer().fields)
    assert row | {"updated_at": ""} == {
        "slug": "abc",
        "name": "Brazilian Cooperation Agency",
        "acronym": "ABC",
        "native_name": "",
        "countries": ["BR"],
        "level": "national",
        "sectors": ["311"],
        "languages": ["pt"],
        "website": "https://abc.example/",
        "founded_year": 1987,
        "status": "active",
        "model": "national-agency-mfa",
        "funding_types": ["state-budget"],
        "coordination_levels": ["central"],
        "expertise_kinds": ["public"],
        "verified_on": None,
        "review_due": None,
        "updated_at": "",
        "url": "http://testserver/hubs/abc/",
        "api_url": "http://testserver/api/v1/hubs/abc/",
    }


def test_what_is_drawn_from_facts_holds_today(abc):
    hub = HubFactory(slug="other")
    FundingStreamFactory(hub=hub, valid_to=datetime.date(2015, 12, 31))
    FundingStreamFactory(hub=hub, source_type="own-fees", valid_from=datetime.date(2015, 1, 1))

    row = Client().get(f"{LIST}other/").json()
    listed = Client().get(f"{LIST}?fields=slug,funding_types").json()["results"]

    assert {"slug": "other", "funding_types": ["own-fees"]} in listed
    assert {stream["source_type"] for stream in row["funding_streams"]} == {
        "state-budget",
        "own-fees",
    }


def test_a_hub_is_shown_with_every_fact_and_its_sources(abc):
    NetworkMembershipFactory(hub=abc, network__slug="cabri", network__name="CABRI")

    hub = Client().get(f"{LIST}abc/").json()

    assert list(hub) == HubDetailSerializer.Meta.fields
    arrangement = hub["institutional_arrangements"][0]
    assert arrangement["valid_from"] == "1987"
    assert arrangement["valid_to"] is None
    assert arrangement["model"] == "national-agency-mfa"
    assert arrangement["sources"] == [
        {
            "title": "Bali report",
            "publisher": "",
            "address": arrangement["sources"][0]["address"],
            "dated_on": "2012-07",
            "seen_on": None,
        }
    ]
    assert hub["coordination_links"][0]["organisation"] == "ministry"
    assert hub["networks"] == [
        {"slug": "cabri", "name": "CABRI", "joined_on": None, "left_on": None}
    ]
    assert hub["statements"] == hub["self_assessments"] == []


def test_a_self_assessment_is_shown_with_consent_only(abc):
    assessment = SelfAssessmentFactory(
        hub=abc, assessed_on=datetime.date(2025, 1, 1), consented=True
    )
    PillarScoreFactory(assessment=assessment)

    assert Client().get(f"{LIST}abc/?fields=self_assessments").json() == {
        "self_assessments": [
            {
                "assessed_on": "2025-01-01",
                "note": "",
                "scores": [{"pillar": "sharing", "level": 2, "evidence": ""}],
            }
        ]
    }


def test_a_successor_that_is_not_published_is_not_named(abc):
    Hub.objects.filter(pk=abc.pk).update(
        status="merged", successor=HubFactory(slug="secret", unpublished=True)
    )

    assert Client().get(f"{LIST}abc/").json()["successor"] is None
    assert b"secret" not in Client().get(f"{LIST}abc/").content
    moderator = client_of(MemberFactory(moderator=True))
    assert moderator.get(f"{LIST}abc/?fields=successor").json() == {"successor": "secret"}


AS_OF = [("1986", []), ("1987-01-01", ["1987"]), ("1999", ["1987"]), ("2013", ["2012"])]


@pytest.mark.parametrize(("day", "expected"), AS_OF)
def test_a_hub_is_shown_as_of_a_day(day, expected):
    hub = HubFactory(slug="dated")
    InstitutionalArrangementFactory(
        hub=hub,
        valid_from=datetime.date(1987, 1, 1),
        valid_from_precision="year",
        valid_to=datetime.date(2011, 12, 31),
    )
    InstitutionalArrangementFactory(
        hub=hub, valid_from=datetime.date(2012, 1, 1), valid_from_precision="year"
    )

    detail = Client().get(f"{LIST}dated/?as_of={day}").json()
    facts = Client().get(f"{LIST}dated/institutional-arrangements/?as_of={day}").json()

    for rows in (detail["institutional_arrangements"], facts["results"]):
        assert [row["valid_from"] for row in rows] == expected


def test_only_the_fields_asked_for_are_sent_and_fetched(abc):
    with CaptureQueriesContext(connection) as queries:
        hub = Client().get(f"{LIST}abc/?fields=name,presences").json()

    assert hub == {"name": "Brazilian Cooperation Agency", "presences": []}
    assert len(queries) == 2


def test_pages_follow_each_other_without_gap_or_repetition():
    # Equal names: only the key tells them apart.
    for number in range(23):
        HubFactory(name=f"Hub {number // 4}", slug=f"h{number:02}", founded_year=1950 + number % 5)
    everybody = set(Hub.objects.values_list("slug", flat=True))

    for order in ("name", "-name", "founded_year", "-founded_year", "updated_at", "-updated_at"):
        whole = slugs(Client().get(f"{LIST}?order={order}&page_size=200"))
        forth, pages = walk(f"{LIST}?order={order}&page_size=5", "next")
        back, _pages = walk(pages[-1], "previous")

        assert forth == whole
        assert set(whole) == everybody
        assert [slug for page in reversed(chunks(back)) for slug in page] == whole


def walk(address, direction):
    found, seen = [], []
    while address:
        seen.append(address)
        page = Client().get(address).json()
        found.append([row["slug"] for row in page["results"]])
        address = page[direction]
    walk.pages = found
    return [slug for page in found for slug in page], seen


def chunks(_slugs):
    return walk.pages


def test_a_hub_that_is_added_between_two_pages_moves_nothing():
    for name in ("B", "C", "D", "E"):
        HubFactory(name=name, slug=name.lower())
    first = Client().get(f"{LIST}?page_size=2").json()

    HubFactory(name="A", slug="a")

    assert slugs(Client().get(first["next"])) == ["d", "e"]


def test_names_are_in_the_order_that_people_expect():
    for slug, name in (("z", "zambia"), ("e", "Économie"), ("f", "Fiocruz"), ("a", "ABC")):
        HubFactory(slug=slug, name=name)

    assert slugs(Client().get(LIST)) == ["a", "e", "f", "z"]


def test_counting_is_for_those_who_ask(abc):
    assert "count" not in Client().get(LIST).json()
    assert Client().get(f"{LIST}?count=true").json()["count"] == 1
    assert Client().get(f"{LIST}?count=true&q=nothing").json()["count"] == 0


def test_updated_since_gives_what_changed():
    old, new = HubFactory(slug="old"), HubFactory(slug="new")
    moment = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
    Hub.objects.filter(pk=old.pk).update(updated_at=moment - datetime.timedelta(seconds=1))
    Hub.objects.filter(pk=new.pk).update(updated_at=moment)

    assert slugs(Client().get(f"{LIST}?updated_since=2026-03-01T12:00:00Z")) == ["new"]
    assert slugs(Client().get(f"{LIST}?updated_since=2026-03-01T14:00:00%2B02:00")) == ["new"]
    assert set(slugs(Client().get(f"{LIST}?updated_since=2026-03-01"))) == {"old", "new"}


BAD = [
    "?page_size=0",
    "?page_size=201",
    "?page_size=-1",
    "?page_size=ten",
    "?page_size=99999999999999999999",
    "?page_size=%C2%B2",
    "?cursor=nonsense",
    "?cursor=",
    "?order=pk",
    "?order=verified_by__email",
    "?order=--name",
    "?count=maybe",
    "?fields=slug,secret",
    "?fields=pk",
    "?fields=",
    "?updated_since=soon",
    "?updated_since=2026-02-30",
    "?format=xml",
    "?unknown=1",
    "?name=ABC",
    "?is_published=false",
    "?export=csv",
    "?format=csv&page_size=5",
    "?format=csv&cursor=x",
    "?format=csv&order=pk",
    "?q=%00",
    "?q=%ED%A0%80&order=x",
    "abc/?as_of=2012-02-30",
    "abc/?as_of=soon",
    "abc/?as_of=99999",
    "abc/?fields=verified_by",
    "abc/?level=national",
    "abc/statements/?as_of=never",
    "abc/statements/?order=hub",
]


@pytest.mark.parametrize("query", BAD)
def test_a_bad_value_is_400_and_never_widens_a_list(abc, query):
    response = Client().get(f"{LIST}{query}")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert b"Brazilian" not in response.content


def test_the_csv_is_the_list(abc):
    HubFactory(slug="b", name="=1+1", acronym="@cmd")

    rows = rows_of(Client().get(f"{LIST}?format=csv"))

    assert [row["slug"] for row in rows] == slugs(Client().get(LIST))
    assert list(rows[0]) == list(HUB_COLUMNS)
    assert (rows[0]["name"], rows[0]["acronym"]) == ("'=1+1", "'@cmd")
    assert rows[1]["countries"] == "BR"
    assert rows_of(Client().get(LIST, headers={"accept": "text/csv"})) == rows


def test_hubs_are_schema_org_organisations(abc):
    listed = Client().get(f"{LIST}?format=jsonld")
    hub = Client().get(f"{LIST}abc/?format=jsonld")

    assert hub["Content-Type"] == "application/ld+json"
    assert hub.json() == {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": "http://testserver/hubs/abc/",
        "url": "http://testserver/hubs/abc/",
        "name": "Brazilian Cooperation Agency",
        "alternateName": ["ABC"],
        "sameAs": ["https://abc.example/"],
        "foundingDate": "1987",
        "areaServed": [{"@type": "Country", "name": "Brazil", "identifier": "BR"}],
        "knowsLanguage": ["pt"],
        "knowsAbout": [{"@type": "DefinedTerm", "termCode": "311", "name": "Agriculture"}],
    }
    assert listed.json()["@graph"] == [
        {key: value for key, value in hub.json().items() if key != "@context"}
    ]


def test_pages_of_json_ld_are_linked_in_the_header():
    HubFactory.create_batch(3)

    response = Client().get(f"{LIST}?format=jsonld&page_size=2")

    assert response["Link"].endswith('rel="next"')
    assert len(response.json()["@graph"]) == 2


def test_what_the_reader_has_already_is_not_sent_again(abc):
    for path in (LIST, f"{LIST}abc/", f"{LIST}abc/funding-streams/"):
        first = Client().get(path)
        again = Client().get(path, headers={"if-none-match": first["ETag"]})

        assert (again.status_code, again.content) == (304, b"")


def test_what_is_private_changes_not_one_byte_for_others(abc):
    paths = (LIST, f"{LIST}abc/", f"{LIST}abc/funding-streams/?count=true", f"{LIST}?format=csv")
    before = [answer(path) for path in paths]

    FundingStreamFactory(hub=abc, source_type="multilateral", confidentiality="hub")
    FundingStreamFactory(hub=abc, source_type="own-fees", draft=True)
    StatementFactory(hub=abc, draft=True)
    HubFactory(name="Aaa", unpublished=True)

    assert [answer(path) for path in paths] == before


def answer(path):
    response = Client().get(path)
    return response.getvalue(), response.get("ETag")


@pytest.mark.parametrize(
    ("path", "most"),
    [(LIST, 1), (f"{LIST}?count=true", 2), (f"{LIST}?format=csv", 1), (f"{LIST}full/", 12)],
)
def test_the_number_of_queries_is_the_same_for_few_and_many(path, most):
    full = HubFactory(slug="full")

    def fill(number):
        for _ in range(number):
            for factory in FACT_FACTORIES:
                factory(hub=full, sources=[SourceFactory()])
        HubFactory.create_batch(number)

    fill(1)
    few = queries_of(path)
    fill(12)

    assert queries_of(path) == few <= most


def queries_of(path):
    client = Client()
    client.get(path).getvalue()  # an open stream would keep its cursor
    with CaptureQueriesContext(connection) as queries:
        client.get(path).getvalue()
    return len(queries)


def test_other_sites_may_read_and_not_write(abc):
    reading = Client().get(LIST, headers={"origin": "https://partner.example"})
    asking = Client().options(
        LIST,
        headers={
            "origin": "https://partner.example",
            "access-control-request-method": "PATCH",
        },
    )

    assert reading["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in reading
    assert "PATCH" not in asking["Access-Control-Allow-Methods"]


def test_the_kinds_of_facts_are_named_as_in_their_addresses(abc):
    for field in FACT_FIELDS:
        assert Client().get(f"{LIST}abc/{field.replace('_', '-')}/").status_code == 200

"""The reading pages of hubs: what they show, to whom, at what cost."""

import csv
import datetime
import io

import pytest
from django.urls import reverse

from accounts.services import record_activity
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


def fill(hub, **sources):
    """Give a hub one fact of each kind, each with a source."""
    source = make.SourceFactory()
    return [factory(hub=hub, sources=[source]) for factory in make.FACT_FACTORIES]


def slugs_in_page(client, query):
    response = client.get(f"/hubs/{query}")
    return [line["hub"].slug for line in response.context["hubs"]]


def slugs_in_csv(client, query):
    separator = "&" if query else "?"
    response = client.get(f"/hubs/{query}{separator}export=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return [row["slug"] for row in csv.DictReader(io.StringIO(text))]


def slugs_in_api(client, query):
    response = client.get(f"/api/v1/hubs/{query}")
    return [row["slug"] for row in response.json()["results"]]


@pytest.fixture
def three_hubs():
    agency = make.HubFactory(
        slug="agency", name="Ágency", countries=["BR"], level="national", founded_year=1987
    )
    farm = make.HubFactory(
        slug="farm", name="Farm research", countries=["BR", "GH"], sectors=["311"]
    )
    fund = make.HubFactory(slug="fund", name="Fund", level="global", status="dissolved")
    make.InstitutionalArrangementFactory(hub=agency)
    make.FundingStreamFactory(hub=agency, source_type="foundation")
    make.FundingStreamFactory(hub=fund, source_type="multilateral")
    make.FundingStreamFactory(
        hub=farm, source_type="foundation", valid_to=datetime.date(2015, 12, 31)
    )
    make.FundingStreamFactory(hub=farm, source_type="private", confidentiality="hub")
    make.CoordinationLinkFactory(hub=farm, government_level="sub-national")
    network = make.NetworkFactory(slug="net")
    make.NetworkMembershipFactory(network=network, hub=fund)
    make.HubFactory(slug="hidden", name="Hidden", unpublished=True, countries=["BR"])


@pytest.mark.parametrize("slugs_in", [slugs_in_page, slugs_in_csv, slugs_in_api])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["agency", "farm", "fund"]),
        ("?q=agency", ["agency"]),
        ("?q=FARM+research", ["farm"]),
        ("?country=BR", ["agency", "farm"]),
        ("?country=GH&country=BR", ["agency", "farm"]),
        ("?region=002", ["farm"]),
        ("?sector=311", ["farm"]),
        ("?level=global", ["fund"]),
        ("?model=national-agency-mfa", ["agency"]),
        ("?funding=foundation", ["agency"]),
        ("?funding=private", []),
        ("?coordination=sub-national", ["farm"]),
        ("?status=dissolved", ["fund"]),
        ("?network=net", ["fund"]),
        ("?verified=yes", []),
        ("?order=-name", ["fund", "farm", "agency"]),
    ],
)
def test_list_is_the_same_in_every_format(client, three_hubs, slugs_in, query, expected):
    assert slugs_in(client, query) == expected


@pytest.mark.parametrize(
    "query",
    ["?country=XX", "?level=nowhere", "?network=none", "?verified=perhaps", "?q=" + "x" * 300],
)
def test_a_bad_filter_never_widens(client, three_hubs, query):
    page = client.get(f"/hubs/{query}")

    assert page.status_code == 200
    assert page.context["hubs"] == []
    assert page.context["form"].errors
    assert client.get(f"/hubs/{query}&export=csv").status_code == 400
    assert client.get(f"/api/v1/hubs/{query}").status_code == 400


def test_facet_counts_leave_out_their_own_filter(client, three_hubs):
    facets = {
        facet.name: {option.value: option.count for option in facet.options}
        for facet in client.get("/hubs/?level=national").context["facets"]
    }

    assert facets["level"] == {"national": 2, "global": 1}
    assert facets["country"] == {"BR": 2, "GH": 1}
    assert facets["funding"] == {"foundation": 1}


def test_the_fragment_is_the_results_alone(client, three_hubs):
    response = client.get("/hubs/", headers={"HX-Request": "true"})

    assert response.content.strip().startswith(b'<section id="results"')
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("number", [10, 200])
def test_list_needs_few_queries(client, django_assert_max_num_queries, number):
    fill(make.HubFactory())
    make.HubFactory.create_batch(number - 1)
    client.get("/hubs/")

    with django_assert_max_num_queries(8) as queries:
        client.get("/hubs/")

    assert len(queries) == 5


@pytest.mark.parametrize("number", [10, 200])
@pytest.mark.parametrize("signed_in", [False, True])
def test_profile_needs_few_queries(client, django_assert_max_num_queries, number, signed_in):
    hub = make.HubFactory()
    for _ in range(3):
        fill(hub)
    make.HubFactory.create_batch(number - 1)
    make.PillarScoreFactory(assessment=make.SelfAssessmentFactory(hub=hub, consented=True))
    if signed_in:
        client.force_login(make.MembershipFactory(hub=hub).member)
    client.get(hub.get_absolute_url())

    with django_assert_max_num_queries(17 if signed_in else 15):
        response = client.get(hub.get_absolute_url())

    assert response.status_code == 200


@pytest.mark.parametrize("number", [10, 200])
def test_comparison_needs_few_queries(client, django_assert_max_num_queries, number):
    hubs = make.HubFactory.create_batch(number)
    for hub in hubs[:6]:
        fill(hub)
    query = "&".join(f"hub={hub.slug}" for hub in hubs[:6])
    client.get(f"/hubs/compare/?{query}")

    with django_assert_max_num_queries(14):
        response = client.get(f"/hubs/compare/?{query}")

    assert response.status_code == 200


def test_profile_shows_facts_with_their_dates_and_sources(client):
    hub = make.HubFactory(name="Agency", founded_year=1987, countries=["BR"])
    source = make.SourceFactory(title="The law", publisher="Gazette")
    bank = make.OrganisationFactory(name="World Bank")
    make.FundingStreamFactory(
        hub=hub,
        source_type="multilateral",
        provider=bank,
        spent="1500000.00",
        currency="USD",
        valid_from=datetime.date(2015, 1, 1),
        valid_from_precision="year",
        sources=[source],
    )
    make.StatementFactory(hub=hub, topic="founding", sources=[source], note="by decree")

    page = client.get(hub.get_absolute_url()).content.decode()

    assert "Multilateral: World Bank" in page
    assert "spent: USD 1,500,000" in page
    assert "since 2015" in page
    assert "by decree" in page
    assert "The law" in page
    assert "Gazette" in page
    assert page.count('id="source-1"') == 1
    assert 'class="chart"' in page
    assert page.count("not stated") >= 4


def test_profile_as_of_a_day_shows_what_held_then(client):
    hub = make.HubFactory()
    make.PresenceFactory(hub=hub, place="Accra", valid_from=datetime.date(2006, 1, 1))
    make.PresenceFactory(
        hub=hub,
        place="Quito",
        valid_from=datetime.date(2000, 1, 1),
        valid_to=datetime.date(2003, 12, 31),
    )
    make.PresenceFactory(hub=hub, place="Lima", stated_on=datetime.date(2012, 1, 1))
    make.PresenceFactory(hub=hub, place="Undated")

    def places(as_of):
        page = client.get(f"{hub.get_absolute_url()}?as_of={as_of}")
        return {line["fact"].place for line in page.context["presences"]}

    assert places("2002") == {"Quito"}
    assert places("2010-05") == {"Accra"}
    assert places("2012-12-31") == {"Accra", "Lima"}
    assert places("") == {"Accra", "Quito", "Lima", "Undated"}


@pytest.mark.parametrize("day", ["2012-02-30", "yesterday", "99999999", "2012-13"])
def test_profile_refuses_an_impossible_day_in_words(client, day):
    hub = make.HubFactory()

    response = client.get(f"{hub.get_absolute_url()}?as_of={day}")

    assert response.status_code == 400
    assert "Write a day as 2012-12-31" in response.content.decode()
    assert day in response.content.decode()


def test_an_unpublished_hub_is_not_there_for_strangers(client):
    hub = make.HubFactory(unpublished=True)
    editor = make.MembershipFactory(hub=hub).member

    assert client.get(hub.get_absolute_url()).status_code == 404
    client.force_login(MemberFactory())
    assert client.get(hub.get_absolute_url()).status_code == 404
    client.force_login(editor)
    assert client.get(hub.get_absolute_url()).status_code == 200


def test_confidential_funding_is_for_those_it_is_meant_for(client):
    hub = make.HubFactory()
    make.FundingStreamFactory(hub=hub, note="for members", confidentiality="members")
    make.FundingStreamFactory(hub=hub, note="for the hub", confidentiality="hub")
    url = hub.get_absolute_url()

    def seen():
        page = client.get(url).content.decode()
        return {note for note in ("for members", "for the hub") if note in page}

    assert seen() == set()
    client.force_login(MemberFactory())
    assert seen() == {"for members"}
    client.force_login(make.MembershipFactory(hub=hub, correspondent=True).member)
    assert seen() == {"for members", "for the hub"}


def test_history_shows_public_changes_with_both_texts(client):
    hub = make.HubFactory()
    actor = MemberFactory(name="Ana")
    record_activity(
        "fact.changed", hub, by=actor, changes=[{"field": "share", "old": "10", "new": "12"}]
    )
    record_activity("fact.added", hub, by=actor, audience="moderators", changes=[])

    page = client.get(reverse("hubs:hub_history", args=[hub.slug])).content.decode()

    assert "Fact changed" in page
    assert ">10</del>" in page
    assert ">12</ins>" in page
    assert "Share of the hub&#x27;s funding in %" in page
    assert "Ana" in page
    assert "Fact added" not in page


def test_comparison_marks_what_differs_and_exports_the_same(client):
    first, second = make.HubFactory(slug="a", name="A"), make.HubFactory(slug="b", name="B")
    source = make.SourceFactory()
    for hub in (first, second):
        make.ExpertiseSourceFactory(hub=hub, kind="public", sources=[source])
    make.ExpertiseSourceFactory(hub=first, kind="academia", sources=[source])
    query = "hub=a&hub=b"

    page = client.get(f"/hubs/compare/?{query}")
    rows = {row.slug: row for row in page.context["comparison"].rows}
    json = client.get(f"/hubs/compare/?{query}&export=json").json()["results"]
    stream = client.get(f"/hubs/compare/?{query}&export=csv")
    text = b"".join(stream.streaming_content).decode("utf-8-sig")
    from_csv = list(csv.DictReader(io.StringIO(text)))

    expertise = rows["expertise-sources"]
    assert expertise.differs
    assert [(value.text, value.differs) for value in expertise.cells[0]] == [
        ("Academia", True),
        ("Public sector", False),
    ] or {(value.text, value.differs) for value in expertise.cells[0]} == {
        ("Academia", True),
        ("Public sector", False),
    }
    assert not rows["level"].differs
    assert [(row["hub"], row["dimension"], row["value"]) for row in from_csv] == [
        (row["hub"], row["dimension"], row["value"]) for row in json
    ]
    assert source.address in text


def test_comparison_refuses_seven_hubs_and_loses_nothing(client):
    hubs = make.HubFactory.create_batch(7)
    query = "&".join(f"hub={hub.slug}" for hub in hubs)

    response = client.get(f"/hubs/compare/?{query}&as_of=2012")
    page = response.content.decode()

    assert response.status_code == 400
    assert "Choose up to 6 hubs; you chose 7." in page
    assert page.count("checked") >= 7
    assert 'value="2012"' in page
    assert client.get(f"/hubs/compare/?{query}&export=csv").status_code == 400


def test_comparison_does_not_know_hidden_hubs(client):
    hidden = make.HubFactory(unpublished=True, name="Hidden one")

    response = client.get(f"/hubs/compare/?hub={hidden.slug}")

    assert response.status_code == 400
    assert "Hidden one" not in response.content.decode()


def test_organisation_page_names_the_hubs_it_works_with_and_funds(client):
    bank = make.OrganisationFactory(name="Bank")
    coordinated, funded = make.HubFactory(name="First"), make.HubFactory(name="Second")
    secret = make.HubFactory(name="Third")
    make.CoordinationLinkFactory(hub=coordinated, organisation=bank)
    make.FundingStreamFactory(hub=funded, provider=bank)
    make.FundingStreamFactory(hub=secret, provider=bank, confidentiality="hub")

    response = client.get(bank.get_absolute_url())

    assert [line["hub"].name for line in response.context["coordinates"]] == ["First"]
    assert [line["hub"].name for line in response.context["funds"]] == ["Second"]


def test_network_page_hides_hubs_that_are_not_published(client):
    network = make.NetworkFactory(name="CABRI")
    make.NetworkMembershipFactory(network=network, hub=make.HubFactory(name="Seen"))
    make.NetworkMembershipFactory(
        network=network, hub=make.HubFactory(name="Unseen", unpublished=True)
    )

    page = client.get(network.get_absolute_url()).content.decode()

    assert "Seen" in page
    assert "Unseen" not in page


@pytest.mark.parametrize("path", ["/hubs/?q=%00", "/hubs/compare/?hub=%00", "/hubs/?as_of=%00"])
def test_nul_bytes_are_refused(client, path):
    assert client.get(path).status_code == 400


def test_front_page_counts_answers_and_leads_to_their_hubs(client):
    hub = make.HubFactory(name="Agency", countries=["BR"])
    make.InstitutionalArrangementFactory(hub=hub, sources=[make.SourceFactory()])

    page = client.get("/").content.decode()

    assert "/hubs/?model=national-agency-mfa" in page
    assert "Agency" in page
    assert 'class="map"' in page


def test_a_crowded_map_has_one_marker_a_country_that_narrows_the_list(client, monkeypatch):
    monkeypatch.setattr("hubs.views.directory.MAX_MARKERS", 2)
    for country in ("GH", "GH", "KE"):
        make.HubFactory(countries=[country], level="national")

    markers = client.get("/hubs/?level=national&page=1").context["markers"]

    assert [(each.label, each.count, each.url) for each in markers] == [
        ("Ghana: 2 hubs", 2, "?level=national&country=GH"),
        ("Kenya: 1 hub", 1, "?level=national&country=KE"),
    ]

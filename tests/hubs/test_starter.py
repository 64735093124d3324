"""The starter content of hubs: what is there once it is loaded."""

import json
import re
from html import unescape

import pytest
from django.utils.html import strip_tags

from hubs.models import (
    FACT_MODELS,
    CoordinationLink,
    ExpertiseSource,
    FundingStream,
    Hub,
    InstitutionalArrangement,
    InstitutionalModel,
    Network,
    Organisation,
    Presence,
    Source,
    Statement,
)
from hubs.starter.loader import CONTENT, load_starter_content
from tests.kept import kept

# What the Bali lessons and the pages around them say, as a reader of a profile meets it.
CLAIMS = {
    "abc-brazil": (
        "National agency hosted at the ministry of foreign affairs",
        "Ministry of External Relations (Itamaraty)",
        "Bill & Melinda Gates Foundation",
        "Multilateral organisations not named",
    ),
    "sce-singapore": ("Public-private company", "Private sector"),
    "indonesia-nct": (
        "Inter-ministerial coordinating team",
        "Ministry of National Development Planning of Indonesia",
        "Ministry of Foreign Affairs of Indonesia",
        "Ministry of State Secretariat of Indonesia",
        "Ministry of Finance of Indonesia",
        "Government of Indonesia",
    ),
    "cabri": ("South African National Treasury", "Sub-national governments in Africa"),
    "semarnat": ("Sector ministry acting as hub", "States and municipalities of Mexico"),
    "embrapa": ("Accra, Ghana", "Civil society", "Academia"),
    "fiocruz": ("Sector institution: foundation of a line ministry", "Civil society"),
    "china-hubs": ("State budget", "Government of China"),
    "seetf-world-bank": ("Multilateral financing mechanism", "World Bank"),
}


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def starter(django_db_setup, django_db_blocker):
    with kept(django_db_blocker):
        load_starter_content()
        yield


def test_load_brings_every_hub_published_with_facts_of_every_kind(starter):
    assert Hub.objects.filter(is_published=True, is_starter=True).count() == 14
    assert InstitutionalModel.objects.count() == 12
    assert all(model.objects.filter(is_starter=True).exists() for model in FACT_MODELS)
    rows = json.loads(CONTENT.read_text(encoding="utf-8"))
    facts = [fact for hub in rows["hubs"] for kind in hub["facts"].values() for fact in kind]
    assert sum(model.objects.count() for model in FACT_MODELS) == len(facts)
    assert Source.objects.count() == len(rows["sources"])


def test_load_gives_every_fact_a_source(starter):
    unsourced = [fact for model in FACT_MODELS for fact in model.objects.filter(sources=None)]

    assert unsourced == []


def test_load_keeps_what_the_database_demands(starter):
    for model in (Hub, Organisation, Source, Network, *FACT_MODELS):
        for row in model.objects.all():
            row.full_clean(validate_unique=False)


def test_load_dates_a_fact_by_its_earliest_source(starter):
    fact = Hub.objects.get(slug="abc-brazil").fundingstreams.get(source_type="multilateral")

    assert fact.stated_on_iso == "2012"
    assert str(fact.known_from) == "2012-01-01"


def test_load_twice_writes_nothing_and_costs_two_statements(starter, django_assert_num_queries):
    with django_assert_num_queries(4):  # two of them open and close a savepoint
        written = load_starter_content()

    assert not written


def test_load_leaves_no_row_twice_in_the_register(starter):
    names = Organisation.objects.values_list("name", flat=True)

    assert len({name.casefold() for name in names}) == len(names)
    assert Organisation.objects.filter(name__icontains="Gates").count() == 1


def test_load_reads_what_the_bali_lessons_say(starter):
    def arrangement(slug):
        return InstitutionalArrangement.objects.filter(hub__slug=slug).latest("valid_from")

    def funders(slug):
        streams = FundingStream.objects.filter(hub__slug=slug)
        return {(stream.source_type, str(stream.provider)) for stream in streams}

    def links(slug, **kwargs):
        rows = CoordinationLink.objects.filter(hub__slug=slug, **kwargs)
        return set(rows.values_list("organisation__name", flat=True))

    def kinds(slug):
        rows = ExpertiseSource.objects.filter(hub__slug=slug)
        return set(rows.values_list("kind", flat=True))

    assert arrangement("abc-brazil").model_id == "national-agency-mfa"
    assert "Ministry of External Relations" in arrangement("abc-brazil").host_institution
    assert {kind for kind, _provider in funders("abc-brazil")} >= {
        *("state-budget", "multilateral", "bilateral", "foundation", "private"),
    }
    assert ("foundation", "Bill & Melinda Gates Foundation") in funders("abc-brazil")
    assert arrangement("sce-singapore").model_id == "public-private-company"
    assert arrangement("indonesia-nct").model_id == "inter-ministerial-coordinating-team"
    assert links("indonesia-nct", role="member") == {
        "Ministry of National Development Planning of Indonesia",
        "Ministry of Foreign Affairs of Indonesia",
        "Ministry of State Secretariat of Indonesia",
        "Ministry of Finance of Indonesia",
    }
    cabri = InstitutionalArrangement.objects.get(hub__slug="cabri")
    assert "South African National Treasury" in cabri.host_institution
    assert links("cabri", government_level="sub-national") == {"Sub-national governments in Africa"}
    assert arrangement("semarnat").model_id == "sector-ministry"
    assert kinds("embrapa") == {"public", "academia", "civil-society"}
    offices = Presence.objects.filter(hub__slug="embrapa", kind="office")
    assert set(offices.values_list("country", flat=True)) == {"GH", "US", "FR", "NL", "GB", "KR"}
    assert offices.get(country="GH").valid_from_iso == "2006"
    assert kinds("fiocruz") == {"public", "academia", "civil-society"}
    assert ("state-budget", "Government of China") in funders("china-hubs")
    assert ("state-budget", "Government of Indonesia") in funders("indonesia-nct")
    assert arrangement("seetf-world-bank").model_id == "multilateral-fund"


def test_profiles_show_what_the_bali_lessons_say(starter, client):
    def text(slug):
        answer = client.get(f"/hubs/{slug}/")
        return re.sub(r"\s+", " ", unescape(strip_tags(answer.content.decode())))

    missing = {
        (slug, claim)
        for slug, claims in CLAIMS.items()
        for claim in claims
        if claim not in text(slug)
    }

    assert missing == set()


def test_load_takes_each_office_from_the_page_that_names_it(starter):
    laboratories = {
        presence.country: presence.stated_on_iso
        for presence in Presence.objects.filter(hub__slug="embrapa", note__startswith="Labex")
    }

    assert laboratories == {
        "US": "2006-04-27",
        "FR": "2006-04-27",
        "NL": None,
        "GB": None,
        "KR": None,
    }


def test_load_keeps_what_changed_over_time(starter):
    hosts = [
        (row.host_institution, row.valid_from_iso, row.valid_to_iso)
        for row in InstitutionalArrangement.objects.filter(hub__slug="tika-turkey")
    ]
    fund = FundingStream.objects.get(hub__slug="amexcid", provider__acronym="FONCID")

    assert hosts == [
        ("Ministry of Foreign Affairs", "1992", "1999"),
        ("Prime Ministry", "1999", "2018"),
        ("Ministry of Culture and Tourism", "2018", None),
    ]
    assert fund.valid_to_iso == "2020-11"


def test_load_keeps_the_words_of_a_source_beside_the_codes(starter):
    sectors = Statement.objects.get(hub__slug="abc-brazil", topic="sectors")

    assert (
        sectors.text
        == "agriculture, health, vocational training, all fields of knowledge on request"
    )
    assert sectors.note == "Coded by this project."


def test_load_makes_cabri_a_network_and_its_secretariat(starter):
    network = Network.objects.get(slug="cabri")

    assert network.secretariat.slug == "cabri"
    assert network.sources.exists()

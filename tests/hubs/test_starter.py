import json
import re
import threading
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.html import strip_tags

from hubs.models import (
    FACT_MODELS,
    CoordinationLink,
    ExpertiseSource,
    FundingStream,
    Hub,
    InstitutionalArrangement,
    InstitutionalModel,
    Membership,
    Network,
    Organisation,
    Presence,
    Source,
    StarterRow,
    Statement,
)
from hubs.services import change_fact, change_hub, remove_fact
from hubs.starter.loader import CONTENT, load_starter_content
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import HubFactory, OrganisationFactory, SourceFactory

SOURCE = {
    "address": "https://bali.example/lessons",
    "title": "Lessons",
    "publisher": "",
    "dated_on": "2012",
}
FUNDING = {
    "key": "state-budget",
    "source_type": "state-budget",
    "provider": "treasury",
    "valid_from": "2010",
    "note": "As the source says.",
    "sources": [SOURCE["address"]],
}


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


@pytest.fixture
def moderator(db):
    return MemberFactory(moderator=True)


@pytest.fixture
def starter(db):
    return load_starter_content()


def small_content(*, funding=(FUNDING,), **hub):
    """Return content of one hub with one shared source, one organisation and its funding."""
    row = {
        "slug": "small",
        "name": "Small hub",
        "acronym": "SH",
        "native_name": "",
        "native_language": "",
        "countries": ["ID"],
        "level": "national",
        "sectors": ["311"],
        "languages": [],
        "website": "https://small.example",
        "founded_year": None,
        "status": "active",
        "summary": "A hub.",
    }
    return {
        "models": [{"code": "small-model", "name": "Small model"}],
        "sources": [SOURCE],
        "organisations": [
            {"slug": "treasury", "name": "Treasury", "kind": "ministry", "country": "ID"}
        ],
        "hubs": [row | hub | {"facts": {"funding-streams": list(funding)}}],
        "networks": [
            {
                "slug": "friends",
                "name": "Friends",
                "acronym": "",
                "description": "",
                "website": "",
                "secretariat": "small",
                "hubs": ["small"],
                "sources": [SOURCE["address"]],
            }
        ],
    }


def load(content):
    return load_starter_content(json.dumps(content))


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


def test_next_release_changes_what_nobody_edited(moderator):
    load(small_content())
    changed = FUNDING | {"note": "Better words."}
    del changed["valid_from"]

    written = load(small_content(funding=[changed], summary="A better summary."))

    fact = FundingStream.objects.get()
    hub = Hub.objects.get()
    assert written.total() == 2
    assert (fact.note, fact.valid_from, fact.version) == ("Better words.", None, 2)
    assert (hub.summary, hub.version, hub.is_starter) == ("A better summary.", 2, True)
    assert StarterRow.objects.get(key="content").object_pk == 0


def test_next_release_changes_the_sources_of_a_fact(moderator):
    load(small_content())
    content = small_content()
    content["sources"].append(SOURCE | {"address": "https://other.example/", "dated_on": "2011-05"})
    fact = FUNDING | {"sources": ["https://other.example/"]}
    content["hubs"][0]["facts"]["funding-streams"] = [fact]

    load(content)

    kept = FundingStream.objects.get()
    assert [source.address for source in kept.sources.all()] == ["https://other.example/"]
    assert kept.stated_on_iso == "2011-05"


def test_next_release_dates_facts_as_their_sources_are_dated(moderator):
    load(small_content())
    content = small_content()
    content["sources"][0] = content["sources"][0] | {"dated_on": "2009"}

    load(content)

    assert FundingStream.objects.get().stated_on_iso == "2009"


def test_next_release_keeps_an_edited_fact(moderator):
    load(small_content())
    fact = FundingStream.objects.get()
    change_fact(fact, changes={"note": "Mine."}, sources=None, expected_version=1, by=moderator)

    load(small_content(funding=[FUNDING | {"note": "Better words."}]))

    assert FundingStream.objects.get().note == "Mine."


def test_next_release_keeps_an_edited_hub_and_adds_to_it(moderator):
    load(small_content())
    change_hub(Hub.objects.get(), changes={"summary": "Mine."}, expected_version=1, by=moderator)
    added = FUNDING | {"key": "own-fees", "source_type": "own-fees", "provider": None}

    load(small_content(funding=[added, FUNDING], summary="A better summary."))

    assert Hub.objects.get().summary == "Mine."
    assert FundingStream.objects.count() == 2


def test_next_release_does_not_bring_back_a_removed_fact(moderator):
    load(small_content())
    remove_fact(FundingStream.objects.get(), reason="Wrong", expected_version=1, by=moderator)

    load(small_content(funding=[FUNDING | {"note": "Better words."}]))

    assert not FundingStream.objects.exists()


@pytest.mark.parametrize("edited", [False, True])
def test_next_release_withdraws_only_what_nobody_edited(edited, moderator):
    load(small_content())
    if edited:
        fact = FundingStream.objects.get()
        change_fact(fact, changes={"note": "Mine."}, sources=None, expected_version=1, by=moderator)

    load(small_content(funding=[]))

    assert FundingStream.objects.exists() is edited


def test_next_release_corrects_registers_but_not_what_people_corrected(moderator):
    load(small_content())
    Organisation.objects.update(name="The Treasury")
    content = small_content()
    content["organisations"][0]["country"] = "SG"
    content["sources"][0] = SOURCE | {"title": "Lessons of Bali"}

    load(content)

    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.country) == ("The Treasury", "ID")
    assert Source.objects.get().title == "Lessons of Bali"


def test_next_release_leaves_out_what_rests_on_removed_rows(moderator):
    load(small_content(funding=[]))
    Network.objects.get().sources.clear()
    Source.objects.get().delete()

    load(small_content())

    assert not Source.objects.exists()
    assert not FundingStream.objects.exists()


def test_load_uses_what_people_made_before(db):
    organisation = OrganisationFactory(name="TREASURY", slug="my-treasury")
    source = SourceFactory(address=SOURCE["address"], title="My title")
    hub = HubFactory(slug="other")

    load(small_content())

    fact = FundingStream.objects.get()
    assert fact.provider == organisation
    assert [cited.title for cited in fact.sources.all()] == [source.title]
    assert Hub.objects.filter(pk=hub.pk, is_starter=False).exists()


def test_load_leaves_alone_a_hub_that_people_described_before(db):
    HubFactory(slug="small", name="Ours")

    load(small_content())

    assert Hub.objects.get().name == "Ours"
    assert not FundingStream.objects.exists()
    assert not Membership.objects.exists()


def test_load_is_whole_or_not_at_all(db):
    wrong = FUNDING | {"key": "wrong", "source_type": "lottery"}

    with pytest.raises(ValidationError, match="lottery"):
        load(small_content(funding=[FUNDING, wrong]))

    assert not Hub.objects.exists()
    assert not StarterRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_write_everything_once():
    barrier = threading.Barrier(2)
    written = []

    def act():
        barrier.wait()
        try:
            written.append(load(small_content()).total())
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(written) == [0, 6]
    assert Hub.objects.count() == FundingStream.objects.count() == 1

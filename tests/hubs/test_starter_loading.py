"""Loading starter content of hubs again: what is new comes, what people wrote stays."""

import json
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from hubs.models import (
    FundingStream,
    Hub,
    Membership,
    Network,
    Organisation,
    Source,
    StarterRow,
)
from hubs.services import change_fact, change_hub, remove_fact
from hubs.starter.loader import load_starter_content
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


@pytest.fixture
def moderator(db):
    return MemberFactory(moderator=True)


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

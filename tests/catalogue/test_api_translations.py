"""Entries in other languages as programs read and write them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue import services
from catalogue.models import Translation
from tests.api_clients import client_of
from tests.catalogue.writing import as_client, assert_no_junk_breaks, patch, send, statuses, who_may
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.hubs.people import EDITORS, MODERATORS, OWN
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
INSIDERS = OWN | MODERATORS
LIST = "/api/v1/entries/wells/translations/"
FRENCH = f"{LIST}fr/"
NEW = {"language": "fr", "texts": {"title": "Puits", "results": ["Techniciens"]}}


@pytest.fixture
def entry():
    entry = make.EntryFactory(slug="wells", title="Wells", challenge="Dry.", language="en")
    make.ResultRowFactory(entry=entry)
    services.publish_content(entry, by=None)
    entry.refresh_from_db()
    return entry


@pytest.fixture
def writer(entry):
    return client_of(make_hubs.MembershipFactory(hub=entry.hub, correspondent=True).member)


@pytest.fixture
def editor(entry):
    return client_of(make_hubs.MembershipFactory(hub=entry.hub).member)


def test_an_entry_is_translated_and_read(entry, writer):
    answer = send(writer, "post", LIST, NEW | {"state": "machine"})

    data = answer.json()
    assert answer.status_code == 201, data
    assert (data["state"], data["from_version"], data["is_stale"]) == ("machine", 1, False)
    assert data["texts"] == NEW["texts"]
    assert answer["Location"] == data["api_url"]
    assert client_of(None).get(FRENCH).json() == data
    assert client_of(None).get(LIST).json()["results"] == [data]
    assert "Puits" in client_of(None).get(data["url"]).content.decode()


def test_who_translates(entry):
    def act(user):
        Translation.objects.all().delete()
        return send(as_client(user), "post", LIST, NEW)

    assert who_may(entry.hub, act) == statuses(INSIDERS, 201)


def test_who_reviews_and_removes(entry, writer):
    def review(user):
        Translation.objects.all().delete()
        send(writer, "post", LIST, NEW)
        return send(as_client(user), "post", f"{FRENCH}review/", if_match="*")

    def remove(user):
        Translation.objects.all().delete()
        send(writer, "post", LIST, NEW)
        return send(as_client(user), "delete", FRENCH)

    assert who_may(entry.hub, review) == statuses(EDITORS | MODERATORS, 200)
    removed = who_may(entry.hub, remove)
    assert {who for who, status in removed.items() if status == 204} >= EDITORS | MODERATORS
    assert not {"stranger", "member", "anonymous"} & {
        who for who, status in removed.items() if status == 204
    }


def test_of_a_hidden_hub_nothing_is_told(entry):
    entry.hub.is_published = False
    entry.hub.save()
    stranger = client_of(make_hubs.MembershipFactory(head=True).member)

    for method, url in (("post", LIST), ("patch", FRENCH), ("delete", FRENCH)):
        assert send(stranger, method, url, NEW, if_match="*").status_code == 404
    assert stranger.get(LIST).status_code == 404
    assert send(stranger, "post", f"{FRENCH}review/", if_match="*").status_code == 404


def test_what_was_reviewed_is_reviewed_again_when_it_changes(writer, editor):
    send(writer, "post", LIST, NEW)
    etag = editor.get(FRENCH)["ETag"]
    own = send(writer, "post", f"{FRENCH}review/", if_match=etag)
    reviewed = send(editor, "post", f"{FRENCH}review/", if_match=etag)
    assert (own.status_code, reviewed.json()["state"]) == (403, "reviewed")

    changed = patch(writer, FRENCH, {"texts": {"challenge": "Sec."}})
    assert changed.json()["state"] == "human"
    assert changed.json()["texts"] == NEW["texts"] | {"challenge": "Sec."}
    late = send(editor, "post", f"{FRENCH}review/", if_match=etag)
    assert (late.status_code, send(editor, "post", f"{FRENCH}review/").status_code) == (412, 428)


def test_one_that_is_stale_is_marked_and_not_reviewed(entry, writer, editor):
    send(writer, "post", LIST, NEW)
    entry.title = "More wells"
    services.publish_content(entry, by=None)

    assert client_of(None).get(FRENCH).json()["is_stale"] is True
    refused = send(editor, "post", f"{FRENCH}review/", if_match="*")
    assert (refused.status_code, "Bring the translation" in refused.json()["detail"]) == (409, True)
    named = patch(writer, FRENCH, {"from_version": 2, "texts": {"title": "Plus de puits"}})
    assert (named.json()["is_stale"], named.json()["from_version"]) == (False, 2)


def test_a_correction_that_names_no_version_stays_stale(entry, writer):
    send(writer, "post", LIST, NEW)
    services.publish_content(entry, by=None)

    assert patch(writer, FRENCH, {"texts": {"title": "Des puits"}}).json()["is_stale"] is True


def test_a_change_says_what_it_is_based_on(writer):
    send(writer, "post", LIST, NEW)
    etag = writer.get(FRENCH)["ETag"]
    patch(writer, FRENCH, {"texts": {"title": "Theirs"}})

    assert patch(writer, FRENCH, {"texts": {"title": "Mine"}}, etag).status_code == 412
    assert send(writer, "patch", FRENCH, {"texts": {"title": "Mine"}}).status_code == 428
    assert writer.get(FRENCH).json()["texts"]["title"] == "Theirs"


@pytest.mark.parametrize(
    ("new", "status", "where", "words"),
    [
        ({"language": "en"}, 409, None, "language of the original"),
        ({"language": "xx"}, 400, "language", "Unknown code"),
        ({"texts": {}}, 400, "texts.title", "required"),
        ({"texts": {"title": " "}}, 400, "texts.title", "required"),
        ({"texts": {"title": "x" * 201}}, 400, "texts.title", "200"),
        ({"texts": {"title": "A", "lessons": "B"}}, 400, "texts.lessons", "says nothing here"),
        ({"texts": {"title": "A", "year": "B"}}, 400, "texts.year", "no such field"),
        ({"texts": {"title": "A", "results": ["a", "b"]}}, 400, "texts.results", "1 results"),
        ({"texts": {"title": "A", "results": ["x" * 501]}}, 400, "texts.results.0", "500"),
        ({"texts": "A"}, 400, "texts", "dictionary"),
        ({"state": "reviewed"}, 400, "state", "reviewed"),
        ({"from_version": 0}, 400, "from_version", "1"),
        ({"from_version": 10**30}, 400, "from_version", "1000000"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(writer, new, status, where, words):
    answer = send(writer, "post", LIST, NEW | new)

    assert answer.status_code == status, answer.json()
    said = answer.json()["errors"][where][0] if where else answer.json()["detail"]
    assert words in said, answer.json()
    assert not Translation.objects.exists()


def test_a_language_that_is_there_is_changed_not_added(writer):
    send(writer, "post", LIST, NEW)

    answer = send(writer, "post", LIST, NEW)

    assert (answer.status_code, "already" in answer.json()["detail"]) == (409, True)


@pytest.mark.django_db(transaction=True)
def test_of_two_translations_at_once_one_is_refused():
    entry = make.EntryFactory(slug="wells", published=True)
    member = make_hubs.MembershipFactory(hub=entry.hub).member
    new = {"language": "fr", "texts": {"title": "Puits"}}

    def act(client):
        return lambda: send(client, "post", LIST, new)

    answers = all_at_once(act(client_of(member)), act(client_of(member)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 201
    assert statuses[1] in (409, 412)


def test_no_junk_breaks_it(writer):
    send(writer, "post", LIST, NEW)
    fields = ("language", "state", "from_version", "texts")
    assert_no_junk_breaks(writer, "post", LIST, fields)
    assert_no_junk_breaks(writer, "patch", FRENCH, fields, if_match="*")
    for junk in ({"title": ["a"]}, {"results": "a"}, {"results": [{}]}, {"title": {"a": 1}}):
        assert patch(writer, FRENCH, {"texts": junk}, "*").status_code == 400, junk


@pytest.mark.parametrize("number", [1, 12])
def test_a_list_costs_the_same_however_long(entry, number):
    for language in ["fr", "es", "pt", "id", "ar", "de", "it", "nl", "sv", "da", "fi", "pl"][
        :number
    ]:
        make.TranslationFactory(entry=entry, language=language)
    client = client_of(None)

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(LIST)

    assert len(answer.json()["results"]) == number
    assert len(queries) == 2

"""The library as programs write it: resources, and copies as addresses and files."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import Resource, ResourceLink
from tests.api_clients import client_of
from tests.catalogue.writing import as_client, assert_no_junk_breaks, patch, send, statuses, who_may
from tests.documents import PDF
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.hubs.people import EDITORS, MODERATORS, OWN
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
RESOURCES = "/api/v1/resources/"
GUIDE = f"{RESOURCES}guide/"
WRITERS = EDITORS | MODERATORS
SEEN = OWN | MODERATORS
NEW = {"title": "How wells are dug", "type": "guide", "language": "en"}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def resource():
    return make.ResourceFactory(slug="guide", hub=make_hubs.HubFactory(), is_published=False)


@pytest.fixture
def editor(resource):
    return client_of(make_hubs.MembershipFactory(hub=resource.hub).member)


def upload(client, **fields):
    return client.post(f"{GUIDE}copies/", fields)


def pdf(name="guide.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def test_a_resource_is_added_as_a_draft(editor, resource):
    entry = make.EntryFactory(hub=resource.hub, published=True)
    new = NEW | {"hub": resource.hub.slug, "year": 2020, "languages": ["fr", "en"]}

    answer = send(editor, "post", RESOURCES, new | {"entries": [entry.slug]})

    data = answer.json()
    assert answer.status_code == 201, data
    assert (data["type"], data["year"], data["languages"]) == ("guide", 2020, ["en", "fr"])
    assert (data["entries"], data["is_published"]) == ([entry.slug], False)
    assert answer["Location"] == data["api_url"]
    assert editor.get(data["api_url"]).json() == data
    assert client_of(None).get(data["api_url"]).status_code == 404
    assert data["slug"] not in editor.get(RESOURCES).content.decode()


def test_who_adds_to_the_library_of_a_hub(resource):
    def act(user):
        return send(as_client(user), "post", RESOURCES, NEW | {"hub": resource.hub.slug})

    assert who_may(resource.hub, act) == statuses(WRITERS, 201) | {"stranger": 400}


def test_who_adds_to_the_library_of_the_portal(resource):
    def act(user):
        return send(as_client(user), "post", RESOURCES, NEW)

    expected = statuses(MODERATORS, 201) | dict.fromkeys(EDITORS | {"stranger"}, 400)
    assert who_may(resource.hub, act) == expected


@pytest.mark.parametrize(
    ("verb", "method", "data", "headers"),
    [
        ("", "patch", {"year": 2001}, {"if_match": "*"}),
        ("publish/", "post", None, {"if_match": "*"}),
        ("withdraw/", "post", None, {}),
        ("copies/", "post", {"address": "https://example.org/a"}, {}),
    ],
)
def test_who_writes_a_draft(resource, verb, method, data, headers):
    def act(user):
        Resource.objects.update(is_published=False)
        ResourceLink.objects.all().delete()
        return send(as_client(user), method, f"{GUIDE}{verb}", data, **headers)

    table = statuses(WRITERS, 201 if verb == "copies/" else 200, others=404)
    assert who_may(resource.hub, act) == table | dict.fromkeys(OWN - EDITORS, 403)


def test_who_reads_a_draft(resource):
    found = who_may(resource.hub, lambda user: as_client(user).get(GUIDE))

    assert {who for who, status in found.items() if status == 200} == SEEN
    assert set(found.values()) == {200, 404}


def test_a_change_names_only_what_changes(editor, resource):
    entry = make.EntryFactory(hub=resource.hub, published=True)
    resource.entries.add(entry)

    answer = patch(editor, GUIDE, {"type": "evaluation", "publisher": "Office"})

    data = answer.json()
    assert (data["type"], data["publisher"]) == ("evaluation", "Office")
    assert (data["title"], data["entries"]) == (resource.title, [entry.slug])


def test_entries_of_others_stay_where_a_list_is_replaced(editor, resource):
    other = make.EntryFactory(published=True)
    resource.entries.add(other)

    assert patch(editor, GUIDE, {"entries": []}).json()["entries"] == [other.slug]
    answer = patch(editor, GUIDE, {"entries": [make.EntryFactory(published=True).slug]})
    assert "no entry with this address" in answer.json()["errors"]["entries"][0]


def test_a_list_that_is_sent_back_loses_no_draft(editor, resource):
    draft = make.EntryFactory(hub=resource.hub)
    resource.entries.add(draft)

    assert editor.get(GUIDE).json()["entries"] == [draft.slug]
    Resource.objects.update(is_published=True)
    assert client_of(None).get(GUIDE).json()["entries"] == []


def test_a_change_or_publication_says_what_it_is_based_on(editor):
    etag = editor.get(GUIDE)["ETag"]
    patch(editor, GUIDE, {"publisher": "Theirs"})

    for method, url in (("patch", GUIDE), ("post", f"{GUIDE}publish/")):
        data = {"publisher": "Mine"} if method == "patch" else {}
        assert send(editor, method, url, data).status_code == 428
        assert send(editor, method, url, data, if_match=etag).status_code == 412
    data = editor.get(GUIDE).json()
    assert (data["publisher"], data["is_published"]) == ("Theirs", False)


def test_a_published_resource_is_in_the_list_until_it_is_withdrawn(editor):
    etag = editor.get(GUIDE)["ETag"]
    shown = send(editor, "post", f"{GUIDE}publish/", if_match=etag)
    assert (shown.status_code, shown.json()["is_published"]) == (200, True)
    assert [row["slug"] for row in client_of(None).get(RESOURCES).json()["results"]] == ["guide"]

    send(editor, "post", f"{GUIDE}withdraw/")
    assert client_of(None).get(RESOURCES).json()["results"] == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "title", "blank"),
        ({"type": "poem"}, "type", "poem"),
        ({"year": 1492}, "year", "1900"),
        ({"year": 10**30}, "year", "2100"),
        ({"languages": ["xx"]}, "languages.0", "Unknown code"),
        ({"hub": None}, "hub", "required"),
        ({"hub": "nowhere"}, "hub", "nowhere"),
        ({"entries": ["a/b"]}, "entries.0", "slug"),
        ({"entries": ["a"] * 51}, "entries", "50"),
        ({"is_published": True}, "is_published", "no such field"),
        ({"note": "x" * 10_000}, "note", "2000"),
        ({}, "request", "at least one"),
    ],
)
def test_what_is_wrong_is_said_by_field(editor, resource, changes, field, words):
    answer = patch(editor, GUIDE, changes)

    assert answer.status_code == 400
    assert words in answer.json()["errors"][field][0], answer.json()
    resource.refresh_from_db()
    assert resource.version == 1


def test_the_hub_of_somebody_else_is_not_named(editor):
    hidden = make_hubs.HubFactory(unpublished=True)
    seen = make_hubs.HubFactory()

    for hub in (hidden, seen):
        assert "hub" in patch(editor, GUIDE, {"hub": hub.slug}).json()["errors"]


def test_copies_are_listed_added_and_taken_away(editor, resource):
    url = f"{GUIDE}copies/"
    first = send(editor, "post", url, {"language": "fr", "address": "https://example.org/a"})
    second = upload(editor, language="en", file=pdf())
    assert (first.status_code, second.status_code) == (201, 201), second.content
    assert second.json()["content_type"] == "application/pdf"
    assert second.json()["bytes"] == len(PDF)

    listed = editor.get(url).json()["results"]
    assert listed == [first.json(), second.json()]
    stored = ResourceLink.objects.get(pk=second.json()["id"]).file.name
    assert default_storage.exists(stored)
    assert editor.get(second.json()["address"]).getvalue() == PDF

    assert send(editor, "delete", f"{url}{first.json()['id']}/").status_code == 204
    assert send(editor, "delete", f"{url}{first.json()['id']}/").status_code == 404
    assert editor.get(url).json()["results"] == [second.json()]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"language": "fr"}, "address", "not both"),
        ({"address": "https://example.org/a", "file": PDF}, "address", "not both"),
        ({"address": "javascript:alert(1)"}, "address", ""),
        ({"language": "xx", "file": PDF}, "language", "Unknown code"),
        ({"file": b"MZ\x90"}, "file", "not a file of the kind"),
        ({"file": b""}, "file", "empty"),
        ({"file": PDF, "title": "a"}, "title", "no such field"),
    ],
)
def test_what_is_wrong_with_a_copy_is_said(editor, fields, field, words):
    sent = {name: pdf(content=value) if name == "file" else value for name, value in fields.items()}

    answer = upload(editor, **sent)

    assert answer.status_code == 400
    assert words in answer.json()["errors"][field][0], answer.json()
    assert not ResourceLink.objects.exists()


@pytest.mark.parametrize("checks", [True, False])
def test_a_file_that_is_too_large_is_refused(resource, checks):
    member = make_hubs.MembershipFactory(hub=resource.hub).member
    editor = client_of(member, enforce_csrf_checks=checks, headers={"X-CSRFToken": "a" * 32})
    editor.cookies["csrftoken"] = "a" * 32
    over = upload(editor, file=pdf(content=PDF + b" " * 9_000_001))
    far_over = upload(editor, file=pdf(content=PDF + b" " * 10_000_001))

    assert (over.status_code, far_over.status_code) == (400, 413)
    assert "9 MB" in over.json()["errors"]["file"][0]
    assert far_over["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"nothing", "multipart/form-data"),
        (b"nothing", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=" + "x" * 300),
        (
            b'--x\r\nContent-Disposition: form-data; name="address"\r\n\r\n\x00\xff\r\n--x--',
            "multipart/form-data; boundary=x",
        ),
    ],
)
@pytest.mark.parametrize("checks", [True, False])
def test_a_broken_form_is_a_bad_request(resource, body, kind, checks):
    member = make_hubs.MembershipFactory(hub=resource.hub).member
    client = client_of(member, enforce_csrf_checks=checks)
    client.cookies["csrftoken"] = "a" * 32

    answer = client.post(
        f"{GUIDE}copies/", body, content_type=kind, headers={"X-CSRFToken": "a" * 32}
    )

    assert answer.status_code in (400, 415)
    assert answer["Content-Type"] == "application/problem+json"


def test_one_key_keeps_one_file(editor):
    headers = {"headers": {"Idempotency-Key": "k"}}
    first, second = (editor.post(f"{GUIDE}copies/", {"file": pdf()}, **headers) for _ in range(2))
    other = editor.post(f"{GUIDE}copies/", {"file": pdf(content=PDF + b"\n")}, **headers)

    assert (first.status_code, first.json()) == (201, second.json())
    assert other.status_code == 422
    assert ResourceLink.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_key_twice_at_once_adds_one_resource():
    member = MemberFactory(moderator=True)
    clients = [client_of(member), client_of(member)]

    def act(client):
        return lambda: send(client, "post", RESOURCES, NEW, idempotency_key="k")

    first, second = all_at_once(*map(act, clients))

    assert (first.status_code, first.json()) == (201, second.json())
    assert Resource.objects.count() == 1


def test_a_form_is_read_where_files_are_taken_only(editor):
    assert editor.post(RESOURCES, NEW).status_code == 415


def test_no_junk_breaks_it(editor):
    fields = ("title", "type", "language", "year", "languages", "note", "hub", "entries")
    assert_no_junk_breaks(editor, "post", RESOURCES, fields)
    assert_no_junk_breaks(editor, "patch", GUIDE, fields, if_match="*")
    assert_no_junk_breaks(editor, "post", f"{GUIDE}copies/", ("language", "address", "file"))


@pytest.mark.parametrize("number", [1, 20])
def test_copies_cost_the_same_however_many(editor, resource, number):
    for place in range(number):
        make.ResourceLinkFactory(resource=resource, position=place)
    editor.get(f"{GUIDE}copies/")

    with CaptureQueriesContext(connection) as queries:
        answer = editor.get(f"{GUIDE}copies/")

    assert len(answer.json()["results"]) == number
    assert len(queries) == 3

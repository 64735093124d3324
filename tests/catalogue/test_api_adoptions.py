"""Adoptions as programs state, change and decide on them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import Adoption
from tests.api_clients import client_of
from tests.catalogue.writing import as_client, assert_no_junk_breaks, patch, send, statuses, who_may
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.hubs.people import EDITORS, MEMBERS, MODERATORS
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
ADOPTIONS = "/api/v1/adoptions/"
WRITERS = EDITORS | MODERATORS


@pytest.fixture
def adoption():
    return make.AdoptionFactory()


@pytest.fixture
def adopter(adoption):
    return client_of(make_hubs.MembershipFactory(hub=adoption.hub).member)


@pytest.fixture
def originator(adoption):
    return client_of(make_hubs.MembershipFactory(hub=adoption.entry.hub).member)


@pytest.fixture
def url(adoption):
    return f"{ADOPTIONS}{adoption.pk}/"


def test_an_adoption_is_stated(adopter, adoption):
    entry = make.EntryFactory(published=True)
    result = make.EntryFactory(hub=adoption.hub, published=True)
    claim = {"entry": entry.slug, "hub": adoption.hub.slug, "outcome": "failed", "why": "No rain."}

    answer = send(adopter, "post", ADOPTIONS, claim | {"resulting_entry": result.slug})

    data = answer.json()
    assert answer.status_code == 201, data
    assert data | claim == data
    assert (data["block"], data["organisation"], data["state"]) == (None, None, "claimed")
    assert data["resulting_entry"] == result.slug
    assert answer["Location"] == data["api_url"]
    assert adopter.get(data["api_url"]).json() == data
    listed = client_of(None).get(f"/api/v1/entries/{entry.slug}/adoptions/").json()["results"]
    assert listed == [data]


def test_a_block_is_taken_up_by_an_organisation():
    block, body = make.BuildingBlockFactory(), make_hubs.OrganisationFactory()

    claim = {"block": block.slug, "organisation": body.slug}
    answer = send(client_of(MemberFactory()), "post", ADOPTIONS, claim)

    assert answer.status_code == 201, answer.json()
    assert (answer.json()["block"], answer.json()["organisation"]) == (block.slug, body.slug)


def test_who_states_for_a_hub():
    hub = make_hubs.HubFactory()
    entry = make.EntryFactory(published=True)

    def act(user):
        Adoption.objects.all().delete()
        return send(as_client(user), "post", ADOPTIONS, {"entry": entry.slug, "hub": hub.slug})

    expected = statuses(WRITERS, 201) | dict.fromkeys(MEMBERS - WRITERS, 400)
    assert who_may(hub, act) == expected


@pytest.mark.parametrize(
    ("verb", "method", "data", "headers", "status"),
    [
        ("", "patch", {"kept": "All."}, {"if_match": "*"}, 200),
        ("retract/", "post", {"reason": "Never was."}, {}, 204),
    ],
)
def test_who_writes_as_the_adopter(adoption, verb, method, data, headers, status):
    def act(user):
        Adoption.objects.all().delete()
        made = make.AdoptionFactory(entry=adoption.entry, hub=adoption.hub)
        return send(as_client(user), method, f"{ADOPTIONS}{made.pk}/{verb}", data, **headers)

    assert who_may(adoption.hub, act) == statuses(WRITERS, status)


@pytest.mark.parametrize(
    ("verb", "data", "headers", "status"),
    [
        ("confirm/", None, {"if_match": "*"}, 200),
        ("reject/", {"reason": "Never was."}, {}, 204),
    ],
)
def test_who_decides_as_the_originator(adoption, verb, data, headers, status):
    def act(user):
        Adoption.objects.all().delete()
        made = make.AdoptionFactory(entry=adoption.entry, hub=adoption.hub)
        return send(as_client(user), "post", f"{ADOPTIONS}{made.pk}/{verb}", data, **headers)

    assert who_may(adoption.entry.hub, act) == statuses(WRITERS, status)


def test_nobody_of_the_adopting_hub_confirms(adopter, url):
    assert send(adopter, "post", f"{url}confirm/", if_match="*").status_code == 403


def test_by_a_hidden_hub_there_is_none_for_others():
    made = make.AdoptionFactory(hub=make_hubs.HubFactory(unpublished=True))
    url = f"{ADOPTIONS}{made.pk}/"
    # An editor of the originator does not see it either.
    stranger = client_of(make_hubs.MembershipFactory(hub=made.entry.hub).member)

    for method, path, data in (
        ("get", url, None),
        ("patch", url, {"why": "x"}),
        ("post", f"{url}confirm/", None),
        ("post", f"{url}reject/", {"reason": "x"}),
        ("post", f"{url}retract/", {"reason": "x"}),
    ):
        answer = stranger.get(path) if method == "get" else send(stranger, method, path, data)
        assert answer.status_code == 404, path
    assert stranger.get(ADOPTIONS).json()["results"] == []


def test_what_came_of_it_is_named_to_those_who_may_see_it(adoption, adopter, url):
    hidden = make.EntryFactory(hub=adoption.hub)
    changed = patch(adopter, url, {"resulting_entry": hidden.slug})

    assert changed.json()["resulting_entry"] == hidden.slug, changed.json()
    assert client_of(None).get(url).json()["resulting_entry"] is None


def test_confirmed_is_what_was_read_and_a_change_waits_anew(adopter, originator, url):
    etag = originator.get(url)["ETag"]
    patch(adopter, url, {"kept": "Half."})
    late = send(originator, "post", f"{url}confirm/", if_match=etag)
    unread = send(originator, "post", f"{url}confirm/")
    assert (late.status_code, unread.status_code) == (412, 428)

    read = send(originator, "post", f"{url}confirm/", if_match=originator.get(url)["ETag"])
    again = send(originator, "post", f"{url}confirm/", if_match="*")
    assert (read.status_code, read.json()["state"]) == (200, "confirmed")
    assert (again.status_code, "already" in again.json()["detail"]) == (409, True)
    assert patch(adopter, url, {"kept": "None."}).json()["state"] == "claimed"


def test_a_confirmation_is_repeated_for_one_key_though_the_row_has_moved_on(originator, url):
    sent = {"if_match": originator.get(url)["ETag"], "idempotency_key": "k"}
    first, second = (send(originator, "post", f"{url}confirm/", **sent) for _ in "12")

    assert (first.status_code, first.json()) == (200, second.json())
    assert first["ETag"] != sent["if_match"]


def test_what_is_rejected_is_gone(originator, url):
    refused = send(originator, "post", f"{url}reject/", {"reason": " "})
    assert (refused.status_code, "reason" in refused.json()["errors"]) == (400, True)

    assert send(originator, "post", f"{url}reject/", {"reason": "No."}).status_code == 204
    assert originator.get(url).status_code == 404
    assert send(originator, "post", f"{url}reject/", {"reason": "No."}).status_code == 404


def test_a_rejection_is_repeated_for_one_key(originator, url):
    sent = {"reason": "No."}
    answers = [send(originator, "post", f"{url}reject/", sent, idempotency_key="k") for _ in "12"]

    assert [answer.status_code for answer in answers] == [204, 204]


@pytest.mark.parametrize(
    ("claim", "field", "words"),
    [
        ({}, "entry", "not both"),
        ({"entry": "e", "block": "b"}, "entry", "not both"),
        ({"entry": "draft"}, "entry", "draft"),
        ({"entry": "e"}, "organisation", "not both"),
        ({"entry": "e", "hub": "own", "organisation": "body"}, "organisation", "not both"),
        ({"entry": "e", "hub": "other"}, "hub", "other"),
        ({"entry": "e", "hub": "own", "outcome": "great"}, "outcome", "great"),
        ({"entry": "e", "hub": "own", "kept": "x" * 10_000}, "kept", "2000"),
        ({"entry": "e", "hub": "own", "resulting_entry": "e"}, "resulting_entry", "valid"),
        ({"entry": "e", "hub": "own", "state": "confirmed"}, "state", "no such field"),
    ],
)
def test_what_is_wrong_is_said_by_field(claim, field, words):
    hub = make_hubs.HubFactory(slug="own")
    make_hubs.HubFactory(slug="other")
    make_hubs.OrganisationFactory(slug="body")
    make.EntryFactory(slug="e", published=True)
    make.EntryFactory(slug="draft")
    make.BuildingBlockFactory(slug="b")
    editor = client_of(make_hubs.MembershipFactory(hub=hub).member)

    answer = send(editor, "post", ADOPTIONS, claim)

    assert answer.status_code == 400
    assert words in answer.json()["errors"][field][0], answer.json()
    assert not Adoption.objects.exists()


def test_who_writes_for_no_hub_names_no_result():
    body, entry = make_hubs.OrganisationFactory(), make.EntryFactory(published=True)
    result = make.EntryFactory(published=True)
    claim = {"entry": entry.slug, "organisation": body.slug, "resulting_entry": result.slug}

    answer = send(client_of(MemberFactory()), "post", ADOPTIONS, claim)

    assert answer.json()["errors"] == {"resulting_entry": ["This is not yours to state."]}


def test_stated_twice_is_refused(adopter, adoption):
    claim = {"entry": adoption.entry.slug, "hub": adoption.hub.slug}

    answer = send(adopter, "post", ADOPTIONS, claim)

    assert answer.status_code == 400
    assert answer.json()["errors"]["request"] == ["This adoption is stated already."]


@pytest.mark.django_db(transaction=True)
def test_one_key_twice_at_once_states_once():
    hub, entry = make_hubs.HubFactory(), make.EntryFactory(published=True)
    member = make_hubs.MembershipFactory(hub=hub).member
    claim = {"entry": entry.slug, "hub": hub.slug}

    def act(client):
        return lambda: send(client, "post", ADOPTIONS, claim, idempotency_key="k")

    first, second = all_at_once(act(client_of(member)), act(client_of(member)))

    assert (first.status_code, first.json()) == (201, second.json())
    assert Adoption.objects.count() == 1


def test_no_junk_breaks_it(adopter, originator, url):
    fields = ("outcome", "resulting_entry", "kept", "why", "entry", "block", "hub", "organisation")
    assert_no_junk_breaks(adopter, "post", ADOPTIONS, fields)
    assert_no_junk_breaks(adopter, "patch", url, fields, if_match="*")
    assert_no_junk_breaks(adopter, "post", f"{url}reject/", ("reason",))
    assert client_of(None).get(f"{ADOPTIONS}{'9' * 18}/").status_code == 404


@pytest.mark.parametrize("number", [1, 20])
def test_a_list_costs_the_same_however_long(number):
    make.AdoptionFactory.create_batch(number)
    client = client_of(None)

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"{ADOPTIONS}?page_size=100&state=claimed&order=-updated_at")

    assert len(answer.json()["results"]) == number
    assert len(queries) == 1

"""Experts as programs write them, and employers agree to them."""

import datetime

import pytest

from catalogue.models import Expert
from core.codes import LANGUAGES
from tests.api_clients import client_of
from tests.catalogue.writing import as_client, assert_no_junk_breaks, patch, send, statuses, who_may
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.hubs.people import MEMBERS, MODERATORS, PEOPLE
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
EXPERTS = "/api/v1/experts/"
MINE = f"{EXPERTS}mine/"
DECIDERS = {"head"} | MODERATORS
OWN = {"headline": "Wells", "languages": {"fr": "fluent", "en": "basic"}, "sectors": ["140"]}
OUTSIDE = {"name": "Ada", "agreed_on": "2026-01-02", **OWN}


@pytest.fixture
def hub():
    return make_hubs.HubFactory()


@pytest.fixture
def head(hub):
    return client_of(make_hubs.MembershipFactory(hub=hub, head=True).member)


@pytest.fixture
def expert(hub):
    return make.ExpertFactory(hub=hub, contact="ada@example.org", contact_audience="nobody")


@pytest.fixture
def url(expert):
    return f"{EXPERTS}{expert.slug}/"


def test_one_s_own_profile_is_begun_read_and_changed(hub):
    member = MemberFactory()
    client = client_of(member)
    assert client.get(MINE).status_code == 404

    begun = send(client, "post", MINE, OWN | {"hub": hub.slug, "years_audience": "nobody"})

    data = begun.json()
    assert begun.status_code == 201, data
    assert (data["name"], data["languages"]) == (member.name, {"en": "basic", "fr": "fluent"})
    assert (data["hub"], data["editing"]["years_audience"]) == (hub.slug, "nobody")
    assert data["consent"]["consented_on"] is None
    assert client.get(MINE).json() == data
    assert send(client, "post", MINE, OWN).status_code == 409

    changed = patch(client, data["api_url"], {"years": 12, "languages": {"id": "working"}})
    assert (changed.json()["years"], changed.json()["languages"]) == (12, {"id": "working"})
    assert changed.json()["headline"] == "Wells"


def test_who_writes_a_profile_of_their_own(hub):
    found = who_may(hub, lambda user: send(as_client(user), "post", MINE, OWN))

    assert found == statuses(MEMBERS, 201)


def test_who_adds_somebody_outside(hub):
    def act(user):
        return send(as_client(user), "post", EXPERTS, OUTSIDE | {"hub": hub.slug})

    assert who_may(hub, act) == statuses(DECIDERS, 201) | {"stranger": 400}


@pytest.mark.parametrize(
    ("verb", "method", "data", "headers"),
    [
        ("", "patch", {"years": 3}, {"if_match": "*"}),
        ("consent/", "post", {"note": "Letter."}, {"if_match": "*"}),
        ("decline/", "post", {"reason": "No."}, {}),
    ],
)
def test_who_acts_on_a_profile_that_waits(expert, url, verb, method, data, headers):
    def act(user):
        Expert.objects.update(consented_on=None, consented_by=None, declined_at=None)
        return send(as_client(user), method, f"{url}{verb}", data, **headers)

    assert who_may(expert.hub, act) == statuses(DECIDERS, 200, others=404)


@pytest.mark.parametrize("who", PEOPLE)
def test_who_reads_a_profile_that_waits(expert, url, who):
    (status,) = who_may(expert.hub, lambda user: as_client(user).get(url), [who]).values()

    assert status == (200 if who in DECIDERS else 404)


def test_nobody_decides_on_whom_they_added(hub, head):
    url = send(head, "post", EXPERTS, OUTSIDE | {"hub": hub.slug}).json()["api_url"]

    assert send(head, "post", f"{url}consent/", if_match="*").status_code == 403


def test_an_employer_agrees_to_what_was_read(expert, url, head):
    stale = head.get(url)["ETag"]
    patch(head, url, {"years": 4})
    sent = {"on": "2026-03-01", "note": "Letter 12."}

    for etag, status in (({}, 428), ({"if_match": stale}, 412)):
        assert send(head, "post", f"{url}consent/", sent, **etag).status_code == status
    agreed = send(head, "post", f"{url}consent/", sent, if_match=head.get(url)["ETag"])

    assert agreed.status_code == 200, agreed.json()
    assert agreed.json()["consent"] == {
        "is_published": True,
        "consented_on": "2026-03-01",
        "declined_at": None,
        "decline_reason": "",
        "note": "Letter 12.",
    }
    again = send(head, "post", f"{url}consent/", sent, if_match="*")
    assert (again.status_code, "already" in again.json()["detail"]) == (409, True)
    listed = client_of(None).get(EXPERTS).json()["results"]
    assert [row["slug"] for row in listed] == [expert.slug]


def test_an_employer_does_not_agree_any_more(hub, head):
    expert = make.ExpertFactory(hub=hub, consented=True)
    url = f"{EXPERTS}{expert.slug}/"

    refused = send(head, "post", f"{url}decline/", {"reason": "She left."})

    assert refused.json()["consent"]["decline_reason"] == "She left."
    assert client_of(None).get(url).status_code == 404


def test_others_are_told_nothing_that_is_not_for_them(hub):
    expert = make.ExpertFactory(
        own=True, hub=hub, consented=True, contact="a@example.org", contact_audience="nobody"
    )
    url = f"{EXPERTS}{expert.slug}/"
    mine = client_of(expert.member)
    before = client_of(None).get(url)
    assert (before.json()["editing"], before.json()["consent"]) == (None, None)

    patch(mine, url, {"contact": "b@example.org"})

    after = client_of(None).get(url)
    assert after["ETag"] == before["ETag"]
    assert after.content == before.content
    assert mine.get(url).json()["contact"] == "b@example.org"
    assert mine.get(url).json()["consent"]["note"] == ""


def test_another_employer_must_agree_anew(hub):
    expert = make.ExpertFactory(own=True, hub=hub, consented=True)
    client = client_of(expert.member)

    answer = patch(client, f"{EXPERTS}{expert.slug}/", {"hub": None, "employer": "Office"})

    assert answer.json()["consent"]["consented_on"] is None


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"headline": ""}, "headline", "blank"),
        ({"employer": "Office"}, "employer", "not both"),
        ({"text_language": "xx"}, "text_language", "Unknown code"),
        ({"languages": {"xx": "fluent"}}, "languages", "Unknown code"),
        ({"languages": {"fr": "perfect"}}, "languages.fr", "perfect"),
        ({"languages": ["fr"]}, "languages", "dictionary"),
        ({"sectors": ["1"]}, "sectors.0", "Unknown code"),
        ({"years": 81}, "years", "80"),
        ({"contact_audience": "all"}, "contact_audience", "all"),
        ({"agreed_on": "2999-01-01"}, "agreed_on", "still to come"),
        ({"agreed_on": "soon"}, "agreed_on", "Date"),
        ({"hub": "nowhere"}, "hub", "nowhere"),
        ({"consented_on": "2026-01-01"}, "consented_on", "no such field"),
        ({}, "request", "at least one"),
    ],
)
def test_what_is_wrong_is_said_by_field(expert, url, head, changes, field, words):
    answer = patch(head, url, changes)

    assert answer.status_code == 400
    assert words in answer.json()["errors"][field][0], answer.json()
    expert.refresh_from_db()
    assert expert.version == 1


def test_too_many_languages_are_refused(url, head):
    codes = list(LANGUAGES)[:21]

    answer = patch(head, url, {"languages": dict.fromkeys(codes, "basic")})

    assert "at most twenty" in answer.json()["errors"]["languages"][0], answer.json()


def test_a_consent_of_a_day_to_come_is_refused(url, head):
    later = (datetime.date.today() + datetime.timedelta(days=2)).isoformat()  # noqa: DTZ011

    answer = send(head, "post", f"{url}consent/", {"on": later}, if_match="*")

    assert "still to come" in answer.json()["errors"]["on"][0]


@pytest.mark.django_db(transaction=True)
def test_two_profiles_begun_at_once_are_one():
    member = MemberFactory()

    def act(client):
        return lambda: send(client, "post", MINE, OWN)

    answers = all_at_once(act(client_of(member)), act(client_of(member)))

    assert sorted(answer.status_code for answer in answers) == [201, 409]


def test_no_junk_breaks_it(url, head):
    fields = ("name", "agreed_on", "headline", "languages", "years", "sectors", "hub", "contact")
    assert_no_junk_breaks(head, "post", EXPERTS, fields)
    assert_no_junk_breaks(head, "patch", url, fields, if_match="*")
    assert_no_junk_breaks(head, "post", f"{url}consent/", ("on", "note"), if_match="*")
    assert_no_junk_breaks(head, "post", f"{url}decline/", ("reason",))

"""Exchanges as programs write and confirm them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.models import Confirmation, Party
from tests.api_clients import client_of
from tests.evaluation.exchange_world import TwoSides
from tests.factories import catalogue as make_catalogue
from tests.factories import evaluation as make

pytestmark = pytest.mark.django_db
API = "/api/v1/exchanges/"


@pytest.fixture
def world():
    return TwoSides()


def send(client, method, address, data=None, **headers):
    return getattr(client, method)(
        address, data, content_type="application/json", headers={"If-Match": "*"} | headers
    )


def test_an_exchange_is_written_by_a_program(world):
    teller = client_of(world.provider_person)
    new = {"hub": "agency", "title": "Seeds", "modality": "triangular", "starts_on": "2021-05"}

    made = send(teller, "post", API, new)
    assert (made.status_code, made.json()["starts_on"]) == (201, "2021-05")
    at = made.json()["api_url"]
    party = send(teller, "post", f"{at}parties/", {"side": "provider", "hub": "agency"})
    assert (party.status_code, party.json()["name"]) == (201, "Agency"), party.json()
    days = {"party": party.json()["id"], "kind": "expert-days", "quantity": "12.5"}
    given = send(teller, "post", f"{at}contributions/", days)
    assert (given.status_code, given.json()["quantity"]) == (201, "12.50"), given.json()
    step = send(teller, "post", f"{at}steps/", {"title": "Visit", "starts_on": "2021-06"})
    crowd = {"people": [{"party": party.json()["id"], "total": 4, "women": 1}]}
    people = send(teller, "post", f"{at}steps/{step.json()['id']}/people/", crowd)
    assert people.json()["people"][0]["total"] == 4, people.json()
    changed = send(teller, "patch", at, {"ends_on": "2022", "sectors": ["311"]})
    assert (changed.json()["ends_on"], changed.json()["starts_on"]) == ("2022", "2021-05")
    moved = send(teller, "post", f"{at}move/", {"status": "agreed"})
    assert moved.json()["status"] == "agreed"
    refused = send(teller, "post", f"{at}move/", {"status": "planned"})
    assert refused.status_code == 409
    copy = send(teller, "post", f"{at}copy/")
    assert (copy.status_code, copy.json()["contributions"]) == (201, [])
    assert teller.get(at).json()["version"] == 7


def test_sides_confirm_through_the_api(world):
    for person, party in (
        (world.provider_person, world.provider),
        (world.seeker_person, world.seeker),
    ):
        word = {"party": party.pk, "state": "confirmed"}
        answer = send(client_of(person), "post", f"{API}cotton/confirmations/", word)
        assert answer.status_code == 200, answer.json()

    told = client_of(None).get(f"{API}cotton/").json()
    assert told["is_confirmed"]
    facts = client_of(None).get(f"{API}cotton/confirmations/").json()["results"]
    assert {fact["state"] for fact in facts} == {"confirmed"}


def test_writes_need_the_version_that_was_read(world):
    teller = client_of(world.provider_person)

    for version, status in (('"7"', 412), ('"1"', 200)):
        answer = send(teller, "patch", f"{API}cotton/", {"title": "A"}, **{"If-Match": version})
        assert answer.status_code == status


def test_who_writes_through_the_api(world):
    def statuses(method, address, data):
        return {
            role: send(client_of(person), method, f"{API}cotton/{address}", data).status_code
            for role, person in world.people().items()
        }

    allowed = {"me_focal_point", "editor", "head", "moderator"}
    for method, address, data in (
        ("patch", "", {"title": "A"}),
        ("post", "steps/", {"title": "S"}),
        ("patch", f"parties/{world.provider.pk}/", {"note": "N"}),
    ):
        found = statuses(method, address, data)
        good = 201 if method == "post" else 200
        assert found == {
            role: 401 if role == "anonymous" else good if role in allowed else 403 for role in found
        }, (method, address)


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("parties/", {"side": "up"}),
        ("parties/", {"side": "funder"}),
        ("parties/", {"side": "funder", "hub": "agency", "country": "XX"}),
        ("steps/", {"title": "\0"}),
        ("steps/", {"title": "x", "starts_on": "2021-13"}),
        ("contributions/", {"kind": "seats", "party": 10**30, "quantity": "1"}),
        ("contributions/", {"kind": "seats", "party": 1, "quantity": "NaN"}),
        ("contributions/", {"kind": "seats", "party": 1, "quantity": "1e400"}),
        ("confirmations/", {"party": 10**30, "state": "confirmed"}),
        ("confirmations/", {"party": 1, "state": "confirmed"}),
        ("confirmations/", {"party": 1, "state": "differs", "text": "x"}),
        ("steps/{step}/people/", {"people": [{"party": 10**9, "total": 1}]}),
        ("move/", {"status": "flying"}),
    ],
)
def test_bad_bodies_are_told(world, address, data):
    address = f"{API}cotton/{address.format(step=world.step.pk)}"
    answer = send(client_of(world.provider_person), "post", address, data)

    assert answer.status_code == 400, answer.json()
    assert not Confirmation.objects.exists()
    assert Party.objects.count() == 2


def test_what_a_body_lacks_is_said_in_words(world):
    teller = client_of(world.provider_person)
    word = {"party": world.provider.pk, "state": "differs", "text": "x"}
    said = send(teller, "post", f"{API}cotton/confirmations/", word)
    many = {"entries": [f"entry-{number}" for number in range(51)]}
    tied = send(teller, "put", f"{API}cotton/entries/", many)
    none = send(teller, "put", f"{API}cotton/entries/", {"entries": ["nothing"]})

    assert [answer.json()["errors"] for answer in (said, tied, none)] == [
        {"facts": ["Name exactly one fact."]},
        {"entries": ["These are very many entries. Name fewer."]},
        {"entries": ["There is no published entry at: nothing."]},
    ]


def test_entries_are_tied_with_one_look_however_many(world):
    teller = client_of(world.provider_person)
    slugs = [make_catalogue.EntryFactory(published=True).slug for _ in range(6)]

    def statements_for(names):
        with CaptureQueriesContext(connection) as caught:
            answer = send(teller, "put", f"{API}cotton/entries/", {"entries": names})
        assert (answer.status_code, answer.json()["entries"]) == (200, sorted(names))
        return len(caught)

    statements_for(slugs[:1])
    assert statements_for(slugs[1:2]) == statements_for(slugs[2:])


def test_a_method_is_written_by_the_name_by_which_it_is_read(world):
    method = make.ValuationMethodFactory(code="fee", number=2)
    teller = client_of(world.provider_person)
    address = f"{API}cotton/contributions/{world.contribution.pk}/"

    saved = send(teller, "patch", address, {"valuation": "fee/2"})
    wrong = [
        send(teller, "patch", address, {"valuation": name}).status_code
        for name in ("fee/1", "fee", "fee/x", "/", "fee\0/2", "fee/" + "9" * 40, 7, [], {})
    ]

    assert (saved.status_code, saved.json()["valuation"]) == (200, "fee/2"), saved.json()
    assert wrong == [400] * 9
    assert world.exchange.contributions.get().valuation == method
    cleared = send(teller, "patch", address, {"valuation": None})
    assert cleared.json()["valuation"] is None


def test_a_party_of_a_hidden_exchange_is_answered_as_if_it_was_not_there(world):
    secret = make.PartyFactory(exchange__confidentiality="parties")
    teller = client_of(world.provider_person)

    def answer_to(pk):
        body = {"kind": "seats", "party": pk, "quantity": "1"}
        answer = send(teller, "post", f"{API}cotton/contributions/", body)
        assert answer.status_code == 400
        return answer.content.replace(str(pk).encode(), b"")

    assert answer_to(secret.pk) == answer_to(secret.pk + 1_000)

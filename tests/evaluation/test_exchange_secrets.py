"""Confidential exchanges, drafts and documents: who sees them, and that nobody else can tell."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser

from evaluation.models import Evidence, Exchange, Update
from evaluation.services.evidence import withdraw_evidence
from tests.api_clients import client_of
from tests.evaluation.exchange_world import TwoSides
from tests.factories import evaluation as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
LIST = "/evaluation/exchanges/"
API = "/api/v1/exchanges/"
# What differs from one answer to the next, whoever asks.
PASSING = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": ?"\w+"')


@pytest.fixture
def world():
    return TwoSides()


def test_what_is_hidden_changes_not_one_byte_for_outsiders():
    agency = make_hubs.HubFactory(slug="place", name="Place", countries=["BR"])
    shown = make.ExchangeFactory(hub=agency, title="Shown", starts_on="2020-01-01")
    stranger = make_hubs.MembershipFactory(head=True).member
    addresses = (
        LIST,
        f"{LIST}?q=cotton",
        f"{LIST}?export=csv",
        f"{LIST}?export=atom",
        f"{LIST}board/place/",
        shown.get_absolute_url(),
        API,
        f"{API}?count=true",
        f"{API}?format=csv",
        "/hubs/place/",
        "/search/?q=cotton",
    )
    clients = [client_of(None), client_of(stranger)]

    def answers():
        return [PASSING.sub(b"", body(each.get(at))) for each in clients for at in addresses]

    before = answers()
    ways = {"secret": {"confidentiality": "parties"}, "draft": {"is_published": False}}
    for slug, columns in ways.items():
        secret = make.ExchangeFactory(
            hub=agency, title="Cotton secret", slug=slug, sectors=["311"], **columns
        )
        provider = make.PartyFactory(exchange=secret, hub=agency)
        make.ContributionFactory(party=provider)

    assert answers() == before
    for slug in ways:
        for each in clients:
            assert each.get(f"{LIST}{slug}/").status_code == 404
            assert each.get(f"{API}{slug}/").status_code == 404
            assert each.get(f"{API}{slug}/confirmations/").status_code == 404
            assert each.get(f"{API}{slug}/parties/").status_code == 404


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_who_sees_drafts_and_confidential_ones(world):
    people = world.people()

    def seen(**columns):
        Exchange.objects.update(**columns)
        return {
            role
            for role, person in people.items()
            if client_of(person).get(f"{API}cotton/").status_code == 200
        }

    own = {"correspondent", "me_focal_point", "editor", "head"}
    assert seen() == set(people)
    assert seen(is_published=False) == own | {"moderator"}
    assert seen(is_published=True, confidentiality="parties") == own | {"seeker"}


def test_an_exchange_with_a_hub_that_is_not_public_any_more_is_not_shown(client, world):
    type(world.ministry).objects.filter(pk=world.ministry.pk).update(is_published=False)

    assert client.get(world.exchange.get_absolute_url()).status_code == 404
    assert "Cotton together" not in client.get(LIST).content.decode()


def test_confidential_documents_are_nobodys_but_the_hubs(world):
    paper = Evidence.objects.create(
        exchange=world.exchange,
        kind="document",
        title="Secret paper",
        text="x",
        is_confidential=True,
    )
    address = world.exchange.get_absolute_url()

    assert "Secret paper" in client_of(world.provider_person).get(address).content.decode()
    for person in (None, MemberFactory(), MemberFactory(moderator=True)):
        assert "Secret paper" not in client_of(person).get(address).content.decode()
        assert client_of(person).get(paper.get_absolute_url()).status_code == 404


def test_of_a_confidential_exchange_the_parties_hubs_see_documents_that_are_not(world):
    Exchange.objects.update(confidentiality="parties")
    columns = {"exchange": world.exchange, "kind": "testimony", "text": "x"}
    shared = Evidence.objects.create(title="Shared", **columns)
    own = Evidence.objects.create(title="Own", is_confidential=True, **columns)

    seen = {
        role: set(Evidence.objects.visible_to(person or AnonymousUser()))
        for role, person in world.people().items()
    }

    telling = {"correspondent", "me_focal_point", "editor", "head"}
    assert {role for role, found in seen.items() if shared in found} == {*telling, "seeker"}
    assert {role for role, found in seen.items() if own in found} == telling


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("draft", set()),
        ("submitted", {"moderator"}),
        ("approved", {"moderator"}),
    ],
)
def test_evidence_of_a_report_is_seen_by_who_may_see_the_report(world, state, expected):
    hidden = make_hubs.HubFactory(is_published=False)
    framework = make.FrameworkFactory(layer="community", hub=None)
    update = make.UpdateFactory(
        indicator__result__framework=framework, hub=hidden, **({state: True} if expected else {})
    )
    paper = Evidence.objects.create(update=update, kind="testimony", title="Paper", text="x")
    own = make_hubs.MembershipFactory(hub=hidden).member
    people = {**world.people(), "own": own}

    def seeing(things, thing):
        return {
            role
            for role, who in people.items()
            if things.visible_to(who or AnonymousUser()).contains(thing)
        }

    assert seeing(Evidence.objects, paper) == {*expected, "own"}
    assert seeing(Update.objects, update) == {*expected, "own"}


def test_nobody_withdraws_or_hears_of_a_document_that_is_not_theirs(world):
    columns = {"exchange": world.exchange, "kind": "testimony", "text": "x"}
    shared = Evidence.objects.create(title="Shared", **columns)
    own = Evidence.objects.create(title="Own", is_confidential=True, **columns)
    people = {"writer": world.provider_person, "moderator": MemberFactory(moderator=True)}

    statuses = {
        (role, paper.title): client_of(person)
        .get(f"{LIST}cotton/documents/{paper.pk}/withdraw/")
        .status_code
        for role, person in people.items()
        for paper in (shared, own)
    }

    assert statuses == {
        ("writer", "Shared"): 200,
        ("writer", "Own"): 200,
        ("moderator", "Shared"): 403,
        ("moderator", "Own"): 404,
    }


def test_a_withdrawn_document_is_not_handed_out_any_more(world):
    paper = Evidence.objects.create(exchange=world.exchange, kind="testimony", title="P", text="x")
    address = paper.get_absolute_url()
    assert client_of(None).get(address).status_code == 302

    withdraw_evidence(paper, reason="Names a child.", by=world.provider_person)

    statuses = {
        role: client_of(person).get(address).status_code for role, person in world.people().items()
    }
    own = {"correspondent", "me_focal_point", "editor", "head"}
    assert statuses == {role: 302 if role in own else 404 for role in statuses}

"""What is done in private changes not one byte of what others are shown."""

import re

import pytest

from hubs import services
from tests.api_clients import client_of
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory
from tests.portal.walk import KINDS

pytestmark = pytest.mark.django_db
# What differs from one answer to the next, whoever asks.
PASSING = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": ?"\w+"')


@pytest.fixture
def hub():
    hub = make.HubFactory(slug="agency", name="Agency", countries=["GH"])
    for factory in make.FACT_FACTORIES:
        factory(hub=hub, sources=[make.SourceFactory()])
    make.NetworkMembershipFactory(hub=hub, network__slug="net")
    make.MembershipFactory(hub=hub, head=True, member__slug="head")
    return hub


ADDRESSES = (
    "/",
    "/?lang=en",
    "/hubs/",
    "/hubs/?country=GH",
    "/hubs/?q=secret",
    "/hubs/?export=csv",
    "/hubs/agency/",
    "/hubs/agency/history/",
    "/hubs/compare/?hub=agency",
    "/hubs/organisations/",
    "/hubs/networks/",
    "/hubs/networks/net/",
    "/hubs/secret/",
    "/search/?q=secret",
    "/search/?q=secrte",
    "/catalogue/",
    "/community/members/head/",
    "/api/v1/hubs/",
    "/api/v1/hubs/agency/",
    "/api/v1/hubs/secret/",
    "/api/v1/hubs/compare/?hub=agency",
    "/api/v1/networks/net/",
    *(f"/api/v1/hubs/agency/{kind}/" for kind in KINDS),
)


def seen(client):
    """Return what every address answers, less what differs each time."""
    answers = {}
    for address in ADDRESSES:
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = PASSING.sub(b"", body)
        answers[address] = (response.status_code, text, response.headers.get("ETag"))
    return answers


def add_in_private(hub, organisation, source):
    """Write what only the hub's people, or moderators, may see."""
    secret = make.HubFactory(slug="secret", name="Secret", countries=["GH"], unpublished=True)
    make.NetworkMembershipFactory(hub=secret, network=hub.network_memberships.get().network)
    make.MembershipFactory(hub=secret, member=hub.memberships.get().member)
    head = hub.memberships.get().member
    for each in (hub, secret):
        make.SelfAssessmentFactory(hub=each)
        make.FundingStreamFactory(hub=each, confidentiality="hub", provider=organisation)
        make.MembershipFactory(hub=each, awaiting=True)
        for factory in make.FACT_FACTORIES:
            named = (
                {"organisation": organisation} if factory is make.CoordinationLinkFactory else {}
            )
            factory(hub=each, draft=True, sources=[source], **named)
    draft = make.PresenceFactory(hub=hub, draft=True)
    services.change_fact(
        draft, changes={"place": "Secret"}, sources=None, expected_version=1, by=head
    )
    services.verify_hub(secret, by=MemberFactory(moderator=True))


@pytest.mark.parametrize("role", ["anonymous", "member", "stranger"])
def test_what_is_done_in_private_changes_nothing_for_others(hub, role):
    organisation, source = make.OrganisationFactory(), make.SourceFactory()
    stranger = make.MembershipFactory(head=True, hub__name="Other", hub__slug="other").member
    who = {"anonymous": None, "member": MemberFactory(), "stranger": stranger}[role]
    client = client_of(who)
    before = seen(client)

    add_in_private(hub, organisation, source)
    after = seen(client)

    assert [address for address in ADDRESSES if before[address] != after[address]] == []
    assert all(b"Secret" not in body for _status, body, _etag in after.values())


def test_a_hub_that_is_withdrawn_is_no_news(hub):
    services.change_hub(
        hub, changes={"summary": "New"}, expected_version=1, by=hub.memberships.get().member
    )
    client = client_of(None)
    assert b"Agency" in client.get("/").content

    hub.refresh_from_db()
    hub.is_published = False
    hub.save()

    assert b"Agency" not in client.get("/").content


def test_places_in_hubs_are_shown_to_members_only(hub):
    page = "/community/members/head/"

    assert b"Agency" not in client_of(None).get(page).content
    assert b"Agency" in client_of(MemberFactory()).get(page).content

"""The examples of the API's document can be sent, and are answered as it says."""

import pytest

from catalogue import services
from portal.api import schema_document
from tests.api_clients import client_of
from tests.catalogue.writing import send
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db
ANSWERED_AT_RANDOM = ("slug", "id", "updated_at", "created_at", "url", "api_url", "name")


@pytest.fixture
def head():
    hub = make_hubs.HubFactory(slug="seed-agency")
    entry = make.EntryFactory(hub=hub, slug="seed-banks")
    make.ResultRowFactory(entry=entry)
    services.publish_content(entry, by=None)
    return client_of(make_hubs.MembershipFactory(hub=hub, head=True).member)


@pytest.mark.parametrize(
    "path",
    [
        "building-blocks/",
        "resources/",
        "adoptions/",
        "experts/",
        "experts/mine/",
        "entries/{entry_slug}/translations/",
    ],
)
def test_what_the_document_shows_is_what_happens(head, path):
    operation = schema_document()["paths"][f"/api/v1/{path}"]["post"]
    body, answer = (
        next(iter(content["content"]["application/json"]["examples"].values()))["value"]
        for content in (operation["requestBody"], operation["responses"]["201"])
    )
    if path == "adoptions/":  # a hub adopts what others share
        other = make.EntryFactory(slug="other", published=True)
        body, answer = (each | {"entry": other.slug} for each in (body, answer))
    if path == "experts/mine/":
        answer = answer | {"editing": answer["editing"] | {"agreed_on": None}}

    given = send(head, "post", f"/api/v1/{path}".format(entry_slug="seed-banks"), body)

    assert given.status_code == 201, given.json()
    told, shown = given.json(), dict(answer)
    assert set(told) == set(shown)
    for name in set(shown) - set(ANSWERED_AT_RANDOM):
        assert told[name] == shown[name], name


@pytest.mark.parametrize("verb", ["reject", "retract"])
def test_the_reason_that_the_document_shows_is_taken(verb):
    operation = schema_document()["paths"][f"/api/v1/adoptions/{{id}}/{verb}/"]["post"]
    (shown,) = operation["requestBody"]["content"]["application/json"]["examples"].values()
    adoption = make.AdoptionFactory()
    hub = adoption.entry.hub if verb == "reject" else adoption.hub
    client = client_of(make_hubs.MembershipFactory(hub=hub).member)

    answer = send(client, "post", f"/api/v1/adoptions/{adoption.pk}/{verb}/", shown["value"])

    assert answer.status_code == 204, answer.content

"""Building blocks as programs write them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Activity
from catalogue.models import BuildingBlock
from tests.api_clients import client_of
from tests.catalogue.writing import as_client, assert_no_junk_breaks, patch, send, statuses, who_may
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.hubs.people import EDITORS, MODERATORS
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
BLOCKS = "/api/v1/building-blocks/"
WRITERS = EDITORS | MODERATORS
TEXTS = {"title": "Vouchers", "language": "fr", "description": "How it *works*."}


@pytest.fixture
def block():
    return make.BuildingBlockFactory(slug="vouchers", is_published=False)


@pytest.fixture
def editor(block):
    return client_of(make_hubs.MembershipFactory(hub=block.hub).member)


def test_a_block_is_described_and_its_address_named(editor, block):
    answer = send(editor, "post", BLOCKS, TEXTS | {"hub": block.hub.slug})

    data = answer.json()
    assert answer.status_code == 201, data
    assert data | TEXTS == data
    assert (data["hub"], data["is_published"], data["entries"]) == (block.hub.slug, False, [])
    assert answer["Location"] == data["api_url"]
    assert editor.get(data["api_url"]).json() == data
    activity = Activity.objects.get(verb="block.added")
    assert activity.audience == "moderators"


def test_who_describes_blocks_of_a_hub(block):
    def act(user):
        return send(as_client(user), "post", BLOCKS, TEXTS | {"hub": block.hub.slug})

    assert who_may(block.hub, act) == statuses(WRITERS, 201) | {"stranger": 400}


def test_who_changes_a_block_that_is_not_published(block):
    def act(user):
        return send(as_client(user), "patch", f"{BLOCKS}vouchers/", {"title": "A"}, if_match="*")

    assert who_may(block.hub, act) == statuses(WRITERS, 200, others=404)


@pytest.mark.parametrize("is_published", [True, False])
def test_who_shows_and_hides_it(block, is_published):
    verb = "withdraw" if is_published else "publish"

    def act(user):
        BuildingBlock.objects.update(is_published=is_published)
        return send(as_client(user), "post", f"{BLOCKS}vouchers/{verb}/")

    others = 403 if is_published else 404
    assert who_may(block.hub, act) == statuses(WRITERS, 200, others=others)


def test_of_a_foreign_hub_nothing_is_told(block):
    stranger = client_of(make_hubs.MembershipFactory(head=True).member)

    answer = send(stranger, "post", f"{BLOCKS}vouchers/publish/")

    assert answer.status_code == 404
    assert block.title not in answer.content.decode()


def test_a_change_names_only_what_changes(editor, block):
    answer = patch(editor, f"{BLOCKS}vouchers/", {"title": "Seed vouchers"})

    assert answer.status_code == 200
    assert answer.json()["title"] == "Seed vouchers"
    assert answer.json()["description"] == block.description
    block.refresh_from_db()
    assert (block.title, block.version) == ("Seed vouchers", 2)


def test_a_change_says_what_it_is_based_on(editor):
    url = f"{BLOCKS}vouchers/"
    etag = editor.get(url)["ETag"]

    unnamed = send(editor, "patch", url, {"title": "A"})
    patch(editor, url, {"title": "Theirs"})
    late = patch(editor, url, {"title": "Mine"}, etag)

    assert (unnamed.status_code, unnamed.json()["status"]) == (428, 428)
    assert late.status_code == 412
    assert editor.get(url).json()["title"] == "Theirs"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "title", "blank"),
        ({"title": "x" * 201}, "title", "200"),
        ({"language": "xx"}, "language", "Unknown code"),
        ({"description": "x" * 20_001}, "description", "20000"),
        ({"is_published": True}, "is_published", "no such field"),
        ({}, "request", "at least one"),
    ],
)
def test_what_is_wrong_is_said_by_field(editor, block, changes, field, words):
    answer = patch(editor, f"{BLOCKS}vouchers/", changes)

    assert answer.status_code == 400
    assert words in answer.json()["errors"][field][0].replace("\u202f", "")
    block.refresh_from_db()
    assert block.version == 1


def test_what_the_page_refuses_the_api_refuses(editor, block):
    sent = {"title": " ", "language": "en", "description": ""}
    page = editor.post("/catalogue/building-blocks/vouchers/edit/", sent | {"version": 1})
    program = patch(editor, f"{BLOCKS}vouchers/", sent)

    assert set(page.context["form"].errors) == set(program.json()["errors"])


def test_published_twice_is_refused_in_words(editor):
    send(editor, "post", f"{BLOCKS}vouchers/publish/")
    again = send(editor, "post", f"{BLOCKS}vouchers/publish/")

    assert again.status_code == 409
    assert again.json()["detail"] == "This building block is published already."


def test_an_entry_takes_a_block_up_and_lets_it_go(editor, block):
    entry = make.EntryFactory(hub=block.hub, published=True)
    url = f"{BLOCKS}vouchers/entries/"

    taken = send(editor, "post", url, {"entry": entry.slug})
    twice = send(editor, "post", url, {"entry": entry.slug})
    assert (taken.status_code, taken.json()["entries"]) == (200, [entry.slug])
    assert (twice.status_code, "already" in twice.json()["detail"]) == (409, True)

    assert send(editor, "delete", f"{url}{entry.slug}/").status_code == 204
    assert send(editor, "delete", f"{url}{entry.slug}/").status_code == 404
    assert editor.get(f"{BLOCKS}vouchers/").json()["entries"] == []


def test_only_entries_of_own_hubs_take_a_block_up(block):
    BuildingBlock.objects.update(is_published=True)
    entry = make.EntryFactory(hub=block.hub, published=True)

    def act(user):
        entry.block_uses.all().delete()
        url = f"{BLOCKS}vouchers/entries/"
        return send(as_client(user), "post", url, {"entry": entry.slug})

    assert who_may(block.hub, act) == statuses(WRITERS, 200)


def test_one_key_has_one_effect(editor, block):
    new = TEXTS | {"hub": block.hub.slug}
    first, second = (send(editor, "post", BLOCKS, new, idempotency_key="k") for _ in "12")
    other = send(editor, "post", BLOCKS, new | {"title": "B"}, idempotency_key="k")

    assert (first.status_code, first.json()) == (201, second.json())
    assert second["Idempotent-Replayed"] == "true"
    assert other.status_code == 422
    assert BuildingBlock.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_key_twice_at_once_has_one_effect():
    hub = make_hubs.HubFactory()
    member = make_hubs.MembershipFactory(hub=hub).member
    clients = [client_of(member), client_of(member)]

    def act(client):
        return lambda: send(client, "post", BLOCKS, TEXTS | {"hub": hub.slug}, idempotency_key="k")

    first, second = all_at_once(*map(act, clients))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert BuildingBlock.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_is_refused():
    block = make.BuildingBlockFactory(slug="vouchers")
    member = make_hubs.MembershipFactory(hub=block.hub).member
    clients = [client_of(member), client_of(member)]
    etag = clients[0].get(f"{BLOCKS}vouchers/")["ETag"]

    def act(client, title):
        return lambda: patch(client, f"{BLOCKS}vouchers/", {"title": title}, etag)

    answers = all_at_once(act(clients[0], "A"), act(clients[1], "B"))

    assert sorted(answer.status_code for answer in answers) == [200, 412]


def test_no_junk_breaks_it(editor, block):
    fields = ("title", "language", "description", "hub")
    assert_no_junk_breaks(editor, "post", BLOCKS, fields)
    assert_no_junk_breaks(editor, "patch", f"{BLOCKS}vouchers/", fields, if_match="*")
    assert_no_junk_breaks(editor, "post", f"{BLOCKS}vouchers/entries/", ("entry",))


@pytest.mark.parametrize("number", [1, 30])
def test_a_change_costs_the_same_among_many(editor, block, number):
    make.BuildingBlockFactory.create_batch(number, hub=block.hub)
    for entry in make.EntryFactory.create_batch(number, hub=block.hub, published=True):
        make.BlockUseFactory(block=block, entry=entry)
    patch(editor, f"{BLOCKS}vouchers/", {"title": "First"})

    with CaptureQueriesContext(connection) as queries:
        answer = patch(editor, f"{BLOCKS}vouchers/", {"title": "Second"}, "*")

    assert len(answer.json()["entries"]) == number
    assert len(queries) == 24

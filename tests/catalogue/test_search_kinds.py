"""Every kind of thing in one search: each shown as what it is, and only while it is published."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db.models import F

from catalogue import searchable, services
from catalogue.models import SearchRow
from catalogue.search import Search, search
from catalogue.services import index_rows
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db
ALL = ("entry", "block", "resource")


@pytest.fixture
def hub():
    return make_hubs.HubFactory(slug="agency", acronym="AG")


@pytest.fixture
def head(hub):
    return make_hubs.MembershipFactory(hub=hub, head=True).member


@pytest.fixture
def three(hub):
    make.EntryFactory(title="Cotton entry", hub=hub, published=True)
    block = make.BuildingBlockFactory(
        title="Cotton block", description="Seeds.", hub=hub, is_published=True
    )
    resource = make.ResourceFactory(
        title="Cotton document", note="A guide.", hub=None, is_published=True, year=2012
    )
    index_rows("block")
    index_rows("resource")
    return block, resource


def found(text, **chosen):
    wanted = Search(tuple(searchable.kinds()), text, chosen)
    return {kind for kind, _key in search(wanted, user=AnonymousUser(), limit=50).things}


def test_one_search_finds_all_kinds_and_a_filter_one(three):
    assert found("cotton") == set(ALL)
    for kind in ALL:
        assert found("cotton", type=[kind]) == {kind}


def test_each_result_leads_to_its_page_and_resource(client, three):
    answer = client.get("/api/v1/search/", {"q": "cotton", "facets": "true"}).json()

    assert {row["type"] for row in answer["results"]} == set(ALL)
    for row in answer["results"]:
        assert client.get(row["url"]).status_code == 200
        assert client.get(row["api_url"]).json()["title"] == row["title"]
    assert answer["facets"]["type"]["counts"] == dict.fromkeys(ALL, 1)


def test_the_page_names_each_kind(client, three):
    body = client.get("/search/?q=cotton").content.decode()

    for name in ("Experience", "Building blocks", "Library"):
        assert f"<li>{name}</li>" in body


def test_the_list_of_entries_counts_entries_alone(client, three):
    page = client.get("/catalogue/?q=cotton")

    assert page.context["count"] == 1
    assert client.get("/catalogue/").context["count"] == 1


def test_a_block_is_found_from_the_moment_it_is_shown_until_it_is_withdrawn(hub, head):
    texts = {"title": "Seed bank", "language": "en", "description": "Kept cool."}
    block = services.create_block(hub, columns=texts, by=head)
    assert found("cool") == set()

    block = services.publish_block(block, by=head)
    assert found("cool") == {"block"}
    first = SearchRow.objects.get().published_at

    services.change_block(
        block, changes={"description": "Kept dry."}, expected_version=block.version, by=head
    )
    assert (found("cool"), found("dry")) == (set(), {"block"})
    assert SearchRow.objects.get().published_at == first

    block.refresh_from_db()
    services.withdraw_block(block, by=head)
    assert found("dry") == set()


def test_a_hidden_hub_hides_its_blocks_and_documents(three, hub):
    hub.is_published = False
    hub.save()

    assert found("cotton") == {"resource"}


def test_the_command_writes_the_rows_of_all_kinds(three, capsys):
    SearchRow.objects.all().delete()

    call_command("index_search")

    assert capsys.readouterr().out == "3 things can be found.\n"
    assert found("cotton") == set(ALL)


@pytest.mark.parametrize(
    "given", [{"pk": F("pk")}, {"pk": 1, "title": "", "published_at": 1, "colour": 1}]
)
def test_a_kind_that_says_too_little_or_too_much_is_refused(given):
    with pytest.raises(TypeError):
        searchable.row_columns(**given)

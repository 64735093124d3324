"""The starter library: all there, never twice, never over a person's edit."""

import json

import pytest

from catalogue.models import Resource, ResourceLink
from catalogue.starter.resources import CONTENT, load_starter_resources
from tests.factories import catalogue as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def starter():
    return load_starter_resources()


def loaded_again(change):
    content = json.loads(CONTENT.read_text(encoding="utf-8"))
    change(content["resources"][0])
    return load_starter_resources(json.dumps(content))


def renamed(row):
    row["title"] = "Another title"


def test_all_documents_are_there_with_or_without_a_copy(starter, client):
    assert starter["resources"] == 52
    assert Resource.objects.published().filter(is_starter=True).count() == 52
    assert ResourceLink.objects.count() == 47
    without = set(Resource.objects.available(["none"]).values_list("slug", flat=True))
    assert without == {
        "bali-communique",
        "kdi-wbi-what-works",
        "multi-country-study-ppt",
        "options-paper",
        "ssc-exchange-mechanism",
    }
    page = client.get("/catalogue/resources/bali-communique/").content.decode()
    assert "No copy found." in page
    assert "Starter content" in page
    assert "Knowledge Hubs in Practice – The Bali Lessons" in page  # which names it


def test_loading_twice_writes_nothing(starter, django_assert_num_queries):
    with django_assert_num_queries(4):  # two of them open and close a savepoint
        assert not load_starter_resources()


def test_a_new_release_changes_what_nobody_touched(starter):
    assert loaded_again(renamed) == {"resources": 1}
    assert Resource.objects.filter(title="Another title").count() == 1
    assert ResourceLink.objects.count() == 47


def test_a_resource_that_a_person_edited_or_removed_is_left_as_it_is(starter):
    slug = json.loads(CONTENT.read_text(encoding="utf-8"))["resources"][0]["slug"]
    resource = Resource.objects.get(slug=slug)
    resource.title = "Ours"
    resource._history_user = MemberFactory()
    resource.save()

    assert not loaded_again(renamed)
    assert Resource.objects.get(slug=slug).title == "Ours"

    resource.delete()
    assert not loaded_again(lambda row: row.update(title="A third title"))
    assert not Resource.objects.filter(slug=slug).exists()


def test_an_address_that_somebody_took_is_left_to_them():
    make.ResourceFactory(slug="bali-communique", title="Ours")

    assert load_starter_resources()["resources"] == 51
    assert Resource.objects.get(slug="bali-communique").title == "Ours"

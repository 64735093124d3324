"""The library in the one search: what is found, and that drafts are not."""

import pytest

from catalogue import services
from catalogue.models import Resource, SearchRow
from catalogue.starter.resources import load_starter_resources
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_hubs.MembershipFactory(hub__slug="agency", hub__name="Agency").member


@pytest.fixture
def guide(editor):
    draft = make.ResourceFactory(
        title="Guía de cooperación",
        language="es",
        hub=editor.memberships.get().hub,
        authors="Ana Sol",
        year=2012,
        is_published=False,
    )
    return services.publish_resource(draft, expected_version=1, by=editor)


def found(client, text):
    return "Guía de cooperación" in client.get(f"/search/?q={text}").content.decode()


@pytest.mark.parametrize("text", ["guia", "cooperaciones", "sol", "agency"])
def test_a_published_resource_is_found_by_its_words(client, guide, text):
    page = client.get(f"/search/?q={text}").content.decode()

    assert guide.get_absolute_url() in page
    assert "Guide or handbook, Ana" in page


def test_a_draft_is_not_found_and_a_withdrawn_one_no_more(client, guide, editor):
    draft = make.ResourceFactory(title="Guía secreta", is_published=False)
    services.resources.index_rows("resource", [draft.pk])
    assert "secreta" not in client.get("/search/?q=guia").content.decode()
    assert found(client, "guia")

    services.withdraw_resource(guide, by=editor)

    assert not found(client, "guia")
    assert not SearchRow.objects.filter(kind="resource").exists()


def test_one_of_a_hidden_hub_is_not_found(client, guide):
    guide.hub.is_published = False
    guide.hub.save()

    assert not found(client, "guia")


def test_a_change_is_found_at_once(client, guide, editor):
    services.change_resource(
        guide, changes={"note": "Sobre algodón."}, entries=[], expected_version=2, by=editor
    )

    assert found(client, "algodon")


def test_the_starter_library_is_found(client):
    load_starter_resources()

    assert SearchRow.objects.filter(kind="resource").count() == Resource.objects.count() == 52
    row = SearchRow.objects.get(title__startswith="Bali Communiqué")
    assert set(row.codes) == {"year:2012", "document:communique", "type:resource"}
    assert "Bali Communiqué" in client.get("/search/?q=communique+bali").content.decode()

"""Publishing makes versions, each number once, that nobody can change."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from accounts.models import Activity
from catalogue.models import EntryVersion
from catalogue.services import publish_content
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db


def test_a_version_holds_everything_the_page_says():
    source = make_hubs.SourceFactory(title="Report", address="https://source.example/r")
    entry = make.EntryFactory(title="Cotton", countries=["ML"], lessons="Design jointly.")
    entry.sources.add(source)
    make.EntryPartnerFactory(entry=entry, name="A ministry")
    make.ResultRowFactory(
        entry=entry, statement="Trained", value="425.50", unit="people", source=source
    )

    content = publish_content(entry, by=None).content

    assert content["title"] == "Cotton"
    assert content["countries"] == ["ML"]
    assert content["hub"]["slug"] == entry.hub.slug
    assert content["partners"] == [
        {"role": "facilitator", "name": "A ministry", "hub": "", "organisation": ""}
    ]
    assert content["results"][0]["value"] == "425.5"
    assert content["results"][0]["cited"] == source.address
    assert [row["title"] for row in content["sources"]] == ["Report"]


def test_each_version_keeps_what_it_said():
    entry = make.EntryFactory(title="First", published=True)
    entry.title = "Second"
    entry.save()
    publish_content(entry, by=None)

    said = EntryVersion.objects.order_by("number").values_list("number", "content__title")
    entry.refresh_from_db()
    assert list(said) == [(1, "First"), (2, "Second")]
    assert (entry.state, entry.latest_version) == ("published", 2)
    assert Activity.objects.filter(verb="entry.published", object_pk=entry.pk).count() == 2


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_a_version(change):
    make.EntryFactory(published=True)
    statement = {
        "update": "UPDATE catalogue_entryversion SET number = 9",
        "delete": "DELETE FROM catalogue_entryversion",
    }[change]

    with (
        pytest.raises((IntegrityError, InternalError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert EntryVersion.objects.get().number == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_two_versions():
    entry = make.EntryFactory()

    def publish(_number):
        try:
            return publish_content(entry, by=None).number
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        numbers = sorted(pool.map(publish, range(2)))

    assert numbers == [1, 2]

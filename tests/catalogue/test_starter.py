"""The starter entries: all there, sourced, never twice, never over a person's edit."""

import json

import pytest

from accounts.models import Activity
from catalogue.models import Entry, EntryVersion
from catalogue.starter.loader import CONTENT, load_starter_entries
from hubs.starter.loader import load_starter_content
from tests.factories.accounts import MemberFactory
from tests.kept import kept

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def starter(django_db_setup, django_db_blocker):
    with kept(django_db_blocker):
        load_starter_content()
        yield load_starter_entries()


def loaded_again(change):
    content = json.loads(CONTENT.read_text(encoding="utf-8"))
    change(content)
    return load_starter_entries(json.dumps(content))


def renamed(content):
    content["entries"][0]["title"] = "Another title"


def test_all_experiences_are_published_with_hub_and_sources(starter):
    assert starter["entries"] == 46
    assert Entry.objects.published().count() == 46
    assert not Entry.objects.filter(sources=None).exists()
    assert EntryVersion.objects.count() == 46
    for entry in Entry.objects.prefetch_related("results", "sources"):
        cited = {source.pk for source in entry.sources.all()}
        assert {row.source_id for row in entry.results.all() if row.source_id} <= cited
        assert "sectors" in entry.editorial_fields


def test_what_is_not_known_is_not_stated(starter):
    values = list(Entry.objects.values_list("results__value", flat=True))

    assert None in values
    assert 0 not in values


def test_prosavana_carries_its_criticism(starter, client):
    page = client.get("/catalogue/abc-embrapa-prosavana/").content.decode()

    assert "Contested" in page
    assert "Civil-society organisations contested the programme" in page


def test_loading_twice_writes_nothing(starter, django_assert_num_queries):
    with django_assert_num_queries(4):  # two of them open and close a savepoint
        assert not load_starter_entries()
    assert EntryVersion.objects.count() == 46


def test_a_new_release_makes_a_new_version_of_what_it_changed(starter):
    assert loaded_again(renamed) == {"entries": 1}

    entry = Entry.objects.get(title="Another title")
    assert entry.latest_version == 2
    assert Activity.objects.filter(verb="entry.published").count() == 47


def test_an_entry_that_a_person_edited_is_left_as_it_is(starter):
    slug = json.loads(CONTENT.read_text(encoding="utf-8"))["entries"][0]["slug"]
    entry = Entry.objects.get(slug=slug)
    entry.title = "Ours"
    entry._history_user = MemberFactory()
    entry.save()

    assert not loaded_again(renamed)
    assert Entry.objects.get(slug=slug).title == "Ours"


def test_an_entry_of_a_hub_that_is_not_there_is_left_out(starter):
    def two_more(content):
        row = content["entries"][0]
        content["entries"] += [row | {"slug": "new"}, row | {"slug": "lost", "hub": "nowhere"}]

    assert loaded_again(two_more) == {"entries": 1}
    assert set(Entry.objects.filter(slug__in=("new", "lost")).values_list("slug", flat=True)) == {
        "new"
    }

"""Synthetic entries: the same for the same seed, published, and found at once."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection

from catalogue.models import Entry, EntryVersion, SearchRow
from catalogue.search import Search, search
from catalogue.synthetic import synthetic_rows
from catalogue.words import VOCABULARY, word

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


def generate(**options):
    call_command("generate", verbosity=0, **options)


def test_entries_are_published_with_a_version_and_found(client):
    generate(hubs=2, entries=30)

    assert Entry.objects.published().count() == 30
    assert EntryVersion.objects.count() == SearchRow.objects.count() == 30
    commonest = search(Search(("entry",), word(0)), user=AnonymousUser(), limit=5)
    assert commonest.count > 20
    entry = Entry.objects.first()
    for path in ("", "v/1/"):
        page = client.get(f"{entry.get_absolute_url()}{path}")
        assert entry.summary in page.content.decode()


def test_the_indexes_of_the_search_are_all_there_afterwards():
    def indexes():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexdef FROM pg_indexes WHERE tablename = 'catalogue_searchrow'"
            )
            return {definition for (definition,) in cursor.fetchall()}

    before = indexes()
    generate(hubs=1, entries=2)

    assert indexes() == before
    assert sum("USING gin" in definition for definition in before) == 3


def test_the_same_seed_makes_the_same_entries_and_another_seed_others():
    def made(seed):
        return [row[1:] for row in synthetic_rows(5, seed, [1])]

    assert made(1) == made(1)
    assert [row[0] for row in made(1)] != [row[0] for row in made(2)]


def test_a_seed_is_used_once():
    generate(hubs=1, entries=2)

    with pytest.raises(CommandError, match="Entries of seed 1 are there already"):
        generate(entries=1)
    assert Entry.objects.count() == 2


def test_entries_need_a_hub():
    with pytest.raises(CommandError, match="published hub"):
        generate(entries=1)


def test_the_words_are_all_different():
    assert len({word(rank) for rank in range(VOCABULARY)}) == VOCABULARY

"""Synthetic entries: the same for the same seed, published, and found at once."""

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import Entry, EntryVersion, SearchRow
from catalogue.search import search
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
    assert search(word(0), kind="entry", limit=5).count > 20  # the commonest word
    entry = Entry.objects.first()
    for path in ("", "v/1/"):
        page = client.get(f"{entry.get_absolute_url()}{path}")
        assert entry.summary in page.content.decode()


def test_the_same_seed_makes_the_same_entries():
    generate(hubs=1, entries=5)
    made = list(Entry.objects.order_by("slug").values_list("title", "summary", "countries"))
    EntryVersion.objects.none()

    with pytest.raises(CommandError, match="Entries of seed 1 are there already"):
        generate(entries=1)
    generate(entries=5, seed=2)
    others = Entry.objects.filter(slug__startswith="synthetic-2").order_by("slug")
    assert list(others.values_list("title", "summary", "countries")) != made


def test_entries_need_a_hub():
    with pytest.raises(CommandError, match="published hub"):
        generate(entries=1)


def test_the_words_are_all_different():
    assert len({word(rank) for rank in range(VOCABULARY)}) == VOCABULARY

"""Lists name entries in the reader's language where they are told in it, and say how."""

import pytest

from catalogue import services
from catalogue.models import Entry
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
FRENCH = {"title": "Banques de semences", "summary": "Les semences restent au village."}
LISTS = (
    "/",
    "/catalogue/",
    "/catalogue/?q=seed",
    "/search/?q=seed",
    "/search/?q=semences",
    "/catalogue/fairs/",
    "/catalogue/compare/?entry=banks",
    "/catalogue/compare/?q=seed",
    "/catalogue/building-blocks/storage/",
    "/catalogue/resources/guide/",
)


def translate(entry, language="fr", texts=FRENCH, **words):
    return services.save_translation(
        entry, language, texts, state="human", from_version=entry.latest_version,
        expected_version=0, by=MemberFactory(moderator=True),
    )  # fmt: skip


@pytest.fixture
def entry():
    hub = make_hubs.HubFactory(slug="agency")
    words = {"hub": hub, "sectors": ["311"], "instruments": ["training"], "published": True}
    banks = make.EntryFactory(slug="banks", title="Seed banks", **words)
    make.EntryFactory(slug="fairs", title="Seed fairs", **words)
    make.BlockUseFactory(entry=banks, block__slug="storage", block__hub=hub)
    make.ResourceFactory(slug="guide").entries.add(banks)
    translate(banks)
    return banks


def read(client, path, language="fr"):
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_a_title_is_in_the_readers_language_and_says_so(client, entry, path):
    text = read(client, path)

    assert 'lang="fr" dir="auto">Banques de semences<' in text
    assert "Traduit" in text or "Translated by a person" in text
    assert "Seed banks" not in text


@pytest.mark.parametrize("path", LISTS)
def test_others_read_the_original(client, entry, path):
    read(client, path)  # a page kept for readers of French is not theirs
    text = read(client, path, "es")

    assert 'lang="en" dir="auto">Seed banks<' in text
    assert "Banques" not in text


def test_a_summary_is_told_as_far_as_it_is_translated(client, entry):
    assert '<p lang="fr" dir="auto">Les semences restent' in read(client, "/catalogue/")

    entry.translations.update(texts={"title": "Banques de semences"})
    services.index_rows("entry", [entry.pk])

    assert '<p lang="en" dir="auto">What was tried' in read(client, "/catalogue/?page=1")


def test_a_translation_of_an_older_version_is_marked(client, entry):
    services.publish_content(entry, by=None)

    text = read(client, "/catalogue/")

    assert "Banques de semences" in text
    assert "the original has changed since" in text


def test_a_translation_without_a_title_changes_nothing(client, entry):
    entry.translations.update(texts={"title": ""})

    told = Entry.objects.told_in("fr").get(pk=entry.pk).told

    assert (told.title, told.language, told.mark) == ("Seed banks", "en", "")


def test_words_found_in_the_original_are_marked_in_it(client, entry):
    assert '<p lang="en" dir="auto">What was <mark>tried' in read(client, "/search/?q=tried")


def test_the_api_answers_in_the_original(client, entry):
    answer = client.get("/api/v1/search/?q=banks", headers={"accept-language": "fr"}).json()

    assert [(row["title"], row["language"]) for row in answer["results"]] == [("Seed banks", "en")]


@pytest.mark.parametrize("number", [1, 20])
def test_titles_cost_no_further_statement(client, django_assert_num_queries, number):
    hub = make_hubs.HubFactory()
    for each in make.EntryFactory.create_batch(number, hub=hub, published=True):
        translate(each)

    with django_assert_num_queries(1):
        told = [each.told.title for each in Entry.objects.published().for_list().told_in("fr")]

    assert told == [FRENCH["title"]] * number

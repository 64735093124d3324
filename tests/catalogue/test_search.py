"""Search: what is found, in which order, for whom, and what is proposed instead."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from catalogue.models import Entry, SearchRow, Translation
from catalogue.search import Search, search
from catalogue.services import index_entries, publish_content
from catalogue.wording import highlighted, proposed
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


def found(text):
    """Return the titles that search finds, which are those that the list finds."""
    best = search(Search(("entry",), text), user=AnonymousUser(), limit=100)
    titles = Entry.objects.in_bulk(best.keys)
    listed = Entry.objects.published().matching(text).values_list("pk", flat=True)
    assert (best.count, set(best.keys)) == (len(listed), set(listed))
    return [titles[key].title for key in best.keys]


@pytest.mark.parametrize(
    ("language", "title", "query"),
    [
        ("en", "Training technicians", "trained technician"),
        ("es", "Capacitación de técnicos", "capacitaciones tecnico"),
        ("fr", "Formation des techniciens", "formations technicien"),
        ("pt", "Bancos de leite humano", "banco leite humanos"),
        ("id", "Pelatihan para petani", "pelatihan petani"),
        ("ar", "تبادل المعرفة", "المعرفـة"),
        ("sw", "Mafunzo ya wakulima", "WAKULIMA"),
    ],
)
def test_endings_accents_and_case_do_not_matter_in_any_language(language, title, query):
    make.EntryFactory(title=title, language=language, published=True)
    make.EntryFactory(title="Something else", published=True)

    assert found(query) == [title]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("milk banks", {"Human milk banks", "Banks of milk"}),
        ('"milk banks"', {"Human milk banks"}),
        ("milk -human", {"Banks of milk"}),
        ("cotton or human", {"Cotton", "Human milk banks"}),
        ("nothing", set()),
        ('"', set()),
        ("' & | ! ( :*", set()),
    ],
)
def test_the_syntax_is_that_of_web_search(query, expected):
    for title in ("Human milk banks", "Banks of milk", "Cotton"):
        make.EntryFactory(title=title, published=True)

    assert set(found(query)) == expected


def test_titles_come_before_texts_and_the_newest_first():
    make.EntryFactory(title="Older", lessons="cotton", published=True)
    make.EntryFactory(title="Newer", lessons="cotton", published=True)
    make.EntryFactory(title="Cotton", published=True)

    assert found("cotton")[0] == "Cotton"
    assert found("cotton")[1:] == ["Newer", "Older"]


def test_an_entry_is_found_by_its_results_hub_and_countries_in_any_language():
    hub = make_hubs.HubFactory(name="Research agency", acronym="EMB")
    entry = make.EntryFactory(hub=hub, title="Entry", countries=["MZ"])
    make.ResultRowFactory(entry=entry, statement="Laboratories renovated")
    publish_content(entry, by=None)

    for query in ("laboratory", "EMB", "Mozambique", "Moçambique", "موزمبيق"):
        assert found(query) == ["Entry"], query


def test_search_sees_what_is_published_at_once_and_forgets_what_was_said_before():
    entry = make.EntryFactory(title="Cotton", published=True)
    assert found("cotton") == ["Cotton"]

    entry.title = "Coffee"
    entry.save()
    publish_content(entry, by=None)

    assert found("cotton") == []
    assert found("coffee") == ["Coffee"]


def test_drafts_and_entries_of_hidden_hubs_are_never_found(client):
    make.EntryFactory(title="Draft cotton")
    make.EntryFactory(
        title="Hidden cotton", hub=make_hubs.HubFactory(unpublished=True), published=True
    )

    assert found("cotton") == []
    for query in ("cotton", "cottn"):
        page = client.get(f"/search/?q={query}")
        assert page.context["count"] == 0
        assert page.context["proposal"] == ""


def test_a_hub_that_is_withdrawn_takes_its_entries_out_of_the_search():
    entry = make.EntryFactory(title="Cotton", published=True)
    entry.hub.is_published = False
    entry.hub.save()

    assert found("cotton") == []


def test_indexing_all_writes_the_same_rows():
    make.EntryFactory(title="Cotton", published=True)
    make.EntryFactory(title="Draft")
    before = list(SearchRow.objects.values())

    assert index_entries() == 1
    assert list(SearchRow.objects.values()) == before


def test_a_command_writes_the_rows_anew(capsys):
    make.EntryFactory(title="Cotton", published=True)
    SearchRow.objects.all().delete()

    call_command("index_search")

    assert capsys.readouterr().out == "1 things can be found.\n"
    assert found("cotton") == ["Cotton"]


def test_the_page_marks_what_was_found_and_escapes_the_rest(client):
    make.EntryFactory(title="Cotton", challenge="Old cotton & <b>new</b>.", published=True)

    body = client.get("/search/?q=cotton").content.decode()

    assert "Old <mark>cotton</mark>" in body
    assert "<b>" not in body


def test_hubs_are_found_beside_experience(client):
    make_hubs.HubFactory(name="Cotton institute")
    make.EntryFactory(title="Cotton", published=True)

    page = client.get("/search/?q=cotton")

    assert (page.context["count"], page.context["hub_count"]) == (1, 1)
    assert "Cotton institute" in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "proposal"), [("cottn", "cotton"), ("Mozambik cottn", "Mozambik cotton")]
)
def test_a_misspelling_is_answered_with_a_proposal(client, typed, proposal):
    make.EntryFactory(title="Cotton in West Africa", published=True)

    page = client.get("/search/", {"q": typed})

    assert page.context["proposal"] == proposal
    assert "Did you mean" in page.content.decode()


@pytest.mark.parametrize("query", ["", "x" * 201, "a" * 200, "%", "\\", "()", "ـ", "🙂", "&lt;"])
def test_odd_words_are_answered_calmly(client, query):
    make.EntryFactory(published=True)

    assert client.get("/search/", {"q": query}).status_code == 200
    assert client.get("/catalogue/", {"q": query}).status_code == 200
    assert client.get("/api/v1/entries/", {"q": query}).status_code in (200, 400)


@pytest.mark.parametrize("rows", [1, 20])
def test_the_page_needs_the_same_queries_for_one_row_and_for_many(
    client, django_assert_num_queries, rows
):
    for _ in range(rows):
        make.EntryFactory(title="Cotton", published=True)

    # the state of the database, that of the search, the best, their count and facets
    # (with a transaction and its limits), the entries, the words in them, the hubs to choose, those
    # found and their count
    with django_assert_num_queries(14):
        client.get("/search/?q=cotton")


def test_with_words_the_best_match_is_the_usual_order_of_the_list(client):
    make.EntryFactory(title="Cotton", published=True)
    make.EntryFactory(title="Newer", lessons="cotton", published=True)

    def titles(query):
        return [line["entry"].title for line in client.get(f"/catalogue/?{query}").context["lines"]]

    assert titles("q=cotton") == ["Cotton", "Newer"]
    assert titles("q=cotton&order=-published_at") == ["Newer", "Cotton"]
    assert titles("order=relevance") == ["Newer", "Cotton"]


def test_snippets_and_proposals():
    assert highlighted("a \x02b\x03 <c>") == "a <mark>b</mark> &lt;c&gt;"
    assert proposed("watre of kenya", {"watre": ["Water in Kenya"]}) == "water of kenya"
    assert proposed("watre", {}) == ""


def test_beyond_the_counted_the_page_says_more_than(client, monkeypatch):
    monkeypatch.setattr("catalogue.search.COUNTED", 1)
    for title in ("Cotton", "Cotton again"):
        make.EntryFactory(title=title, published=True)

    assert "more than 1 result" in client.get("/search/?q=cotton").content.decode()


def test_an_entry_is_found_by_what_its_translations_say_and_by_their_titles_first():
    entry = make.EntryFactory(title="Cotton", published=True)
    make.EntryFactory(title="Older", lessons="Les tisserands.", published=True)
    Translation.objects.create(
        entry=entry,
        language="fr",
        state="human",
        from_version=1,
        texts={"title": "Les tisserands", "lessons": "Filature à la main."},
        translated_by=MemberFactory(),
    )
    index_entries([entry.pk])

    assert found("tisserand") == ["Cotton", "Older"]
    assert found("filatures") == ["Cotton"]
    assert found("lessons") == []

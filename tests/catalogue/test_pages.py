"""The list of entries, an entry, a version: what they show, and to whom."""

import csv
import io

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from catalogue.models import Entry, SearchRow
from catalogue.services import index_entries, publish_content
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return make_hubs.HubFactory(slug="agency", name="Agency", acronym="AG")


def titles(response):
    return [line["entry"].title for line in response.context["lines"]]


def facet(response, name):
    found = next(each for each in response.context["facets"] if each.name == name)
    return {option.value: option.count for option in found.options}


@pytest.fixture
def three(hub):
    other = make_hubs.HubFactory(slug="bureau", name="Bureau")
    make.EntryFactory(
        hub=hub,
        title="Cotton",
        countries=["ML", "TD"],
        expertise=["academia"],
        year_from=2009,
        sectors=["311"],
        sdgs=["2"],
        instruments=["training"],
        published=True,
    )
    make.EntryFactory(
        hub=hub, title="Água", countries=["ML"], sectors=["140"], sdgs=["6"], published=True
    )
    make.EntryFactory(
        hub=other,
        title="Budget",
        countries=["KE"],
        sectors=["151"],
        is_contested=True,
        contested_statement="By whom.",
        published=True,
    )
    make.ResultRowFactory(entry=Entry.objects.get(title="Budget"), source=make_hubs.SourceFactory())
    index_entries()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Cotton", "Água", "Budget"}),
        ("country=ML", {"Cotton", "Água"}),
        ("country=TD&country=KE", {"Cotton", "Budget"}),
        ("sector=140", {"Água"}),
        ("sdg=2", {"Cotton"}),
        ("instrument=training", {"Cotton"}),
        ("hub=agency", {"Cotton", "Água"}),
        ("contested=yes", {"Budget"}),
        ("region=011", {"Cotton", "Água"}),  # Western Africa
        ("region=202", {"Cotton", "Água", "Budget"}),
        ("expertise=academia", {"Cotton"}),
        ("evidence=yes", {"Budget"}),
        ("evidence=no", {"Cotton", "Água"}),
        ("year=2009&year=2010", {"Cotton"}),
        ("q=agua", {"Água"}),
        ("q=nothing", set()),
    ],
)
def test_page_csv_and_api_find_the_same(client, three, query, expected):
    page = client.get(f"/catalogue/?{query}")
    text = b"".join(client.get(f"/catalogue/?{query}&export=csv").streaming_content).decode()
    answer = client.get(f"/api/v1/entries/?{query}").json()

    assert set(titles(page)) == expected
    assert {row["title"] for row in csv.DictReader(io.StringIO(text))} == expected
    assert {row["title"] for row in answer["results"]} == expected


@pytest.mark.parametrize("query", ["country=XX", "sdg=99", "hub=nobody", "q=" + "x" * 201])
def test_a_bad_value_never_widens_the_list(client, three, query):
    page = client.get(f"/catalogue/?{query}")

    assert page.status_code == 200
    assert titles(page) == []
    assert client.get(f"/catalogue/?{query}&export=csv").status_code == 400
    assert client.get(f"/catalogue/?{query}&export=atom").status_code == 400
    assert client.get(f"/api/v1/entries/?{query}").status_code == 400


def test_counts_leave_out_their_own_filter(client, three):
    page = client.get("/catalogue/?country=ML")

    assert facet(page, "country") == {"ML": 2, "TD": 1, "KE": 1}
    assert facet(page, "sector") == {"311": 1, "140": 1}
    assert facet(page, "hub") == {"agency": 2}
    assert facet(page, "contested") == {"no": 2}
    assert facet(page, "region") == {"002": 2, "011": 2, "017": 1, "202": 2}
    assert facet(page, "expertise") == {"academia": 1}
    assert facet(page, "evidence") == {"no": 2}
    assert facet(page, "year") == {"2009": 1}


def test_a_region_is_found_by_its_name_in_any_language(client, three):
    for words in ("western africa", "afrique occidentale", "África occidental"):
        assert set(titles(client.get("/catalogue/", {"q": words}))) == {"Cotton", "Água"}


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_needs_the_same_queries_for_one_row_and_for_many(
    client, hub, django_assert_num_queries, rows
):
    make.EntryFactory.create_batch(rows, hub=hub, countries=["ML"], published=True)

    # the state of the database, that of the search, its keys, count and facets (with a
    # transaction and its limits), the rows, the hubs to choose
    with django_assert_num_queries(11):
        client.get("/catalogue/")


@pytest.mark.parametrize("number", [1, 10])
def test_an_entry_needs_the_same_queries_for_few_rows_and_many(
    client, hub, django_assert_num_queries, number
):
    entry = make.EntryFactory(hub=hub, sectors=["311"], instruments=["training"], published=True)
    make.EntryPartnerFactory.create_batch(number, entry=entry)
    make.ResultRowFactory.create_batch(number, entry=entry)
    for _ in range(number):
        make.EntryFactory(sectors=["311"], instruments=["training"], published=True)

    with django_assert_num_queries(14):
        client.get(entry.get_absolute_url())


def test_an_entry_shows_results_sources_and_what_is_our_own_coding(client, hub):
    source = make_hubs.SourceFactory(title="The report")
    entry = make.EntryFactory(
        hub=hub, title="Cotton", sectors=["311"], editorial_fields=["sectors"], lessons="- *Plan*."
    )
    entry.sources.add(source)
    make.ResultRowFactory(
        entry=entry, statement="Trained", value="425", unit="technicians", source=source
    )
    make.ResultRowFactory(entry=entry, statement="Laboratory set up")
    publish_content(entry, by=None)

    page = client.get(entry.get_absolute_url())
    body = page.content.decode()

    assert "Coded by this portal, not by the sources" in body
    assert "<li><em>Plan</em>.</li>" in body
    assert "technicians" in body
    assert 'href="#source-1"' in body
    assert "The report" in body
    assert body.count("not stated") >= 3  # the second result's value and period, the languages
    assert f"{entry.get_absolute_url()}v/1/" in body


@pytest.mark.parametrize(
    ("years", "text"),
    [((2009, 2013), "2009–2013"), ((2009, 2009), "2009"), ((2009, None), "from 2009"),
     ((None, 2013), "until 2013"), ((None, None), "")],
)  # fmt: skip
def test_years_are_told_as_far_as_they_are_stated(client, hub, years, text):
    entry = make.EntryFactory(hub=hub, year_from=years[0], year_to=years[1], published=True)

    facts = {
        row["term"]: row["values"] for row in client.get(entry.get_absolute_url()).context["facts"]
    }

    assert facts["Years"] == ([text] if text else [])


def test_figures_are_written_as_the_language_writes_them(client, hub):
    entry = make.EntryFactory(hub=hub, published=True)
    make.ResultRowFactory(entry=entry, value="13400.5", unit="US$")

    assert "13,400.5<" in client.get(entry.get_absolute_url()).content.decode()
    spanish = client.get(entry.get_absolute_url(), headers={"accept-language": "pt-br"})
    assert "13.400,5<" in spanish.content.decode()


def test_a_contested_entry_says_so_on_list_and_page(client, three):
    assert "Contested" in client.get("/catalogue/?contested=yes").content.decode()
    entry = make.EntryFactory(
        is_contested=True, contested_statement="Farmers object.", published=True
    )
    assert "Farmers object." in client.get(entry.get_absolute_url()).content.decode()


def test_a_version_keeps_its_text_at_its_address(client, hub):
    entry = make.EntryFactory(hub=hub, title="First", summary="Old words.", published=True)
    entry.title, entry.summary = "Second", "New words."
    entry.save()
    publish_content(entry, by=None)

    old = client.get(f"{entry.get_absolute_url()}v/1/").content.decode()
    new = client.get(f"{entry.get_absolute_url()}v/2/").content.decode()

    assert "Old words." in old
    assert "This is an earlier version." in old
    assert "New words." in new
    assert "This is an earlier version." not in new


@pytest.mark.parametrize("number", ["0", "3", "99999999999999999999"])
def test_a_version_that_never_was_is_not_found(client, hub, number):
    entry = make.EntryFactory(hub=hub, published=True)

    assert client.get(f"{entry.get_absolute_url()}v/{number}/").status_code == 404


def test_related_entries_say_why(client, hub):
    entry = make.EntryFactory(hub=hub, sectors=["311"], instruments=["training"], published=True)
    make.EntryFactory(title="Near", sectors=["311"], instruments=["training"], published=True)
    make.EntryFactory(title="Far", sectors=["140"], instruments=["training"], published=True)

    related = client.get(entry.get_absolute_url()).context["related"]

    assert [line["entry"].title for line in related] == ["Near"]
    assert related[0]["reasons"] == ["Agriculture", "Training course"]


def test_drafts_change_not_one_byte_for_others(client, hub):
    make.EntryFactory(hub=hub, title="Open", countries=["ML"], published=True)
    addresses = (
        "/catalogue/", "/catalogue/?export=csv", "/catalogue/?export=atom", "/catalogue/secret/",
        "/api/v1/entries/", "/api/v1/entries/?count=true", "/api/v1/entries/secret/",
    )  # fmt: skip

    def seen():
        answers = [client.get(address) for address in addresses]
        return [
            (each.status_code, b"".join(each) if each.streaming else each.content, each.get("ETag"))
            for each in answers
        ]

    before = seen()
    draft = make.EntryFactory(hub=hub, slug="secret", title="Secret", countries=["KE"])
    make.ResultRowFactory(entry=draft)

    assert seen() == before


def test_a_partner_hub_that_is_not_shown_is_not_named(client, hub):
    hidden = make_hubs.HubFactory(name="Secret bureau", unpublished=True)
    entry = make.EntryFactory(hub=hub)
    make.EntryPartnerFactory(entry=entry, hub=hidden, name="")
    make.EntryPartnerFactory(entry=entry, name="A ministry")
    publish_content(entry, by=None)
    page = entry.get_absolute_url()

    for address in (page, f"{page}v/1/", f"/api/v1/entries/{entry.slug}/", "/search/?q=secret"):
        assert b"Secret bureau" not in client.get(address).content, address
    assert b"A ministry" in client.get(page).content
    client.force_login(make_hubs.MembershipFactory(hub=hidden).member)
    assert b"Secret bureau" in client.get(page).content


def test_what_people_wrote_cannot_break_out_of_the_page(client):
    evil = "<script>alert(1)</script>"
    entry = make.EntryFactory(
        title=evil, summary=evil, lessons=evil, challenge=evil, note=evil,
        is_contested=True, contested_statement=evil,
    )  # fmt: skip
    make.EntryPartnerFactory(entry=entry, name=evil)
    make.ResultRowFactory(entry=entry, statement=evil, unit=evil, value=1, period=evil)
    publish_content(entry, by=None)

    for path in ("", "v/1/"):
        assert b"<script>alert" not in client.get(f"{entry.get_absolute_url()}{path}").content
    assert b"<script>alert" not in client.get("/catalogue/").content


def test_the_api_gives_an_entry_in_full(client, hub):
    entry = make.EntryFactory(hub=hub, title="Cotton", published=True)
    make.ResultRowFactory(entry=entry, statement="Trained", value="7.25", unit="people")

    answer = client.get(f"/api/v1/entries/{entry.slug}/").json()

    assert answer["hub"] == "agency"
    assert answer["results"][0]["value"] == "7.25"
    assert answer["versions"] == [f"http://testserver{entry.get_absolute_url()}v/1/"]


def test_a_page_says_how_to_cite_it_for_good(client):
    entry = make.EntryFactory(title="Wells", published=True)

    page = client.get(entry.get_absolute_url()).content.decode()

    assert f"{settings.SITE_URL}{entry.get_absolute_url()}v/1/</a>" in page
    assert entry.hub.name in page.partition('id="citation"')[2]


def test_related_entries_are_looked_for_among_the_newest(client, hub, monkeypatch):
    shared = {"sectors": ["140"], "instruments": ["training"], "published": True}
    old = make.EntryFactory(hub=hub, title="Old", **shared)
    SearchRow.objects.filter(object_pk=old.pk).update(published_at="2001-01-01T00:00:00Z")
    make.EntryFactory(hub=hub, title="New", **shared)
    entry = make.EntryFactory(hub=hub, slug="here", title="Here", **shared)

    def related():
        page = client.get(entry.get_absolute_url())
        return {line["entry"].title for line in page.context["related"]}

    assert related() == {"Old", "New"}
    monkeypatch.setattr("catalogue.views.entry.LOOKED_THROUGH", 2)
    cache.clear()
    assert related() == {"New"}


def test_index_search_writes_the_names_of_codes_anew(client, three):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_searchname")
    index_entries()
    assert titles(client.get("/catalogue/", {"q": "western africa"})) == []

    call_command("index_search")

    assert set(titles(client.get("/catalogue/", {"q": "western africa"}))) == {"Cotton", "Água"}

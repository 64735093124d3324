"""Tags: typed in a draft, published with it, found by, and hidden as long as the text is."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from catalogue import services
from catalogue.models import Tag
from catalogue.querysets.tags import folded, words_of_tags
from catalogue.services import publish_content
from tests.api_clients import client_of
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


@pytest.fixture
def hub():
    return make_hubs.HubFactory(slug="agency")


@pytest.fixture
def editor(hub):
    return make_hubs.MembershipFactory(hub=hub).member


def tagged(hub, *tags, **columns):
    return make.EntryFactory(hub=hub, tags=list(tags), published=True, **columns)


def draft_with(hub, *tags, **columns):
    draft = make.DraftFactory(hub=hub)
    draft.content |= {"tags": list(tags)} | columns
    draft.save()
    return draft


def published(draft):
    by = make_hubs.MembershipFactory(hub=draft.hub).member
    services.submit_draft(draft, by=by)
    draft.refresh_from_db()
    reviewer = make.asked_reviewer(draft)
    return services.publish_draft(make.passed(draft, reviewer), by=reviewer).entry


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("", []),
        ("seed banks, Soil ; ,SOIL", ["seed banks", "Soil"]),
        ("  much   space ", ["much space"]),
        ("بذور، ماء", ["بذور", "ماء"]),
    ],
)
def test_a_line_is_read_as_tags(typed, tags):
    assert words_of_tags(typed) == tags


@pytest.mark.parametrize(
    ("one", "other"),
    [("Água-doce", "agua doce"), ("SOIL", "soil"), ("كَتَبَ", "كتب"), ("South–South", "south south")],
)
def test_accents_case_and_punctuation_do_not_tell_tags_apart(one, other):
    assert folded(one) == folded(other)


def test_marks_that_are_letters_do():
    assert folded("कि") != folded("का")


def test_a_tag_is_typed_by_any_of_its_names_and_kept_by_its_slug(hub, editor):
    make.TagFactory(name="Seed banks", names={"pt": "Bancos de sementes"})
    draft = make.DraftFactory(hub=hub)
    page = client_of(editor).get(f"/catalogue/drafts/{draft.pk}/codes/")
    typed = {
        "version": page.context["form"].initial["version"],
        "countries": "ML",
        "sectors": "311",
        "tags": "bancos de SEMENTES, Dry soil, seed-banks",
    }

    client_of(editor).post(f"/catalogue/drafts/{draft.pk}/codes/", typed)

    draft.refresh_from_db()
    assert draft.content["tags"] == ["seed-banks", "Dry soil"]
    again = client_of(editor).get(f"/catalogue/drafts/{draft.pk}/codes/").content.decode()
    assert 'value="Seed banks, Dry soil"' in again
    assert '<option value="Seed banks">' in again


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (", ".join(f"tag {number}" for number in range(11)), "at most ten"),
        ("x" * 51, "cannot be a tag"),
        ("soil, !!!", "cannot be a tag"),
        ("x" * 10_000, "at most 1500"),
        ("so\0il", "Null"),
    ],
)
def test_what_cannot_be_a_tag_is_refused_at_its_field(hub, editor, typed, problem):
    draft = make.DraftFactory(hub=hub)
    url = f"/catalogue/drafts/{draft.pk}/codes/"
    version = client_of(editor).get(url).context["form"].initial["version"]

    answer = client_of(editor).post(url, {"version": version, "tags": typed})

    assert problem in str(answer.context["form"].errors["tags"])


@pytest.mark.parametrize(
    "tags",
    [["a,b"], [""], ["x" * 51], [f"t{n}" for n in range(11)], ["\0"], [7.5], "soil", [["a"]]],
)
def test_programs_are_refused_the_same(hub, editor, tags):
    draft = make.DraftFactory(hub=hub)
    api = client_of(editor)
    url = f"/api/v1/drafts/{draft.pk}/"
    etag = api.get(url).headers["ETag"]

    answer = api.patch(
        url, {"tags": tags}, content_type="application/json", headers={"If-Match": etag}
    )

    draft.refresh_from_db()
    if tags == [7.5]:
        assert draft.content["tags"] == ["7.5"]
    else:
        assert answer.status_code == 400, answer.content
        assert column(draft) == []


def column(draft):
    return draft.content.get("tags", [])


def test_publishing_takes_new_tags_into_the_vocabulary(hub):
    make.TagFactory(name="Soil")
    draft = draft_with(hub, "soil", "Seed banks", "seed BANKS", language="fr")

    entry = published(draft)

    assert entry.tags == ["soil", "seed-banks"]
    assert entry.versions.get().content["tags"] == ["soil", "seed-banks"]
    new = Tag.objects.get(slug="seed-banks")
    assert (new.name, new.language, new.is_listed) == ("Seed banks", "fr", True)


def test_names_without_latin_letters_have_an_address_too(hub):
    entry = published(draft_with(hub, "بذور", "水"))

    assert entry.tags == ["other-letters", "other-letters-2"]


def test_the_page_names_its_tags_with_links_in_the_reader_s_language(client, hub):
    make.TagFactory(name="Soil", names={"fr": "Sols"})
    entry = tagged(hub, "soil")

    page = client.get(f"{entry.get_absolute_url()}", headers={"Accept-Language": "fr"})

    assert '<a href="/catalogue/?tag=soil" rel="tag"><bdi>Sols</bdi></a>' in page.content.decode()


def test_the_list_filters_by_tag_and_counts_it(client, hub):
    make.TagFactory(name="Soil")
    make.TagFactory(name="Water")
    found = tagged(hub, "soil")
    tagged(hub, "water")

    page = client.get("/catalogue/?tag=soil")

    assert [line["entry"] for line in page.context["lines"]] == [found]
    assert [chip.value for chip in page.context["chips"]] == ["Soil"]
    facet = next(each for each in page.context["facets"] if each.name == "tag")
    assert {option.value: option.count for option in facet.options} == {"soil": 1, "water": 1}


@pytest.mark.parametrize("path", ["/api/v1/entries/", "/api/v1/search/"])
def test_programs_filter_by_tag(client, hub, path):
    make.TagFactory(name="Soil")
    tagged(hub, "soil", title="Found")
    tagged(hub, title="Other")

    rows = client.get(path, {"tag": "soil"}).json()["results"]

    assert [row["title"] for row in rows] == ["Found"]


@pytest.mark.parametrize("path", ["/catalogue/", "/search/", "/api/v1/entries/", "/api/v1/search/"])
@pytest.mark.parametrize("tag", ["nothing", "\0", "x" * 10_000, "-", "', --"])
def test_unknown_tags_are_refused_and_break_nothing(client, path, tag):
    answer = client.get(path, {"tag": tag})

    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or answer.context["form"].errors["tag"]


@pytest.mark.parametrize(
    "text", ["seed bank", "Saatgutbank", "bancos de semillas", "banco de semilla"]
)
def test_the_search_finds_tags_by_their_names_in_all_languages(client, hub, text):
    make.TagFactory(name="Seed banks", names={"es": "Bancos de semillas", "de": "Saatgutbank"})
    entry = tagged(hub, "seed-banks", title="Found")

    rows = client.get("/api/v1/search/", {"q": text}).json()["results"]

    assert [row["title"] for row in rows] == [entry.title]


def test_translations_of_the_entry_are_found_beside_its_tags(client, hub):
    make.TagFactory(name="Soil", names={"fr": "Sols"})
    entry = tagged(hub, "soil")
    services.save_translation(
        entry,
        "fr",
        {"title": "Puits"},
        state="human",
        from_version=1,
        expected_version=0,
        by=make_hubs.MembershipFactory(hub=hub).member,
    )

    for text in ("puits", "sols", "soil"):
        assert client.get("/api/v1/search/", {"q": text}).json()["results"], text


def test_files_say_the_tags_and_what_they_are(client, hub):
    make.TagFactory(name="Soil")
    make.TagFactory(name="Water")
    tagged(hub, "soil", "water")

    assert b"soil;water" in b"".join(client.get("/catalogue/?export=csv")).replace(b"; ", b";")
    assert b"vocabulary" in client.get("/catalogue/?export=dictionary").getvalue()


def test_harvesters_get_the_names_as_keywords(client, hub):
    make.TagFactory(name="Soil")
    entry = tagged(hub, "soil")

    answer = client.get(f"/api/v1/entries/{entry.slug}/", headers={"Accept": "application/ld+json"})

    assert answer.json()["keywords"] == ["Soil"]


def test_two_versions_differ_in_their_tags_by_name(client, hub):
    make.TagFactory(name="Soil")
    make.TagFactory(name="Water")
    entry = tagged(hub, "soil")
    entry.tags = ["water"]
    entry.save()
    publish_content(entry, by=None)

    page = client.get(f"{entry.get_absolute_url()}v/2/diff/").content.decode()

    assert ">removed: </span>Soil</del>" in page
    assert ">added: </span>Water</ins>" in page


def test_entries_are_compared_by_their_tags(client, hub):
    make.TagFactory(name="Soil")
    one, two = tagged(hub, "soil"), tagged(hub)

    rows = client.get(f"/api/v1/entries/compare/?entry={one.slug}&entry={two.slug}")

    assert "Soil" in rows.content.decode()


def test_reviewers_are_told_what_is_proposed_and_what_it_resembles(hub, editor):
    make.TagFactory(name="Seed banks")
    draft = draft_with(hub, "seed bank", "Quite different")

    page = client_of(editor).get(f"/catalogue/drafts/{draft.pk}/check/")

    assert [hint["name"] for hint in page.context["tag_hints"]] == ["seed bank"]
    assert page.content.decode().count(">proposed</span>") == 2


def bytes_of(client):
    paths = (
        *(
            "/catalogue/",
            "/search/?q=soil",
            "/catalogue/?q=secret&order=title",
            "/catalogue/?export=csv",
        ),
        *("/api/v1/entries/", "/api/v1/search/?q=secret&facets=true", "/catalogue/?export=atom"),
        *("/catalogue/?tag=secret-soil", "/api/v1/entries/?tag=secret-soil"),
        *("/search/?q=secrte&all=tag", "/catalogue/?all=tag"),
    )
    found = []
    for path in paths:
        answer = client.get(path)
        body = b"".join(answer) if answer.streaming else answer.content
        found.append((path, answer.status_code, answer.headers.get("ETag"), body))
    return found


@pytest.mark.parametrize("which", ["draft", "sent draft", "hidden hub"])
def test_tags_of_what_is_not_public_change_nothing_for_others(client, hub, which):
    make.TagFactory(name="Soil")
    tagged(hub, "soil")
    before = bytes_of(client)
    writer = client_of(make_hubs.MembershipFactory().member)
    offered = writer.get("/catalogue/drafts/new/").status_code

    if which == "hidden hub":
        hidden = make_hubs.HubFactory(is_published=False)
        published(draft_with(hidden, "Secret soil"))
        assert Tag.objects.filter(slug="secret-soil", is_listed=False).exists()
    else:
        draft = draft_with(hub, "Secret soil")
        if which == "sent draft":
            services.submit_draft(draft, by=make_hubs.MembershipFactory(hub=hub).member)

    assert bytes_of(client) == before
    assert offered == 200


def test_a_hidden_tag_is_proposed_anew_by_whoever_does_not_know_it(hub, editor):
    hidden = make_hubs.HubFactory(is_published=False)
    published(draft_with(hidden, "Secret soil"))
    draft = draft_with(hub, "secret-soil", "secret soils")

    page = client_of(editor).get(f"/catalogue/drafts/{draft.pk}/check/")

    assert page.context["tag_hints"] == []
    assert page.content.decode().count(">proposed</span>") == 2
    assert (
        "Secret soil"
        not in client_of(editor).get(f"/catalogue/drafts/{draft.pk}/codes/").content.decode()
    )


def test_a_tag_is_known_to_all_once_something_public_has_it(client, hub):
    hidden = make_hubs.HubFactory(is_published=False)
    published(draft_with(hidden, "Secret soil"))
    entry = published(draft_with(hub, "secret soil"))

    assert entry.tags == ["secret-soil"]
    assert client.get("/catalogue/?tag=secret-soil").context["count"] == 1


def test_the_database_refuses_tags_that_there_are_not():
    with pytest.raises(IntegrityError), transaction.atomic():
        make.EntryFactory(tags=["nothing"])


def test_the_database_keeps_tags_that_entries_have(hub):
    tag = make.TagFactory(name="Soil")
    tagged(hub, "soil")
    with pytest.raises(IntegrityError), transaction.atomic():
        tag.delete()


def test_pages_ask_the_same_number_of_questions_whatever_the_vocabulary(client, hub):
    def asked(number):
        tags = make.TagFactory.create_batch(number)
        entry = tagged(hub, *(tag.slug for tag in tags[:10]))
        client.get("/catalogue/")
        with CaptureQueriesContext(connection) as queries:
            for path in (entry.get_absolute_url(), "/catalogue/?all=tag", "/api/v1/entries/"):
                client.get(path)
        return len(queries)

    assert asked(1) == asked(40)

"""The library: who sees what, the list, the page, the files, the API."""

import csv
import io

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.models import Resource, ResourceLink
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.hubs.people import someone

pytestmark = pytest.mark.django_db

OWN = {"correspondent", "me_focal_point", "editor", "head"}
MODERATORS = {"moderator", "administrator"}
ROLES = {"anonymous", "suspended", "pending", "member", "stranger"} | OWN | MODERATORS
SEEN_BY = {
    "published": ROLES,
    "the portal's": ROLES,
    "draft": OWN | MODERATORS,
    "hidden": OWN | MODERATORS,
    "the portal's draft": MODERATORS,
}
WRITTEN_BY = {
    "published": {"editor", "head"} | MODERATORS,
    "the portal's": MODERATORS,
    "draft": {"editor", "head"} | MODERATORS,
    "hidden": {"editor", "head"} | MODERATORS,
    "the portal's draft": MODERATORS,
}


@pytest.fixture
def resources():
    hub = make_hubs.HubFactory()
    hidden = make_hubs.HubFactory(unpublished=True)
    return {
        "published": make.ResourceFactory(hub=hub),
        "the portal's": make.ResourceFactory(),
        "draft": make.ResourceFactory(hub=hub, is_published=False),
        "hidden": make.ResourceFactory(hub=hidden),
        "the portal's draft": make.ResourceFactory(is_published=False),
    }


@pytest.mark.parametrize("role", sorted(ROLES))
def test_resources_and_their_copies_are_seen_and_written_by(role, resources):
    for each in resources.values():
        make.ResourceLinkFactory(resource=each)
    user = someone(role, *{each.hub for each in resources.values() if each.hub})

    def names(pks):
        return {name for name, each in resources.items() if each.pk in set(pks)}

    seen = {name for name, roles in SEEN_BY.items() if role in roles}
    assert names(Resource.objects.visible_to(user).values_list("pk", flat=True)) == seen
    links = ResourceLink.objects.visible_to(user).values_list("resource", flat=True)
    assert names(links) == seen
    written = {name for name, roles in WRITTEN_BY.items() if role in roles}
    assert names(Resource.objects.editable_by(user).values_list("pk", flat=True)) == written
    assert names(Resource.objects.published().values_list("pk", flat=True)) == {
        "published",
        "the portal's",
    }


@pytest.fixture
def three():
    hub = make_hubs.HubFactory(slug="agency", name="Agency")
    make.ResourceFactory(
        title="Água e saúde", kind="report", year=2010, languages=["pt"], publisher="IPEA", hub=hub
    )
    make.ResourceFactory(
        title="Art of exchange", year=2015, languages=["en", "es"], authors="Ana Sol; Bo Li"
    )
    make.ResourceFactory(title="Communiqué", kind="communique", publisher="IPEA")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Água e saúde", "Art of exchange", "Communiqué"}),
        ("type=report&type=communique", {"Água e saúde", "Communiqué"}),
        ("language=es", {"Art of exchange"}),
        ("year=2010", {"Água e saúde"}),
        ("hub=agency", {"Água e saúde"}),
        ("publisher=IPEA", {"Água e saúde", "Communiqué"}),
        ("q=agua", {"Água e saúde"}),
        ("q=sol+art", {"Art of exchange"}),
        ("q=nothing", set()),
    ],
)
def test_page_csv_and_api_find_the_same(client, three, query, expected):
    page = client.get(f"/catalogue/resources/?{query}")
    answer = client.get(f"/catalogue/resources/?{query}&export=csv")
    text = b"".join(answer.streaming_content).decode()
    rows = client.get(f"/api/v1/resources/?{query}").json()["results"]
    api_csv = client.get(f"/api/v1/resources/?{query}&format=csv")

    assert {line["resource"].title for line in page.context["lines"]} == expected
    assert {row["title"] for row in csv.DictReader(io.StringIO(text))} == expected
    assert {row["title"] for row in rows} == expected
    assert b"".join(api_csv.streaming_content).decode() == text


@pytest.mark.parametrize(
    "query", ["type=x", "year=1", "year=" + "9" * 40, "hub=x", "publisher=x", "q=" + "x" * 201]
)
def test_a_bad_value_never_widens_the_list(client, three, query):
    page = client.get(f"/catalogue/resources/?{query}")

    assert page.status_code == 200
    assert page.context["lines"] == []
    assert client.get(f"/catalogue/resources/?{query}&export=csv").status_code == 400
    assert client.get(f"/api/v1/resources/?{query}").status_code == 400


def test_counts_leave_out_their_own_filter(client, three):
    page = client.get("/catalogue/resources/?publisher=IPEA&type=report")
    facets = {
        facet.name: {option.value: option.count for option in facet.options}
        for facet in page.context["facets"]
    }

    assert facets["type"] == {"report": 1, "communique": 1}
    assert facets["publisher"] == {"IPEA": 1}
    assert facets["year"] == {"2010": 1}
    assert facets["language"] == {"pt": 1}
    assert facets["hub"] == {"agency": 1}


def test_the_newest_come_first_and_those_without_year_last(client, three):
    rows = client.get("/catalogue/resources/").context["lines"]

    assert [line["resource"].year for line in rows] == [2015, 2010, None]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_needs_the_same_queries_for_one_row_and_for_many(
    client, django_assert_num_queries, rows
):
    for each in make.ResourceFactory.create_batch(rows, hub=make_hubs.HubFactory(), year=2012):
        make.ResourceLinkFactory(resource=each)

    # the state of the database, the count, the rows, three lists to choose from, six facets
    with django_assert_num_queries(12):
        client.get("/catalogue/resources/")


@pytest.mark.parametrize("number", [1, 10])
def test_a_page_needs_the_same_queries_for_few_copies_and_many(
    client, django_assert_num_queries, number
):
    resource = make.ResourceFactory()
    make.ResourceLinkFactory.create_batch(number, resource=resource)
    resource.entries.add(*make.EntryFactory.create_batch(number, published=True))
    resource.sources.add(*make_hubs.SourceFactory.create_batch(number))

    with django_assert_num_queries(4):  # the last for its comments
        client.get(resource.get_absolute_url())
    with django_assert_num_queries(3):
        client.get(f"/api/v1/resources/{resource.slug}/")


def test_a_page_says_what_is_known_and_what_is_not(client):
    resource = make.ResourceFactory(title="Communiqué", note="Not <b>bold</b>.", is_starter=True)

    body = client.get(resource.get_absolute_url()).content.decode()

    assert "No copy found." in body
    assert "Starter content" in body
    assert (
        body.count('class="none">not stated') == 5
    )  # authors, publisher, year, languages, licence
    assert "Not &lt;b&gt;bold&lt;/b&gt;." in body
    assert "portal&#x27;s own library" in body or "portal's own library" in body


def test_copies_name_their_language_and_since_when_they_cannot_be_had(client):
    resource = make.ResourceFactory(languages=["en", "es"])
    make.ResourceLinkFactory(resource=resource, language="es", address="https://example.org/es")
    make.ResourceLinkFactory(
        resource=resource, address="https://example.org/x", unreachable_since=timezone.now()
    )

    body = client.get(resource.get_absolute_url()).content.decode()
    listed = client.get("/catalogue/resources/").content.decode()

    assert 'href="https://example.org/es" rel="nofollow noopener" hreflang="es"' in body
    assert "language not stated" in body
    assert body.count("Not reachable since") == 1
    assert "Not reachable" not in listed  # one copy can be had


def test_an_entry_names_its_documents_and_they_name_it(client):
    entry = make.EntryFactory(title="Cotton", published=True)
    draft = make.EntryFactory(title="Secret draft")
    resource = make.ResourceFactory(title="The evaluation", year=2014)
    hidden = make.ResourceFactory(title="Unpublished memo", is_published=False)
    for each in (resource, hidden):
        each.entries.add(entry, draft)

    of_entry = client.get(entry.get_absolute_url()).content.decode()
    of_resource = client.get(resource.get_absolute_url()).content.decode()
    data = client.get(f"/api/v1/resources/{resource.slug}/").json()

    assert "The evaluation" in of_entry
    assert "Unpublished memo" not in of_entry
    assert "Cotton" in of_resource
    assert "Secret draft" not in of_resource
    assert data["entries"] == [entry.slug]


def test_the_api_gives_copies_by_their_whole_address(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    resource = make.ResourceFactory(slug="guide")
    make.ResourceLinkFactory(resource=resource, address="https://example.org/en", language="en")
    link = file_of(resource)

    data = client.get("/api/v1/resources/guide/").json()
    own = f"http://testserver/catalogue/resources/guide/files/{link.pk}/"

    assert data["copies"] == ["https://example.org/en", own]
    assert [each["bytes"] for each in data["links"]] == [None, 5]


def file_of(resource):
    link = ResourceLink(
        resource=resource, language="pt", content_type="application/pdf", bytes=5, position=30_001
    )
    link.file.save("x.pdf", ContentFile(b"%PDF-"))
    return link


def test_a_file_is_given_to_be_saved_and_never_to_be_run(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    link = file_of(make.ResourceFactory(slug="guide"))

    answer = client.get(link.get_absolute_url())

    assert b"".join(answer.streaming_content) == b"%PDF-"
    assert answer["Content-Disposition"] == 'attachment; filename="guide-pt.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_file_of_a_draft_a_missing_one_and_an_odd_number_are_not_found(
    client, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    draft = file_of(make.ResourceFactory(is_published=False))
    gone = file_of(make.ResourceFactory(slug="gone"))
    gone.file.storage.delete(gone.file.name)

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(gone.get_absolute_url()).status_code == 404
    assert client.get(f"/catalogue/resources/gone/files/{10**30}/").status_code == 404


@pytest.mark.parametrize("change", [{"is_published": False}, {"hub": "hidden"}])
def test_what_is_not_published_changes_not_one_byte_for_others(client, change):
    make.ResourceFactory(title="Open", publisher="IPEA", year=2010)
    entry = make.EntryFactory(published=True)
    addresses = (
        "/catalogue/resources/", "/catalogue/resources/?export=csv", entry.get_absolute_url(),
        "/catalogue/resources/?export=atom", "/catalogue/resources/secret/",
        "/api/v1/resources/", "/api/v1/resources/?count=true", "/api/v1/resources/secret/",
        "/api/v1/resources/?publisher=Hidden+press", "/catalogue/resources/?year=1999",
    )  # fmt: skip

    def seen():
        answers = [client.get(address) for address in addresses]
        return [
            (each.status_code, b"".join(each) if each.streaming else each.content, each.get("ETag"))
            for each in answers
        ]

    hidden = make_hubs.HubFactory(unpublished=True)
    before = seen()
    columns = change | ({"hub": hidden} if "hub" in change else {})
    secret = make.ResourceFactory(
        slug="secret", title="Secret", publisher="Hidden press", year=1999, **columns
    )
    make.ResourceLinkFactory(resource=secret)
    secret.entries.add(entry)

    assert seen() == before


@pytest.mark.parametrize(
    "columns",
    [
        {"address": ""},
        {"address": "ftp://example.org/"},
        {"file": "resources/x.pdf", "content_type": "application/pdf", "bytes": 1},
        {"address": "", "file": "x.pdf"},
        {"content_type": "text/html"},
        {"language": "xx"},
    ],
)
def test_the_database_keeps_one_copy_a_row(columns):
    resource = make.ResourceFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        make.ResourceLinkFactory(resource=resource, **columns)

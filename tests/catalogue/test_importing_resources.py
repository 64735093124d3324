"""Importing resources: new and changed ones, copies, what they document, round trip."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Activity
from catalogue import services
from catalogue.models import Resource, SearchRow
from catalogue.resource_cells import resource_cells, with_cells
from catalogue.services import resources as library
from catalogue.services.import_kinds import Row
from catalogue.services.library_at_once import ResourceChange, save_resources
from tests.api_clients import client_of
from tests.catalogue.importing import carried_out, checked_table
from tests.catalogue.test_importing import published
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.races import all_at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def editor():
    return make_hubs.MembershipFactory()


@pytest.fixture
def checked(editor):
    """Return a function that uploads rows and checks them."""
    return partial(checked_table, "resources", editor)


@pytest.fixture
def imported(checked):
    """Return a function that uploads, checks and imports rows."""
    return lambda *rows: carried_out(checked(*rows))


def exported(resource):
    found = with_cells(Resource.objects.all()).get(pk=resource.pk)
    return resource_cells(found) | {"slug": found.slug, "version": str(found.version)}


def test_a_new_row_is_a_resource_of_the_hub(editor, imported):
    entry = published(editor.hub)
    row = {
        "title": "A guide",
        "type": "guide",
        "year": "2020",
        "languages": "en; fr",
        "copies": "https://example.org/a.pdf | en\nhttps://example.org/b.pdf",
        "entries": entry.slug,
        "is_published": "true",
    }

    assert imported(row).state == "done"

    resource = Resource.objects.get()
    assert (resource.hub, resource.kind, resource.year) == (editor.hub, "guide", 2020)
    assert resource.is_published
    assert list(resource.entries.all()) == [entry]
    assert list(resource.links.values_list("address", "language")) == [
        ("https://example.org/a.pdf", "en"),
        ("https://example.org/b.pdf", ""),
    ]


def test_a_new_row_that_does_not_say_so_is_not_published(imported):
    imported({"title": "A guide", "type": "guide"})

    assert not Resource.objects.get().is_published


def test_a_changed_row_changes_only_what_differs(editor, imported):
    resource = make.ResourceFactory(hub=editor.hub, note="Kept.")
    kept = make.ResourceLinkFactory(resource=resource)
    gone = make.ResourceLinkFactory(resource=resource)
    hidden = make.EntryFactory(hub=editor.hub)
    resource.entries.add(hidden)
    copies = f"{kept.address}\nhttps://example.org/new"
    entry = published(editor.hub)

    row = exported(resource) | {"publisher": "Ours", "copies": copies, "entries": entry.slug}
    assert imported(row).report["changed"] == 1

    resource.refresh_from_db()
    assert (resource.publisher, resource.note, resource.is_published) == ("Ours", "Kept.", True)
    assert set(resource.entries.all()) == {hidden, entry}
    addresses = set(resource.links.values_list("address", flat=True))
    assert addresses == {kept.address, "https://example.org/new"}
    assert gone.address not in addresses


def test_the_exported_list_imported_again_changes_nothing(editor, checked):
    resource = make.ResourceFactory(hub=editor.hub, title="=A; b", authors="A; B", year=2001)
    make.ResourceLinkFactory(resource=resource, language="fr")
    resource.entries.add(published(editor.hub))
    query = f"/catalogue/resources/?hub={editor.hub.slug}&export=editing"
    file = b"".join(client_of(editor.member).get(query).streaming_content)

    found = checked(text=file)

    assert found.report["problems"] == []
    assert (found.report["same"], found.report["changed"]) == (1, 0)


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("title", "x" * 301, "Shorten it to 300"),
        ("type", "", "Unknown code"),
        ("languages", "xx", "Unknown code: xx"),
        ("year", "two", "Write a year"),
        ("copies", "ftp://example.org/x", "must start with"),
        ("copies", "https://example.org/x\nhttps://example.org/x", "same address"),
        ("copies", "https://example.org/x | zz", "Unknown code: zz"),
        ("entries", "nothing", "no published entry nothing"),
        ("is_published", "perhaps", "true, false"),
        ("slug", "nothing", "no resource nothing"),
    ],
)
def test_a_wrong_cell_is_named_with_what_to_do(checked, column, cell, words):
    found = checked({"title": "A guide", "type": "guide"} | {column: cell})

    _row, where, text = found.report["problems"][0]
    assert where == column
    assert words in text


def test_entries_of_other_hubs_are_neither_added_nor_taken_away(editor, checked):
    foreign = published(make_hubs.HubFactory())
    resource = make.ResourceFactory(hub=editor.hub)
    assert checked(exported(resource) | {"entries": foreign.slug}).report["rejected"] == 1
    resource.entries.add(foreign)

    assert checked(exported(resource) | {"entries": ""}).report["rejected"] == 1


def test_files_of_the_portal_count_among_the_copies(editor, checked):
    resource = make.ResourceFactory(hub=editor.hub)
    make.ResourceLinkFactory(
        resource=resource, address="", file="a.pdf", bytes=1, content_type="application/pdf"
    )
    lines = [f"https://example.org/{number}" for number in range(40)]

    few = checked(exported(resource) | {"copies": "\n".join(lines[:39])})
    many = checked(exported(resource) | {"copies": "\n".join(lines)})

    assert (few.report["changed"], many.report["rejected"]) == (1, 1)
    assert many.report["problems"][0][1:] == ["copies", "Write at most 40."]


def test_a_resource_documents_no_more_entries_than_its_page_takes(editor, checked, monkeypatch):
    monkeypatch.setattr(library, "MAX_ENTRIES", 1)
    row = {"title": "A guide", "type": "guide"}
    slugs = [published(editor.hub).slug for _ in range(2)]

    found = checked(row | {"entries": "; ".join(slugs)})

    assert found.report["problems"][0][1:] == ["entries", "Write at most 1."]


def test_resources_of_other_hubs_are_not_written(checked):
    other = make.ResourceFactory(hub=make_hubs.HubFactory())

    assert checked(exported(other) | {"title": "Mine"}).report["problems"][0][1] == "slug"


def test_what_was_changed_meanwhile_is_not_overwritten(editor, checked):
    resource = make.ResourceFactory(hub=editor.hub)
    row = exported(resource) | {"title": "Mine"}
    Resource.objects.update(title="Theirs", version=2)

    assert checked(row).report["problems"][0][1] == "version"


def test_comparing_costs_the_same_for_any_number(editor, django_assert_max_num_queries):
    entry = published(editor.hub)
    cells = []
    for _ in range(20):
        resource = make.ResourceFactory(hub=editor.hub)
        resource.entries.add(entry)
        cells.append(exported(resource))
    kind = services.ResourceImport(editor.hub, editor.member, is_writing=False)

    for some in (cells[:1], cells[1:]):
        with django_assert_max_num_queries(6):
            kind.plan([Row(number, each) for number, each in enumerate(some, start=2)])


def test_writing_costs_the_same_for_any_number(editor, django_assert_max_num_queries):
    kind = services.ResourceImport(editor.hub, editor.member, is_writing=True)
    old = [exported(make.ResourceFactory(hub=editor.hub)) | {"note": "New."} for _ in range(10)]
    entry = published(editor.hub)
    more = {"copies": "https://example.org/a", "entries": entry.slug, "is_published": "true"}
    new = [{"title": "A guide", "type": "guide"} | more for _ in range(40)]

    for rows in (old[:1] + new[:1], old[1:] + new[1:]):
        plans = kind.plan([Row(number, each) for number, each in enumerate(rows, start=2)])
        with django_assert_max_num_queries(30):
            kind.write(plans)

    assert Resource.objects.filter(note="New.").count() == 10
    names = set(Resource.objects.filter(title="A guide").values_list("slug", flat=True))
    assert names == {"a-guide", *(f"a-guide-{number}" for number in range(2, 41))}


def test_what_is_imported_is_found_and_recorded_as_if_written_by_hand(editor, imported):
    hub, by = editor.hub, editor.member
    resource = make.ResourceFactory(hub=hub, title="Before")

    changed = exported(resource) | {"title": "Quinoa storage"}
    imported(changed, {"title": "Quinoa milling", "type": "guide", "is_published": "true"})

    rows = SearchRow.objects.filter(kind="resource", title__startswith="Quinoa")
    assert rows.count() == 2
    assert resource.history.latest().history_user == by
    new = Resource.objects.latest("pk")
    assert [each.history_type for each in new.history.all()] == ["+"]
    told = Activity.objects.filter(actor=by, object_model="resource")
    assert set(told.values_list("verb", "object_pk", "audience")) == {
        ("resource.changed", resource.pk, "public"),
        ("resource.added", new.pk, "moderators"),
        ("resource.published", new.pk, "public"),
    }
    [change] = told.get(verb="resource.changed").changes
    assert change == {"field": "title", "old": "Before", "new": "Quinoa storage"}
    resource.refresh_from_db()
    assert resource.version == 2


def test_what_is_withdrawn_at_once_is_told_to_nobody_else(editor, imported):
    resource = make.ResourceFactory(hub=editor.hub, title="Before")

    imported(exported(resource) | {"title": "Not for all", "is_published": "false"})

    told = Activity.objects.filter(object_model="resource", object_pk=resource.pk)
    assert set(told.values_list("verb", "audience")) == {
        ("resource.changed", "moderators"),
        ("resource.withdrawn", "moderators"),
    }


def test_resources_of_another_hub_are_never_written(editor):
    change = ResourceChange(make.ResourceFactory(), {"title": "Mine"})
    foreign = ResourceChange(
        Resource(), {"title": "A"}, entries=[published(make_hubs.HubFactory())]
    )

    for each in (change, foreign):
        with pytest.raises(PermissionDenied):
            save_resources([each], hub=editor.hub, by=editor.member)
    with pytest.raises(PermissionDenied):
        save_resources([], hub=make_hubs.HubFactory(), by=editor.member)


@pytest.mark.django_db(transaction=True)
def test_pages_do_not_wait_for_an_import(editor):
    change = ResourceChange(Resource(), {"title": "Wells", "kind": "guide"})
    other = Resource(hub=editor.hub, title="Seeds", kind="guide")
    write = partial(services.create_resource, other, entries=[], by=editor.member)

    with transaction.atomic():
        save_resources([change], hub=editor.hub, by=editor.member)
        (written,) = all_at_once(write)

    assert written.slug == "seeds"

"""The pages of imports: upload, progress, report, rejected rows, template, export for editing."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.cells import EDITING_COLUMNS
from catalogue.models import Draft, Import
from tests.api_clients import client_of
from tests.catalogue.importing import table
from tests.catalogue.test_importing import published
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db
PAGE = "/catalogue/import/"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def place():
    return make_hubs.MembershipFactory()


@pytest.fixture
def editor(place):
    return client_of(place.member)


@pytest.fixture
def upload(editor, place, django_capture_on_commit_callbacks):
    """Return a function that sends a file, and lets the worker check it."""

    def send(*rows, text=None, **fields):
        file = SimpleUploadedFile("table.csv", text or table(*rows))
        sent = {"kind": "entries", "hub": place.hub.slug, "file": file} | fields
        with django_capture_on_commit_callbacks(execute=True):
            return editor.post(PAGE, sent)

    return send


def read(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_from_the_file_to_the_drafts(editor, upload, django_capture_on_commit_callbacks):
    report = upload({"title": "Wells"}, {"title": "Seeds"}).headers["Location"]
    page = editor.get(report)

    assert "What the file would do; nothing is written yet" in page.content.decode()
    assert not Draft.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = editor.post(f"{report}confirm/")

    assert answer.headers["Location"] == report
    assert "All rows were imported." in editor.get(report).content.decode()
    assert {str(draft) for draft in Draft.objects.all()} == {"Wells", "Seeds"}


def test_the_report_names_row_column_and_what_to_do(editor, upload):
    page = editor.get(upload({"title": "Wells", "countries": "ZZ"}).headers["Location"])

    text = page.content.decode()
    assert "<td>2</td><td><code>countries</code></td>" in text
    assert "Unknown code: ZZ" in text
    assert "Import all rows" not in text


def test_the_rejected_rows_can_be_had_with_what_to_do(editor, upload):
    bad = {"title": "=Bad", "countries": "ZZ"}
    report = upload({"title": "Fine", "countries": "ML"}, bad).headers["Location"]

    rows = read(editor.get(f"{report}rejected/"))

    assert [(row["title"], row["countries"]) for row in rows] == [("'=Bad", "ZZ")]
    assert rows[0]["problem"].startswith("countries: Unknown code: ZZ")


def test_there_are_no_rejected_rows_where_nothing_is_wrong(editor, upload):
    report = upload({"title": "Fine"}).headers["Location"]

    assert editor.get(f"{report}rejected/").status_code == 404


def test_a_file_that_cannot_be_read_says_why(editor, upload):
    page = editor.get(upload(text=b"\xff\xfe").headers["Location"])

    assert "not in UTF-8" in page.content.decode()


def test_while_the_worker_is_at_it_the_page_says_how_far(editor, place):
    imported = make.ImportFactory(
        hub=place.hub, member=place.member, state=Import.State.RUNNING, rows=500
    )

    page = editor.get(imported.get_absolute_url()).content.decode()

    assert "data-again" in page
    assert "0 of 500 rows" in page
    assert "Look again" in page


def test_a_checked_file_does_not_reload_itself(editor, upload):
    page = editor.get(upload({"title": "W"}).headers["Location"])
    assert "data-again" not in page.content.decode()


def test_the_same_file_again_is_warned_of(editor, upload, django_capture_on_commit_callbacks):
    report = upload({"title": "Wells"}).headers["Location"]
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(f"{report}confirm/")

    page = editor.get(upload({"title": "Wells"}).headers["Location"])

    assert "imported into this hub before" in page.content.decode()


@pytest.mark.parametrize(
    "fields", [{"hub": "x\0"}, {"kind": "nothing"}, {"file": ""}, {"hub": "x" * 10_000}]
)
def test_a_wrong_form_is_shown_again(upload, fields):
    answer = upload({"title": "Wells"}, **fields)

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == list(fields)


def test_a_hub_of_others_cannot_be_chosen(upload):
    answer = upload({"title": "Wells"}, hub=make_hubs.HubFactory().slug)

    assert "hub" in answer.context["form"].errors


def test_the_reports_of_others_are_not_shown(upload):
    report = upload({"title": "Wells"}).headers["Location"]

    assert client_of(make_hubs.MembershipFactory(head=True).member).get(report).status_code == 404


def test_the_template_has_the_columns_of_the_export(editor):
    answer = editor.get(f"{PAGE}template/entries/")

    assert b"".join(answer.streaming_content).decode("utf-8-sig").strip() == ",".join(
        EDITING_COLUMNS
    )


def test_every_column_is_explained(editor):
    rows = read(editor.get(f"{PAGE}template/entries/?export=dictionary"))

    assert [row["column"] for row in rows] == list(EDITING_COLUMNS)
    assert all(row["meaning"] for row in rows)


def test_an_unknown_template_is_not_found(editor):
    assert editor.get(f"{PAGE}template/nothing/").status_code == 404


def test_the_exported_list_imported_again_changes_nothing(editor, place, upload):
    for number in range(3):
        published(place.hub, title=f"- entry {number}", lessons='a;b "c",\r\n=d\n')
    published(make_hubs.HubFactory())
    query = f"/catalogue/?hub={place.hub.slug}&export=editing"
    file = b"".join(editor.get(query).streaming_content)

    page = editor.get(upload(text=file).headers["Location"])

    imported = Import.objects.get()
    assert imported.report["problems"] == []
    assert (imported.report["same"], imported.report["changed"]) == (3, 0)
    assert "there is nothing to import" in page.content.decode()


def test_the_export_for_editing_holds_what_the_filters_find(editor, place):
    published(place.hub, countries=["ML"])
    wanted = published(place.hub, countries=["GH"])

    rows = read(editor.get("/catalogue/?country=GH&export=editing"))

    assert [row["slug"] for row in rows] == [wanted.slug]
    assert rows[0]["results"].startswith("Banks opened | 12 | banks | 2012 | output")


def test_hubs_that_nobody_knows_of_are_not_exported(editor, place):
    entry = published(place.hub)
    hidden = make_hubs.HubFactory(unpublished=True)
    make.EntryPartnerFactory(entry=entry, hub=hidden, name="", position=70)

    (row,) = read(editor.get("/catalogue/?export=editing"))

    assert hidden.slug not in row["partners"]


def test_exporting_costs_the_same_for_any_number(place):
    counts = []
    for _ in range(2):
        published(place.hub)
        with CaptureQueriesContext(connection) as found:
            read(client_of(None).get("/catalogue/?export=editing"))
        counts.append(len(found))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(("path", "kind"), [("", "entries"), ("resources/", "resources")])
def test_the_exported_workbook_imported_again_changes_nothing(editor, place, upload, path, kind):
    entry = published(place.hub, title="=1+1", lessons="a\nb", year_from=2012)
    make.ResourceFactory(hub=place.hub, year=2001).entries.add(entry)
    query = f"/catalogue/{path}?hub={place.hub.slug}&export=xlsx"
    file = b"".join(editor.get(query).streaming_content)

    upload(text=file, kind=kind)

    imported = Import.objects.get()
    assert imported.report["problems"] == []
    assert (imported.report["same"], imported.report["changed"]) == (1, 0)


def test_the_template_is_also_a_workbook(editor, upload):
    file = b"".join(editor.get(f"{PAGE}template/entries/?export=xlsx").streaming_content)

    upload(text=file)

    assert Import.objects.get().report["failure"] == ""


def test_a_list_too_long_for_a_workbook_is_refused_with_a_way_out(editor, place, monkeypatch):
    monkeypatch.setattr("core.views.WORKBOOK_SIZE", 1)
    published(place.hub)

    answer = editor.get("/catalogue/?export=xlsx")

    assert answer.status_code == 400
    assert "Take the CSV" in answer.content.decode()

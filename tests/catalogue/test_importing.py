"""Importing entries: dry run, report, all or nothing, round trip, once whoever is lost."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Activity, OutgoingMail
from catalogue import services, tasks
from catalogue.cells import EDITING_COLUMNS, content_cells, contents_of
from catalogue.models import Draft, Entry, Import
from catalogue.services import import_reading, importing
from core.errors import DomainError
from core.owed import MOST_ATTEMPTS
from tests.api_clients import client_of
from tests.catalogue.importing import table
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory
from tests.hubs.people import EDITORS, MODERATORS, PEOPLE, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def editor():
    return make_hubs.MembershipFactory()


@pytest.fixture
def started(django_capture_on_commit_callbacks):
    """Return a function that uploads rows, and lets the worker check them."""

    def start(editor, *rows, text=None, by=None):
        upload = SimpleUploadedFile("table.csv", text or table(*rows))
        with django_capture_on_commit_callbacks(execute=True):
            imported = services.begin_import("entries", editor.hub, upload, by=by or editor.member)
        imported.refresh_from_db()
        return imported

    return start


@pytest.fixture
def confirmed(django_capture_on_commit_callbacks):
    def confirm(imported):
        with django_capture_on_commit_callbacks(execute=True):
            services.confirm_import(imported, by=imported.member)
        imported.refresh_from_db()
        return imported

    return confirm


def published(hub, **texts):
    draft = make.DraftFactory(hub=hub)
    draft.content |= texts
    services.publishing.publish_written(draft, by=draft.created_by)
    return Entry.objects.latest("pk")


def exported(entry):
    cells = content_cells(contents_of([entry])[entry.pk])
    version = str(entry.latest_version)
    return cells | {"slug": entry.slug, "hub": entry.hub.slug, "latest_version": version}


def problems(imported):
    return [tuple(each[:2]) for each in imported.report["problems"]]


@pytest.mark.parametrize("who", PEOPLE)
def test_editors_of_the_hub_import(who):
    hub = make_hubs.HubFactory()
    user = person(who, hub)
    upload = SimpleUploadedFile("t.csv", table({"title": "Wells"}))

    if who in EDITORS | MODERATORS:
        assert services.begin_import("entries", hub, upload, by=user).state == "checking"
    else:
        with pytest.raises(PermissionDenied):
            services.begin_import("entries", hub, upload, by=user)


def test_the_check_writes_nothing(editor, started):
    imported = started(editor, {"title": "Wells", "countries": "ML; GH"}, {"title": "Seeds"})

    assert imported.state == "checked"
    assert imported.report["new"] == 2
    assert not Draft.objects.exists()


def test_new_rows_become_drafts_of_the_member(editor, started, confirmed):
    row = {
        "title": "=Wells",
        "language": "fr",
        "countries": "ML; GH",
        "year_from": "2012",
        "sources": "https://example.org/a | A report | Ministry",
        "results": "Wells dug \\| deep | 12.50 | wells | 2012 | output | https://example.org/a",
        "partners": "funder | | | A fund",
    }

    imported = confirmed(started(editor, row))

    draft = Draft.objects.get()
    assert (imported.state, draft.hub, draft.entry) == ("done", editor.hub, None)
    assert list(draft.authors.all()) == [editor.member]
    content = draft.content
    assert (content["title"], content["countries"], content["year_from"]) == (
        "=Wells",
        ["ML", "GH"],
        2012,
    )
    assert content["results"] == [
        {
            "statement": "Wells dug | deep",
            "value": "12.5",
            "unit": "wells",
            "period": "2012",
            "level": "output",
            "cited": "https://example.org/a",
        }
    ]
    assert content["partners"] == [
        {"role": "funder", "name": "A fund", "hub": "", "organisation": ""}
    ]
    assert Activity.objects.filter(verb="import.done").count() == 1
    assert Activity.objects.filter(verb="draft.begun").count() == 1


def test_what_was_exported_and_is_imported_changes_nothing(editor, started):
    texts = {
        "lessons": " -first\r\nsecond ",
        "what_was_done": "'=quoted",
        "contacts": "@office; or, “here”",
        "summary": "\\ and | and \\n",
    }
    entry = published(editor.hub, **texts)
    other = make_hubs.HubFactory()
    make.EntryPartnerFactory(entry=entry, hub=other, name="", position=70)
    make.EntryPartnerFactory(
        entry=entry, organisation=make_hubs.OrganisationFactory(), name="", position=71
    )
    make.ResultRowFactory(entry=entry, statement="a | b\\", position=72)

    imported = started(editor, exported(entry))

    assert imported.report["problems"] == []
    assert (imported.report["same"], imported.report["changed"]) == (1, 0)
    assert not imported.can_run


def test_a_changed_row_begins_the_next_version_and_keeps_the_rest(editor, started, confirmed):
    entry = published(editor.hub)
    hidden = make_hubs.HubFactory(unpublished=True)
    make.EntryPartnerFactory(entry=entry, hub=hidden, name="", position=70)
    before = content_cells(contents_of([entry])[entry.pk])

    confirmed(started(editor, exported(entry) | {"lessons": "Ask first."}))

    draft = entry.drafts.open().get()
    assert draft.from_version == entry.latest_version
    assert draft.content["lessons"] == "Ask first."
    assert draft.content["partners"][-1]["hub"] == hidden.slug
    draft.content["partners"].pop()
    assert content_cells(draft.content) == before | {"lessons": "Ask first."}


def test_a_column_that_is_not_in_the_file_stays(editor, started, confirmed):
    entry = published(editor.hub)

    confirmed(started(editor, {"slug": entry.slug, "title": "Another title"}))

    content = entry.drafts.open().get().content
    assert (content["title"], content["challenge"]) == ("Another title", entry.challenge)


def test_importing_the_same_change_again_changes_nothing(editor, started, confirmed):
    row = exported(published(editor.hub)) | {"lessons": "Ask first."}
    confirmed(started(editor, row))

    again = started(editor, row)

    assert (again.report["same"], again.report["rejected"]) == (1, 0)


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("title", "", "Fill this in"),
        ("title", "x" * 201, "Shorten it to 200"),
        ("summary", "x" * 10_000, "Shorten it to 600"),
        ("countries", "ML; ZZ", "Unknown code: ZZ"),
        ("size", "huge", "snapshot, full"),
        ("year_from", "99999999999999999999", "Write a year"),
        ("year_from", "-5", "Write a year"),
        ("year_to", "1950", "before the first"),
        ("results", "Done | many | wells", "number with a point"),
        ("results", "Done | 1e400 | wells", "number with a point"),
        ("results", "Done | 12", "in which unit"),
        ("results", "Done | | | | | https://example.org/x", "none of the sources"),
        ("results", "a | b | c | d | e | f | g", "Too many parts"),
        ("partners", "king | | | Somebody", "Unknown code: king"),
        ("partners", "funder | nowhere", "Nothing is called nowhere"),
        ("partners", "funder", "Choose a hub"),
        ("sources", "javascript:alert(1) | Trick", "must start with"),
        ("sources", "https://a.example | A\nhttps://a.example | B", "same address"),
        ("hub", "another-hub", "another hub"),
        ("slug", "nothing", "no published entry"),
    ],
)
def test_a_wrong_cell_is_named_with_what_to_do(editor, started, column, cell, words):
    imported = started(
        editor, {"title": "Fine"}, {"title": "Bad", "year_from": "2000"} | {column: cell}
    )

    assert (imported.state, imported.report["rejected"]) == ("checked", 1)
    row, where, text = imported.report["problems"][0]
    assert (row, where) == (3, column)
    assert words in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"   ", "empty"),
        ("title\nÉ".encode("latin-1"), "not in UTF-8 (line 2)"),
        (b"title\n\0", "line 2"),
        (b'title\n"open', "Row"),
        (b"titel\nx", "Wrong: titel"),
        (b"title,title\nx,y", "Wrong: title"),
        (b"summary\nx", "Missing: title"),
        (b"title\n" + b"x\n" * 20_001, "more than 20000 rows"),
    ],
)
def test_a_file_that_is_no_table_says_why(editor, started, text, words):
    imported = started(editor, text=text)

    assert imported.state == "failed"
    assert words in imported.report["failure"]
    assert not imported.file


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [b",", b";", b"\t"])
def test_every_usual_csv_is_read(editor, started, mark, delimiter):
    rows = [b"title", delimiter, b"summary\r\n", b"Wells", delimiter, b"Water.\r\n"]

    assert started(editor, text=mark + b"".join(rows)).report["new"] == 1


def test_a_row_with_too_many_cells_is_refused(editor, started):
    imported = started(editor, text=b"title\nWells, and more\n")

    assert problems(imported) == [(2, "")]


def test_two_rows_of_one_entry_are_refused(editor, started):
    slug = published(editor.hub).slug

    imported = started(editor, {"slug": slug, "title": "A"}, {"slug": slug, "title": "B"})

    assert problems(imported) == [(3, "slug")]


def test_entries_of_other_hubs_are_not_written(editor, started):
    entry = published(make_hubs.HubFactory())

    assert problems(started(editor, {"slug": entry.slug, "title": "Mine"})) == [(2, "slug")]


def test_what_was_published_meanwhile_is_not_overwritten(editor, started):
    entry = published(editor.hub)
    row = exported(entry) | {"lessons": "Mine."}
    services.publish_content(entry, by=None)

    assert problems(started(editor, row)) == [(2, "latest_version")]


def test_somebody_elses_draft_is_not_overwritten(editor, started):
    entry = published(editor.hub)
    services.revise_entry(entry, by=editor.member)

    imported = started(editor, exported(entry) | {"lessons": "Mine."})

    assert problems(imported) == [(2, "slug")]


def test_nothing_is_imported_while_a_row_is_wrong(editor, started):
    imported = started(editor, {"title": "Fine"}, {"title": ""} | {"summary": "x"})

    with pytest.raises(DomainError):
        services.confirm_import(imported, by=editor.member)


def test_all_or_nothing_also_where_something_changed_since(editor, started, confirmed, monkeypatch):
    entry = published(editor.hub)
    monkeypatch.setattr(import_reading, "PORTION", 1)
    imported = started(editor, {"title": "New", "slug": ""}, {"title": "B", "slug": entry.slug})
    services.revise_entry(entry, by=editor.member)

    confirmed(imported)

    assert (imported.state, problems(imported)) == ("checked", [(3, "slug")])
    assert not Draft.objects.filter(entry=None, content__title="New").exists()
    assert imported.file


def test_who_lost_the_right_imports_nothing(editor, started, confirmed):
    imported = started(editor, {"title": "Wells"})
    member = editor.member
    editor.delete()

    confirmed(imported)

    assert (imported.state, Draft.objects.filter(created_by=member).count()) == ("failed", 0)


def test_nobody_confirms_for_another(editor, started):
    imported = started(editor, {"title": "Wells"})
    colleague = make_hubs.MembershipFactory(hub=editor.hub, head=True).member

    with pytest.raises(PermissionDenied):
        services.confirm_import(imported, by=colleague)


def test_a_task_that_comes_twice_imports_once(editor, started, confirmed):
    imported = confirmed(started(editor, {"title": "Wells"}))

    assert services.work_on_import(imported.pk) == ""
    assert Draft.objects.count() == 1


def test_a_lost_worker_leaves_nothing_and_the_sweeper_begins_anew(editor, started, monkeypatch):
    imported = started(editor, {"title": "Wells"})
    services.confirm_import(imported, by=editor.member)  # the message is lost

    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(importing, "tell_when_ready", killed)
        with pytest.raises(KeyboardInterrupt):
            services.work_on_import(imported.pk)
    assert not Draft.objects.exists()
    Import.objects.update(asked_at=timezone.now() - datetime.timedelta(minutes=1))

    assert tasks.sweep_imports() == 1

    imported.refresh_from_db()
    assert (imported.state, Draft.objects.count()) == ("done", 1)


def test_a_file_that_ends_every_worker_is_given_up(editor, started):
    imported = started(editor, {"title": "Wells"})
    Import.objects.update(state="running", attempts=MOST_ATTEMPTS)

    services.work_on_import(imported.pk)

    imported.refresh_from_db()
    assert imported.state == "failed"
    assert "moderators" in imported.report["failure"]
    assert imported.file


def given_up(started, editor):
    """Return an import that ended every worker, and the page of its member."""
    imported = started(editor, {"title": "Wells"})
    Import.objects.update(attempts=MOST_ATTEMPTS, state="running")
    services.work_on_import(imported.pk)
    imported.refresh_from_db()
    return imported, client_of(editor.member)


def test_what_was_given_up_is_tried_again_on_its_page(editor, started, confirmed):
    imported, client = given_up(started, editor)
    confirm = f"{imported.get_absolute_url()}confirm/"

    assert "Try again" in client.get(imported.get_absolute_url()).text
    assert client.post(confirm).status_code == 302
    imported.refresh_from_db()
    assert (imported.state, imported.attempts) == ("checking", 0)
    with pytest.raises(DomainError):
        services.retry_import(imported, by=editor.member)

    assert services.work_on_import(imported.pk) == "checked"
    confirmed(imported)
    assert (imported.state, Draft.objects.count()) == ("done", 1)
    assert not Activity.objects.filter(verb="import.retried").exists()


def test_moderators_try_again_in_the_admin_and_are_not_shown_what_it_says(editor, started):
    imported, _client = given_up(started, editor)
    lost = make.ImportFactory(state="failed", file_name="lost.csv")
    colleague = make_hubs.MembershipFactory(hub=editor.hub, head=True).member
    with pytest.raises(PermissionDenied):
        services.retry_import(imported, by=colleague)
    url = "/admin/catalogue/import/"
    assert client_of(colleague).get(url, follow=True).status_code == 403
    staff = client_of(MemberFactory(moderator=True))

    page = staff.get(f"{url}?state__exact=failed&q=csv")
    shown = staff.get(f"{url}{imported.pk}/change/").text
    chosen = {"action": "retry", "_selected_action": [imported.pk, lost.pk]}
    said = staff.post(url, chosen, follow=True).context["messages"]

    assert page.context["cl"].result_count == 2
    assert (editor.member.name in shown, "Wells" in shown) == (True, False)
    assert {str(each) for each in said} == {
        "Done: 1 row.",
        "lost.csv: This file cannot be tried again. Choose it once more.",
    }
    imported.refresh_from_db()
    lost.refresh_from_db()
    assert (imported.state, lost.state) == ("checking", "failed")
    assert Activity.objects.filter(verb="import.retried").count() == 1
    assert staff.get("/admin/").text.count(url) >= 1
    assert url in staff.get("/accounts/moderation/").text


def test_the_file_of_what_was_given_up_goes_after_two_weeks(
    editor, started, django_capture_on_commit_callbacks
):
    imported, _client = given_up(started, editor)
    storage, name = imported.file.storage, imported.file.name
    assert tasks.sweep_imports() == 0
    Import.objects.update(asked_at=timezone.now() - datetime.timedelta(days=15))

    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.sweep_imports() == 1

    imported.refresh_from_db()
    assert (storage.exists(name), bool(imported.file)) == (False, False)
    assert "moderators" in imported.report["failure"]


def test_only_who_waited_gets_a_mail(editor, started, confirmed):
    imported = started(editor, {"title": "Wells"})
    assert not OutgoingMail.objects.filter(key__startswith="import:").exists()
    services.confirm_import(imported, by=editor.member)
    Import.objects.update(asked_at=timezone.now() - datetime.timedelta(seconds=11))

    services.work_on_import(imported.pk)

    mail = OutgoingMail.objects.get(key__startswith="import:")
    assert (mail.to, "table.csv" in mail.subject) == (editor.member.email, True)


def test_the_file_goes_once_it_is_imported(
    editor, started, confirmed, django_capture_on_commit_callbacks
):
    imported = started(editor, {"title": "Wells"})
    storage, name = imported.file.storage, imported.file.name
    assert storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        confirmed(imported)

    assert not storage.exists(name)


def test_a_file_that_nobody_confirms_goes_too(editor, started, django_capture_on_commit_callbacks):
    imported = started(editor, {"title": "Wells"})
    storage, name = imported.file.storage, imported.file.name
    Import.objects.update(asked_at=timezone.now() - datetime.timedelta(days=15))

    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.sweep_imports() == 1

    assert not storage.exists(name)


def test_comparing_costs_the_same_for_any_number(editor, started, django_assert_max_num_queries):
    one = [exported(published(editor.hub))]
    many = [exported(published(editor.hub)) for _ in range(20)]
    kind = services.EntryImport(editor.hub, editor.member, is_writing=False)
    rows = services.import_kinds.Row

    for cells in (one, many):
        with django_assert_max_num_queries(8):
            kind.plan([rows(number, each) for number, each in enumerate(cells, start=2)])


def test_every_column_of_the_export_can_be_read_back():
    assert list(services.EntryImport.columns) == list(EDITING_COLUMNS)

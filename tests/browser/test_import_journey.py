"""A table with mistakes becomes drafts: report, rows that are wrong, correction, progress."""

import csv
import io

import pytest

from catalogue import services
from catalogue.models import Draft, Import
from tests.browser.conftest import sign_in, violations
from tests.browser.hands import Hand
from tests.factories import hubs as make_hubs

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "title,language,size,countries\nWells,en,snapshot,ML\n=Pumps,en,snapshot,ZZ\n,xx,huge,GH\n"
RIGHT = {"title": "Canals", "language": "en", "size": "snapshot", "countries": "GH"}


@pytest.fixture
def worker(settings, tmp_path, monkeypatch):
    """A worker that works when it is told to, so that what is seen meanwhile can be looked at."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("catalogue.services.importing.enqueue", lambda *_args: None)
    return lambda: services.work_on_import(Import.objects.latest("pk").pk)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"width": 320, "scripts": False}, id="narrow, no scripts"),
        pytest.param({"width": 320, "language": "ar", "dark": True}, id="Arabic, narrow, dark"),
    ],
)
def test_a_table_with_mistakes_is_corrected_and_imported(
    open_page, texts, worker, options, tmp_path
):
    editor = make_hubs.MembershipFactory(hub__slug="agency").member
    page = open_page("/", **options)
    sign_in(page, editor, "/")
    person = Hand(page)
    wrong = {}

    def look(step):
        person.arrive()
        # axe is a script itself.
        if options.get("scripts", True) and (found := violations(page)):
            wrong[step] = found
        return page.locator("main").inner_text()

    def upload(name, text):
        page.select_option("[name=kind]", "entries")
        page.select_option("[name=hub]", "agency")
        file = {"name": name, "mimeType": "text/csv", "buffer": text.encode("utf-8")}
        page.set_input_files("[name=file]", file)
        person.follow("main form button[type=submit]")

    person.go("/catalogue/drafts/")
    person.follow("main a[href='/catalogue/import/']")
    look("choose")
    upload("wells.csv", "")  # by mistake
    assert page.locator(".summary a").count() == 1
    look("refused")
    upload("wells.csv", TABLE)
    look("checking")
    worker()
    person.go(page.url)
    report = look("report")
    assert "countries" in report
    assert "ZZ" in report
    with page.expect_download() as download:
        page.click("main a[href$='/rejected/']")
    rejected = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert [row["countries"] for row in rejected] == ["ZZ", "GH"]
    assert all(row["problem"] for row in rejected)

    # Corrected in what was sent: the rows that are wrong are replaced.
    first, *_rest = csv.DictReader(io.StringIO(TABLE))
    corrected = io.StringIO()
    writer = csv.DictWriter(corrected, list(RIGHT))
    writer.writeheader()
    writer.writerows([first, RIGHT])
    person.follow("main a.quiet[href='/catalogue/import/']")
    upload("corrected.csv", corrected.getvalue())
    worker()
    person.go(page.url)
    look("nothing wrong")
    assert not Draft.objects.exists()
    person.follow("main form[action$='/confirm/'] button")
    assert page.locator("progress").get_attribute("max") == "2"
    look("progress")
    worker()
    person.go(page.url)
    page.locator("main .notice").wait_for()
    look("done")
    person.follow("main a.btn[href='/catalogue/drafts/']")

    assert {str(draft) for draft in Draft.objects.all()} == {"Wells", "Canals"}
    assert page.locator("main .items h3").count() == 2
    assert wrong == {}

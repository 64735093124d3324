"""Files and pictures of drafts, as programs add them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalogue.models import Attachment
from catalogue.services.attaching import MOST
from tests.api_clients import client_of
from tests.catalogue.writing import as_client, assert_no_junk_breaks, send, statuses, who_may
from tests.documents import PDF
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.hubs.people import EDITORS, MODERATORS
from tests.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def draft():
    return make.DraftFactory()


@pytest.fixture
def editor(draft):
    return client_of(make_hubs.MembershipFactory(hub=draft.hub).member)


@pytest.fixture
def url(draft):
    return f"/api/v1/drafts/{draft.pk}/attachments/"


def pdf(content=PDF):
    return SimpleUploadedFile("report.pdf", content)


def test_a_file_is_added_listed_and_taken_out(editor, draft, url):
    answer = editor.post(url, {"file": pdf(), "caption": "The report"})

    data = answer.json()
    assert answer.status_code == 201, data
    assert (data["name"], data["content_type"]) == ("report.pdf", "application/pdf")
    assert data["caption"] == "The report"
    assert editor.get(data["address"]).getvalue() == PDF
    assert editor.get(url).json() == [data]
    content = editor.get(f"/api/v1/drafts/{draft.pk}/").json()["content"]
    assert content["attachments"][0]["pk"] == data["id"]

    assert send(editor, "delete", f"{url}{data['id']}/").status_code == 204
    assert send(editor, "delete", f"{url}{data['id']}/").status_code == 404
    assert editor.get(url).json() == []
    assert not Attachment.objects.exists()


def test_who_adds(draft, url):
    found = who_may(draft.hub, lambda user: as_client(user).post(url, {"file": pdf()}))

    assert found == statuses(EDITORS | MODERATORS, 201, others=404)


def test_of_a_foreign_draft_nothing_is_told(editor):
    foreign = make.DraftFactory()

    for method in ("get", "post"):
        answer = getattr(editor, method)(f"/api/v1/drafts/{foreign.pk}/attachments/")
        assert answer.status_code == 404


def test_to_what_was_sent_nothing_is_added(editor):
    draft = make.DraftFactory(submitted=True)
    own = client_of(make_hubs.MembershipFactory(hub=draft.hub).member)

    answer = own.post(f"/api/v1/drafts/{draft.pk}/attachments/", {"file": pdf()})

    assert answer.status_code == 403


def test_who_only_reviews_is_refused_before_what_they_sent_is_read():
    draft = make.DraftFactory(submitted=True)
    reviewer = client_of(make.asked_reviewer(draft))
    url = f"/api/v1/drafts/{draft.pk}/attachments/"

    assert reviewer.get(url).status_code == 200
    assert reviewer.post(url, {}).status_code == 403
    assert send(reviewer, "delete", f"{url}1/").status_code == 403


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({}, "file", "submitted"),
        ({"file": "text"}, "file", "not a file"),
        ({"file": b"MZ"}, "file", "not a file of the kind"),
        ({"file": PDF, "caption": "x" * 10_000}, "caption", "200"),
        ({"file": PDF, "caption": "NUL \x00"}, "caption", "ull"),
        ({"file": PDF, "other": "a"}, "other", "no such field"),
    ],
)
def test_what_is_wrong_is_said(editor, url, sent, field, words):
    fields = {name: pdf(each) if isinstance(each, bytes) else each for name, each in sent.items()}

    answer = editor.post(url, fields)

    assert answer.status_code == 400
    assert words in answer.json()["errors"][field][0], answer.json()
    assert not Attachment.objects.exists()


def test_there_are_twenty_at_most(editor, draft, url):
    row = {"pk": 1, "name": "a", "content_type": "text/plain", "caption": ""}
    draft.content["attachments"] = [row] * MOST
    draft.save()

    answer = editor.post(url, {"file": pdf()})

    assert (answer.status_code, "at most 20" in answer.json()["detail"]) == (409, True)


def test_one_key_adds_one_file(editor, url):
    first, second = (
        editor.post(url, {"file": pdf()}, headers={"Idempotency-Key": "k"}) for _ in "12"
    )

    assert (first.status_code, first.json()) == (201, second.json())
    assert Attachment.objects.count() == 1


def test_a_picture_is_made_anew(editor, url):
    sent = SimpleUploadedFile("a.png", picture("PNG"))

    assert editor.post(url, {"file": sent}).json()["content_type"] == "image/png"


def test_json_is_no_file(editor, url):
    assert send(editor, "post", url, {"file": "a"}).status_code == 415
    assert_no_junk_breaks(editor, "post", url, ("file", "caption"))

"""Files and pictures of entries: who adds them, who sees them, what is refused."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalogue import services
from catalogue.models import Attachment
from catalogue.services.attaching import MOST
from tests.api_clients import client_of
from tests.catalogue.writing import patch
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
TEXT = b"Wells, dug\n12, 2012\n"


def picture():
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "PNG")
    return out.getvalue()


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def draft():
    return make.DraftFactory()


@pytest.fixture
def editor(draft):
    return client_of(make_hubs.MembershipFactory(hub=draft.hub).member)


def add(client, draft, content=TEXT, name="wells.csv", caption="Wells"):
    file = SimpleUploadedFile(name, content)
    url = f"/catalogue/drafts/{draft.pk}/attachments/"
    return client.post(url, {"file": file, "caption": caption})


def published(draft):
    services.submit_draft(draft, by=MemberFactory(moderator=True))
    reviewer = make.asked_reviewer(draft)
    return services.publish_draft(make.passed(draft, reviewer), by=reviewer).entry


def stored():
    has_any = default_storage.exists("attachments")
    return default_storage.listdir("attachments")[1] if has_any else []


def given(client, found):
    """Return the status, the headers and the content of a file that is asked for."""
    answer = client.get(found.get_absolute_url())
    content = b"".join(answer.streaming_content)  # read to its end, it is closed
    return answer.status_code, answer.headers, content


def test_a_file_is_added_and_given_out_to_those_who_work_on_the_draft(editor, draft):
    assert add(editor, draft).status_code == 302

    found = Attachment.objects.get()
    _status, headers, content = given(editor, found)

    assert content == TEXT
    assert "attachment" in headers["Content-Disposition"]
    draft.refresh_from_db()
    assert draft.content["attachments"] == [
        {"pk": found.pk, "name": "wells.csv", "content_type": "text/csv", "caption": "Wells"}
    ]


@pytest.mark.parametrize("who", ["visitor", "stranger"])
def test_a_file_of_a_draft_is_not_there_for_others(editor, draft, who):
    add(editor, draft)
    member = None if who == "visitor" else make_hubs.MembershipFactory(head=True).member
    client = client_of(member)

    assert client.get(Attachment.objects.get().get_absolute_url()).status_code == 404
    assert add(client, draft).status_code in (302, 404)
    assert Attachment.objects.count() == 1


def test_a_picture_is_made_anew_and_shown(client, editor, draft):
    add(editor, draft, picture(), "map.png", "A map of wells")
    entry = published(draft)

    page = client.get(entry.get_absolute_url()).content.decode()
    found = Attachment.objects.get()
    _status, headers, _content = given(client, found)

    assert f'<img src="{found.get_absolute_url()}" alt="A map of wells"' in page
    assert headers["Content-Type"] == "image/png"
    assert "attachment" not in headers.get("Content-Disposition", "")


def test_low_data_names_pictures_and_shows_none(client, editor, draft):
    add(editor, draft, picture(), "map.png")
    entry = published(draft)
    client.cookies["low_data"] = "on"

    page = client.get(entry.get_absolute_url()).content.decode()

    assert "<figure>" not in page
    assert "map.png" in page


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg"),
        (b"<html><script>alert(1)</script>", "a.txt"),
        (b"MZ\x90\x00", "a.pdf"),
        (picture(), "a.jpg.exe"),
        (picture() + b"<script>alert(1)</script>", "a.csv"),
        (b"%PDF-1.7 /JavaScript %%EOF", "a.pdf"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(editor, draft, content, name):
    before = stored()

    answer = add(editor, draft, content, name)

    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not Attachment.objects.exists()
    assert stored() == before


def test_nothing_is_added_while_reviewers_read(draft):
    services.submit_draft(draft, by=MemberFactory(moderator=True))
    before = stored()

    assert add(client_of(MemberFactory(moderator=True)), draft).status_code == 403
    assert stored() == before


def test_an_entry_has_so_many_files_and_no_more(editor, draft):
    row = {"pk": 0, "name": "a", "content_type": "text/csv", "caption": ""}
    draft.content["attachments"] = [row] * MOST
    draft.save()

    answer = add(editor, draft)

    assert answer.status_code == 200
    assert "at most 20 files" in answer.content.decode()


def test_a_file_that_nobody_was_shown_goes_from_the_disk(
    editor, draft, django_capture_on_commit_callbacks
):
    add(editor, draft)
    found = Attachment.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(f"/catalogue/drafts/{draft.pk}/attachments/{found.pk}/remove/")

    assert not Attachment.objects.exists()
    assert not default_storage.exists(found.file.name)
    draft.refresh_from_db()
    assert draft.content["attachments"] == []


def test_a_file_of_an_earlier_version_stays_with_that_version(client, editor, draft):
    add(editor, draft)
    entry = published(draft)
    found = Attachment.objects.get()
    editing = services.revise_entry(entry, by=MemberFactory(moderator=True))
    assert editing.content["attachments"][0]["pk"] == found.pk
    editor.post(f"/catalogue/drafts/{editing.pk}/attachments/{found.pk}/remove/")
    published(editing)

    assert "wells.csv" not in client.get(entry.get_absolute_url()).content.decode()
    assert "wells.csv" in client.get(f"{entry.get_absolute_url()}v/1/").content.decode()
    assert given(client, found)[0] == 200


def test_the_file_of_a_withdrawn_entry_is_gone(client, editor, draft):
    add(editor, draft)
    entry = published(draft)
    services.withdraw_entry(entry, reason="Not ours.", by=MemberFactory(moderator=True))

    assert client.get(Attachment.objects.get().get_absolute_url()).status_code == 404


def test_a_draft_cannot_show_the_file_of_another(client, editor, draft):
    add(editor, draft)
    secret = Attachment.objects.get()
    other = make.DraftFactory()
    other.content["attachments"] = draft.content["attachments"] or [
        {"pk": secret.pk, "name": "wells.csv", "content_type": "text/csv", "caption": ""}
    ]
    other.save()

    published(other)

    assert client.get(secret.get_absolute_url()).status_code == 404


def test_a_caption_is_translated(client, editor, draft):
    add(editor, draft, caption="Wells")
    entry = published(draft)
    found = Attachment.objects.get()
    url = f"/catalogue/{entry.slug}/translations/fr/"
    sent = {"title": "Puits", f"caption-{found.pk}": "Les puits", "state": "human"}

    assert "Caption of wells.csv" in editor.get(url).content.decode()
    editor.post(url, sent | {"version": 0, "from_version": 1})

    french = client.get(f"{entry.get_absolute_url()}?lang=fr").content.decode()
    assert 'lang="fr" dir="auto">Les puits<' in french
    assert ">Wells<" not in french
    assert "Les puits" not in client.get(entry.get_absolute_url()).content.decode()
    assert 'value="Les puits"' in editor.get(url).content.decode()


def test_a_program_that_corrects_a_translation_keeps_its_captions(editor, draft):
    add(editor, draft, caption="Wells")
    entry = published(draft)
    captions = {str(Attachment.objects.get().pk): "Les puits"}
    texts = {"title": "Puits", "captions": captions}
    make.TranslationFactory(entry=entry, language="fr", texts=texts)

    url = f"/api/v1/entries/{entry.slug}/translations/fr/"
    changed = patch(editor, url, {"texts": {"title": "Les puits"}})

    assert changed.json()["texts"] == {"title": "Les puits", "captions": captions}

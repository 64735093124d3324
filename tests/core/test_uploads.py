"""Documents that people upload: what is kept, and as what; what is refused, and why."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from core.uploads import DocumentField, cleaned_document
from tests.documents import ACCEPTED, MAX_BYTES, REFUSED, document, office
from tests.pictures import picture


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_what_its_name_says_is_kept_under_a_name_of_ours(name):
    content, content_type = ACCEPTED[name]

    found = cleaned_document(document(name, content))

    kept = found.file.read()
    assert found.content_type == content_type
    assert found.bytes == len(kept)
    assert kept == content or content_type.startswith("image/")
    stem, _dot, ending = found.file.name.partition(".")
    assert len(stem) == 32
    assert ending == name.lower().rpartition(".")[2].replace("jpeg", "jpg")


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_anything_else_is_refused_in_a_sentence(what):
    name, content, says = REFUSED[what]

    with pytest.raises(ValidationError) as refusal:
        DocumentField().clean(document(name, content))

    (sentence,) = refusal.value.messages
    assert says in sentence
    assert sentence.endswith(".")


def test_a_file_of_just_the_largest_size_is_kept():
    assert cleaned_document(document("a.txt", b"x" * MAX_BYTES)).bytes == MAX_BYTES


def test_a_picture_is_made_anew_without_its_details_and_what_hangs_on_it():
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    Image.new("RGB", (4_000, 20), "red").save(written, "JPEG", exif=exif)

    found = cleaned_document(document("a.jpg", written.getvalue() + b"<script>alert(1)</script>"))

    kept = found.file.read()
    assert b"script" not in kept
    assert b"where I live" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.format == "JPEG"
        assert image.size == (3_000, 15)


def test_a_see_through_picture_stays_so():
    written = io.BytesIO()
    Image.new("RGBA", (9, 9), (1, 2, 3, 0)).save(written, "PNG")

    found = cleaned_document(document("a.png", written.getvalue()))

    with Image.open(found.file) as image:
        assert image.getpixel((0, 0))[3] == 0


def test_a_kept_office_file_opens_as_it_did():
    found = cleaned_document(document("a.docx", office("docx")))

    with zipfile.ZipFile(found.file) as archive:
        assert archive.testzip() is None


def test_no_file_is_no_document():
    assert DocumentField().clean(None) is None


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_cut_off_picture_is_refused(kind):
    with pytest.raises(ValidationError):
        cleaned_document(document(f"a.{kind.lower()}", picture(kind, (600, 400))[:-40]))

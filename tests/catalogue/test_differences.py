"""What changed between two texts, as a person reads it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from catalogue.content import empty_content
from catalogue.differences import MOST_WORDS, differences, text_pieces
from catalogue.services import publish_content
from tests.factories import catalogue as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "New.", [("new", "New.")]),
        ("Gone.", "", [("gone", "Gone.")]),
        ("Same.", "Same.", [("same", "Same.")]),
        (
            "No seed in spring.",
            "No seed in autumn.",
            [("same", "No seed in "), ("gone", "spring"), ("new", "autumn"), ("same", ".")],
        ),
        ("One.\nTwo.\n", "One.\nTwo.\nThree.\n", [("same", "One.\nTwo.\n"), ("new", "Three.\n")]),
        ("بذور الربيع", "بذور الخريف", [("same", "بذور "), ("gone", "الربيع"), ("new", "الخريف")]),
    ],
)
def test_texts_are_compared_by_line_and_word(old, new, pieces):
    assert text_pieces(old, new) == pieces


def test_both_texts_can_be_read_from_the_pieces():
    old, new = "a b c\nd e f\ng\n" * 50, "a x c\nd f\ng\nh\n" * 50

    pieces = text_pieces(old, new)

    assert "".join(text for kind, text in pieces if kind != "new") == old
    assert "".join(text for kind, text in pieces if kind != "gone") == new


def test_a_very_long_paragraph_is_compared_as_a_whole():
    old, new = "a " * MOST_WORDS, "b " * MOST_WORDS

    assert text_pieces(old, new) == [("gone", old), ("new", new)]


def test_codes_and_rows_are_told_in_words():
    old = empty_content(countries=["ML"])
    row = {"statement": "Opened", "value": "12", "unit": "banks", "period": "", "level": "output"}
    new = empty_content(countries=["ML", "GH"], results=[row | {"cited": ""}])

    parts = {part["label"]: part["pieces"] for part in differences(old, new, user=AnonymousUser())}

    assert ("new", "\nGhana") in parts["countries"] or ("new", "Ghana") in parts["countries"]
    assert parts["results"] == [("new", "Opened · 12 · banks · Output")]


def test_a_version_older_than_a_column_says_nothing_there():
    old = empty_content()
    del old["how_to_adapt"], old["attachments"]

    assert list(differences(old, empty_content(), user=AnonymousUser())) == []


@pytest.fixture
def entry():
    entry = make.EntryFactory(slug="wells", challenge="Dry in spring.", published=True)
    for season in ("summer", "autumn"):
        entry.challenge = f"Dry in {season}."
        entry.save(update_fields=["challenge"])
        publish_content(entry, by=None)
    return entry


@pytest.mark.parametrize(
    ("asked", "gone", "new"),
    [("v/2/diff/", "spring", "summer"), ("v/3/diff/", "summer", "autumn"),
     ("v/3/diff/?from=1", "spring", "autumn"), ("v/1/diff/?from=3", "autumn", "spring"),
     ("v/3/diff/?from=xx", "summer", "autumn")],
)  # fmt: skip
def test_two_versions_are_compared(client, entry, asked, gone, new):
    page = client.get(f"/catalogue/wells/{asked}").content.decode()

    assert f"</span>{gone}</del>" in page
    assert f"</span>{new}</ins>" in page


@pytest.mark.parametrize(
    "asked",
    ["v/1/diff/", "v/9/diff/", "v/2/diff/?from=2", "v/2/diff/?from=9", f"v/{10**30}/diff/",
     f"v/2/diff/?from=0{'9' * 3}"],
)  # fmt: skip
def test_what_cannot_be_compared_is_not_found(client, entry, asked):
    assert client.get(f"/catalogue/wells/{asked}").status_code == 404

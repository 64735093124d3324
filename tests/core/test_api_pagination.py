"""Cursors: what they carry, and that nothing else is taken for one."""

import base64
import datetime
import json

import pytest

from core.api.pagination import Position

MOMENT = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("value", "kind"), [("indonésia", "text"), (1987, "number"), (MOMENT, "time"), ("", "text")]
)
def test_a_cursor_brings_back_the_position(value, kind):
    position = Position("-name", value, 7, is_backward=True)

    assert Position.decode(position.encode(), "-name", kind) == position


def encoded(parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("cursor", "kind"),
    [
        ("", "text"),
        ("x", "text"),
        ("§§§", "text"),
        ("a" * 2_000, "text"),
        (encoded({}), "text"),
        (encoded(["name", "a", 1]), "text"),
        (encoded(["other", "a", 1, 0]), "text"),
        (encoded(["name", 1, 1, 0]), "text"),
        (encoded(["name", None, 1, 0]), "text"),
        (encoded(["name", "a", -1, 0]), "text"),
        (encoded(["name", "a", 10**30, 0]), "text"),
        (encoded(["name", "a", 1, 2]), "text"),
        (encoded(["name", "\x00", 1, 0]), "text"),
        (encoded(["name", "\ud800", 1, 0]), "text"),
        (encoded(["name", True, 1, 0]), "number"),
        (encoded(["name", 10**30, 1, 0]), "number"),
        (encoded(["name", "soon", 1, 0]), "time"),
        (encoded(["name", "2026-03-01T12:00:00", 1, 0]), "time"),
        (base64.urlsafe_b64encode(b"[" * 700).decode(), "text"),
    ],
)
def test_what_is_not_a_cursor_is_refused(cursor, kind):
    with pytest.raises(ValueError):  # noqa: PT011 -- whatever it says, it is one answer: 400
        Position.decode(cursor, "name", kind)

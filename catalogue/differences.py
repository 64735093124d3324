"""What changed between two texts of an entry, so that a person can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from catalogue.content import ALL_LISTS, WRITTEN, column_of, rows_text
from catalogue.models import Entry, Tag
from catalogue.sections import label_of
from core.fields import CodeArrayField

if TYPE_CHECKING:
    from hubs.querysets import User

_WORDS = re.compile(r"\s+|[^\s\w]|\w+")
MOST_WORDS = 3_000  # of one paragraph that are compared word by word; longer ones as a whole
Piece = tuple[str, str]  # "same", "gone" or "new", and the text


def differences(
    old: Mapping[str, Any], new: Mapping[str, Any], *, user: User
) -> Iterator[dict[str, Any]]:
    """Give each part in which two contents differ: name, label, and its pieces in reading order.
    Tags are told by the names that `user` may know.
    """
    old, new = with_tag_names(old, user), with_tag_names(new, user)
    for name in WRITTEN:
        before, after = _text(name, column_of(old, name)), _text(name, column_of(new, name))
        if before != after:
            yield {
                "name": name,
                "label": label_of(name),
                "pieces": text_pieces(before, after),
            }
    for name in ALL_LISTS:
        before, after = rows_text(column_of(old, name)), rows_text(column_of(new, name))
        if before != after:
            yield {
                "name": name,
                "label": label_of(name),
                "pieces": text_pieces(before, after),
            }


def with_tag_names(content: Mapping[str, Any], user: User) -> Mapping[str, Any]:
    """Return a content with its tags by name, each once."""
    tags = column_of(content, "tags")
    known = Tag.objects.visible_to(user).by_text(tags)
    names = [known[each].label if each in known else each for each in tags]
    return {**content, "tags": list(dict.fromkeys(names))}


def text_pieces(old: str, new: str) -> list[Piece]:
    """Return two texts as one: what stayed, what is gone, what is new. Lines are compared first
    and then the words of those that differ, so that the cost does not grow with their square.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[Piece] = []
    for kind, i1, i2, j1, j2 in _steps(before, after):
        gone, fresh = "".join(before[i1:i2]), "".join(after[j1:j2])
        if kind == "replace":
            pieces += _word_pieces(gone, fresh)
        else:
            pieces += _pieces(gone, fresh, is_same=kind == "equal")
    return _joined(pieces)


def _word_pieces(old: str, new: str) -> list[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return _pieces(old, new, is_same=False)
    pieces: list[Piece] = []
    for kind, i1, i2, j1, j2 in _steps(before, after):
        gone, fresh = "".join(before[i1:i2]), "".join(after[j1:j2])
        pieces += _pieces(gone, fresh, is_same=kind == "equal")
    return pieces


def _steps(old: list[str], new: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=True).get_opcodes()


def _pieces(gone: str, fresh: str, *, is_same: bool) -> list[Piece]:
    if is_same:
        return [("same", fresh)]
    return [piece for piece in (("gone", gone), ("new", fresh)) if piece[1]]


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces with neighbours of one kind made one."""
    joined: list[Piece] = []
    for kind, text in pieces:
        if joined and joined[-1][0] == kind:
            joined[-1] = (kind, joined[-1][1] + text)
        else:
            joined.append((kind, text))
    return joined


def _text(name: str, value: Any) -> str:
    """Return a column in words: codes by their names, in the reader's language."""
    field: Any = Entry._meta.get_field(name)
    if isinstance(field, CodeArrayField):
        names = dict(field.codes())
        return "\n".join(str(names.get(code, code)) for code in value)
    if name == "tags":
        return "\n".join(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return "" if value is None else str(value)

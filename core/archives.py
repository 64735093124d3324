"""Office and OpenDocument files: ZIP archives that must hold what they say and nothing that
runs, and that must not burst when they are unpacked.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_UNPACKED = 100_000_000  # bytes of all parts together
MAX_PARTS = 5_000
_CHUNK = 65_536
_END = b"PK\x05\x06"  # of the record that ends an archive; 22 bytes where there is no comment
_END_BYTES = 22
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_RUNS = ("vbaproject.bin", "vbadata.xml", "/activex/", "macrosheets/")
_RUNS_IN_OPEN = ("basic/", "scripts/", "dialogs/")
# What the part that names all parts says of the main one.
_MAIN = {"wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation"}


def is_too_large(archive: zipfile.ZipFile, *, most_parts: int, most_bytes: int) -> bool:
    """Return whether an archive says of itself that it has too many parts, or would be too
    large once it is unpacked (bytes of all parts together).
    """
    parts = archive.infolist()
    return len(parts) > most_parts or sum(part.file_size for part in parts) > most_bytes


def check_office_document(content: bytes, content_type: str, wrong: ValidationError) -> None:
    """Raise `wrong` unless `content` is an Office Open XML file of `content_type`, or a
    `ValidationError` that says what else is the matter with it.
    """
    with _opened(content, wrong) as archive:
        names = _checked_names(archive, wrong)
        if "[Content_Types].xml" not in names:
            raise wrong
        types = _read(archive, "[Content_Types].xml")
        family = content_type.rpartition("officedocument.")[2]
        if family not in _MAIN or f"{family}.main+xml".encode() not in types:
            raise wrong
        runs = any(sign in f"/{name.lower()}" for name in names for sign in _RUNS)
        if runs or b"macroEnabled" in types:
            raise _macros()


def check_open_document(content: bytes, content_type: str, wrong: ValidationError) -> None:
    """Raise as `check_office_document` unless it is an OpenDocument file of `content_type`."""
    with _opened(content, wrong) as archive:
        names = _checked_names(archive, wrong)
        first = archive.infolist()[0]
        if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED:
            raise wrong
        if (
            _read(archive, "mimetype").strip() != content_type.encode()
            or "content.xml" not in names
        ):
            raise wrong
        if any(name.lower().startswith(_RUNS_IN_OPEN) for name in names):
            raise _macros()


def _macros() -> ValidationError:
    return ValidationError(_("The file holds macros. Save it without them."))


@contextmanager
def _opened(content: bytes, wrong: ValidationError) -> Iterator[zipfile.ZipFile]:
    """Give the archive; any fault found in it is `wrong`."""
    if content[-_END_BYTES : -_END_BYTES + 4] != _END:  # something was put behind its end
        raise wrong
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError,
        RuntimeError, NotImplementedError, KeyError, OverflowError,
    ) as error:  # fmt: skip
        raise wrong from error


def _checked_names(archive: zipfile.ZipFile, wrong: ValidationError) -> list[str]:
    """Return the names of the parts, all of which were unpacked within the limits."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if not parts or len(set(names)) != len(names) or min(p.header_offset for p in parts):
        raise wrong
    for part in parts:
        steps = part.filename.split("/")
        is_odd = part.filename.startswith("/") or "\\" in part.filename or ".." in steps
        if is_odd or part.flag_bits & _ENCRYPTED or part.compress_type not in _METHODS:
            raise wrong
    if is_too_large(archive, most_parts=MAX_PARTS, most_bytes=MAX_UNPACKED):
        raise ValidationError(_("The file is too large when it is unpacked."))
    for part in parts:  # what a part says of its own size is checked by reading it
        with archive.open(part) as stream:
            while stream.read(_CHUNK):
                pass
    return names


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return stream.read(_CHUNK * 4)

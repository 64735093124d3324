"""Documents that people upload: judged by content, named by the portal, given out to be saved.

Each kind is told by its ending and must be what the ending says, from the first byte to the
last: a file that is two kinds at once is refused. What can be made anew (pictures) is.
"""

from __future__ import annotations

import io
import secrets
import zipfile
from collections.abc import Callable
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _

from core.archives import check_office_document, check_open_document
from core.images import cleaned_picture

MAX_BYTES = 9_000_000  # with its form within the 10 MB that the front server lets in
_HEAD = 1_024  # bytes in which programs look for the signs of a kind
_END_OF_PDF = b"%%EOF"
_RUNS_IN_PDF = (b"/JavaScript", b"/Launch")
_MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<iframe", b"<?xml")
_LINE_CONTROLS = b"\t\n\r\f"


class Kind(NamedTuple):
    """A kind of file: its ending, its content type, its name for people."""

    ending: str
    content_type: str
    name: object


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
KINDS = (
    Kind("pdf", "application/pdf", "PDF"),
    Kind("docx", f"{_OFFICE}.wordprocessingml.document", _("Word document")),
    Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", _("Excel workbook")),
    Kind("pptx", f"{_OFFICE}.presentationml.presentation", _("PowerPoint presentation")),
    Kind("odt", f"{_OPEN}.text", _("OpenDocument text")),
    Kind("ods", f"{_OPEN}.spreadsheet", _("OpenDocument spreadsheet")),
    Kind("odp", f"{_OPEN}.presentation", _("OpenDocument presentation")),
    Kind("csv", "text/csv", "CSV"),
    Kind("txt", "text/plain", _("Plain text")),
    Kind("png", "image/png", "PNG"),
    Kind("jpg", "image/jpeg", "JPEG"),
    Kind("webp", "image/webp", "WebP"),
)
CONTENT_TYPES = [(kind.content_type, kind.name) for kind in KINDS]
_NAMES = dict(CONTENT_TYPES)
_OF_ENDING = {kind.ending: kind for kind in KINDS} | {"jpeg": KINDS[10]}
_PICTURES = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}


class CleanedDocument(NamedTuple):
    """An upload that was found good: its content under a name of ours, and what it is."""

    file: ContentFile[bytes]
    content_type: str
    bytes: int


def kind_name(content_type: str) -> object:
    """Return what a file of `content_type` is called; "" if it is none of ours."""
    return _NAMES.get(content_type, "")


def cleaned_document(upload: UploadedFile) -> CleanedDocument:
    """Return the upload as it may be kept. Nothing is written to the disk here.

    Raises `ValidationError` with a sentence for anything that is not wholly one of `KINDS`,
    is empty or is larger than `MAX_BYTES`.
    """
    if upload.size is None or upload.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 9 MB. Choose a smaller one."))
    if not upload.size:
        raise ValidationError(_("The file is empty. Choose another one."))
    kind = _OF_ENDING.get((upload.name or "").rpartition(".")[2].lower())
    if kind is None:
        raise ValidationError(
            _(
                "Files of this kind are not kept. Choose a PDF, a Word, Excel, PowerPoint or "
                "OpenDocument file, CSV, plain text, or a PNG, JPEG or WebP picture."
            )
        )
    if kind.ending in _PICTURES:
        file = cleaned_picture(upload, _PICTURES[kind.ending])
    else:
        upload.seek(0)
        content = upload.read()
        _CHECKS.get(kind.ending, _check_text)(content, kind)
        file = ContentFile(content, name=f"{secrets.token_hex(16)}.{kind.ending}")
    return CleanedDocument(file, kind.content_type, file.size)


def _wrong(kind: Kind) -> ValidationError:
    return ValidationError(
        _("This is not a file of the kind its name says (%(kind)s). Save it anew and try again."),
        params={"kind": kind.name},
    )


def _check_pdf(content: bytes, kind: Kind) -> None:
    """Raise unless it is a PDF from its first byte to its last, with nothing that runs."""
    head = content[:_HEAD].lower()
    _before, _end, rest = content.rpartition(_END_OF_PDF)
    is_whole = content.startswith((b"%PDF-1.", b"%PDF-2.")) and _end and not rest.strip(b"\r\n \0")
    is_other = zipfile.is_zipfile(io.BytesIO(content)) or any(s in head for s in _MARKUP[:-1])
    if not is_whole or is_other:
        raise _wrong(kind)
    if any(sign in content for sign in _RUNS_IN_PDF):
        raise ValidationError(
            _("The PDF holds a program that runs when it is opened. Save it without.")
        )


def _check_office(content: bytes, kind: Kind) -> None:
    _check_zip(content, kind)
    check_office_document(content, kind.content_type, _wrong(kind))


def _check_open(content: bytes, kind: Kind) -> None:
    _check_zip(content, kind)
    check_open_document(content, kind.content_type, _wrong(kind))


def _check_zip(content: bytes, kind: Kind) -> None:
    if not content.startswith(b"PK\x03\x04") or b"%PDF-" in content[:_HEAD]:
        raise _wrong(kind)


def _check_text(content: bytes, kind: Kind) -> None:
    """Raise unless it is text in UTF-8 that no program takes for anything else."""
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(
            _("This text is not in UTF-8. Save it with that encoding and try again.")
        ) from error
    signs = set(range(32)) - set(_LINE_CONTROLS)
    head = content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    is_other = head.startswith((b"<", b"#!", b"%pdf-", b"{\\rtf")) or b"%pdf-" in head
    if is_other or signs.intersection(content) or any(sign in head for sign in _MARKUP):
        raise _wrong(kind)


_CHECKS: dict[str, Callable[[bytes, Kind], None]] = {
    "pdf": _check_pdf,
    **dict.fromkeys(("docx", "xlsx", "pptx"), _check_office),
    **dict.fromkeys(("odt", "ods", "odp"), _check_open),
}


class DocumentField(forms.FileField):
    """A document to upload; its value is a `CleanedDocument`, or None."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("required", False)
        endings = ",".join(f".{ending}" for ending in _OF_ENDING)
        kwargs.setdefault("widget", forms.FileInput({"accept": endings}))
        kwargs.setdefault(
            "help_text",
            _(
                "PDF, Word, Excel, PowerPoint, OpenDocument, CSV or plain text, or a PNG, JPEG "
                "or WebP picture, up to 9 MB."
            ),
        )
        super().__init__(**kwargs)  # type: ignore[arg-type]

    def clean(self, data: object, initial: object = None) -> CleanedDocument | None:
        """Return the document that was sent, or None."""
        if isinstance(data, UploadedFile) and not data.size:
            raise ValidationError(_("The file is empty. Choose another one."))
        found: object = super().clean(data, initial)
        return cleaned_document(found) if isinstance(found, UploadedFile) else None


def attachment_response(file: FieldFile, content_type: str, name: str) -> FileResponse:
    """Return the file to be saved as `name`, never to be run; `Http404` if it is not there."""
    try:
        response = FileResponse(
            file.open(), as_attachment=True, filename=name, content_type=content_type
        )
    except FileNotFoundError as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

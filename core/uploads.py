"""Documents that people upload: which kinds there are, and how they are given out again."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _


class Kind(NamedTuple):
    """A kind of file: its endings, its content type, its name for people."""

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


def kind_name(content_type: str) -> object:
    """Return what a file of `content_type` is called; "" if it is none of ours."""
    return _NAMES.get(content_type, "")


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

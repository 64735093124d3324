"""Tables that people upload: read as rows of text, whatever program wrote them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from core.csv import undefused
from core.errors import DomainError

MAX_BYTES = 20_000_000
MAX_ROWS = 20_000  # beside the header
DELIMITERS = ",;\t"


class SheetError(DomainError):
    """The file cannot be read as a table; the message says what to do."""


class Line(NamedTuple):
    """A row of a table: its number as a spreadsheet shows it (the header is 1), its cells."""

    row: int
    cells: list[str]


def read_csv(file: IO[bytes]) -> Iterator[Line]:
    """Give the rows of a CSV that are not empty, the header first; line ends become "\\n".

    UTF-8 with or without its mark; comma, semicolon or tab, whichever the first line has most
    of. What `core.csv` defused is given as it was. Raises `SheetError`.
    """
    text = _decoded(file.read(MAX_BYTES + 1))
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MAX_ROWS + 1:
                raise too_long()
            if any(cells):
                yield Line(number, [clean(cell) for cell in cells])
    except csv.Error as error:
        raise SheetError(
            _(
                "Row %(row)d cannot be read: a quotation mark is open or a cell is too long. "
                "Save the file as CSV again."
            )
            % {"row": number + 1}
        ) from error


def too_long(most: int = MAX_ROWS) -> SheetError:
    """Return the refusal of a file with too many rows."""
    return SheetError(
        _("The file has more than %(rows)d rows. Split it into several.") % {"rows": most}
    )


def too_large() -> SheetError:
    """Return the refusal of a file that is too large, or would be once unpacked."""
    return SheetError(
        _("The file is larger than %(size)d MB. Split it into several.")
        % {"size": MAX_BYTES // 1_000_000}
    )


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise too_large()
    if not data.strip():
        raise SheetError(_("The file is empty. Choose another one."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise SheetError(
            _('The file is not in UTF-8 (line %(row)d). Save it as "CSV UTF-8".') % {"row": row}
        ) from error
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise SheetError(
            _(
                "The file is no table: line %(row)d has a character that no text has. "
                "Save it as CSV."
            )
            % {"row": row}
        )
    return text


def clean(cell: str) -> str:
    """Return a cell as it was before it was defused, without margins."""
    return undefused(cell).replace("\r\n", "\n").replace("\r", "\n").strip()

"""Tables as Excel workbooks: read without trusting them, written so that nothing runs."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from tempfile import TemporaryFile
from typing import IO, Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from core.archives import MAX_UNPACKED, is_too_large
from core.csv import cell as csv_cell
from core.sheets import MAX_BYTES, MAX_ROWS, Line, SheetError, clean, read_csv, too_large, too_long

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_RATIO = 200  # unpacked to packed; texts of people stay below 20
MAX_PARTS = 1_000
MAX_COLUMNS = 200
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # nor, so, in a workbook
CELL_LENGTH = 32_767  # characters; Excel drops what is beyond


def read_table(file: IO[bytes]) -> Iterator[Line]:
    """Give the rows of a CSV or of the first sheet of a workbook, whatever its name says.
    Raises `SheetError`.
    """
    start = file.read(4)
    file.seek(0)
    return read_xlsx(file) if start == b"PK\x03\x04" else read_csv(file)


def read_xlsx(file: IO[bytes]) -> Iterator[Line]:
    """As `core.sheets.read_csv`: formulas count by the value that was saved with them."""
    _refuse_bombs(file)
    try:
        # Loaded where it is needed: it costs each process 16 MB, and few ask for a workbook.
        openpyxl = import_module("openpyxl")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            sheet: Any = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of them may be wrong
            rows = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
            yield from _lines(rows)
        finally:
            book.close()
    except SheetError:
        raise
    except Exception as error:  # the library raises whatever a broken part leads to
        raise _unreadable() from error


def _lines(rows: Iterable[Sequence[object]]) -> Iterator[Line]:
    for number, values in enumerate(rows, start=1):
        cells = [_text(value) for value in values]
        if not any(cells):
            continue
        if number > MAX_ROWS + 1:
            raise too_long()
        if any(len(cell) >= CELL_LENGTH for cell in cells):
            raise SheetError(
                _("A cell of row %(row)d is longer than workbooks can hold. Use CSV.")
                % {"row": number}
            )
        while cells and not cells[-1]:
            cells.pop()
        yield Line(number, [clean(cell) for cell in cells])


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a year, as spreadsheets keep it
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time()
        return value.date().isoformat() if is_day else value.isoformat()
    return str(value)


def _refuse_bombs(file: IO[bytes]) -> None:
    file.seek(0, 2)
    size = file.tell()
    if size > MAX_BYTES:
        raise too_large()
    try:
        with zipfile.ZipFile(file) as archive:
            most_bytes = min(MAX_UNPACKED, size * MAX_RATIO)
            if is_too_large(archive, most_parts=MAX_PARTS, most_bytes=most_bytes):
                raise too_large()
            for part in archive.infolist():
                with archive.open(part) as content:  # entities could multiply what is in it
                    if b"<!DOCTYPE" in content.read(2_000).upper():
                        raise _unreadable()
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise _unreadable() from error
    file.seek(0)


def _unreadable() -> SheetError:
    return SheetError(_("The workbook cannot be read. Save it as CSV in UTF-8."))


def xlsx_response(
    filename: str,
    columns: Mapping[str, object],
    rows: Iterable[Mapping[str, object]],
) -> FileResponse:
    """Return a workbook to be saved as `filename`: the table, and what its columns mean.

    Cells are defused as in a CSV. The whole file is made before the answer begins, on disk.
    """
    book = import_module("openpyxl").Workbook(write_only=True)
    table = book.create_sheet("data")
    table.freeze_panes = "A2"
    table.append(list(columns))
    for row in rows:
        table.append([_written(row[name]) for name in columns])
    meanings = book.create_sheet("columns")
    meanings.append(["column", "meaning"])
    for name, text in columns.items():
        meanings.append([name, _written(str(text))])
    file = TemporaryFile()  # noqa: SIM115 -- the answer closes it
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)


def _written(value: object) -> object:
    found = csv_cell(value.isoformat() if isinstance(value, datetime.datetime) else value)
    return _NOT_IN_XML.sub("", found) if isinstance(found, str) else found

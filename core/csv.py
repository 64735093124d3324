"""CSV downloads that stream, and that a spreadsheet cannot be tricked into running."""

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.http import StreamingHttpResponse

# A cell that starts with one of these is read as a formula (OWASP, "CSV Injection").
# Apostrophes before it count too, so that `undefused` finds exactly what was written.
_STARTS = frozenset("'=+-@\t\r\n")  # without one of these it does not
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
BLOCK = 100  # lines that are sent together


class _Line:
    """A file-like object whose `write` hands the line back instead of storing it."""

    def write(self, line: str) -> str:
        return line


def cell(value: object) -> object:
    """Return `value` as one cell: lists joined by "; ", formulas defused, None empty."""
    if isinstance(value, str):
        return defused(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        value = "; ".join(str(cell(item)) for item in value)
    elif isinstance(value, Mapping):
        value = "; ".join(f"{key}: {cell(item)}" for key, item in value.items())
    return defused(value) if isinstance(value, str) else value


def defused(text: str) -> str:
    """Return `text` as a cell that no spreadsheet runs."""
    return f"'{text}" if text[:1] in _STARTS and _FORMULA.match(text) else text


def undefused(text: str) -> str:
    """Return what `defused` was given: exactly, whatever it was."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text


def csv_lines(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Give `rows` as the lines of a CSV file, its header first, one row in memory at a time."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(columns)  # the mark makes Excel read UTF-8
    for row in rows:
        yield writer.writerow([cell(row[column]) for column in columns])


def _blocks(lines: Iterator[str]) -> Iterator[str]:
    """Give the first line at once and the others some together: what every part of an answer
    passes through costs more than the line.
    """
    yield next(lines)
    while block := "".join(itertools.islice(lines, BLOCK)):
        yield block


def stream_csv(
    filename: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]
) -> StreamingHttpResponse:
    """Return `rows` as a download named `filename`, some lines in memory at a time.

    `rows` is read while the response is sent, outside any transaction: an error in it
    cuts the file short, so validate the request before calling this.
    """
    blocks = _blocks(csv_lines(columns, rows))
    response = StreamingHttpResponse(blocks, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def stream_dictionary(filename: str, meanings: Mapping[str, object]) -> StreamingHttpResponse:
    """Return what the columns of a file mean, in the reader's language, as a download named
    `filename`.
    """
    rows = [{"column": name, "meaning": str(text)} for name, text in meanings.items()]
    return stream_csv(filename, ["column", "meaning"], rows)

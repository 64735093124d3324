"""Workbooks: read without trusting them, written so that nothing runs."""

import contextlib
import datetime
import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from core.sheets import MAX_ROWS, SheetError
from core.workbooks import read_table, xlsx_response


def book(*rows):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    file = io.BytesIO()
    made.save(file)
    file.seek(0)
    return file


def sent(answer):
    """Return the file that an answer sends, which is closed then."""
    with contextlib.closing(answer.file_to_stream):
        return io.BytesIO(b"".join(answer.streaming_content))


def packed(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    file.seek(0)
    return file


def test_values_are_read_as_a_csv_would_hold_them():
    day = datetime.datetime(2012, 7, 10)  # noqa: DTZ001 -- workbooks know no zones
    file = book(["a", "b", "c", "d", "e"], [2012, 12.5, True, day, None], [], [" x\r\ny "])

    lines = list(read_table(file))

    assert [line.row for line in lines] == [1, 2, 4]
    assert lines[1].cells == ["2012", "12.5", "true", "2012-07-10"]
    assert lines[2].cells == ["x\ny"]


def test_what_is_written_is_read_back_exactly():
    texts = ["=1+1", "'=1+1", "-5", "@x", "plain", "a\nb", "'quoted"]
    rows = [{"a": text} for text in texts]

    answer = xlsx_response("x.xlsx", {"a": "Meaning"}, rows)
    file = sent(answer)

    assert [line.cells[0] for line in read_table(file)] == ["a", *texts]


def test_nothing_in_a_workbook_runs():
    answer = xlsx_response("x.xlsx", {"a": "=MEANING()"}, [{"a": "=1+1"}])

    found = load_workbook(sent(answer))

    assert found["data"]["A2"].value == "'=1+1"
    assert found["columns"]["B2"].value == "'=MEANING()"


def test_characters_that_no_workbook_holds_are_left_out():
    answer = xlsx_response("x.xlsx", {"a": ""}, [{"a": "a\x07b"}])

    file = sent(answer)
    assert [line.cells[0] for line in read_table(file)] == ["a", "ab"]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (packed(**{"xl/a.xml": b"\0" * 90_000_000}), "larger than"),
        (packed(**{f"{number}.xml": b"" for number in range(1_001)}), "larger than"),
        (packed(**{"a.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'}), "be read"),
        (packed(**{"a.txt": b"no workbook"}), "be read"),
        (io.BytesIO(b"PK\x03\x04 broken"), "be read"),
        (book(["a"], ["x" * 32_767]), "Use CSV"),
    ],
)
def test_what_is_no_honest_workbook_is_refused(file, words):
    with pytest.raises(SheetError, match=words):
        list(read_table(file))


def test_too_many_rows_are_refused():
    file = book(["a"], *([["x"]] * (MAX_ROWS + 1)))

    with pytest.raises(SheetError, match="more than"):
        list(read_table(file))

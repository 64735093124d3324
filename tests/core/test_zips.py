"""Archives that stream: a portion at a time, and the same to the byte."""

import datetime
import io
import zipfile

from core.zips import stream_zip, zip_portions

MOMENT = datetime.datetime(2020, 2, 1, 10, 20, 30, tzinfo=datetime.UTC)


def two_files():
    return [("a.txt", iter(["é", "b"])), ("empty.csv", iter([]))]


def test_an_archive_holds_its_files_with_their_date():
    with zipfile.ZipFile(io.BytesIO(b"".join(zip_portions(two_files(), dated=MOMENT)))) as found:
        assert found.testzip() is None
        assert {name: found.read(name).decode() for name in found.namelist()} == {
            "a.txt": "éb",
            "empty.csv": "",
        }
        assert {info.date_time for info in found.infolist()} == {(2020, 2, 1, 10, 20, 30)}


def test_the_same_files_make_the_same_archive():
    first, second = (b"".join(zip_portions(two_files(), dated=MOMENT)) for _each in range(2))

    assert first == second


def test_files_are_read_while_the_archive_is_sent():
    read = []

    def lines():
        for number in range(3):
            read.append(number)
            yield "x" * 100_000

    response = stream_zip("x.zip", [("a.txt", lines())], dated=MOMENT)
    portions = iter(response.streaming_content)
    next(portions)

    assert read == [0]
    assert response["Content-Disposition"] == 'attachment; filename="x.zip"'
    assert b"".join(portions)
    assert read == [0, 1, 2]

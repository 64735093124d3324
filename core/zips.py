"""ZIP downloads that stream: one portion of one file in memory at a time."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.http import StreamingHttpResponse

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


class _Pipe(io.RawIOBase):
    """A file that keeps what was written until it is taken; it cannot be sought in."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, portion: Buffer) -> int:
        content = bytes(portion)
        self._written += content
        return len(content)

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


def zip_portions(
    files: Iterable[tuple[str, Iterable[str]]], *, dated: datetime.datetime
) -> Iterator[bytes]:
    """Give an archive of text files (name, portions of text), each dated `dated` (UTC): the same
    files make the same archive, to the byte.
    """
    pipe = _Pipe()
    stamp = dated.astimezone(datetime.UTC).timetuple()[:6]
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, portions in files:
            info = zipfile.ZipInfo(name, date_time=stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as file:
                for portion in portions:
                    file.write(portion.encode())
                    yield pipe.take()
            yield pipe.take()
    yield pipe.take()


def stream_zip(
    filename: str, files: Iterable[tuple[str, Iterable[str]]], *, dated: datetime.datetime
) -> StreamingHttpResponse:
    """Return `files` as a download named `filename`; read while the response is sent."""
    portions = (each for each in zip_portions(files, dated=dated) if each)
    response = StreamingHttpResponse(portions, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response

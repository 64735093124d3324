"""What API views answer with: JSON with its ETag, and CSV as a stream."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from http import HTTPStatus
from itertools import chain, islice

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.api.errors import IfMatchMissing, Stale
from core.csv import stream_csv

JSON = "application/json"
JSON_LD = "application/ld+json"


def dumps(data: object) -> bytes:
    """Return `data` as JSON: ISO 8601 for dates and times, text for exact decimals."""
    return json.dumps(
        data, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
    ).encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime.datetime):
        return iso(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal | Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def iso(moment: datetime.datetime) -> str:
    """Return a moment as in 2026-03-01T12:00:00.000000Z, in UTC."""
    text = moment.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    return f"{text[:-6]}Z"


def json_response(
    request: HttpRequest | Request,
    data: object,
    *,
    status: int = HTTPStatus.OK,
    version: int | None = None,
    content_type: str = JSON,
) -> HttpResponse:
    """Return `data` as JSON with an ETag, or 304 if the client has it already.

    The ETag is made of what this reader is shown, so it cannot betray a change that the
    reader may not see. `version` goes in front of it: that part is what If-Match compares.
    """
    content = dumps(data)
    digest = hashlib.blake2b(content, digest_size=12).hexdigest()
    etag = f'"{digest}"' if version is None else f'"{version}.{digest}"'
    if status == HTTPStatus.OK and request.method in ("GET", "HEAD") and _has(request, etag):
        response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        del response["Content-Type"]
    else:
        response = HttpResponse(content, status=status, content_type=content_type)
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"  # may be kept, must be asked about
    return response


def _has(request: HttpRequest | Request, etag: str) -> bool:
    known = [tag.removeprefix("W/") for tag in parse_etags(_header(request, "IF_NONE_MATCH"))]
    return etag in known or known == ["*"]


def expected_version(request: Request, current: int) -> int:
    """Return the version that the client's If-Match names, which must be `current`.

    Raise `IfMatchMissing` (428) without the header, `Stale` (412) if it names another.
    """
    tags = parse_etags(_header(request, "IF_MATCH"))
    if not tags:
        raise IfMatchMissing
    # Compression makes tags weak on the way, so W/ is no reason to refuse.
    versions = {tag.removeprefix("W/").strip('"').partition(".")[0] for tag in tags}
    if tags == ["*"] or str(current) in versions:
        return current
    raise Stale


def _header(request: HttpRequest | Request, name: str) -> str:
    return str(request.META.get(f"HTTP_{name}", ""))


def csv_response(
    filename: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]
) -> StreamingHttpResponse:
    """Return `rows` as a CSV download; fail before it begins if the database does."""
    waiting: Iterator[Mapping[str, object]] = iter(rows)
    first = list(islice(waiting, 1))  # asks the database now, while an error can be told
    response = stream_csv(filename, columns, chain(first, waiting))
    response["Cache-Control"] = "no-cache"
    return response


def chosen_fields(request: Request, available: Sequence[str]) -> list[str]:
    """Return the fields that `?fields=a,b` names, in the order of `available`; all without it."""
    text = request.query_params.get("fields")
    if text is None:
        return list(available)
    wanted = set(text.split(","))
    unknown = sorted(wanted.difference(available))
    if unknown:
        raise ValidationError(
            {
                "fields": [
                    _("Unknown: %(unknown)s. Choose from: %(known)s.")
                    % {"unknown": ", ".join(unknown)[:200], "known": ", ".join(available)}
                ]
            }
        )
    return [name for name in available if name in wanted]

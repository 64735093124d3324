"""JSON bodies, with limits on what one request may make the portal do."""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from core.api.errors import TooLarge

MAX_BODY = 1_000_000  # bytes; the longest fact with all its sources has some thousands
MAX_UPLOAD = 10_000_000  # bytes of a form with its files
MAX_DIGITS = 12  # of a length that is read


class StrictJsonParser(BaseParser):
    """JSON in UTF-8, at most `MAX_BODY` bytes, no text that the database cannot hold."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise TooLarge
        try:
            data = json.loads(body.decode("utf-8"), parse_constant=_refuse)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        except ValueError as error:
            raise ParseError(_("The JSON cannot be read: %(error)s") % {"error": error}) from error
        if not isinstance(data, dict):
            raise ParseError(_("The body must be a JSON object."))
        if b"\\u" in body and any(_is_odd(text) for text in _texts(data)):
            raise ParseError(_("The text holds NUL characters or half a character."))
        return data


def refuse_too_long(request: HttpRequest) -> None:
    """Raise `TooLarge` for a body over `MAX_UPLOAD` bytes, before any of it is read."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length[:MAX_DIGITS]) > MAX_UPLOAD:
        raise TooLarge


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are not JSON (RFC 8259, section 6)


def _is_odd(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text)


def _texts(value: object) -> Iterator[str]:
    waiting = [value]  # a list, not recursion: what the reader accepted may be deep
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)

"""Pages by position, which cost the same at the start and at the end of a list."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.settings import api_settings
from rest_framework.utils.urls import replace_query_param

if TYPE_CHECKING:  # the views import this module while they are being imported
    from django.db.models.expressions import Combinable
    from rest_framework.request import Request
    from rest_framework.views import APIView

MAX_PAGE_SIZE = 200
MAX_CURSOR = 1_000  # characters
_MAX_KEY = 2**63 - 1
_TYPES: dict[str, type] = {"text": str, "number": int, "time": str}
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class OrderKey:
    """What a list may be ordered by: an expression without NULLs, and its type.

    `kind` is "text", "number" (whole numbers) or "time".
    """

    expression: Combinable
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: behind the row with `value` and `pk`, or before it."""

    order: str
    value: Any
    pk: int
    is_backward: bool

    def encode(self) -> str:
        """Return the position as a `cursor`."""
        value = self.value
        if isinstance(value, datetime.datetime):
            value = value.isoformat()
        text = json.dumps([self.order, value, self.pk, int(self.is_backward)], ensure_ascii=False)
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, cursor: str, order: str, kind: str) -> Position:
        """Return the position that `cursor` names in a list by `order`; else `ValueError`."""
        if len(cursor) > MAX_CURSOR:
            raise ValueError("longer than any cursor")
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True).decode())
        except (binascii.Error, RecursionError) as error:
            raise ValueError("not a cursor") from error
        match parts:
            case [str(made_for), value, int(pk), 0 | 1 as backward]:
                pass
            case _:
                raise ValueError("not a cursor")
        if made_for != order or type(value) is not _TYPES[kind] or not 0 <= pk <= _MAX_KEY:
            raise ValueError("a cursor of another list")
        return cls(order, _checked(value, kind), pk, bool(backward))


def _checked(value: Any, kind: str) -> Any:
    if kind == "time":
        moment = datetime.datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("a time without its zone")
        return moment
    if kind == "number" and abs(value) > _MAX_KEY:
        raise ValueError("too large")
    if kind == "text":
        value.encode()  # half a character cannot be sent to the database
        if "\x00" in value:
            raise ValueError("a NUL byte")
    return value


class CursorPagination(BasePagination):
    """`next`, `previous`, `results`; `count` only when asked for, as it reads every row.

    The view names what it can be ordered by in `order_keys` and its usual order in
    `default_order`; the primary key breaks ties. Rows may be instances or dictionaries.
    """

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any]:
        self.request = request
        size = self._page_size()
        self.count = queryset.count() if self._flag("count") else None
        order, key = _order_of(request, view)
        position = self._position(order, key.kind)
        is_backward = position is not None and position.is_backward
        rows = list(from_position(queryset, key, order, position)[: size + 1])
        has_more = len(rows) > size
        rows = rows[:size]
        if is_backward:
            rows.reverse()
        self._next = self._previous = None
        if rows:
            if has_more or is_backward:
                self._next = position_at(order, rows[-1], is_backward=False)
            if (has_more and is_backward) or (position is not None and not is_backward):
                self._previous = position_at(order, rows[0], is_backward=True)
        for row in rows:
            if isinstance(row, dict):
                del row["cursor_key"]
        return rows

    def in_order(
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> QuerySet[Any]:
        """Return all of `queryset` in the order of its pages."""
        order, key = _order_of(request, view)
        return from_position(queryset, key, order, None)

    def page(self, results: list[Any]) -> dict[str, Any]:
        """Return the page as it is sent."""
        page: dict[str, Any] = {
            "next": self._link(self._next),
            "previous": self._link(self._previous),
        }
        if self.count is not None:
            page["count"] = self.count
        page["results"] = results
        return page

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        names = [name for key in getattr(view, "order_keys", {}) for name in (key, f"-{key}")]
        size = {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_PAGE_SIZE,
            "default": api_settings.PAGE_SIZE,
        }
        return [
            _parameter("cursor", {"type": "string"}, "Where the page begins; from next, previous."),
            _parameter("page_size", size, "How many results a page has."),
            _parameter("count", {"type": "boolean"}, "Also count all results, which costs time."),
            _parameter("order", {"type": "string", "enum": names}, "The order; - for descending."),
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": link,
                "previous": link,
                "count": {"type": "integer", "description": "Only with count=true."},
                "results": schema,
            },
        }

    def _page_size(self) -> int:
        text = self.request.query_params.get("page_size")
        if text is None:
            return int(api_settings.PAGE_SIZE or 25)
        if text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_PAGE_SIZE:
            return int(text)
        raise ValidationError(
            {
                "page_size": [
                    _("Give a whole number from 1 to %(maximum)d.") % {"maximum": MAX_PAGE_SIZE}
                ]
            }
        )

    def _flag(self, name: str) -> bool:
        text = self.request.query_params.get(name, "false")
        if text not in _BOOLEANS:
            raise ValidationError({name: [_("Give true or false.")]})
        return _BOOLEANS[text]

    def _position(self, order: str, kind: str) -> Position | None:
        cursor = self.request.query_params.get("cursor")
        if cursor is None:
            return None
        try:
            return Position.decode(cursor, order, kind)
        except ValueError as error:
            raise ValidationError(
                {"cursor": [_("This is not a cursor of this list in this order.")]}
            ) from error

    def _link(self, position: Position | None) -> str | None:
        if position is None:
            return None
        url = self.request.build_absolute_uri()
        return str(replace_query_param(url, "cursor", position.encode()))


def _order_of(request: Request, view: APIView | None) -> tuple[str, OrderKey]:
    keys: dict[str, OrderKey] = getattr(view, "order_keys", {"pk": OrderKey(F("pk"), "number")})
    order = str(request.query_params.get("order") or getattr(view, "default_order", "pk"))
    if order.removeprefix("-") not in keys:
        known = ", ".join(name for key in keys for name in (key, f"-{key}"))
        raise ValidationError({"order": [_("Choose one of: %(known)s.") % {"known": known}]})
    return order, keys[order.removeprefix("-")]


def from_position(
    queryset: QuerySet[Any], key: OrderKey, order: str, position: Position | None
) -> QuerySet[Any]:
    """Return the rows from `position` on, in the direction in which it looks."""
    is_descending = order.startswith("-") != (position is not None and position.is_backward)
    sign = "-" if is_descending else ""
    rows: QuerySet[Any] = queryset.annotate(cursor_key=key.expression).order_by(
        f"{sign}cursor_key", f"{sign}pk"
    )
    if position is None:
        return rows
    beyond = "lt" if is_descending else "gt"
    return rows.filter(
        Q(**{f"cursor_key__{beyond}": position.value})
        | Q(**{"cursor_key": position.value, f"pk__{beyond}": position.pk})
    )


def position_at(order: str, row: Any, *, is_backward: bool) -> Position:
    """Return where the page behind `row`, or before it, begins."""
    if isinstance(row, dict):
        return Position(order, row["cursor_key"], row["pk"], is_backward)
    return Position(order, row.cursor_key, row.pk, is_backward)


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": description,
    }

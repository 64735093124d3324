"""Pages of a list by position, for readers: they cost the same at its start and at its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from core.api.pagination import OrderKey, Position, from_position, position_at


class CursorPage:
    """Some rows of a list, and the addresses of its neighbours ("" where there are none)."""

    def __init__(self, rows: list[Any], *, previous_url: str, next_url: str) -> None:
        self.object_list = rows
        self.previous_url = previous_url
        self.next_url = next_url

    def __iter__(self) -> Iterator[Any]:
        return iter(self.object_list)


def cursor_page(
    request: HttpRequest, things: QuerySet[Any], *, order: str, key: OrderKey, size: int
) -> CursorPage:
    """Return the page of `things` that `?cursor=` names, the first for anything odd; one query."""
    position = _position(request, order, key)
    is_backward = position is not None and position.is_backward
    rows = list(from_position(things, key, order, position)[: size + 1])
    has_more = len(rows) > size
    rows = rows[:size]
    if is_backward:
        rows.reverse()
    is_first = position is None or (is_backward and not has_more)
    is_last = not has_more and not is_backward
    return CursorPage(
        rows,
        previous_url="" if is_first or not rows else _url(request, order, rows[0], back=True),
        next_url="" if is_last or not rows else _url(request, order, rows[-1], back=False),
    )


def _position(request: HttpRequest, order: str, key: OrderKey) -> Position | None:
    cursor = request.GET.get("cursor")
    if not cursor:
        return None
    try:
        return Position.decode(cursor, order, key.kind)
    except ValueError:
        return None


def _url(request: HttpRequest, order: str, row: Any, *, back: bool) -> str:
    query = request.GET.copy()
    query["cursor"] = position_at(order, row, is_backward=back).encode()
    return f"{request.path}?{query.urlencode()}"

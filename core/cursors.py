"""How statements are sent to PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.base import CursorMixin
from psycopg import ClientCursor
from psycopg import Cursor as BindingCursor

MOST_VALUES = 65_535  # that the protocol carries beside a statement


class Cursor(CursorMixin, BindingCursor[Any]):
    """Sends values beside their statement, so that it can be prepared; more of them than that
    takes, such as thousands of new rows or keys, stand in it.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        if params is not None and len(params) > MOST_VALUES:
            query, params = ClientCursor(self.connection).mogrify(query, params), None
        return super().execute(query, params, **options)

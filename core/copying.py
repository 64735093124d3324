"""New rows by COPY: several times as fast as by INSERT, which names a place for every value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

_KEYS = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


def new_keys(model: type[models.Model], number: int) -> list[int]:
    """Return the keys of `number` rows that are written next; nobody else gets them."""
    meta = model._meta
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [meta.db_table, meta.pk.column, number])
        return [int(key) for (key,) in cursor.fetchall()]


def copy_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Iterable[object]]
) -> None:
    """Write rows, their values in the order of `columns`, as the database takes them."""
    names = ", ".join(f'"{name}"' for name in columns)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(tuple(row))


def copy_create(things: Sequence[models.Model]) -> None:
    """Write new things of one model and set their keys; as `bulk_create`, without `save`.

    What the database fills in by itself is left to it.
    """
    if not things:
        return
    for thing, key in zip(things, new_keys(type(things[0]), len(things)), strict=True):
        thing.pk = key
    fields: list[models.Field[Any, Any]] = [
        field
        for field in things[0]._meta.concrete_fields
        if not isinstance(getattr(things[0], field.attname), DatabaseDefault)
    ]
    rows = (list(_values(thing, fields)) for thing in things)
    copy_rows(type(things[0]), [str(field.column) for field in fields], rows)
    for thing in things:
        thing._state.adding, thing._state.db = False, "default"


def _values(thing: models.Model, fields: Iterable[Any]) -> Iterator[object]:
    for field in fields:
        value = field.pre_save(thing, add=True)  # moments of a change among them
        if isinstance(field, models.JSONField):
            yield json.dumps(value, cls=field.encoder)
        else:
            yield value.value if isinstance(value, Enum) else value

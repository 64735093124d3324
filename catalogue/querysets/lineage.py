"""Where an entry comes from and what came of it, over all generations, in one statement each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.apps import apps
from django.db import connection

if TYPE_CHECKING:
    from hubs.querysets import User

MAX_DEPTH = 10  # generations
MAX_STEPS = 300  # adoptions in one direction

# {visible}: the adoptions that the reader may see, as (id, entry_id, resulting_entry_id).
WALK = """
WITH RECURSIVE step AS NOT MATERIALIZED ({visible}), walk AS (
    SELECT step.id, step.entry_id, step.resulting_entry_id, 1 AS depth
    FROM step WHERE step.{near} = %s
  UNION
    SELECT step.id, step.entry_id, step.resulting_entry_id, walk.depth + 1
    FROM walk JOIN step ON step.{near} = walk.{far} WHERE walk.depth < %s
)
SELECT id, {near}, {far}, min(depth) FROM walk GROUP BY id, {near}, {far}
ORDER BY min(depth), id LIMIT %s
"""


class Step(NamedTuple):
    """One adoption on the way: from the entry nearer to the start to the one farther away."""

    adoption: int
    near: int
    far: int
    depth: int


def descendants(entry: int, user: User) -> list[Step]:
    """Return the adoptions by which entries came of `entry`, the nearest first.

    Only those of which `user` may see the adoption and both entries; beyond one that is
    hidden, nothing is followed.
    """
    return _walk(entry, user, near="entry_id", far="resulting_entry_id")


def ancestors(entry: int, user: User) -> list[Step]:
    """Return the adoptions by which `entry` came of others. As `descendants`."""
    return _walk(entry, user, near="resulting_entry_id", far="entry_id")


def _walk(entry: int, user: User, *, near: str, far: str) -> list[Step]:
    adoptions = apps.get_model("catalogue", "Adoption").objects.between_entries(user)
    visible = adoptions.order_by().values("id", "entry_id", "resulting_entry_id")
    sql, params = visible.query.sql_with_params()
    statement = WALK.format(visible=sql, near=near, far=far)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, entry, MAX_DEPTH, MAX_STEPS])
        return [Step(*row) for row in cursor.fetchall()]

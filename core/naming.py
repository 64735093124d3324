"""Names in addresses, each given once; and the locks under which such things are decided."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain, count
from typing import Any

from django.db import connection
from django.utils.text import slugify


def one_at_a_time(key: int) -> None:
    """Wait until nobody else is past this line with the same `key`; others wait until the
    running transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def free_slug(
    rows: Any, text: str, *, most: int, otherwise: str, taken: Collection[str] = ()
) -> str:
    """Return a name in addresses made of the first `most` characters of `text`, and a number
    where it is needed, that none of `rows` (a manager of rows with a slug) has and that is not
    among `taken`.

    `otherwise` stands where `text` has no letters that addresses have. To be called where
    `one_at_a_time` keeps two from choosing the same name.
    """
    base = slugify(text)[:most].strip("-") or otherwise
    used = set(rows.filter(slug__startswith=base).values_list("slug", flat=True)) | set(taken)
    names = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(name for name in names if name not in used)

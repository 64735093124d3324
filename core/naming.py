"""Names in addresses, each given once; and the locks under which such things are decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain, count
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.text import slugify


def one_at_a_time(key: int) -> None:
    """Wait until nobody else is past this line with the same `key`; others wait until the
    running transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def several_at_a_time(key: int) -> None:
    """Wait until nobody is past `one_at_a_time` with the same `key`, who then waits until the
    running transaction ends; others who come this way need not wait.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [key])


def free_slug(
    rows: Any, text: str, *, most: int, otherwise: str, taken: Collection[str] = ()
) -> str:
    """Return a name in addresses made of the first `most` characters of `text`, and a number
    where it is needed, that none of `rows` (a manager of rows with a slug) has and that is not
    among `taken`.

    `otherwise` stands where `text` has no letters that addresses have. To be called where
    `one_at_a_time` keeps two from choosing the same name.
    """
    return free_slugs(rows, [text], most=most, otherwise=otherwise, taken=taken)[0]


def free_slugs(
    rows: Any, texts: Sequence[str], *, most: int, otherwise: str, taken: Collection[str] = ()
) -> list[str]:
    """Return a name for each of `texts` as `free_slug` does, all different: one query."""
    bases = [slugify(text)[:most].strip("-") or otherwise for text in texts]
    alike = Q()
    for base in dict.fromkeys(bases):
        alike |= Q(slug=base) | Q(slug__startswith=f"{base}-")
    used = set(taken)
    used |= set(rows.filter(alike).values_list("slug", flat=True)) if texts else set()
    numbers = {base: chain([""], (f"-{number}" for number in count(2))) for base in bases}
    names = []
    for base in bases:
        name = next(base + end for end in numbers[base] if base + end not in used)
        used.add(name)
        names.append(name)
    return names

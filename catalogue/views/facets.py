"""Facets of a search, and the pages of what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from core.facets import Facet, build_facet

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.forms import Form
    from django.http import QueryDict

    from catalogue.search import Found


def facets_of(form: Form, query: QueryDict, names: Iterable[str], found: Found) -> list[Facet]:
    """Return the facets `names` of a filter form with what was counted for them; without
    numbers where there was no time to count.
    """
    unknown: dict[str, int] | None = None if found.is_partial else {}
    return [
        build_facet(
            name,
            form.fields[name].label,
            form.fields[name].choices,  # type: ignore[attr-defined]
            counts=found.facets.get(name, unknown),
            selected=query.getlist(name),
            errors=[str(error) for error in form.errors.get(name, ())],
            query=query,
            is_about=name in found.about,
        )
        for name in names
    ]


class FoundThings:
    """What a paginator cuts pages from: things in the order in which search found them."""

    def __init__(
        self, things: QuerySet[Any], found: Found, offset: int, ask: Callable[[int], Found]
    ) -> None:
        self.things, self.found, self.offset, self.ask = things, found, offset, ask

    def __getitem__(self, part: slice) -> list[Any]:
        found = self.found if part.start == self.offset else self.ask(part.start)
        keys = found.keys[: part.stop - part.start]
        things = self.things.in_bulk(keys)
        return [things[key] for key in keys if key in things]

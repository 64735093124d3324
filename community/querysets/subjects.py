"""What threads and articles are about: by several links, of which one is set at most."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, Self

from django.db.models import Q, QuerySet


def none_set(names: Iterable[str]) -> Q:
    """Return the condition "none of the links `names` is set"."""
    return Q(**{f"{name}__isnull": True for name in names})


def one_set_at_most(names: Collection[str]) -> Q:
    """Return the condition "at most one of the links `names` is set"."""
    counted = none_set(names)
    for one in names:
        counted |= Q(**{f"{name}__isnull": name != one for name in names})
    return counted


class AboutQuerySet(QuerySet[Any]):
    """Things that are about one other thing at most, by one of the links `about`.

    Who may see them may see that thing. Each kind of it makes the condition longer, so of things
    of which it is known, only their `kinds` are asked.
    """

    about: ClassVar[Collection[str]] = ()
    kinds: Collection[str] | None = None  # of what these things are about; None: any of `about`

    def _clone(self) -> Self:
        copy: Self = super()._clone()  # type: ignore[misc]  # Django's own, without a type
        copy.kinds = self.kinds
        return copy

    def alone(self, thing: Any) -> Self:
        """That one thing, whose rights are asked of what it is about only."""
        names = [name for name in self.about if getattr(thing, f"{name}_id") is not None]
        return self.filter(pk=thing.pk)._of_kinds(names)

    def asked_kinds(self) -> Collection[str]:
        """Return the links whose things have to be asked for rights."""
        return self.about if self.kinds is None else self.kinds

    def _of_kinds(self, names: Collection[str]) -> Self:
        found = self.all()
        found.kinds = names
        return found

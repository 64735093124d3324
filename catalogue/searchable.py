"""The register of what can be searched: a kind of thing is added by one registration.

A kind states in a file of its own (see `catalogue/kinds/entries.py`):

1. its rows: a function that returns a queryset of *every published* thing of the kind, with the
   columns of its row of the search, which `row_columns` names; what it leaves out is empty.
   Whatever is not in this queryset is not in the index;
2. how things are shown: a function of keys and the reader that returns what a list of results
   says of each, in one query, only of what the reader may see;
3. its registration, `register(Searchable(...))`, and the file's name in `catalogue/kinds`.

The service that publishes, changes or withdraws a thing then calls
`catalogue.services.index_rows(kind, [thing.pk])` in its own transaction: this writes the row, or
removes it. `manage.py index_search` writes those of everything. Facets need nothing more: each
value given in `row_columns` can be filtered by and is counted.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    Func,
    IntegerField,
    JSONField,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from catalogue.models.translation import Told
    from hubs.querysets import User

_NO_CODES = Cast(Value([], output_field=ArrayField(TextField())), ArrayField(TextField()))
# What a row says where its kind does not: column -> expression, typed: PostgreSQL takes a bare
# NULL of a subquery for text.
_DEFAULTS: dict[str, Any] = {
    "hub": Cast(Value(None), BigIntegerField()),  # key; none: the portal's own
    "audience": Value("public", output_field=CharField()),  # SearchAudience
    "language": Value("", output_field=CharField()),  # code; "": words are not stemmed
    "text": Value("", output_field=TextField()),  # everything it says beside its title
    # The same in other languages, as objects of language -> text.
    "titles": Value({}, output_field=JSONField()),
    "translations": Value({}, output_field=JSONField()),
    # Lists of codes that facets count and filters ask for.
    "countries": _NO_CODES,
    "sectors": _NO_CODES,
    "sdgs": _NO_CODES,
    "instruments": _NO_CODES,
    "working_languages": _NO_CODES,
    "other_countries": _NO_CODES,  # found by their names, but not counted
    "codes": _NO_CODES,  # of facets of its own, as "facet:value"
    "year": Cast(Value(None), IntegerField()),
    "is_contested": Cast(Value(None), BooleanField()),
}
# `published_at` may be NULL where a kind does not keep it: then it is when the row was first
# written.
REQUIRED = ("pk", "title", "published_at")
COLUMNS = (*REQUIRED, *_DEFAULTS)


class Lines(Func):
    """Texts one below the other, without those that are not there."""

    template = "concat_ws(E'\\n', %(expressions)s)"
    output_field = TextField()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list of results says of one thing. Paths are without scheme and host."""

    title: str
    summary: str
    language: str
    path: str
    api_path: str
    published_at: datetime.datetime
    hub: str = ""  # its short name
    text: str = ""  # in which the words found are marked
    is_contested: bool = False
    told: Told | None = None  # title and summary in the reader's language, where translated

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.path


@dataclass(frozen=True, slots=True)
class Searchable:
    """A kind of thing that can be searched."""

    kind: str  # at most 20 characters; stands in addresses and never changes
    label: Promise  # the plural, as a heading
    rows: Callable[[], QuerySet[Any, Any]]
    shown: Callable[[Collection[int], User], dict[int, Shown]]
    # The rows of some things, where they can be had more cheaply than from those of all.
    rows_of: Callable[[Collection[int]], QuerySet[Any, Any]] | None = None

    def rows_for(self, keys: Collection[int] | None) -> QuerySet[Any, Any]:
        """Return the rows of the things `keys`; of all things for None."""
        if keys is None:
            return self.rows()
        return self.rows_of(keys) if self.rows_of else self.rows().filter(pk__in=keys)


_REGISTER: dict[str, Searchable] = {}


def register(searchable: Searchable) -> None:
    """Add a kind; called once for each when the portal starts."""
    _REGISTER[searchable.kind] = searchable


def searchable(kind: str) -> Searchable:
    """Return the kind of that name. Raises KeyError for an unknown one."""
    return _REGISTER[kind]


def kinds() -> list[str]:
    """Return the names of all kinds, in the order in which pages show them."""
    return list(_REGISTER)


def kind_choices() -> list[tuple[str, str]]:
    """Return all kinds with their names in the reader's language."""
    return [(each.kind, str(each.label)) for each in _REGISTER.values()]


def row_columns(**given: Any) -> dict[str, Any]:
    """Return what `QuerySet.values` needs to write rows of the search: `given` and, for the
    rest, that there is nothing. Raises TypeError for a column that rows have not, or lack.
    """
    if missing := set(REQUIRED) - set(given):
        raise TypeError(f"A row of the search needs {', '.join(sorted(missing))}.")
    if unknown := set(given) - set(COLUMNS):
        raise TypeError(f"Rows of the search have no {', '.join(sorted(unknown))}.")
    whole = _DEFAULTS | given
    return {f"row_{name}": whole[name] for name in COLUMNS}

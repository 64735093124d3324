"""What a list page offers to narrow it down: groups of choices with counts, and chips."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.forms import BaseForm, BoundField, ChoiceField
from django.http import QueryDict
from django.utils.choices import flatten_choices
from django.utils.text import Truncator

FEW = 10  # options offered of a long list, until all of them are asked for
MAX_CHIP = 60  # characters of a value that somebody typed


@dataclass(frozen=True, slots=True)
class FacetOption:
    """One value that a facet offers; `count` is None where counting would cost too much."""

    value: str
    label: str
    count: int | None
    is_selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of checkboxes in the filter form, sent as repeated `name=value`."""

    name: str
    label: str
    options: list[FacetOption]
    errors: Sequence[str] = ()
    more: str = ""  # the query string that offers all options, where some are left out
    is_whole: bool = False  # all were asked for
    is_about: bool = False  # the counts are those of a sample, as many times as it is smaller

    @property
    def selected_count(self) -> int:
        """How many of the options are ticked."""
        return sum(option.is_selected for option in self.options)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the query string without it ("?" when nothing remains)."""

    name: str
    label: str
    value: str
    without: str


def build_facet(
    name: str,
    label: object,
    choices: Iterable[tuple[str, object]],
    *,
    counts: Mapping[str, int] | None = None,
    selected: Iterable[str] = (),
    errors: Sequence[str] = (),
    query: QueryDict | None = None,
    is_about: bool = False,
) -> Facet:
    """Return the facet `name`, its options in the order of `choices`.

    With `counts`, an option that would find nothing is left out unless it is ticked. With
    `query` as well, a long list offers the commonest values only, until `all=name` is asked.
    """
    ticked = set(selected)
    named = {str(value): text for value, text in choices}
    values, more, is_whole = list(named), "", False
    if counts is not None:
        values = [value for value in values if counts.get(value) or value in ticked]
        if query is not None and len(values) > FEW:
            is_whole = name in query.getlist("all")
            more = "" if is_whole else _with_all(query, name)
            values = values if is_whole else _commonest(values, counts, ticked)
    options = [
        FacetOption(
            value,
            str(named[value]),
            None if counts is None else counts.get(value, 0),
            value in ticked,
        )
        for value in values
    ]
    return Facet(name, str(label), options, errors, more, is_whole, is_about)


def _commonest(
    values: Sequence[str], counts: Mapping[str, int], ticked: Collection[str]
) -> list[str]:
    """Return the `FEW` values that find most, and those ticked, in their old order."""
    best = {*sorted(values, key=lambda value: -counts.get(value, 0))[:FEW], *ticked}
    return [value for value in values if value in best]


def _with_all(query: QueryDict, name: str) -> str:
    wanted = from_start(query)
    wanted.appendlist("all", name)
    return f"?{wanted.urlencode()}"


def chips_of(form: BaseForm, query: QueryDict, *, leave_out: Iterable[str] = ()) -> list[Chip]:
    """Return one chip for each filter of `form` that `query` sets, in the form's order."""
    skipped = set(leave_out)
    return [
        Chip(name, str(field.label), text, without(query, name, value))
        for name, field in ((bound.name, bound) for bound in form)
        if name not in skipped
        for value, text in _set_values(field, query)
    ]


def without(query: QueryDict, name: str, value: str) -> str:
    """Return `query` as "?…" without one value of `name`, and back on the first page."""
    rest = from_start(query)
    rest.setlist(name, [kept for kept in query.getlist(name) if kept != value])
    return f"?{rest.urlencode()}"


def from_start(query: QueryDict) -> QueryDict:
    """Return a copy of `query` to change, back on the first page."""
    rest = query.copy()
    for position in ("page", "cursor"):
        rest.pop(position, None)
    return rest


def _set_values(bound: BoundField, query: QueryDict) -> Iterator[tuple[str, str]]:
    values = [value for value in dict.fromkeys(query.getlist(bound.html_name)) if value]
    names = {}
    if values and isinstance(bound.field, ChoiceField):
        choices = cast("Iterable[tuple[object, object]]", bound.field.choices)
        names = {str(value): str(text) for value, text in flatten_choices([*choices])}
    for value in values:
        yield value, Truncator(names.get(value, value)).chars(MAX_CHIP)

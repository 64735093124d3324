"""What an entry says, as JSON: the shape that drafts and versions share.

A content holds the columns `WRITTEN` by name, and three lists:

- `results`: statement, value (exact, as text, or None), unit, period, level, `cited` (the address
  of the source, or "");
- `partners`: role, `hub` and `organisation` (names in addresses, or ""), name;
- `sources`: title, publisher, address.

Versions also have `hub`, what is contested, and which columns are the portal's own coding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from catalogue.codelists import ResultLevel
from catalogue.models import Entry, PartnerRole

if TYPE_CHECKING:
    from catalogue.querysets import EntryPartnerQuerySet

# The columns that authors write, in the order in which they are read.
WRITTEN = (
    *("title", "language", "size", "summary", "countries", "provider_countries", "sectors"),
    *("sdgs", "instruments", "expertise", "working_languages", "year_from", "year_to"),
    *("challenge", "what_was_done", "enabling", "hindering", "what_did_not_work", "lessons"),
    *("how_to_adapt", "cost_band", "cost_text", "contacts", "note"),
)
# Those of them that are texts, and so can be told in another language.
TRANSLATED = (
    *("title", "summary", "challenge", "what_was_done", "enabling", "hindering"),
    *("what_did_not_work", "lessons", "how_to_adapt", "cost_text", "contacts", "note"),
)
LISTS = ("results", "partners", "sources")
# And those that moderators and the portal itself write.
MARKED = ("is_contested", "contested_statement", "editorial_fields")
TEXTS = (*WRITTEN, *MARKED)


def empty_content(**given: Any) -> dict[str, Any]:
    """Return the content of an entry of which nothing is said yet but `given`."""
    columns = {name: _default(name) for name in WRITTEN}
    return columns | {name: [] for name in LISTS} | given


def column_of(content: Mapping[str, Any], name: str) -> Any:
    """Return what a content says in a column; versions older than the column say nothing."""
    return content[name] if name in content else _default(name)


def written_content(entry: Entry) -> dict[str, Any]:
    """Return what the entry says now, to be written further: with all its partners."""
    return {name: getattr(entry, name) for name in WRITTEN} | lists_of(entry, entry.partners.all())


def lists_of(entry: Entry, partners: EntryPartnerQuerySet) -> dict[str, list[dict[str, Any]]]:
    """Return the results, the sources, and those `partners` of the entry."""
    return {
        "partners": [
            {
                "role": each.role,
                "name": str(each),
                "hub": each.hub.slug if each.hub else "",
                "organisation": each.organisation.slug if each.organisation else "",
            }
            for each in partners.with_bodies()
        ],
        "results": [
            {
                "statement": each.statement,
                "value": None if each.value is None else f"{each.value.normalize():f}",
                "unit": each.unit,
                "period": each.period,
                "level": each.level,
                "cited": each.source.address if each.source else "",
            }
            for each in entry.results.select_related("source")
        ],
        "sources": [
            {"title": each.title, "publisher": each.publisher, "address": each.address}
            for each in entry.sources.order_by("dated_on", "pk")
        ],
    }


def rows_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the rows of a list, one a line, to be compared by a person."""
    words = {"level": dict(ResultLevel.choices), "role": dict(PartnerRole.choices)}
    return "\n".join(
        " · ".join(
            str(words.get(name, {}).get(value, value))
            for name, value in row.items()
            if value not in (None, "") and name not in ("hub", "organisation")
        )
        for row in rows
    )


def _default(name: str) -> Any:
    field: Any = Entry._meta.get_field(name)
    return field.get_default()

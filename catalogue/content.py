"""What an entry says, as JSON: the shape that drafts and versions share.

A content holds the columns `WRITTEN` by name (in a draft, `tags` may hold names that are none of
the vocabulary yet), and four lists:

- `results`: statement, value (exact, as text, or None), unit, period, level, `cited` (the address
  of the source, or "");
- `partners`: role, `hub` and `organisation` (names in addresses, or ""), name;
- `sources`: title, publisher, address;
- `attachments`: the key `pk`, name, `content_type`, caption.

Versions also have `hub`, what is contested, and which columns are the portal's own coding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from catalogue.codelists import ResultLevel
from catalogue.models import Entry, PartnerRole

if TYPE_CHECKING:
    from catalogue.models import EntryPartner, ResultRow
    from catalogue.querysets import EntryPartnerQuerySet
    from hubs.models import Source

# The columns that authors write, in the order in which they are read.
WRITTEN = (
    *("title", "language", "size", "summary", "countries", "provider_countries", "sectors"),
    *("sdgs", "instruments", "expertise", "working_languages", "tags", "year_from", "year_to"),
    *("challenge", "what_was_done", "enabling", "hindering", "what_did_not_work", "lessons"),
    *("how_to_adapt", "cost_band", "cost_text", "contacts", "note"),
)
# Those of them that are texts, and so can be told in another language.
TRANSLATED = (
    *("title", "summary", "challenge", "what_was_done", "enabling", "hindering"),
    *("what_did_not_work", "lessons", "how_to_adapt", "cost_text", "contacts", "note"),
)
LISTS = ("results", "partners", "sources")  # that can be typed as rows
FILES = "attachments"
ALL_LISTS = (*LISTS, FILES)
# And those that moderators and the portal itself write.
MARKED = ("is_contested", "contested_statement", "editorial_fields")
TEXTS = (*WRITTEN, *MARKED)


def empty_content(**given: Any) -> dict[str, Any]:
    """Return the content of an entry of which nothing is said yet but `given`."""
    columns = {name: _default(name) for name in WRITTEN}
    return columns | {name: [] for name in ALL_LISTS} | given


def column_of(content: Mapping[str, Any], name: str) -> Any:
    """Return what a content says in a column or list; versions older than it say nothing."""
    if name in content:
        return content[name]
    return [] if name in ALL_LISTS else _default(name)


def written_content(entry: Entry) -> dict[str, Any]:
    """Return what the entry says now, to be written further: with all its partners."""
    return written_columns(entry) | lists_of(entry, entry.partners.all())


def written_columns(entry: Entry) -> dict[str, Any]:
    """Return the columns that authors write, without the lists."""
    return {name: getattr(entry, name) for name in WRITTEN}


def lists_of(entry: Entry, partners: EntryPartnerQuerySet) -> dict[str, list[dict[str, Any]]]:
    """Return the results, the sources, the attachments, and those `partners` of the entry."""
    return {
        "attachments": attachments_of(entry),
        "partners": [partner_content(each) for each in partners.with_bodies()],
        "results": [result_content(each) for each in entry.results.select_related("source")],
        "sources": [source_content(each) for each in entry.sources.order_by("dated_on", "pk")],
    }


def partner_content(partner: EntryPartner) -> dict[str, Any]:
    """Return a partner as a content holds it."""
    return {
        "role": partner.role,
        "name": str(partner),
        "hub": partner.hub.slug if partner.hub else "",
        "organisation": partner.organisation.slug if partner.organisation else "",
    }


def result_content(result: ResultRow) -> dict[str, Any]:
    """Return a result as a content holds it."""
    return {
        "statement": result.statement,
        "value": None if result.value is None else f"{result.value.normalize():f}",
        "unit": result.unit,
        "period": result.period,
        "level": result.level,
        "cited": result.source.address if result.source else "",
    }


def source_content(source: Source) -> dict[str, Any]:
    """Return a source as a content holds it."""
    return {"title": source.title, "publisher": source.publisher, "address": source.address}


def attachments_of(entry: Entry) -> list[dict[str, Any]]:
    """Return the files and pictures of the newest version."""
    return [
        {
            "pk": each.attachment_id,
            "name": each.attachment.name,
            "content_type": each.attachment.content_type,
            "caption": each.caption,
        }
        for each in entry.attached.filter(is_current=True).select_related("attachment")
    ]


def rows_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the rows of a list, one a line, to be compared by a person."""
    words = {"level": dict(ResultLevel.choices), "role": dict(PartnerRole.choices)}
    return "\n".join(
        " · ".join(
            str(words.get(name, {}).get(value, value))
            for name, value in row.items()
            if value not in (None, "") and name not in ("hub", "organisation", "pk", "content_type")
        )
        for row in rows
    )


def _default(name: str) -> Any:
    field: Any = Entry._meta.get_field(name)
    return field.get_default()

"""The parts in which an entry is written and checked: one page, one task each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from catalogue.codelists import EntrySize
from catalogue.content import column_of
from catalogue.models import Entry

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an entry: the columns or the list that it holds, and what must be stated."""

    slug: str
    title: Promise
    hint: Promise
    names: tuple[str, ...]
    needed: tuple[str, ...] = ()  # in every entry
    needed_in_full: tuple[str, ...] = ()
    is_full_only: bool = False

    def holds(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return what of a content belongs to this section."""
        return {name: column_of(content, name) for name in self.names}

    def missing(self, content: Mapping[str, Any]) -> list[str]:
        """Return the names of what must be stated and is not."""
        needed = self.needed
        if content["size"] == EntrySize.FULL:
            needed += self.needed_in_full
        return [name for name in needed if not column_of(content, name)]


SECTIONS = (
    Section(
        "summary",
        _("Title and summary"),
        _("What this is, in a few sentences that somebody elsewhere understands."),
        ("title", "language", "summary"),
        needed=("title", "summary"),
    ),
    Section(
        "codes",
        _("Where, when and about what"),
        _("By this others find it: countries, sectors, goals, instruments, years."),
        (
            *("countries", "provider_countries", "sectors", "sdgs", "instruments"),
            *("expertise", "working_languages", "tags", "year_from", "year_to"),
        ),
        needed=("countries", "sectors"),
    ),
    Section(
        "story",
        _("The challenge and what was done"),
        _("What was wrong before, and the steps that were taken."),
        ("challenge", "what_was_done"),
        needed=("challenge", "what_was_done"),
    ),
    Section(
        "sources",
        _("Sources"),
        _("Pages and documents that say so. Results cite them."),
        ("sources",),
        needed=("sources",),
    ),
    Section(
        "results",
        _("Results"),
        _("One row a result: its figure with unit and period, and the source."),
        ("results",),
        needed=("results",),
    ),
    Section(
        "learning",
        _("What others can learn"),
        _("What helped and hindered, what did not work, how to do it elsewhere."),
        ("enabling", "hindering", "what_did_not_work", "lessons", "how_to_adapt"),
        needed_in_full=("lessons", "what_did_not_work", "how_to_adapt"),
        is_full_only=True,
    ),
    Section(
        "cost",
        _("What it cost"),
        _("A band, and what the money went to."),
        ("cost_band", "cost_text"),
        is_full_only=True,
    ),
    Section(
        "partners",
        _("Who took part"),
        _("Hubs, organisations and funders beside your own hub."),
        ("partners",),
    ),
    Section(
        "attachments",
        _("Files and pictures"),
        _("Documents, tables and pictures that belong to the text."),
        ("attachments",),
    ),
    Section(
        "contacts",
        _("Whom to ask"),
        _("An office, a page or an address that will still answer in a year."),
        ("contacts", "note"),
        needed=("contacts",),
    ),
)
SECTION_OF = {section.slug: section for section in SECTIONS}
LIST_LABELS = {
    "results": _("results"),
    "partners": _("partners"),
    "sources": _("sources"),
    "attachments": _("files and pictures"),
}


def sections_of(content: Mapping[str, Any]) -> Iterator[Section]:
    """Give the sections that an entry of this size has."""
    is_full = content["size"] == EntrySize.FULL
    return (section for section in SECTIONS if is_full or not section.is_full_only)


def missing_in(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what must be stated before reviewers read it: names by section."""
    found = {each.slug: each.missing(content) for each in sections_of(content)}
    return {slug: names for slug, names in found.items() if names}


def label_of(name: str) -> str:
    """Return what a column or list is called in the reader's language."""
    if name in LIST_LABELS:
        return str(LIST_LABELS[name])
    field: Any = Entry._meta.get_field(name)
    return str(field.verbose_name)

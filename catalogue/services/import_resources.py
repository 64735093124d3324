"""The library from a table: resources of a hub, their copies elsewhere, what they document."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.cells import parse_rows
from catalogue.codelists import ResourceKind
from catalogue.meanings import RESOURCE_EDITING_MEANINGS
from catalogue.models import Entry, Resource
from catalogue.resource_cells import (
    COPY_PARTS,
    RESOURCE_EDITING,
    RESOURCE_TEXTS,
    copies_of,
    resource_cells,
    with_cells,
)
from catalogue.services import import_values as values
from catalogue.services import resources as library
from catalogue.services.import_kinds import ImportKind, Likeness, Plan, Row, register_import, wrong
from catalogue.services.import_values import CellError, Parser, shortened
from catalogue.services.indexing import index_rows
from catalogue.services.library_at_once import ResourceChange, save_resources
from core import codes

_COLUMNS = (*RESOURCE_TEXTS, "copies", "entries", "is_published")
_DEFAULT = {"title": "", "type": "", "language": "en"}


@register_import
class ResourceImport(ImportKind):
    """Rows without a slug become resources of the hub; rows with one change them."""

    slug = "resources"
    label = gettext_lazy("Resources of the library")
    unknown = gettext_lazy("The hub has no resource %(slug)s. Leave the cell empty for a new one.")
    twice = gettext_lazy("Row %(row)d is of the same resource. Keep one of them.")
    columns = {name: RESOURCE_EDITING_MEANINGS[name] for name in RESOURCE_EDITING}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parsers = _parsers()
        self._written: list[int] = []

    def plan(self, rows: Sequence[Row]) -> list[Plan]:
        """Compare rows with the library: six queries, whatever their number."""
        found = self.of_rows(rows, Resource.objects.editable_by(self.by))
        there = {each.slug: each for each in with_cells(found).prefetch_related("entries")}
        named = {slug for row in rows for slug in _names(row.cells.get("entries", ""))}
        entries = Entry.objects.visible_to(self.by).filter(slug__in=named)
        self._entries = {entry.slug: entry for entry in entries}
        named |= {slug for resource in there.values() for slug in _readable(resource)}
        own = Entry.objects.revisable_by(self.by).filter(slug__in=named)
        self._own = set(own.values_list("slug", flat=True))
        return [self._plan(row, there) for row in rows]

    def likeness(self, value: ResourceChange) -> Likeness:
        """Return title and year."""
        return value.texts["title"], value.texts.get("year")

    def known(self, wanted: Collection[Likeness]) -> dict[Likeness, tuple[str, str]]:
        """Return the hub's resources of these titles and years."""
        titles = {title for title, _year in wanted}
        found = Resource.objects.editable_by(self.by).filter(hub=self.hub, title__in=titles)
        return {
            (each.title, each.year): (each.title, each.get_absolute_url())
            for each in found.only("title", "year", "slug")
        }

    def write(self, plans: Sequence[Plan]) -> None:
        """Write the resources of a portion at once."""
        changes = [plan.value for plan in plans]
        save_resources(changes, hub=self.hub, by=self.by)
        self._written += [change.resource.pk for change in changes]

    def finish(self) -> None:
        """Let what was written be found."""
        index_rows("resource", self._written)

    def _plan(self, row: Row, there: Mapping[str, Resource]) -> Plan:
        if refusal := self.refusal(row, there):
            return refusal
        resource = there.get(row.cells.get("slug", ""))
        saved = resource_cells(resource) if resource else {}
        given = ({} if resource else _DEFAULT) | {
            name: row.cells[name]
            for name in _COLUMNS
            if name in row.cells
            and row.cells[name] != saved.get(name, "")
            and (resource or row.cells[name])
        }
        plan = Plan(row.number, "changed" if resource else "new")
        if not given:
            plan.action = "same"
            return plan
        version = row.cells.get("version", "")
        if resource and version and version != str(resource.version):
            text = _("Somebody changed the resource after it was exported. Export it again.")
            return wrong(row, "version", text)
        plan.value = self._read(given, resource, plan)
        return plan

    def _read(
        self, given: Mapping[str, str], resource: Resource | None, plan: Plan
    ) -> ResourceChange:
        change = ResourceChange(resource or Resource(hub=self.hub))
        for name, cell in given.items():
            try:
                if name in RESOURCE_TEXTS:
                    change.texts[RESOURCE_TEXTS[name]] = self._parsers[name](cell)
                elif name == "copies":
                    copies = _copies(cell, resource)
                    change.copies = [(each["address"], each["language"]) for each in copies]
                elif name == "entries":
                    change.entries = self._documented(cell, resource)
                else:
                    change.is_published = values.choice(["true", "false"])(cell) == "true"
            except CellError as error:
                plan.problems.append((name, str(error)))
        return change

    def _documented(self, cell: str, resource: Resource | None) -> list[Entry]:
        """Return all that the resource would document, with what is not in the table."""
        wanted = _names(cell)
        there: list[Entry] = list(resource.entries.all()) if resource else []
        readable = set(_readable(resource)) if resource else set()
        for slug in wanted:
            if slug not in self._entries or (slug not in self._own and slug not in readable):
                raise CellError(
                    _("You edit no published entry %(slug)s.") % {"slug": shortened(slug)}
                )
        if readable - set(wanted) - self._own:
            raise CellError(_("Entries of other hubs cannot be taken away. Write them again."))
        values.refuse_more(len(wanted), library.MAX_ENTRIES)
        hidden = [entry for entry in there if entry.slug not in readable]
        return [*(self._entries[slug] for slug in wanted), *hidden]


def _copies(cell: str, resource: Resource | None) -> list[dict[str, str]]:
    try:
        copies = parse_rows(cell, COPY_PARTS)
    except ValueError as error:
        raise CellError(_("Write one address a line, its language behind a |.")) from error
    for copy in copies:
        values.address(copy["address"], most=1_000)
        values.choice(codes.LANGUAGES)(copy["language"])
    values.refuse_twice(copies)
    files = len(resource.links.all()) - len(copies_of(resource)) if resource else 0
    values.refuse_more(len(copies) + files, library.MAX_LINKS)
    return copies


def _parsers() -> dict[str, Parser]:
    known: dict[str, Parser] = {
        "type": values.choice(ResourceKind.values, is_needed=True),
        "language": values.choice(codes.LANGUAGES, is_needed=True),
        "languages": values.codes(codes.LANGUAGES),
        "year": values.year,
    }
    for name, column in RESOURCE_TEXTS.items():
        field: Any = Resource._meta.get_field(column)
        if name not in known:
            known[name] = values.text(field.max_length, is_needed=name == "title")
    return known


def _readable(resource: Resource) -> list[str]:
    """Return the slugs that the table shows of a resource of `with_cells`."""
    return [entry.slug for entry in resource.readable_entries]  # type: ignore[attr-defined]


def _names(cell: str) -> list[str]:
    return list(dict.fromkeys(values.pieces(cell)))

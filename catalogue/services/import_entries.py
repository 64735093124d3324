"""Entries from a table: new ones and next versions, as drafts that are still to be reviewed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.cells import EDITING_COLUMNS, content_cells, contents_of, hidden_partners_of
from catalogue.content import LISTS, WRITTEN, empty_content
from catalogue.meanings import EDITING_MEANINGS
from catalogue.models import Draft, Entry
from catalogue.rules import YEARS_TURNED, are_years_turned
from catalogue.services.drafting import record_draft
from catalogue.services.import_columns import entry_parsers
from catalogue.services.import_kinds import (
    ImportKind,
    Likeness,
    Plan,
    Row,
    register_import,
    wrong,
)
from catalogue.services.import_lists import ListReader
from catalogue.services.import_values import CellError, Parser


class _Target(NamedTuple):
    """A published entry that a row is of: what it says, as content and as cells."""

    entry: Entry
    content: dict[str, Any]
    cells: dict[str, str]
    draft: Draft | None


@register_import
class EntryImport(ImportKind):
    """Rows without a slug begin drafts; rows with one, the draft of the next version."""

    slug = "entries"
    label = gettext_lazy("Experiences (as drafts, to be reviewed)")
    unknown = gettext_lazy(
        "The hub has no published entry %(slug)s. Leave the cell empty for a new one."
    )
    twice = gettext_lazy("Row %(row)d is of the same entry. Keep one of them.")
    columns = {name: EDITING_MEANINGS[name] for name in EDITING_COLUMNS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parsers: dict[str, Parser] = entry_parsers()
        self._lists = ListReader(self.by)

    def plan(self, rows: Sequence[Row]) -> list[Plan]:
        """Compare rows with what is published: seven queries, whatever their number."""
        targets = self._targets(rows)
        return [self._plan(row, targets) for row in rows]

    def likeness(self, value: Draft) -> Likeness:
        """Return title, countries and the first year."""
        return _likeness(value.content)

    def known(self, wanted: Collection[Likeness]) -> dict[Likeness, tuple[str, str]]:
        """Return the hub's entries of these titles, countries and years, and the drafts of new
        ones on their way.
        """
        titles = {title for title, *_others in wanted}
        names = ("title", "countries", "year_from")
        found = {}
        drafts = Draft.objects.visible_to(self.by).open().filter(entry=None, hub=self.hub)
        for draft in drafts.filter(content__title__in=titles):
            found[_likeness(draft.content)] = draft.content["title"], draft.get_absolute_url()
        entries = Entry.objects.visible_to(self.by).filter(hub=self.hub, title__in=titles)
        for entry in entries.only("slug", *names):
            said = {name: getattr(entry, name) for name in names}
            found[_likeness(said)] = entry.title, entry.get_absolute_url()
        return found

    def write(self, plans: Sequence[Plan]) -> None:
        """Begin the drafts."""
        drafts = [plan.value for plan in plans]
        Draft.objects.bulk_create(drafts)
        authors = Draft.authors.through
        authors.objects.bulk_create(
            authors(draft_id=draft.pk, member_id=self.by.pk) for draft in drafts
        )
        for draft in drafts:
            record_draft("draft.begun", draft, by=self.by)

    def _targets(self, rows: Sequence[Row]) -> dict[str, _Target]:
        entries = list(self.of_rows(rows, Entry.objects.revisable_by(self.by)))
        contents = contents_of(entries)
        self._hidden = hidden_partners_of(entries)
        drafts = {draft.entry_id: draft for draft in Draft.objects.open().filter(entry__in=entries)}
        return {
            entry.slug: _Target(
                entry,
                contents[entry.pk],
                content_cells(contents[entry.pk]),
                drafts.get(entry.pk),
            )
            for entry in entries
        }

    def _plan(self, row: Row, targets: Mapping[str, _Target]) -> Plan:
        if refusal := self.refusal(row, targets):
            return refusal
        slug = row.cells.get("slug", "")
        return self._planned_next(row, targets[slug]) if slug else self._planned_new(row)

    def _planned_new(self, row: Row) -> Plan:
        plan = Plan(row.number, "new")
        given = {name: row.cells[name] for name in (*WRITTEN, *LISTS) if row.cells.get(name)}
        content = self._read({"title": ""} | given, empty_content(), plan)
        plan.value = Draft(hub=self.hub, content=content, created_by=self.by)
        return plan

    def _planned_next(self, row: Row, target: _Target) -> Plan:
        plan = Plan(row.number)
        given = {
            name: cell
            for name, cell in row.cells.items()
            if name in target.cells and cell != target.cells[name]
        }
        if not given:
            return plan
        content = self._read(given, target.content, plan)
        if plan.problems:
            return plan
        if not _same_version(row.cells.get("latest_version", ""), target.entry):
            text = _("Version %(number)d was published meanwhile. Export the entry again.")
            number = target.entry.latest_version
            return wrong(row, "latest_version", text % {"number": number})
        content["partners"] = content["partners"] + self._hidden[target.entry.pk]
        if target.draft is not None:
            if target.draft.content == content:
                return plan
            text = _("Somebody is writing the next version already. Finish that draft first.")
            return wrong(row, "slug", text)
        plan.action = "changed"
        plan.value = Draft(
            entry=target.entry,
            hub=self.hub,
            content=content,
            from_version=target.entry.latest_version,
            created_by=self.by,
        )
        return plan

    def _read(self, given: Mapping[str, str], base: dict[str, Any], plan: Plan) -> dict[str, Any]:
        """Return `base` with what is given, its problems in `plan`."""
        content = dict(base)
        # Sources first: results cite them.
        for name in sorted(given, key=lambda name: (name == "results", name)):
            try:
                if name in LISTS:
                    content[name] = self._lists.read(name, given[name], content)
                else:
                    content[name] = self._parsers[name](given[name])
            except CellError as error:
                plan.problems.append((name, str(error)))
        addresses = {row["address"] for row in content["sources"]}
        lost = [row["cited"] for row in content["results"] if row["cited"] not in addresses]
        if "sources" in given and any(lost):
            text = _("A result cites %(address)s. Keep that source, or change the result.")
            plan.problems.append(("sources", text % {"address": next(filter(None, lost))}))
        if are_years_turned(content):
            plan.problems.append(("year_to", str(YEARS_TURNED)))
        return content


def _same_version(cell: str, entry: Entry) -> bool:
    return not cell or cell == str(entry.latest_version)


def _likeness(said: Mapping[str, Any]) -> Likeness:
    return said["title"], tuple(sorted(said["countries"])), said["year_from"]

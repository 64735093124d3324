"""Kinds of rows that can be imported: a class each, registered by its name in addresses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django.utils.translation import gettext as _

from catalogue.services.import_values import shortened
from core.sheets import MAX_ROWS
from hubs.models import Hub

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from accounts.models import Member
    from hubs.querysets import HubQuerySet, User


Likeness = tuple[Any, ...]


class Row(NamedTuple):
    """A row of the file: its number, and its cells by column. A column that is not in the
    file is not in it.
    """

    number: int
    cells: dict[str, str]


@dataclass
class Plan:
    """What a row would do: `action` is new, known, changed or same; with problems, nothing.

    Problems are (column, what is wrong and what to do). `value` is the kind's own. A new row
    that is there already is known: `like` is then (title, address) of what it is like.
    """

    row: int
    action: str = "same"
    problems: list[tuple[str, str]] = field(default_factory=list)
    value: Any = None
    like: tuple[str, str] = ("", "")


class ImportKind(ABC):
    """How rows of one kind are read and written, for one hub and one member.

    An instance lives for one file: it may remember what earlier rows said.
    """

    do_not_call_in_templates = True  # they name the class
    slug: ClassVar[str]
    label: ClassVar[Promise]
    columns: ClassVar[Mapping[str, Promise]]  # in the order of the export, with their meaning
    most_rows: ClassVar[int] = MAX_ROWS  # that are written well within the time of a task
    needed: ClassVar[Sequence[str]] = ("title",)  # columns without which no file is read
    unknown: ClassVar[Promise]  # what to do about a `slug` that the hub has not
    twice: ClassVar[Promise]  # about a second row of the same thing; `row` is the first

    def __init__(self, hub: Hub, by: Member, *, is_writing: bool) -> None:
        """`is_writing`: rows that `plan` compares with stay locked until they are written."""
        self.hub = hub
        self.by = by
        self.is_writing = is_writing
        self._rows_of: dict[str, int] = {}  # slug -> the row that named it first
        self._new: dict[Likeness, int] = {}  # -> the row of this file that is like that

    @staticmethod
    def hubs(user: User) -> HubQuerySet:
        """Return the hubs into which `user` may import."""
        found: HubQuerySet = Hub.objects.editable_by(user)
        return found

    def refusal(self, row: Row, there: Container[str]) -> Plan | None:
        """Return why a row is of nothing that may be written: it is of another hub, of a slug
        that is not `there`, or of the same thing as a row before it. None if it is fine.
        """
        slug = row.cells.get("slug", "")
        if row.cells.get("hub", "") not in ("", self.hub.slug):
            text = _("This row belongs to another hub. You import into %(hub)s.")
            return wrong(row, "hub", text % {"hub": self.hub.slug})
        if not slug:
            return None
        if slug not in there:
            return wrong(row, "slug", str(self.unknown) % {"slug": shortened(slug)})
        first = self._rows_of.setdefault(slug, row.number)
        if first != row.number:
            return wrong(row, "slug", str(self.twice) % {"row": first})
        return None

    def of_rows(self, rows: Sequence[Row], allowed: Any) -> Any:
        """Return those of a queryset that `rows` name and that are of the hub."""
        slugs = {row.cells.get("slug", "") for row in rows} - {""}
        found = allowed.filter(hub=self.hub, slug__in=slugs)
        if self.is_writing:  # in one order, so that two imports wait and do not block each other
            found = found.select_for_update(no_key=True, of=("self",)).order_by("pk")
        return found

    @abstractmethod
    def plan(self, rows: Sequence[Row]) -> list[Plan]:
        """Return what each of `rows`, a portion of the file, would do."""

    def mark_known(self, plans: Sequence[Plan]) -> None:
        """Mark new rows that are like a thing of the hub, or like a row before them."""
        new = [plan for plan in plans if plan.action == "new" and not plan.problems]
        found = self.known({self.likeness(plan.value) for plan in new})
        for plan in new:
            likeness = self.likeness(plan.value)
            first = self._new.setdefault(likeness, plan.row)
            if likeness in found:
                plan.action, plan.like = "known", found[likeness]
            elif first != plan.row:
                plan.action = "known"
                plan.like = _("Row %(row)d of this file") % {"row": first}, ""

    @abstractmethod
    def likeness(self, value: Any) -> Likeness:
        """Return what makes a new row the same as another thing of the hub: its title first,
        then what tells things of one title apart.
        """

    @abstractmethod
    def known(self, wanted: Collection[Likeness]) -> dict[Likeness, tuple[str, str]]:
        """Return title and address of those of `wanted` that the hub has and `by` may see."""

    @abstractmethod
    def write(self, plans: Sequence[Plan]) -> None:
        """Carry out plans of `plan`, none with problems, in the running transaction."""

    def finish(self) -> None:
        """Do what is done once for all rows, after the last was written."""
        return


def wrong(row: Row, column: str, text: str) -> Plan:
    """Return the plan of a row with which one thing is wrong."""
    return Plan(row.number, problems=[(column, text)])


IMPORT_KINDS: dict[str, type[ImportKind]] = {}


def register_import(kind: type[ImportKind]) -> type[ImportKind]:
    """Offer a kind on the page of imports."""
    IMPORT_KINDS[kind.slug] = kind
    return kind

"""Experts from a table: people outside the portal, written by a head of their hub.

A column that is not in the file changes nothing. The consent of the employer is no column: who
is added waits for it, whatever the file says. An empty cell of a private field empties it only
in a row with its version, which only tables of `expert_cells` have: others may have left it out
because their reader was not to see it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.expert_cells import EXPERT_EDITING, EXPERT_TEXTS, PRIVATE, expert_cells
from catalogue.meanings import EXPERT_EDITING_MEANINGS
from catalogue.models import Audience, Availability, Expert, LanguageLevel
from catalogue.services import experts as profiles
from catalogue.services import import_values as values
from catalogue.services.import_kinds import ImportKind, Likeness, Plan, Row, register_import, wrong
from catalogue.services.import_values import CellError, Parser
from core import codes
from hubs.models import Hub

if TYPE_CHECKING:
    from hubs.querysets import HubQuerySet, User

_COLUMNS = (*EXPERT_TEXTS, "languages", "is_published")
_NEEDED = dict.fromkeys(("name", "agreed_on", "headline"), "")


@dataclass
class Change:
    """What a row would make of a profile; `languages` None: as they are."""

    expert: Expert | None
    texts: dict[str, Any] = field(default_factory=dict)
    languages: dict[str, str] | None = None


@register_import
class ExpertImport(ImportKind):
    """Rows without a slug add people to the hub; rows with one change them."""

    slug = "experts"
    label = gettext_lazy("Experts of a hub that you head (at most 2,000 rows)")
    most_rows = 2_000  # each is written as its page would: some 20 ms
    needed = ()
    unknown = gettext_lazy(
        "You write no profile %(slug)s of this hub. Leave the cell empty for somebody new."
    )
    twice = gettext_lazy("Row %(row)d is of the same profile. Keep one of them.")
    columns = {name: EXPERT_EDITING_MEANINGS[name] for name in EXPERT_EDITING}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parsers = _parsers()

    @staticmethod
    def hubs(user: User) -> HubQuerySet:
        """Return the hubs for which `user` may add people."""
        found: HubQuerySet = Hub.objects.headed_by(user)
        return found

    def plan(self, rows: Sequence[Row]) -> list[Plan]:
        """Compare rows with the profiles: one query."""
        found = self.of_rows(rows, Expert.objects.editable_by(self.by))
        there = {each.slug: each for each in found.with_cells().select_related("member")}
        return [self._plan(row, there) for row in rows]

    def likeness(self, value: Change) -> Likeness:
        """Return the name."""
        return (value.texts["name"],)

    def known(self, wanted: Collection[Likeness]) -> dict[Likeness, tuple[str, str]]:
        """Return the hub's experts of these names, members too."""
        found: Any = Expert.objects.visible_to(self.by).filter(hub=self.hub).with_person()
        named = found.filter(person__in=[name for (name,) in wanted])
        return {(each.person,): (each.person, each.get_absolute_url()) for each in named}

    def write(self, plans: Sequence[Plan]) -> None:
        """Write each profile as its page would."""
        for plan in plans:
            self._write(plan.value)

    def _plan(self, row: Row, there: Mapping[str, Any]) -> Plan:
        if refusal := self.refusal(row, there):
            return refusal
        expert = there.get(row.cells.get("slug", ""))
        saved = expert_cells(expert) if expert else {}
        version = row.cells.get("version", "")
        given = {
            name: row.cells[name]
            for name in _COLUMNS
            if name in row.cells
            and row.cells[name] != saved.get(name, "")
            and (row.cells[name] or (expert and (version or name not in PRIVATE)))
        }
        plan = Plan(row.number, "changed" if expert else "new")
        if not given and expert:
            plan.action = "same"
            return plan
        if expert and version and version != str(expert.version):
            text = _("Somebody changed the profile after it was exported. Export it again.")
            return wrong(row, "version", text)
        if expert and expert.member_id and {"name", "agreed_on"} & set(given):
            text = _("This is a member's own profile. They change their name in their account.")
            return wrong(row, "name", text)
        plan.value = self._read(given if expert else _NEEDED | given, expert, plan)
        return plan

    def _read(self, given: Mapping[str, str], expert: Expert | None, plan: Plan) -> Change:
        change = Change(expert)
        for name, cell in given.items():
            try:
                if name == "languages":
                    change.languages = _languages(cell)
                elif name == "is_published":
                    change.texts[name] = _truth(cell) == "true"
                else:
                    change.texts[EXPERT_TEXTS[name]] = self._parsers[name](cell)
            except CellError as error:
                plan.problems.append((name, str(error)))
        return change

    def _write(self, change: Change) -> None:
        expert: Any = change.expert
        if expert is None:
            new = Expert(hub=self.hub, **change.texts)
            profiles.create_expert(new, languages=change.languages or {}, by=self.by)
            return
        spoken = {each["language"]: each["level"] for each in expert.spoken_list}
        profiles.change_expert(
            expert,
            changes=change.texts,
            languages=spoken if change.languages is None else change.languages,
            expected_version=expert.version,
            by=self.by,
        )


_truth = values.choice(["true", "false"], is_needed=True)
_level = values.choice(LanguageLevel.values, is_needed=True)
_language = values.choice(codes.LANGUAGES, is_needed=True)


def _languages(cell: str) -> dict[str, str]:
    """Return the level of each language of a cell such as "en: fluent; fr: basic"."""
    found: dict[str, str] = {}
    for each in values.pieces(cell):
        code, _colon, level = (part.strip() for part in each.partition(":"))
        if found.setdefault(_language(code), _level(level)) != level:
            raise CellError(_("Write each language at one level only."))
    values.refuse_more(len(found), profiles.MOST_LANGUAGES)
    return found


def _parsers() -> dict[str, Parser]:
    known: dict[str, Parser] = {
        "agreed_on": values.past_day,
        "text_language": _language,
        "sectors": values.codes(codes.SECTORS),
        "countries": values.codes(codes.COUNTRIES),
        "years": values.whole_number(80),
        "availability": values.choice(Availability.values, is_needed=True),
    }
    for name, column in EXPERT_TEXTS.items():
        most: Any = Expert._meta.get_field(column).max_length  # type: ignore[union-attr]
        if name.endswith("_audience"):
            known[name] = values.choice(Audience.values, is_needed=True)
        elif name not in known:
            known[name] = values.text(most, is_needed=name in _NEEDED)
    return known

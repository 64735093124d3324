"""Many figures from a table: checked without writing, then taken all or not at all.

What is done when is in `upload_steps`.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience
from accounts.services import new_activity, record_activities
from core.copying import copy_create
from core.errors import DomainError
from core.owed import note_progress
from core.sheets import Line, SheetError, too_long
from evaluation.models import (
    Cell,
    Framework,
    Indicator,
    Period,
    Update,
    UpdateCell,
    UpdateState,
    UpdateUpload,
)
from evaluation.services.locks import is_locked, leaves_in_force, locked_error
from evaluation.services.outbox import request_recalculation
from evaluation.services.units import Unit, exchanges_reporting, hubs_reporting
from evaluation.services.update_checks import (
    NUMBERS,
    SEVERAL,
    Stated,
    refuse_busy,
    refuse_empty_source,
    refuse_incomplete,
    refuse_period,
    refuse_wrong,
)
from evaluation.services.upload_cells import SAID, WrongCell, columns_said, parts_said

if TYPE_CHECKING:
    from accounts.models import Member

MOST_ROWS = 10_000
MOST_TOLD = 200  # problems that are told one by one
PORTION = 250  # rows after which it is known how far it is
WHICH = ("indicator", "indicator_id", "period_start", "hub", "exchange")
COLUMNS = (*WHICH, *SAID)  # and, for parts, columns such as "sex:women"
Problem = tuple[int, str, str]  # row, column, what to do


class Planned(NamedTuple):
    """A row that is right: what it would write."""

    row: int
    update: Update
    cells: Mapping[int, Mapping[str, Decimal | None]]


@dataclass
class UploadReport:
    """What a table would do; with problems, nothing."""

    new: list[Planned] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def can_be_taken(self) -> bool:
        return bool(self.new) and not self.problems

    def told(self) -> dict[str, Any]:
        """Return it as `UpdateUpload.report` keeps it, without the count of the rows."""
        return {
            "new": len(self.new),
            "same": self.same,
            "problems": [list(each) for each in self.problems[:MOST_TOLD]],
            "problem_count": len(self.problems),
            "failure": "",
        }


def rows_of(framework: Framework, lines: Iterator[Line]) -> list[list[Any]]:
    """Return the rows of a table as `UpdateUpload.rows` keeps them. Raises `SheetError` if it is
    none of this framework's.
    """
    header = [cell.casefold() for cell in next(lines, Line(1, [])).cells]
    known = {*COLUMNS, *_cell_columns(framework)}
    unknown = [name for name in header if name and name not in known]
    lacking = [name for name in ("indicator", "period_start") if name not in header]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if unknown or lacking or twice:
        names = ", ".join(name[:40] for name in (unknown or lacking or twice)[:5])
        raise SheetError(
            _("The first row must name the columns as the template does. Look at: %(names)s.")
            % {"names": names}
        )
    rows: list[list[Any]] = []
    for line in lines:
        if len(rows) == MOST_ROWS:
            raise too_long(MOST_ROWS)
        cells = zip(header, line.cells, strict=False)
        rows.append([line.row, {name: cell for name, cell in cells if name and cell}])
    return rows


def check_upload(upload: UpdateUpload) -> UploadReport:
    """Return what the table would do now; nothing is written, and nobody waits for it."""
    return _Checking(upload, Period.objects.all()).report()


def take_rows(current: UpdateUpload) -> UploadReport:
    """Take all rows of a table, or none if something is wrong by now; return what it did.

    Call it in the transaction of the step, with the row of the table locked.
    """
    # Nobody begins one of these reports, or closes a period, before this is committed.
    framework = Indicator.objects.filter(result__framework=current.framework_id).order_by("pk")
    list(framework.select_for_update(no_key=True, of=("self",)).values_list("pk"))
    periods = Period.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    report = _Checking(current, periods).report()
    if report.can_be_taken:
        _write(report.new, current, current.member)
    return report


def _write(planned: list[Planned], upload: UpdateUpload, by: Member) -> None:
    updates = [each.update for each in planned]
    if upload.is_sent:
        for update in updates:
            update.state, update.submitted_at = UpdateState.SUBMITTED, timezone.now()
    copy_create(updates)
    copy_create(
        [
            UpdateCell(update=each.update, cell_id=key, **part)
            for each in planned
            for key, part in each.cells.items()
        ]
    )
    writers = Update.writers.through
    copy_create([writers(update_id=update.pk, member_id=by.pk) for update in updates])
    record_activities(
        new_activity(
            "update.uploaded",
            update,
            by=by,
            audience=ActivityAudience.MODERATORS,
            label="" if update.exchange_id else None,
            url="" if update.exchange_id else None,
        )
        for update in updates
    )
    if upload.is_sent:
        request_recalculation({update.indicator_id for update in updates})


def _cell_columns(framework: Framework) -> dict[str, Cell]:
    cells = Cell.objects.filter(dimension__definitions__indicators__result__framework=framework)
    rows = cells.select_related("dimension").order_by("dimension__code", "position", "pk")
    found: dict[str, Cell] = {}
    for cell in rows:
        name = f"{cell.dimension.code}:{cell.code}"
        found[name] = cell
        for column in ("numerator", "denominator"):
            found[f"{name}:{column}"] = cell
    return found


def template_columns(framework: Framework) -> list[str]:
    """Return the columns of the table to fill in: the parts by their whole figures only."""
    parts = [name for name in _cell_columns(framework) if name.count(":") == 1]
    return [*COLUMNS, *parts]


class _Checking:
    """One reading of a table: what it may name is asked for once, whatever its length."""

    def __init__(self, upload: UpdateUpload, periods: QuerySet[Period]) -> None:
        self.upload, self.by = upload, upload.member
        framework = upload.framework
        rows = Indicator.objects.reportable_by(self.by).filter(result__framework=framework)
        found = rows.select_related("definition__definition", "result__framework")
        self.indicators: dict[str, dict[str, Indicator]] = defaultdict(dict)
        for each in found.order_by("pk"):
            self.indicators[each.definition.definition.code][str(each.pk)] = each
        self.periods = {
            (each.frequency, each.starts_on.isoformat()): each
            for each in periods.filter(framework=framework).select_related("framework")
        }
        leaves = leaves_in_force().filter(period__framework=framework)
        self.leaves = set(leaves.values_list("period", "indicator"))
        self.hubs = {each.slug: each for each in hubs_reporting(framework, self.by)}
        self.exchanges = {each.slug: each for each in exchanges_reporting(framework, self.by)}
        self.columns = _cell_columns(framework)
        self.cells: dict[int, list[Cell]] = defaultdict(list)
        by_dimension = defaultdict(set)
        for cell in self.columns.values():
            by_dimension[cell.dimension_id].add(cell)
        for version, dimension in (
            Indicator.objects.filter(result__framework=framework)
            .values_list("definition", "definition__dimensions")
            .distinct()
        ):
            self.cells[version] += by_dimension[dimension]
        self.there: dict[tuple[Any, ...], Update] = {}
        self.approved: dict[tuple[Any, ...], list[tuple[datetime.date, Update]]] = defaultdict(list)
        self._read_what_is_there()
        self.seen: dict[tuple[Any, ...], int] = {}

    def _read_what_is_there(self) -> None:
        """Note what the units of the table have reported and report on now."""
        ours = Q(hub__in=self.hubs.values()) | Q(exchange__in=self.exchanges.values())
        rows = Update.objects.filter(ours, indicator__result__framework=self.upload.framework)
        open_ones, approved = rows.open(), rows.approved()
        for update in (open_ones | approved).select_related("period").prefetch_related("cells"):
            is_open = update.state != UpdateState.APPROVED
            self.there[(*_key(update), is_open)] = update
            if not is_open:
                self.approved[_series(update)].append((update.period.starts_on, update))

    def report(self) -> UploadReport:
        """Return what the whole table would do."""
        report = UploadReport()
        for done, (row, cells) in enumerate(self.upload.rows):
            if done % PORTION == 0:
                note_progress(self.upload, done)
            try:
                planned = self._planned(int(row), cells)
            except WrongCell as error:
                report.problems.append((row, error.column, str(error)))
            except ValidationError as error:
                report.problems += [(row, *each) for each in self._told(error)]
            except DomainError as error:
                report.problems.append((row, "", str(error)))
            else:
                if planned is None:
                    report.same += 1
                else:
                    report.new.append(planned)
        return report

    def _told(self, error: ValidationError) -> Iterator[tuple[str, str]]:
        names = {f"cell-{cell.pk}": name for name, cell in reversed(self.columns.items())}
        for name, errors in error.error_dict.items():
            column = {"period": "period_start"}.get(name, names.get(name, name))
            for each in errors:
                yield column, " ".join(each.messages)

    def _planned(self, row: int, cells: Mapping[str, str]) -> Planned | None:
        indicator = self._indicator(cells)
        period = self._period(indicator, cells.get("period_start", ""))
        unit = self._unit(cells)
        update = Update(
            indicator=indicator,
            period=period,
            hub=unit.hub,
            exchange=unit.exchange,
            author=self.by,
            source_name=cells.get("source_name", ""),
        )
        first = self.seen.setdefault(_key(update), row)
        if first != row:
            text = _("Row %(row)d reports the same already.") % {"row": first}
            raise WrongCell("indicator", text)
        stated = self._stated(indicator, cells)
        for name, value in stated.columns.items():
            setattr(update, name, value)
        earlier = self.there.get((*_key(update), False))
        if earlier is not None and _says(earlier, stated):
            return None
        refuse_period(indicator, period)
        self._refuse_locked(indicator, period)
        refuse_busy(self.there.get((*_key(update), True)))
        update.supersedes = earlier
        if self.upload.is_sent:
            refuse_incomplete(update, self._previous(update))
        return Planned(row, update, stated.cells)

    def _previous(self, update: Update) -> Update | None:
        """Return what `update_checks.previous_of` does, of what was read."""
        start = update.period.starts_on
        before = [each for each in self.approved[_series(update)] if each[0] < start]
        return max(before, key=itemgetter(0))[1] if before else None

    def _indicator(self, cells: Mapping[str, str]) -> Indicator:
        """Return the indicator of this code; of several, that of the number in the row."""
        found = self.indicators.get(cells.get("indicator", ""), {})
        number = cells.get("indicator_id", "")
        if number and found and number not in found:
            raise WrongCell("indicator_id", _("No indicator of this code has this number."))
        if not found:
            raise WrongCell("indicator", _("There is no such indicator in this framework."))
        if not number and len(found) > 1:
            raise WrongCell("indicator_id", str(SEVERAL))
        return found[number] if number else next(iter(found.values()))

    def _period(self, indicator: Indicator, text: str) -> Period:
        period = self.periods.get((indicator.frequency, text))
        if period is None:
            starts = sorted(start for kind, start in self.periods if kind == indicator.frequency)
            text = _("No period of this indicator begins then. There are: %(days)s.")
            raise WrongCell("period_start", text % {"days": ", ".join(starts[:12]) or "–"})
        return period

    def _unit(self, cells: Mapping[str, str]) -> Unit:
        hub, exchange = cells.get("hub", ""), cells.get("exchange", "")
        if bool(hub) == bool(exchange):
            raise WrongCell("hub", _("Name a hub or an exchange, not both."))
        if hub:
            if hub not in self.hubs:
                raise WrongCell("hub", _("You do not report for a hub of this name here."))
            return Unit(hub=self.hubs[hub])
        if exchange not in self.exchanges:
            raise WrongCell("exchange", _("You do not report for an exchange of this name here."))
        return Unit(exchange=self.exchanges[exchange])

    def _stated(self, indicator: Indicator, cells: Mapping[str, str]) -> Stated:
        language = self.upload.language
        parts = parts_said(cells, self.columns, language)
        stated = Stated(columns_said(cells, language), parts)
        refuse_empty_source(stated.columns)
        refuse_wrong(indicator.definition, stated, self.cells[indicator.definition_id])
        return stated

    def _refuse_locked(self, indicator: Indicator, period: Period) -> None:
        leaves = {(period.pk, None), (period.pk, indicator.pk)}
        if is_locked(period) and not leaves & self.leaves:
            raise WrongCell("period_start", str(locked_error(period)))


def _key(update: Update) -> tuple[Any, ...]:
    return (*_series(update), update.period_id)


def _series(update: Update) -> tuple[Any, ...]:
    return (update.indicator_id, update.hub_id, update.exchange_id, update.source_name)


def _says(update: Update, stated: Stated) -> bool:
    """Return whether an approved figure says what a row says."""
    if any(getattr(update, name) != value for name, value in stated.columns.items()):
        return False
    parts = {part.cell_id: _numbers(part) for part in update.cells.all()}
    return parts == {
        key: {name: part.get(name) for name in NUMBERS} for key, part in stated.cells.items()
    }


def _numbers(part: UpdateCell) -> dict[str, Any]:
    return {name: getattr(part, name) for name in NUMBERS}

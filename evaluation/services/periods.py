"""The periods of a framework, made by frequency."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from evaluation.models import Framework, Frequency, Indicator, Period
from evaluation.services.framework_records import refuse_others, touch_framework
from evaluation.services.outbox import request_recalculation
from hubs.services.rows import lock, sign

if TYPE_CHECKING:
    from accounts.models import Member

MONTHS = {
    Frequency.MONTH: 1,
    Frequency.QUARTER: 3,
    Frequency.HALF_YEAR: 6,
    Frequency.YEAR: 12,
}
MOST = 240  # periods made at once: twenty years of months


def spans(
    frequency: str, start: datetime.date, end: datetime.date
) -> Iterator[tuple[datetime.date, datetime.date]]:
    """Give first and last day of each period from `start` to `end`, by the calendar: quarters
    begin in January, April, July, October; the first and the last may be shorter.
    """
    if frequency == Frequency.ONCE:
        yield start, end
        return
    months = MONTHS[Frequency(frequency)]
    first = start
    while first <= end:
        place = first.year * 12 + (first.month - 1) // months * months + months
        if place // 12 > datetime.MAXYEAR:
            yield first, end
            return
        following = datetime.date(place // 12, place % 12 + 1, 1)
        yield first, min(following - datetime.timedelta(days=1), end)
        first = following


def label_of(frequency: str, first: datetime.date) -> str:
    """Return the name of a period as records have it, in no language: 2024, 2024-Q1, 2024-03."""
    if frequency == Frequency.MONTH:
        return f"{first:%Y-%m}"
    if frequency == Frequency.QUARTER:
        return f"{first.year}-Q{(first.month + 2) // 3}"
    if frequency == Frequency.HALF_YEAR:
        return f"{first.year}-H{(first.month + 5) // 6}"
    return str(first.year) if frequency == Frequency.YEAR else ""


@transaction.atomic
def make_periods(
    framework: Framework, *, frequency: str, until: datetime.date | None, by: Member
) -> int:
    """Make the periods that are missing from the framework's start until a day (None: its end);
    of a framework without an end one open period is made for "once". Return how many are new.

    Raises `PermissionDenied` for who does not write the framework, `DomainError` where no end is
    given or there would be more than `MOST`. Twice at once makes each period once.
    """
    current: Framework = lock(framework)
    refuse_others(current, by=by)
    made = add_periods(current, frequency, until)
    if made:
        texts = ", ".join(period.plain_name for period in made)
        touch_framework(current, by=by, field="periods", text=texts)
    return len(made)


@transaction.atomic
def remove_period(period: Period, *, by: Member) -> None:
    """Take out a period made by mistake. Raises `PermissionDenied` for who does not write the
    framework, `Removed` if it is gone already, and `DomainError` where something was reported,
    hoped for or asked for by a link, or rolled up into it.
    """
    framework: Framework = lock(period.framework)
    current: Period = lock(period)
    refuse_others(framework, by=by)
    standing = (current.updates, current.targets, current.links, current.figures)
    if any(each.exists() for each in standing):
        raise DomainError(
            _("Reports, targets, links or figures from below stand on this period. It stays.")
        )
    touch_framework(framework, by=by, field="period removed", text=current.plain_name)
    frequency = current.frequency
    sign(current, by)
    current.delete()
    of_frequency = Indicator.objects.filter(result__framework=framework, frequency=frequency)
    request_recalculation(of_frequency.values_list("pk", flat=True))


def add_periods(framework: Framework, frequency: str, until: datetime.date | None) -> list[Period]:
    """Make the periods that are missing of a locked framework, without asking for rights."""
    end = until or framework.ends_on
    if end is None:
        if frequency != Frequency.ONCE:
            raise DomainError(_("The framework has no end: say until when periods are made."))
        made: list[tuple[datetime.date, datetime.date | None]] = [(framework.starts_on, None)]
    else:
        if end < framework.starts_on:
            raise DomainError(_("The end must not be before the start."))
        found = []
        for span in spans(frequency, framework.starts_on, end):
            found.append(span)
            if len(found) > MOST:
                raise DomainError(_("That would be more than %(most)s periods.") % {"most": MOST})
        made = list(found)
    there = set(
        Period.objects.filter(framework=framework, frequency=frequency).values_list(
            "starts_on", flat=True
        )
    )
    rows = [
        Period(
            framework=framework,
            frequency=frequency,
            starts_on=first,
            ends_on=last,
            label=label_of(frequency, first),
        )
        for first, last in made
        if first not in there
    ]
    Period.objects.bulk_create(rows)
    of_frequency = Indicator.objects.filter(result__framework=framework, frequency=frequency)
    request_recalculation(of_frequency.values_list("pk", flat=True))
    return rows

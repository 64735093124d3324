"""Periods that are closed to reports, and timed leave to report all the same."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience
from accounts.services import record_activity
from core.dates import today
from core.errors import DomainError
from evaluation.models import Framework, Indicator, LockException, Period
from hubs.services.rows import lock

if TYPE_CHECKING:
    from accounts.models import Member


def locks_on(period: Period) -> datetime.date | None:
    """Return the first day on which the period is locked by its age; None for an open one, and
    for one that would lock after the last day that there is.
    """
    if period.ends_on is None:
        return None
    days = period.framework.lock_after_days
    grace = settings.PERIOD_LOCK_DAYS if days is None else days
    try:
        return period.ends_on + datetime.timedelta(days=grace + 1)
    except OverflowError:
        return None


def is_locked(period: Period) -> bool:
    """Say whether reports on the period are closed, leave aside."""
    day = locks_on(period)
    return period.locked_at is not None or (day is not None and day <= today())


def refuse_locked(indicator: Indicator, period: Period) -> None:
    """Raise `DomainError` if the period is locked and nobody gave leave for the indicator.

    Call it in the transaction of the report: the period's row stays as it is until that ends.
    """
    current: Period = lock(period)
    leave = leaves_in_force().filter(
        Q(indicator=None) | Q(indicator=indicator.pk), period=current.pk
    )
    if is_locked(current) and not leave.exists():
        raise locked_error(current)


def leaves_in_force() -> QuerySet[LockException]:
    """Return by what leave somebody may report on a locked period now."""
    return LockException.objects.filter(until__gt=timezone.now())


def locked_error(period: Period) -> DomainError:
    """Return the refusal of a report on a locked period."""
    return DomainError(
        _("The period %(period)s is locked. A head of the hub or a moderator can open it.")
        % {"period": period}
    )


@transaction.atomic
def lock_period(period: Period, *, by: Member) -> Period:
    """Close a period to reports at once. Raises `PermissionDenied` for who does not write the
    framework.
    """
    current = _writable(period, by=by)
    if current.locked_at is None:
        current.locked_at = timezone.now()
        current.save(update_fields=["locked_at"])
        _record("period.locked", current, by=by)
    return current


@transaction.atomic
def unlock_period(period: Period, *, by: Member) -> Period:
    """Take back a lock set by hand; one that came with age stays. Raises as `lock_period`."""
    current = _writable(period, by=by)
    if current.locked_at is not None:
        current.locked_at = None
        current.save(update_fields=["locked_at"])
        _record("period.unlocked", current, by=by)
    return current


@transaction.atomic
def allow_late_report(
    period: Period,
    *,
    indicator: Indicator | None,
    until: datetime.datetime,
    reason: str,
    by: Member,
) -> LockException:
    """Give leave to report on a locked period until a moment, on one indicator or on all.

    Raises `PermissionDenied` for who may not open it, `DomainError` without a reason, for a
    moment that is over or for an indicator of another framework.
    """
    current = _writable(period, by=by)
    if indicator is not None and indicator.result.framework_id != current.framework_id:
        raise DomainError(_("This indicator is of another framework."))
    if not reason.strip():
        raise DomainError(_("Say why."))
    if until <= timezone.now():
        raise DomainError(_("Choose a day that is still to come."))
    leave = LockException.objects.create(
        period=current, indicator=indicator, until=until, reason=reason.strip(), by=by
    )
    _record("period.opened", current, by=by)
    return leave


@transaction.atomic
def end_leave(leave: LockException, *, by: Member) -> LockException:
    """End leave to report on a locked period before its time. Raises `PermissionDenied` for who
    may not lock the period, `DomainError` if it is over already.
    """
    period = _writable(leave.period, by=by)
    current = LockException.objects.select_for_update(no_key=True).get(pk=leave.pk)
    if current.until <= timezone.now():
        raise DomainError(_("This leave is over already."))
    current.until = timezone.now()
    current.save(update_fields=["until"])
    _record("period.closed", period, by=by)
    return current


def _writable(period: Period, *, by: Member) -> Period:
    current: Period = lock(period)
    if not Framework.objects.lockable_by(by).contains(current.framework):
        raise PermissionDenied
    return current


def _record(verb: str, period: Period, *, by: Member) -> None:
    framework = period.framework
    record_activity(
        verb,
        framework,
        by=by,
        audience=ActivityAudience.of(is_public=False),
        changes=[{"field": "period", "old": None, "new": period.plain_name}],
    )

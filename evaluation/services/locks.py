"""Whether a period still takes figures."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.dates import today
from core.errors import DomainError
from evaluation.models import LockException, Period

if TYPE_CHECKING:
    from evaluation.models import Indicator


def refuse_locked(indicator: Indicator, period: Period) -> None:
    """Raise `DomainError` if the period is locked for the indicator and no exception runs.

    The period's row is locked for sharing: nobody locks it before the transaction ends.
    """
    locked = Period.objects.select_for_update(no_key=True, of=("self",))
    current = locked.select_related("framework").get(pk=period.pk)
    if not _is_locked(current):
        return
    exceptions = LockException.objects.filter(period=current, until__gt=timezone.now())
    if not exceptions.filter(Q(indicator=None) | Q(indicator=indicator)).exists():
        raise DomainError(
            _("The period %(period)s is locked. Ask a head or a moderator to open it.")
            % {"period": current}
        )


def _is_locked(period: Period) -> bool:
    if period.locked_at is not None:
        return True
    days = period.framework.lock_after_days
    if days is None:
        days = getattr(settings, "PERIOD_LOCK_DAYS", None)
    if days is None or period.ends_on is None:
        return False
    return today() > period.ends_on + datetime.timedelta(days=days)

"""What is still to be reported by the hubs in which somebody has a role."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings

from core.dates import today
from evaluation.models import Indicator, Period, Update, UpdateState

if TYPE_CHECKING:
    from hubs.querysets import User

_HERE = (UpdateState.DRAFT, UpdateState.SUBMITTED, UpdateState.RETURNED, UpdateState.APPROVED)


class Due(NamedTuple):
    """A figure that nobody has begun: of the framework's own hub or exchange."""

    indicator: Indicator
    period: Period
    unit_key: str  # as forms name it: "hub:slug"

    @property
    def is_late(self) -> bool:
        return self.period.is_over


def due_reports(user: User, *, framework: str = "") -> list[Due]:
    """Return what nobody has begun for periods that began and are not locked, the oldest first;
    three queries, whatever the number. Of frameworks of no hub and no exchange nothing: nobody
    in particular owes these.
    """
    indicators = Indicator.objects.reportable_by(user).exclude(
        result__framework__hub=None, result__framework__exchange=None
    )
    if framework:
        indicators = indicators.filter(result__framework__slug=framework)
    rows = list(
        indicators.select_related(
            "definition", "result__framework__hub", "result__framework__exchange"
        )
    )
    periods = _open_periods({each.result.framework_id for each in rows})
    reported = Update.objects.filter(indicator__in=[each.pk for each in rows], state__in=_HERE)
    known = set(reported.values_list("indicator", "period", "hub", "exchange"))
    due = []
    for indicator in rows:
        owner = indicator.result.framework
        exchange = owner.exchange
        hub = None if exchange else owner.hub
        unit = ("hub", hub) if hub else ("exchange", exchange)
        for period in periods[owner.pk, indicator.frequency]:
            key = (indicator.pk, period.pk, hub.pk if hub else None, owner.exchange_id)
            if key not in known and unit[1] is not None:
                due.append(Due(indicator, period, f"{unit[0]}:{unit[1].slug}"))
    return sorted(due, key=lambda each: (each.period.starts_on, each.indicator.pk))


def _open_periods(framework_pks: set[int]) -> dict[tuple[int, str], list[Period]]:
    found: dict[tuple[int, str], list[Period]] = defaultdict(list)
    rows = Period.objects.filter(
        framework__in=framework_pks, starts_on__lte=today(), locked_at=None
    ).select_related("framework")
    for period in rows.order_by("starts_on", "pk"):
        days = period.framework.lock_after_days
        if days is None:
            days = getattr(settings, "PERIOD_LOCK_DAYS", None)
        ends = period.ends_on
        if days is None or ends is None or today() <= ends + datetime.timedelta(days=days):
            found[period.framework_id, period.frequency].append(period)
    return found

"""The funding mix of a hub, drawn period by period."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import codes
from core.svg import Chart, Series, bar_chart
from hubs.profile import Profile

# What an amount is; never added up with one of another kind.
MEASURES = {
    "spent": gettext_lazy("What was spent, by source, in %(currency)s"),
    "committed": gettext_lazy("What was committed, by source, in %(currency)s"),
    "pledged": gettext_lazy("What was pledged, by source, in %(currency)s"),
}
Period = tuple[int, int, str]  # first and last year for the order, and words
Figure = tuple[Period, Any, Decimal]  # when, the stream, its share or amount


def funding_charts(profile: Profile) -> Iterator[Chart]:
    """Give the funding mix by period: shares first, then each measure in each currency.

    Only what is stated is drawn; a stream without any date cannot be placed and stays in
    the list alone.
    """
    dated = [(period_of(stream), stream) for stream in profile.facts["funding-streams"]]
    placed = [(period, stream) for period, stream in dated if period is not None]
    shares = [
        (period, stream, stream.share) for period, stream in placed if stream.share is not None
    ]
    if shares:
        yield _chart(_("Share of each source of funding"), shares, "%", is_percent=True)
    for currency in sorted({stream.currency for _period, stream in placed if stream.currency}):
        for measure, title in MEASURES.items():
            amounts = [
                (period, stream, getattr(stream, measure))
                for period, stream in placed
                if stream.currency == currency and getattr(stream, measure) is not None
            ]
            if amounts:
                words = {"currency": codes.currency_name(currency)}
                yield _chart(str(title) % words, amounts, currency)


def period_of(stream: Any) -> Period | None:
    """Return the years of a stream, else the year in which it was stated; None without any."""
    start = stream.valid_from and stream.valid_from.year
    end = stream.valid_to and stream.valid_to.year
    if start and end:
        return start, end, str(start) if start == end else f"{start}–{end}"
    if start:
        return start, 9999, _("since %(start)s") % {"start": start}
    if end:
        return end, end, _("until %(end)s") % {"end": end}
    if stream.stated_on:
        year = stream.stated_on.year
        return year, year, _("stated %(year)s") % {"year": year}
    return None


def _chart(title: str, figures: list[Figure], unit: str, *, is_percent: bool = False) -> Chart:
    periods = sorted({period for period, _stream, _value in figures})
    names = {
        stream.source_type: str(stream.get_source_type_display())
        for _period, stream, _value in figures
    }
    series = [
        Series(name, [_sum(figures, kind, period) for period in periods])
        for kind, name in names.items()
    ]
    labels = [label for _first, _last, label in periods]
    return bar_chart(
        title, labels, series, unit=unit, is_percent=is_percent, category_title=_("Years")
    )


def _sum(figures: list[Figure], kind: str, period: Period) -> Decimal | None:
    values = [
        value for each, stream, value in figures if stream.source_type == kind and each == period
    ]
    return sum(values, Decimal(0)) if values else None

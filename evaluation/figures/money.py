"""Rule 10: money stays in its currency, and what is not valued never counts as nothing."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217), with the day by whose rate it may be converted."""

    amount: Decimal | Fraction
    currency: str
    on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of `currency` was worth in the table's currency from the day `on`."""

    currency: str
    on: datetime.date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class RateTable:
    """Rates into one currency, with where they are from and how many days one stays good."""

    currency: str
    source: str
    rates: tuple[Rate, ...]
    valid_days: int = 366

    def rate(self, currency: str, on: datetime.date) -> Fraction | None:
        """Return the latest rate that was known on that day; None if it is too old or none is."""
        if currency == self.currency:
            return Fraction(1)
        known = [r for r in self.rates if r.currency == currency and r.on <= on and r.rate > 0]
        latest = max(known, key=lambda rate: rate.on, default=None)
        if latest is None or (on - latest.on).days > self.valid_days:
            return None
        return Fraction(latest.rate)


@dataclass(frozen=True, slots=True)
class Converted:
    """A sum in one currency, and beside it what could not be converted."""

    total: Fraction | None
    currency: str
    source: str
    converted: int
    left: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """A recorded way to value things: money per unit, by unit, in one version."""

    code: str
    version: int
    currency: str
    rates: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class InKind:
    """Something given that is not money: so many of a unit (`expert_day`, `seat`)."""

    quantity: Decimal | None
    unit: str
    method: Method | None = None


@dataclass(frozen=True, slots=True)
class Valuation:
    """Money by currency, what was valued, and by unit what was not, which is no zero.

    `unstated` counts by unit the contributions whose quantity is not known.
    """

    totals: Mapping[str, Fraction]
    valued: int
    not_valued: Mapping[str, Fraction]
    unstated: Mapping[str, int]


def by_currency(moneys: Iterable[Money]) -> dict[str, Fraction]:
    """Return one exact sum for each currency; never one over several."""
    totals: dict[str, Fraction] = {}
    for money in moneys:
        totals[money.currency] = totals.get(money.currency, Fraction(0)) + Fraction(money.amount)
    return totals


def convert(moneys: Iterable[Money], table: RateTable) -> Converted:
    """Return the sum in the table's currency of what has a day and a rate for it."""
    total: Fraction | None = None
    converted, left = 0, []
    for money in moneys:
        # What is in the currency already needs no day.
        on = money.on or (datetime.date.max if money.currency == table.currency else None)
        rate = None if on is None else table.rate(money.currency, on)
        if rate is None:
            left.append(money)
        else:
            total = (total or Fraction(0)) + Fraction(money.amount) * rate
            converted += 1
    return Converted(total, table.currency, table.source, converted, tuple(left))


def value_of(given: InKind) -> Money | None:
    """Return what a contribution is worth by its method; None without one, or a rate in it."""
    if given.method is None or given.quantity is None or given.unit not in given.method.rates:
        return None
    worth = Fraction(given.quantity) * Fraction(given.method.rates[given.unit])
    return Money(worth, given.method.currency)


def valued(contributions: Iterable[InKind]) -> Valuation:
    """Return what contributions in kind come to, and beside it what nobody has valued."""
    moneys = []
    not_valued: dict[str, Fraction] = {}
    unstated: Counter[str] = Counter()
    for given in contributions:
        money = value_of(given)
        if money is not None:
            moneys.append(money)
        elif given.quantity is None:
            unstated[given.unit] += 1
        else:
            known = not_valued.get(given.unit, Fraction(0))
            not_valued[given.unit] = known + Fraction(given.quantity)
    return Valuation(by_currency(moneys), len(moneys), not_valued, dict(unstated))

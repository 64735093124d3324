"""Burden sharing: what each party put into an exchange; days first, money second.

Quantities stay in their units and money in its currency and stage. What is given in kind is
worth money only by a recorded method, and what nobody valued is counted beside, never as 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.svg import Chart, Series, bar_chart
from evaluation.figures.money import InKind, Method, valued
from evaluation.models import Contribution, ContributionKind, MoneyStage

if TYPE_CHECKING:
    from evaluation.models import Exchange, Party, ValuationMethod


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in one currency, at one stage ("" where none is stated)."""

    amount: Decimal
    currency: str
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What one party gave: by kind what is stated, None where nothing is; money; worth in kind."""

    party: Party
    days: Decimal | None
    others: list[tuple[str, Decimal]]
    money: list[Amount]
    worth: list[Amount]
    not_valued: list[tuple[str, Decimal]]


def shares_of(exchange: Exchange, parties: Iterable[Party]) -> list[Share]:
    """Return the share of each of `parties` that gave anything; the exchange's contributions
    are fetched with `valuation`.
    """
    given: dict[int, list[Contribution]] = {}
    for row in exchange.contributions.all():
        given.setdefault(row.party_id, []).append(row)
    return [_share(party, given[party.pk]) for party in parties if party.pk in given]


def _share(party: Party, rows: list[Contribution]) -> Share:
    units: dict[str, Decimal] = {}
    for row in rows:
        if row.quantity is not None:
            units[row.kind] = units.get(row.kind, Decimal(0)) + row.quantity
    money: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        if row.amount is not None:
            key = (row.currency, row.stage)
            money[key] = money.get(key, Decimal(0)) + row.amount
    worth = valued(in_kind(row) for row in rows if row.quantity is not None)
    stages = dict(MoneyStage.choices)
    return Share(
        party=party,
        days=units.pop(ContributionKind.EXPERT_DAYS, None),
        others=[(_unit(kind), number) for kind, number in sorted(units.items())],
        money=[
            Amount(amount, currency, str(stages.get(stage, "")))
            for (currency, stage), amount in sorted(money.items())
        ],
        worth=[Amount(as_decimal(sum_), code) for code, sum_ in sorted(worth.totals.items())],
        not_valued=[
            (_unit(kind), as_decimal(number)) for kind, number in sorted(worth.not_valued.items())
        ],
    )


def in_kind(row: Contribution) -> InKind:
    """Return a contribution in kind as the engine reads it."""
    return InKind(row.quantity, row.kind, _method(row.valuation) if row.valuation else None)


def _method(row: ValuationMethod) -> Method:
    return Method(row.code, row.number, row.currency, {row.kind: row.rate})


def as_decimal(number: Fraction) -> Decimal:
    """Return an exact sum with two places: the last step before it is shown."""
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal("0.01"))


def _unit(kind: str) -> str:
    return str(ContributionKind(kind).label)


def days_chart(shares: list[Share]) -> Chart | None:
    """Return the expert days by party as a chart; None if no party states any."""
    if all(share.days is None for share in shares):
        return None
    return bar_chart(
        _("Expert days by party"),
        [str(share.party) for share in shares],
        [Series(_("Expert days"), [share.days for share in shares])],
        unit=_("days"),
        category_title=_("Party"),
    )

"""Rule 10: money by currency, and what is not valued beside it."""

import datetime
from decimal import Decimal

import pytest

from evaluation.figures.money import (
    InKind,
    Method,
    Money,
    Rate,
    RateTable,
    by_currency,
    convert,
    value_of,
    valued,
)

MAY, JUNE = datetime.date(2026, 5, 1), datetime.date(2026, 6, 1)
RATES = RateTable(
    "USD",
    "United Nations operational rates of exchange",
    (Rate("EUR", MAY, Decimal("1.10")), Rate("EUR", JUNE, Decimal("1.20"))),
)
DAYS = Method("standard-costs", 2, "USD", {"expert_day": Decimal(300)})


def test_rule_10_money_is_summed_in_each_currency_only():
    moneys = [Money(Decimal("10.10"), "EUR"), Money(Decimal(5), "USD"), Money(Decimal(2), "EUR")]

    assert by_currency(moneys) == {"EUR": Decimal("12.10"), "USD": 5}
    assert by_currency([]) == {}


@pytest.mark.parametrize(
    ("on", "total"),
    [(MAY, 110), (datetime.date(2026, 5, 31), 110), (JUNE, 120),
     (datetime.date(2026, 4, 30), None), (datetime.date(2028, 1, 1), None), (None, None)],
)  # fmt: skip
def test_rule_10_money_is_converted_by_the_rate_of_its_day(on, total):
    money = Money(Decimal(100), "EUR", on)

    found = convert([money], RATES)

    assert (found.total, found.currency) == (total, "USD")
    assert found.left == (() if total is not None else (money,))
    assert found.source == RATES.source


def test_rule_10_what_has_no_rate_is_left_beside_the_sum():
    pesos = Money(Decimal(900), "MXN", MAY)

    found = convert([Money(Decimal(7), "USD"), pesos, Money(Decimal(10), "EUR", MAY)], RATES)

    assert (found.total, found.converted, found.left) == (18, 2, (pesos,))


def test_rule_10_things_are_money_only_by_a_recorded_method():
    assert value_of(InKind(Decimal(4), "expert_day", DAYS)) == Money(Decimal(1200), "USD")
    assert value_of(InKind(Decimal(4), "expert_day")) is None
    assert value_of(InKind(Decimal(4), "seat", DAYS)) is None
    assert value_of(InKind(None, "expert_day", DAYS)) is None


def test_rule_10_what_is_not_valued_never_counts_as_nothing():
    found = valued(
        [
            InKind(Decimal(4), "expert_day", DAYS),
            InKind(Decimal(6), "expert_day"),
            InKind(Decimal(1), "seat"),
            InKind(None, "seat"),
        ]
    )

    assert (found.totals, found.valued) == ({"USD": 1200}, 1)
    assert found.not_valued == {"expert_day": 6, "seat": 1}
    assert found.unstated == {"seat": 1}
    assert valued([InKind(Decimal(6), "seat")]).totals == {}


def test_rule_10_what_is_worth_nothing_by_its_method_is_valued():
    free = Method("standard-costs", 3, "USD", {"seat": Decimal(0)})

    found = valued([InKind(Decimal(6), "seat", free)])

    assert (found.totals, found.valued, found.not_valued) == ({"USD": 0}, 1, {})

"""The facts of an exchange, and what sides say of them, in words of the reader's language."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.codelists import Instrument
from core import codes
from core.dates import Precision, format_partial_date, parse_partial_date
from evaluation.facts import body_key
from evaluation.models import (
    ConfirmationState,
    ContributionKind,
    ExchangeStatus,
    Modality,
    MoneyStage,
    Party,
)
from evaluation.standing import AWAITED, VOIDED, Said
from hubs.wording import money

_KINDS = {"confirmed": "ok", "differs": "bad", "agreed-to-differ": "on", VOIDED: "warn"}


def number(value: Decimal | int) -> str:
    """Return a number as readers of the language write it."""
    return str(format_decimal(value, locale=codes.babel_locale()))


def fact_text(key: str, value: Any, parties: Iterable[Party]) -> str:
    """Return the value of a fact in words; "" where nothing is stated."""
    known = list(parties)
    kind = key.partition(":")[0]
    if kind == "party":
        names = {body_key(party): str(party) for party in known}
        return "; ".join(names.get(body, body.partition(":")[2]) for body in value)
    if kind in ("attendance", "contribution"):
        names = {str(party.pk): str(party) for party in known}
        rows = value if kind == "attendance" else [value]
        words = _people if kind == "attendance" else _given
        return "; ".join(words(row, names.get(str(row["party"]), "")) for row in rows)
    return _WORDS.get(kind, str)(value) if value not in (None, "", []) else ""


def _people(row: Mapping[str, Any], party: str) -> str:
    total = ngettext("%(party)s: %(number)d person", "%(party)s: %(number)d people", row["total"])
    text = total % {"party": party, "number": row["total"]}
    parts = [
        label % row[name]
        for name, label in (("women", _("%d women")), ("men", _("%d men")))
        if row[name] is not None
    ]
    return f"{text} ({', '.join(parts)})" if parts else text


def _given(row: Mapping[str, Any], party: str) -> str:
    if row["amount"] is not None:
        what = money(Decimal(row["amount"]), row["currency"])
        stage = dict(MoneyStage.choices).get(row["stage"], "")
    else:
        what = f"{ContributionKind(row['kind']).label}: {number(Decimal(row['quantity']))}"
        stage = ""
    parts = (party, what, stage, day(row["dated_on"]), row["note"])
    return ", ".join(str(part) for part in parts if part)


def day(iso: str | None) -> str:
    """Return a date as precisely as it is known."""
    if not iso:
        return ""
    return format_partial_date(*_parsed(iso))


def _parsed(iso: str) -> tuple[datetime.date, str]:
    try:
        return parse_partial_date(iso)
    except ValueError:
        return datetime.date.fromisoformat(iso), Precision.DAY


def _step(value: Mapping[str, Any]) -> str:
    country = codes.country_name(value["country"]) if value["country"] else ""
    instrument = Instrument(value["instrument"]).label if value["instrument"] else ""
    parts = (
        value["title"],
        instrument,
        day(value["starts_on"]),
        day(value["ends_on"]),
        value["place"],
        country,
        _("online") if value["is_online"] else "",
        _("done") if value["is_done"] else "",
    )
    return ", ".join(str(part) for part in parts if part)


_WORDS: dict[str, Callable[[Any], str]] = {
    "modality": lambda value: str(Modality(value).label),
    "status": lambda value: str(ExchangeStatus(value).label),
    "starts_on": day,
    "ends_on": day,
    "instruments": lambda value: ", ".join(str(Instrument(code).label) for code in value),
    "sectors": lambda value: ", ".join(codes.sector_name(code) for code in value),
    "step": _step,
}


def said_text(said: Said) -> str:
    """Return the state of one side's word on one fact."""
    if said.state == AWAITED:
        return _("not confirmed yet")
    if said.state == VOIDED:
        return _("confirmed before it was changed; asked anew")
    return str(ConfirmationState(said.state).label)


def said_kind(said: Said) -> str:
    """Return the kind of mark of one side's word: "ok", "bad", "on", "warn", or ""."""
    return _KINDS.get(said.state, "")


def stated_text(stated: Any) -> str:
    """Return what a side states instead, as a person reads it."""
    if stated is None:
        return ""
    if isinstance(stated, list):
        return ", ".join(str(each) for each in stated)
    return str(stated)

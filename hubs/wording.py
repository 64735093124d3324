"""How a fact of each kind is put into words: what it says, what it adds, when it held."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, format_decimal
from django.utils.translation import gettext as _

from core import codes
from core.dates import today
from hubs.models import (
    CoordinationLink,
    DatedFact,
    ExpertiseSource,
    FundingStream,
    InstitutionalArrangement,
    MonitoringPractice,
    Presence,
    Statement,
)


def headline(fact: DatedFact) -> str:
    """Return what a fact says, in a few words of the reader's language."""
    if isinstance(fact, CoordinationLink):
        return str(fact.organisation)
    if isinstance(fact, FundingStream):
        kind = str(fact.get_source_type_display())
        return f"{kind}: {fact.provider}" if fact.provider else kind
    return str(fact)


def details(fact: DatedFact) -> list[str]:
    """Return what else a fact says, each a phrase of the reader's language."""
    found = [text for text in _DETAILS[type(fact)](fact) if text]
    return [*found, fact.note] if fact.note else found


def when(fact: DatedFact) -> str:
    """Return from when to when a fact held, or else when it was stated."""
    if fact.period_text:
        return fact.period_text
    if fact.stated_text:
        return _("as stated in %(date)s") % {"date": fact.stated_text}
    return _("date not stated")


def fact_line(fact: Any) -> dict[str, Any]:
    """Return a fact as pages show it: words, address of the body it names, sources."""
    body = getattr(fact, "organisation", None) or getattr(fact, "provider", None)
    return {
        "fact": fact,
        "text": headline(fact),
        "url": body.get_absolute_url() if body else "",
        "details": details(fact),
        "when": when(fact),
        "is_past": is_past(fact),
        "source_list": fact.source_list,
    }


def is_past(fact: DatedFact) -> bool:
    """Return True for a fact that has ended before today."""
    return fact.valid_to is not None and fact.valid_to < today()


def money(amount: Decimal | None, currency: str) -> str:
    """Return an amount in its currency as the reader writes it; "" for None."""
    if amount is None:
        return ""
    pattern = "¤¤ #,##0" if amount == amount.to_integral() else "¤¤ #,##0.00"
    return str(
        format_currency(
            amount, currency, pattern, locale=codes.babel_locale(), currency_digits=False
        )
    )


def percent(share: Decimal | None) -> str:
    """Return a share in per cent as the reader writes it; "" for None."""
    if share is None:
        return ""
    return f"{format_decimal(share, locale=codes.babel_locale())} %"


def _arrangement(fact: Any) -> list[str]:
    staff = fact.staff_number
    return [
        _("hosted by %(host)s") % {"host": fact.host_institution} if fact.host_institution else "",
        _("legal basis: %(text)s") % {"text": fact.legal_basis} if fact.legal_basis else "",
        _("governed by %(text)s") % {"text": fact.governing_body} if fact.governing_body else "",
        "" if staff is None else _("staff: %(number)s") % {"number": _number(staff)},
    ]


def _coordination(fact: Any) -> list[str]:
    role, level = fact.get_role_display(), fact.get_government_level_display()
    return [f"{role} · {level}", fact.mechanism]


def _expertise(fact: Any) -> list[str]:
    return [str(fact.get_engagement_display()) if fact.engagement else "", fact.example]


def _funding(fact: Any) -> list[str]:
    def amount(value: Decimal | None, sentence: str) -> str:
        return sentence % {"amount": money(value, fact.currency)} if value is not None else ""

    share = percent(fact.share)
    return [
        _("%(share)s of the hub's funding") % {"share": share} if share else "",
        amount(fact.pledged, _("pledged: %(amount)s")),
        amount(fact.committed, _("committed: %(amount)s")),
        amount(fact.spent, _("spent: %(amount)s")),
        _("earmarked for %(text)s") % {"text": fact.earmark} if fact.earmark else "",
        ""
        if fact.confidentiality == "public"
        else _("shown to: %(who)s") % {"who": fact.get_confidentiality_display()},
    ]


def _monitoring(fact: Any) -> list[str]:
    return [fact.description]


def _presence(fact: Any) -> list[str]:
    return [str(fact.get_kind_display())]


def _statement(fact: Any) -> list[str]:
    return []


def _number(value: int) -> str:
    return str(format_decimal(value, locale=codes.babel_locale()))


_DETAILS: dict[type[DatedFact], Callable[[Any], list[str]]] = {
    InstitutionalArrangement: _arrangement,
    CoordinationLink: _coordination,
    ExpertiseSource: _expertise,
    FundingStream: _funding,
    MonitoringPractice: _monitoring,
    Presence: _presence,
    Statement: _statement,
}

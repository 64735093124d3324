"""The facts of an exchange that its providers and seekers confirm, each under a key of its own.

A fact has a value that JSON can keep: a confirmation names the value that it confirms, and
holds as long as the exchange says just that. So a changed fact voids its own confirmations
and no others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from core.dates import partial_isoformat
from evaluation.models import Attendance, Contribution, Exchange, Party, PartySide, Step

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Fact:
    """One shared fact: what it is about, and its value as JSON keeps it."""

    key: str
    label: str
    value: Any


def with_facts(exchanges: QuerySet[Any]) -> QuerySet[Any]:
    """Fetch all that `facts_of` reads; five more queries, whatever the number of exchanges."""
    parties = Party.objects.select_related("hub", "organisation").order_by("pk")
    attendances = Attendance.objects.order_by("pk")
    steps = Step.objects.prefetch_related(Prefetch("attendances", attendances))
    return exchanges.prefetch_related(
        Prefetch("parties", parties),
        Prefetch("steps", steps.order_by("starts_on", "pk")),
        Prefetch(
            "contributions",
            Contribution.objects.select_related("valuation").order_by("kind", "pk"),
        ),
    )


def facts_of(exchange: Exchange) -> list[Fact]:
    """Return the shared facts as the exchange says them now; see `with_facts`."""
    parties = {party.pk: party for party in exchange.parties.all()}
    return [
        *_own(exchange),
        *_sides(parties.values()),
        *_steps(exchange.steps.all(), parties),
        *_contributions(exchange.contributions.all(), parties),
    ]


def _own(exchange: Exchange) -> Iterator[Fact]:
    yield Fact("modality", _("Modality"), exchange.modality)
    yield Fact("status", _("Status"), exchange.status)
    # The database takes a JSON null for none at all: "not stated" is the empty text.
    start = partial_isoformat(exchange.starts_on, exchange.starts_on_precision) or ""
    end = partial_isoformat(exchange.ends_on, exchange.ends_on_precision) or ""
    yield Fact("starts_on", _("Start"), start)
    yield Fact("ends_on", _("End"), end)
    yield Fact("instruments", _("Instruments"), sorted(exchange.instruments))
    yield Fact("sectors", _("Sectors"), sorted(exchange.sectors))


def _sides(parties: Collection[Party]) -> Iterator[Fact]:
    labels = {
        PartySide.PROVIDER: _("Providers"),
        PartySide.SEEKER: _("Seekers"),
        PartySide.FACILITATOR: _("Facilitators"),
        PartySide.FUNDER: _("Funders"),
    }
    for side, label in labels.items():
        bodies = sorted(body_key(party) for party in parties if party.side == side)
        yield Fact(f"party:{side}", label, bodies)


def body_key(party: Party) -> str:
    """Return who a party is, in one word that never changes."""
    if party.hub is not None:
        return f"hub:{party.hub.slug}"
    if party.organisation is not None:
        return f"organisation:{party.organisation.slug}"
    return f"country:{party.country}"


def _who(party: Party) -> dict[str, Any]:
    """Say which party it is: it may be corrected to another body, which gave nothing yet."""
    return {"party": party.pk, "body": body_key(party)}


def _steps(steps: Iterable[Step], parties: Mapping[int, Party]) -> Iterator[Fact]:
    for step in steps:
        value = {
            "title": step.title,
            "instrument": step.instrument,
            "starts_on": partial_isoformat(step.starts_on, step.starts_on_precision),
            "ends_on": partial_isoformat(step.ends_on, step.ends_on_precision),
            "country": step.country,
            "place": step.place,
            "is_online": step.is_online,
            "is_done": step.is_done,
        }
        yield Fact(f"step:{step.pk}", _("Step: %(title)s") % {"title": step.title}, value)
        people = [
            _who(parties[row.party_id]) | {"women": row.women, "men": row.men, "total": row.total}
            for row in step.attendances.all()
        ]
        if people:
            label = _("People at: %(title)s") % {"title": step.title}
            yield Fact(f"attendance:{step.pk}", label, sorted(people, key=lambda row: row["party"]))


def _contributions(
    contributions: Iterable[Contribution], parties: Mapping[int, Party]
) -> Iterator[Fact]:
    for row in contributions:
        value = _who(parties[row.party_id]) | {
            "kind": row.kind,
            "stage": row.stage,
            "quantity": _exact(row.quantity),
            "amount": _exact(row.amount),
            "currency": row.currency,
            "dated_on": None if row.dated_on is None else row.dated_on.isoformat(),
            "note": row.note,
        }
        words = {"party": parties[row.party_id], "what": row.get_kind_display()}
        yield Fact(f"contribution:{row.pk}", _("%(party)s gave: %(what)s") % words, value)


def _exact(number: Decimal | None) -> str | None:
    """Return a number as text, the same however many noughts it was written with."""
    return None if number is None else f"{number.normalize():f}"

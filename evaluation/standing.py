"""What each provider and seeker says of each shared fact, and whether both sides agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evaluation.facts import Fact, facts_of
from evaluation.models import CONFIRMING_SIDES, Confirmation, ConfirmationState, PartySide

if TYPE_CHECKING:
    from evaluation.models import Exchange, Party

AWAITED = "awaited"
VOIDED = "voided"  # the fact changed since this side spoke of it


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says of one fact; `confirmation` is None while it is awaited."""

    party: Party
    state: str
    confirmation: Confirmation | None = None

    @property
    def is_open(self) -> bool:
        """Whether this side said nothing yet of the fact as it is now."""
        return self.state in (AWAITED, VOIDED)


@dataclass(frozen=True, slots=True)
class Line:
    """One fact and what each side says of it, in the order of the parties."""

    fact: Fact
    said: list[Said]

    @property
    def is_settled(self) -> bool:
        """Whether every side confirmed it, or every side agreed to differ."""
        states = {said.state for said in self.said}
        return states in ({ConfirmationState.CONFIRMED}, {ConfirmationState.AGREED_TO_DIFFER})

    @property
    def is_disputed(self) -> bool:
        return any(said.state == ConfirmationState.DIFFERS for said in self.said)

    @property
    def may_differ(self) -> bool:
        """Whether a side states it differently, or lets the difference stand already."""
        differing = (ConfirmationState.DIFFERS, ConfirmationState.AGREED_TO_DIFFER)
        return any(said.state in differing for said in self.said)

    def waits_for(self, said: Said) -> bool:
        """Whether the answer of a side is to come: on the fact as it is now, or on the offer of
        another side to let a difference stand.
        """
        agreed = ConfirmationState.AGREED_TO_DIFFER
        is_offered = any(other.state == agreed for other in self.said)
        return said.is_open or (is_offered and said.state != agreed)


@dataclass(frozen=True, slots=True)
class Standing:
    """The difference table of an exchange: facts by the parties that confirm."""

    parties: list[Party]  # providers and seekers with a hub: those that can confirm here
    lines: list[Line]

    @property
    def is_confirmed(self) -> bool:
        """Whether a provider and a seeker at least, and every one that can, settled every fact."""
        sides = {party.side for party in self.parties}
        has_both = {PartySide.PROVIDER, PartySide.SEEKER} <= sides
        return has_both and all(line.is_settled for line in self.lines)

    def awaited(self) -> list[Party]:
        """Return the parties of which at least one answer is still to come."""
        return [party for party in self.parties if self.open_count(party)]

    def open_count(self, party: Party) -> int:
        """Return how many facts wait for an answer of `party`."""
        return sum(
            line.waits_for(said)
            for line in self.lines
            for said in line.said
            if said.party.pk == party.pk
        )


def standing_of(
    exchange: Exchange, confirmations: Iterable[Confirmation] | None = None
) -> Standing:
    """Return who says what of the exchange; one query unless `confirmations`, the newest first
    of a party and fact, are given.
    """
    if confirmations is None:
        confirmations = newest_confirmations([exchange])
    newest: dict[tuple[int, str], Confirmation] = {}
    for row in confirmations:
        if row.exchange_id == exchange.pk:
            newest.setdefault((row.party_id, row.fact), row)
    parties = [
        party
        for side in CONFIRMING_SIDES
        for party in exchange.parties.all()
        if party.side == side and party.hub_id is not None
    ]
    lines = [
        Line(fact, [_said(party, fact, newest.get((party.pk, fact.key))) for party in parties])
        for fact in facts_of(exchange)
    ]
    return Standing(parties, lines)


def _said(party: Party, fact: Fact, row: Confirmation | None) -> Said:
    if row is None:
        return Said(party, AWAITED)
    return Said(party, row.state if row.value == fact.value else VOIDED, row)


def newest_confirmations(exchanges: Iterable[Any]) -> list[Confirmation]:
    """Return the row that counts of each party and fact: one query."""
    rows = Confirmation.objects.filter(exchange__in=[exchange.pk for exchange in exchanges])
    newest = rows.order_by("exchange_id", "party_id", "fact", "-pk")
    return list(newest.distinct("exchange_id", "party_id", "fact").select_related("by"))

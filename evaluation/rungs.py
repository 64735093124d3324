"""Which evidence supports which rung, and how strongly (evaluation.md, "The rungs").

Pure: rows that are loaded go in, values come out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.models import EvidenceKind, Proves, Rung, Strength

RUNGS = tuple(Rung)
# Attendance is of the lowest rung alone: reform can never rest on it.
SUPPORTING: Mapping[Rung, tuple[Proves, ...]] = {
    Rung.CONNECT: (Proves.ATTENDANCE, Proves.CONTACT),
    Rung.SHARE: (Proves.VERSION, Proves.TRANSLATION, Proves.ADAPTATION, Proves.TEST),
    Rung.REFORM: (
        Proves.LAW,
        Proves.MANUAL,
        Proves.BUDGET,
        Proves.BEFORE_AFTER,
        Proves.THIRD_PARTY,
        Proves.EVALUATION,
    ),
}
_ORDER = {strength: place for place, strength in enumerate(Strength)}
_OF_PROVES = {
    Proves.EVALUATION: Strength.EVALUATION,
    Proves.BEFORE_AFTER: Strength.MEASURED,
    Proves.THIRD_PARTY: Strength.DOCUMENT,
}
_WRITTEN = (EvidenceKind.DOCUMENT, EvidenceKind.LINK)


@dataclass(frozen=True)
class Support:
    """What supports one rung: whether anything does, and the strength of what is open to all,
    None where all of it is confidential or there is none; `full` counts the confidential too.
    """

    holds: bool
    strength: Strength | None
    full: Strength | None


def supports(evidence: Any, rung: str) -> bool:
    """Return whether a piece of evidence counts for a rung now."""
    return evidence.withdrawn_at is None and evidence.proves in SUPPORTING[Rung(rung)]


def strength_of(evidence: Any) -> Strength:
    """Return how strongly one piece of evidence shows what it is about."""
    strength = _OF_PROVES.get(evidence.proves)
    if strength is not None:
        return strength
    return Strength.DOCUMENT if evidence.kind in _WRITTEN else Strength.ONE_SIDE


def support_of(
    rung: str,
    evidence: Iterable[Any],
    *,
    adoptions: Iterable[Any] = (),
    texts: Iterable[Any] = (),
    is_confirmed: bool,
) -> Support:
    """Return what supports a rung.

    `is_confirmed` says that both sides confirmed the exchange, which shows that they met.
    `adoptions` of the catalogue show what moved: said by both sides once the originator
    confirmed them. `texts`, versions and translations of its entries, show it as documents do.
    """
    counted = [each for each in evidence if supports(each, rung)]
    open_to_all = [strength_of(each) for each in counted if not each.is_confidential]
    if rung == Rung.CONNECT and is_confirmed:
        open_to_all.append(Strength.BOTH_SIDES)
    if rung == Rung.SHARE:
        open_to_all += [
            Strength.BOTH_SIDES if each.state == "confirmed" else Strength.ONE_SIDE
            for each in adoptions
        ]
        open_to_all += [Strength.DOCUMENT for _each in texts]
    everything = [*open_to_all, *(strength_of(each) for each in counted)]
    return Support(bool(everything), _strongest(open_to_all), _strongest(everything))


def _strongest(found: Collection[Strength]) -> Strength | None:
    return max(found, key=_ORDER.__getitem__, default=None)


def reached(holding: Collection[str]) -> str:
    """Return the highest rung that holds with all below it; "" if the lowest does not.

    `holding` are the rungs whose own evidence holds.
    """
    highest = ""
    for rung in RUNGS:
        if rung not in holding:
            break
        highest = rung.value
    return highest


def is_lower(rung: str, other: str) -> bool:
    """Return whether `rung` stands below `other`; none stands below every one."""
    places = ["", *Rung.values]
    return places.index(rung) < places.index(other)

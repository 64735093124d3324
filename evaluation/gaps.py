"""Where little is shared: sectors, instruments, regions, countries and what hubs state, beside what
the portal has of each.

A number says what this portal holds, and no more: where it holds nothing, nothing was written
here, which is not to say that nothing was done. Rows stand in the order of their codes or names,
never of their numbers. What is confidential is counted and never named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from catalogue.codelists import Instrument
from catalogue.models import Entry
from core import codes
from evaluation.models import Exchange, Party, Update, UpdateState
from evaluation.querysets.exchanges import party_countries
from hubs.models import Hub

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from hubs.querysets import User

GROUPS: dict[str, Promise] = {
    "sector": _("Sectors"),
    "instrument": _("Instruments"),
    "region": _("Regions"),
    "country": _("Countries"),
    "hub": _("Sectors that each hub states"),
}
WHATS: dict[str, Promise] = {
    "experiences": _("Experiences"),
    "exchanges": _("Exchanges"),
    "reports": _("Approved reports of these exchanges"),
}
# M49: the narrowest ones; "001" is the world.
REGIONS = tuple(sorted(set(codes.REGION_OF_COUNTRY.values()) - {"001"}))
_NOT_STATED = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What the portal holds: experiences, exchanges in two series that are never added, approved
    reports of these exchanges; and how many of each series the reader is not shown: they are
    confidential, or a hub in them is not public.
    """

    experiences: int
    confirmed: int
    one_side: int
    reports: int
    confirmed_hidden: int = 0
    one_side_hidden: int = 0

    def number_of(self, what: str) -> int:
        """Return how many there are of one of `WHATS`, whichever side told of them."""
        if what == "exchanges":
            return self.confirmed + self.one_side
        return self.experiences if what == "experiences" else self.reports


@dataclass(frozen=True, slots=True)
class Gap:
    """One category with what the portal holds of it.

    `stated_by` is the number of hubs that name it; None where hubs state no such thing. `hub` is
    the hub whose row it is, None in every group but "hub".
    """

    code: str
    name: str
    stated_by: int | None
    held: Held
    hub: Any = None

    @property
    def missing(self) -> list[str]:
        """The `WHATS` of which there is none."""
        return [what for what in WHATS if not self.held.number_of(what)]


@dataclass(frozen=True, slots=True)
class _Thing:
    """An experience or exchange: the codes that it has in each group; hubs by their keys."""

    codes: dict[str, frozenset[Any]]
    hubs: frozenset[int]
    is_confirmed: bool = False
    reports: int = 0
    is_hidden: bool = False

    def under(self, group: str) -> Iterable[Any]:
        if group == "hub":
            return [(hub, sector) for hub in self.hubs for sector in self.codes["sector"]]
        return self.codes[group] or [_NOT_STATED]


def gaps_of(
    group: str, user: User, *, what: str = "", at_most: int = 0, stated: bool = False
) -> list[Gap]:
    """Return the categories of one of `GROUPS` as `user` is told of them; six queries. The numbers
    are everybody's; how many of them are not shown depends on who reads.

    With `what`, those of which there are `at_most` so many; with `stated`, those that a hub names.
    """
    hubs = list(Hub.objects.visible_to(AnonymousUser()).by_name())
    experiences: Counter[Any] = Counter()
    for entry in _entries():
        experiences.update(entry.under(group))
    sides: dict[bool, Counter[Any]] = {True: Counter(), False: Counter()}
    hidden: dict[bool, Counter[Any]] = {True: Counter(), False: Counter()}
    reports: Counter[Any] = Counter()
    for exchange in _exchanges(user):
        for code in exchange.under(group):
            sides[exchange.is_confirmed][code] += 1
            hidden[exchange.is_confirmed][code] += exchange.is_hidden
            reports[code] += exchange.reports
    known = {*experiences, *sides[True], *sides[False]}
    found = [
        Gap(
            code=key[1] if isinstance(key, tuple) else key,
            name=_name(group, key[1] if isinstance(key, tuple) else key),
            stated_by=stated_by,
            held=Held(
                experiences[key],
                sides[True][key],
                sides[False][key],
                reports[key],
                hidden[True][key],
                hidden[False][key],
            ),
            hub=hub,
        )
        for key, stated_by, hub in _categories(group, hubs, known)
    ]
    if stated:
        found = [each for each in found if each.stated_by or each.hub is not None]
    if what:
        found = [each for each in found if each.held.number_of(what) <= at_most]
    return found


def _categories(
    group: str, hubs: list[Any], known: Collection[Any]
) -> Iterator[tuple[Any, int | None, Any]]:
    """Give each category in its order, by how many hubs it is named, and whose it is."""
    if group == "hub":
        for hub in hubs:
            for sector in sorted(hub.sectors):
                yield (hub.pk, sector), None, hub
        return
    named: Counter[str] = Counter()
    for hub in hubs:
        named.update(_codes(hub.sectors, hub.countries)[group] if group != "instrument" else ())
    if group == "country":
        order: Iterable[str] = sorted(
            {*named, *known} - {_NOT_STATED}, key=lambda code: (codes.country_name(code), code)
        )
    else:
        order = {"sector": codes.SECTORS, "instrument": Instrument.values, "region": REGIONS}[group]
    for code in [*order, *([_NOT_STATED] if _NOT_STATED in known else [])]:
        yield code, None if group == "instrument" or not code else named[code], None


def _codes(sectors: Iterable[str], countries: Iterable[str]) -> dict[str, frozenset[Any]]:
    known = frozenset(countries)
    return {
        "sector": frozenset(sectors),
        "country": known,
        "region": frozenset(codes.REGION_OF_COUNTRY[code] for code in known),
    }


def _entries() -> Iterator[_Thing]:
    rows = Entry.objects.visible_to(AnonymousUser()).published().order_by()
    for hub, sectors, countries, instruments in rows.values_list(
        "hub_id", "sectors", "countries", "instruments"
    ):
        found = _codes(sectors, countries) | {"instrument": frozenset(instruments)}
        yield _Thing(found, frozenset([hub]))


def _exchanges(user: User) -> Iterator[_Thing]:
    counted = Exchange.objects.counted().order_by()
    seen = set(counted.visible_to(user).values_list("pk", flat=True))
    hubs: dict[int, set[int]] = defaultdict(set)
    parties = Party.objects.filter(exchange__in=counted.values("pk"), hub__isnull=False).order_by()
    for pk, hub in parties.values_list("exchange_id", "hub_id"):
        hubs[pk].add(hub)
    approved = Update.objects.filter(state=UpdateState.APPROVED, exchange__in=counted.values("pk"))
    reports = dict(approved.order_by().values_list("exchange").annotate(Count("pk")))
    for pk, hub, sectors, countries, instruments, is_confirmed in counted.annotate(
        of_parties=party_countries()
    ).values_list("pk", "hub_id", "sectors", "of_parties", "instruments", "is_confirmed"):
        found = _codes(sectors, countries) | {"instrument": frozenset(instruments)}
        told_by = frozenset({hub, *hubs[pk]})
        yield _Thing(found, told_by, is_confirmed, reports.get(pk, 0), pk not in seen)


def _name(group: str, code: str) -> str:
    if not code:
        return str(_("not stated"))
    if group == "instrument":
        return str(Instrument(code).label)
    if group == "region":
        return codes.region_name(code)
    return codes.country_name(code) if group == "country" else codes.sector_name(code)

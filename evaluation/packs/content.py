"""What a report pack holds: gathered once, then shown as page, files and JSON alike."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from evaluation.matrix import Spot
from evaluation.models import (
    Attendance,
    Contribution,
    ContributionKind,
    DefinitionVersion,
    Exchange,
    Figure,
    Framework,
    ImpactStory,
    Indicator,
    Party,
    Period,
    Result,
    Series,
    Step,
    Target,
    Update,
)
from evaluation.packs.past import as_it_was
from evaluation.querysets.exchanges import RUNNING
from hubs.models import Hub, Organisation

if TYPE_CHECKING:
    from hubs.querysets import User


@dataclass(frozen=True)
class Scope:
    """Which pack: of which hub and year, as known when, and whether it names the confidential."""

    hub: Hub
    year: int
    moment: datetime.datetime
    user: User
    is_internal: bool = False

    @property
    def reader(self) -> User:
        """For whom it is: a pack for everybody is the same whoever asks for it."""
        return self.user if self.is_internal else AnonymousUser()

    @property
    def first(self) -> datetime.date:
        return datetime.date(self.year, 1, 1)

    @property
    def last(self) -> datetime.date:
        return datetime.date(self.year, 12, 31)

    def in_year(self, prefix: str = "") -> Q:
        """Return the condition "begins and ends so that some of it is in the year"."""
        is_open = Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gte": self.first})
        return is_open & Q(**{f"{prefix}starts_on__lte": self.last})


@dataclass
class Totals:
    """What the named exchanges of one series come to; None is "not stated", never 0."""

    exchanges: int = 0
    participations: int | None = None
    expert_days: Decimal | None = None
    money: dict[tuple[str, str], Decimal] = field(default_factory=dict)  # by currency and stage


@dataclass
class FrameworkFigures:
    """A framework with its figures, and of each in which part of a dimension it is."""

    framework: Framework
    spots: list[Spot] = field(default_factory=list)

    @property
    def whole(self) -> list[Spot]:
        return [spot for spot in self.spots if spot.figure and spot.figure.cell is None]


@dataclass
class Pack:
    """Everything of one scope; what may not be named is counted in `unnamed_…`."""

    scope: Scope
    exchanges: list[Exchange] = field(default_factory=list)
    unnamed_exchanges: int = 0
    undated_exchanges: int = 0
    parties: dict[int, list[Party]] = field(default_factory=dict)
    contributions: list[Contribution] = field(default_factory=list)
    participations: dict[int, int] = field(default_factory=dict)
    frameworks: list[FrameworkFigures] = field(default_factory=list)
    unnamed_frameworks: int = 0
    updates: list[Update] = field(default_factory=list)
    unnamed_updates: int = 0
    stories: list[ImpactStory] = field(default_factory=list)
    unnamed_stories: int = 0

    def totals(self) -> dict[str, Totals]:
        """Return two series that are never added: confirmed by both sides, reported by one.
        Money is added within a currency and stage only (rule 10).
        """
        found = {"confirmed": Totals(), "reported": Totals()}
        series = {}
        for exchange in self.exchanges:
            one = series[exchange.pk] = found["confirmed" if exchange.is_confirmed else "reported"]
            one.exchanges += 1
            people = self.participations.get(exchange.pk)
            if people is not None:
                one.participations = (one.participations or 0) + people
        for given in self.contributions:
            one = series[given.exchange_id]
            if given.kind == ContributionKind.EXPERT_DAYS and given.quantity is not None:
                one.expert_days = (one.expert_days or Decimal(0)) + given.quantity
            if given.kind == ContributionKind.MONEY and given.amount is not None:
                key = given.currency, given.stage
                one.money[key] = one.money.get(key, Decimal(0)) + given.amount
        return found


def gather(scope: Scope) -> Pack:
    """Return the pack: the same for the same moment, whenever it is asked for (rule 12). What
    was withdrawn or made confidential since is counted and not named. The number of queries
    does not depend on how much there is.
    """
    pack = Pack(scope)
    told, of_year = _exchanges(pack)
    _parts(pack)
    _frameworks(pack, told)
    _updates(pack, told)
    _stories(pack, of_year)
    return pack


def _exchanges(pack: Pack) -> tuple[set[int], set[int]]:
    """Fill in the exchanges of the year that the hub told or was party to; return the keys of
    those told, whenever, and of those of the year, named or not.
    """
    scope = pack.scope
    joined = {row.exchange_id for row in as_it_was(Party, scope.moment, Q(hub=scope.hub))}
    mine = Q(hub=scope.hub) | Q(id__in=joined)
    published = as_it_was(Exchange, scope.moment, mine & Q(is_published=True))
    pack.undated_exchanges = sum(row.starts_on is None and row.ends_on is None for row in published)
    of_year = [row for row in published if _is_in_year(row, scope)]
    pks = {row.pk for row in of_year}
    seen = set(
        Exchange.objects.visible_to(scope.reader).filter(pk__in=pks, is_published=True)
        .values_list("pk", flat=True)
    )  # fmt: skip
    if not scope.is_internal:
        seen -= {row.pk for row in of_year if not row.is_public}
    pack.exchanges = [row for row in of_year if row.pk in seen]
    pack.unnamed_exchanges = len(of_year) - len(pack.exchanges)
    return {row.pk for row in published if row.hub_id == scope.hub.pk}, pks


def _is_in_year(exchange: Exchange, scope: Scope) -> bool:
    """Whether some of it was in the year: one that runs without a stated end goes on; of one that
    is over the year that is stated counts.
    """
    starts, ends = exchange.starts_on, exchange.ends_on
    if starts is None and ends is None:
        return False
    if ends is None and exchange.status in RUNNING:
        ends = datetime.date.max
    starts, ends = starts or ends, ends or starts
    return bool(starts and ends and starts <= scope.last and ends >= scope.first)


def _parts(pack: Pack) -> None:
    moment = pack.scope.moment
    parties = as_it_was(Party, moment, Q(exchange__in=[row.pk for row in pack.exchanges]))
    _name_bodies(parties)
    if not pack.scope.is_internal:
        parties = _without_hidden(pack, parties)
    named = Q(exchange__in=[row.pk for row in pack.exchanges])
    by_exchange = defaultdict(list)
    for party in parties:
        by_exchange[party.exchange_id].append(party)
    pack.parties = dict(by_exchange)
    bodies = {party.pk: party for party in parties}
    pack.contributions = as_it_was(Contribution, moment, named & Q(party__in=list(bodies)))
    for given in pack.contributions:
        given.party = bodies[given.party_id]
    steps = {row.pk: row.exchange_id for row in as_it_was(Step, moment, named)}
    for row in as_it_was(Attendance, moment, Q(step__in=list(steps))):
        exchange = steps[row.step_id]
        pack.participations[exchange] = pack.participations.get(exchange, 0) + row.total


def _without_hidden(pack: Pack, parties: list[Party]) -> list[Party]:
    """Count, and name no more, exchanges to which a hub was party that is not public today: it
    may have left them since. Return the parties of the others.
    """
    hidden = {each.exchange_id for each in parties if each.hub and not each.hub.is_published}
    pack.unnamed_exchanges += len(hidden)
    pack.exchanges = [row for row in pack.exchanges if row.pk not in hidden]
    return [each for each in parties if each.exchange_id not in hidden]


def _name_bodies(parties: Iterable[Any]) -> None:
    """Load the hubs and organisations of parties: two queries."""
    hubs = Hub.objects.in_bulk({party.hub_id for party in parties} - {None})
    bodies = Organisation.objects.in_bulk({party.organisation_id for party in parties} - {None})
    for party in parties:
        party.hub = hubs.get(party.hub_id)
        party.organisation = bodies.get(party.organisation_id)


def _frameworks(pack: Pack, told: set[int]) -> None:
    scope = pack.scope
    mine = Q(hub=scope.hub) | Q(exchange__in=told)
    is_told = Q(is_published=True, is_template=False)
    published = as_it_was(Framework, scope.moment, mine & is_told & scope.in_year())
    seen = set(
        Framework.objects.visible_to(scope.reader)
        .filter(pk__in=[row.pk for row in published], is_published=True)
        .values_list("pk", flat=True)
    )
    named = [FrameworkFigures(row) for row in published if row.pk in seen]
    pack.unnamed_frameworks = len(published) - len(named)
    pack.frameworks = sorted(named, key=lambda each: each.framework.slug)
    _figures(pack)


def _figures(pack: Pack) -> None:
    """Fill in the figures of the year, and of the whole lives, that were in force then."""
    scope = pack.scope
    by_key = {each.framework.pk: each for each in pack.frameworks}
    figures = list(
        Figure.objects.as_of(scope.moment)
        .filter(series=Series.APPROVED, indicator__result__framework__in=by_key)
        .filter(Q(period=None) | scope.in_year("period__"))
        .select_related("cell__dimension")
    )
    indicators = _indicators({row.indicator_id for row in figures}, scope.moment)
    of_figures = Q(id__in={row.period_id for row in figures} - {None})
    periods = {row.pk: row for row in as_it_was(Period, scope.moment, of_figures)}
    targets = {
        (row.indicator_id, row.period_id): row
        for row in as_it_was(Target, scope.moment, Q(indicator__in=list(indicators)))
    }
    for row in sorted(figures, key=lambda row: _place(row, indicators, periods)):
        indicator = indicators[row.indicator_id]
        target = None if row.cell_id else targets.get((row.indicator_id, row.period_id))
        period = periods[row.period_id] if row.period_id else None
        spot = Spot(indicator, period, row, None, target)
        by_key[indicator.result.framework_id].spots.append(spot)


def _place(row: Figure, indicators: dict[int, Any], periods: dict[int, Any]) -> tuple[Any, ...]:
    indicator = indicators[row.indicator_id]
    begin = periods[row.period_id].starts_on if row.period_id else datetime.date.min
    result = indicator.result
    return (
        *(result.position, result.pk, indicator.position, indicator.pk),
        *(begin, row.period_id or 0, row.cell_id or 0),
    )


def _indicators(pks: set[int], moment: datetime.datetime) -> dict[int, Indicator]:
    """Return indicators with their result and definition as they were."""
    rows = as_it_was(Indicator, moment, Q(id__in=pks))
    of_rows = Q(id__in={row.result_id for row in rows})
    results = {row.pk: row for row in as_it_was(Result, moment, of_rows)}
    versions = DefinitionVersion.objects.in_bulk({row.definition_id for row in rows})
    for row in rows:
        row.result, row.definition = results[row.result_id], versions[row.definition_id]
    return {row.pk: row for row in rows}


def _updates(pack: Pack, told: set[int]) -> None:
    """Fill in the updates that were approved and in force at the moment; they never change."""
    scope = pack.scope
    in_force = Q(ended_at=None) | Q(ended_at__gt=scope.moment)
    rows = list(
        Update.objects.filter(Q(hub=scope.hub) | Q(exchange__in=told))
        .filter(in_force, scope.in_year("period__"), approved_at__lte=scope.moment)
        .select_related(
            "indicator__result__framework", "indicator__definition", "period", "hub", "exchange"
        )
        .prefetch_related("sources")
        .order_by("indicator__result__framework__slug", "indicator_id", "period__starts_on", "pk")
    )
    frameworks = {each.framework.pk for each in pack.frameworks}
    exchanges = set(
        Exchange.objects.visible_to(scope.reader).filter(pk__in=told, is_published=True)
        .values_list("pk", flat=True)
    )  # fmt: skip
    pack.updates = list(_named(rows, frameworks, exchanges))
    pack.unnamed_updates = len(rows) - len(pack.updates)


def _named(rows: Iterable[Update], frameworks: set[int], exchanges: set[int]) -> Iterator[Update]:
    for row in rows:
        is_open = row.exchange_id is None or row.exchange_id in exchanges
        if is_open and row.indicator.result.framework_id in frameworks:
            yield row


def _stories(pack: Pack, of_year: set[int]) -> None:
    """Fill in the stories, published then, of the exchanges that are named; count the others."""
    scope = pack.scope
    named = {row.pk: row for row in pack.exchanges}
    published = Q(exchange__in=of_year, state="published")
    rows = as_it_was(ImpactStory, scope.moment, published)
    seen = set(
        ImpactStory.objects.visible_to(scope.reader).published()
        .filter(pk__in=[row.pk for row in rows], exchange__in=list(named))
        .values_list("pk", flat=True)
    )  # fmt: skip
    pack.stories = [row for row in rows if row.pk in seen]
    for story in pack.stories:
        story.exchange = named[story.exchange_id]
    pack.unnamed_stories = len(rows) - len(pack.stories)

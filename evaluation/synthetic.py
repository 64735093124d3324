"""Synthetic exchanges that report to frameworks, in any number, for measurements."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import connection
from django.utils import timezone

from core import codes
from evaluation.models import (
    DefinitionVersion,
    Exchange,
    ExchangeStatus,
    Framework,
    Frequency,
    Indicator,
    IndicatorDefinition,
    IndicatorKind,
    Layer,
    Modality,
    Party,
    PartySide,
    Period,
    Result,
    ResultKind,
    Target,
    Update,
    UpdateState,
)
from evaluation.services.outbox import request_recalculation
from hubs.models import Hub

REPORTS = 10  # of each exchange, one a quarter
WIDE = 200  # indicators of the framework that stands apart, with its definitions
A_RESULT = 20  # indicators under one result of it
MONTHS = 12  # periods of it
COUNTRIES = 5  # between the community and the hubs
START = datetime.date(2020, 1, 1)
BATCH = 1_000  # rows written at once


def generate_exchanges(number: int, *, seed: int) -> int:
    """Add `number` published exchanges of the published hubs, each with `REPORTS` approved
    reports that roll up to its hub, a country and the community; return how many were added.
    The hub with most of them has a framework of `WIDE` indicators over `MONTHS` besides, with
    targets.

    Their figures are owed to the worker.
    """
    hubs = list(Hub.objects.published().order_by("pk"))
    if not hubs:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout TO 0")  # a page's limit, and this is none
    chance = random.Random(seed)  # noqa: S311 -- the same content for the same seed
    exchanges = _exchanges(number, seed, hubs, chance)
    name = f"synthetic-{seed}"
    version = _version(name)
    community = _indicators(
        [Framework(slug=f"{name}-community", layer=Layer.COMMUNITY)], version, [None]
    )
    countries = _indicators(
        [
            Framework(slug=f"{name}-{code.lower()}", layer=Layer.COUNTRY, country=code)
            for code in codes.COUNTRIES[:COUNTRIES]
        ],
        version,
        community * COUNTRIES,
    )
    of_hubs = _indicators(
        [Framework(slug=f"{name}-{hub.slug}"[:100], layer=Layer.HUB, hub=hub) for hub in hubs],
        version,
        [countries[place % COUNTRIES] for place in range(len(hubs))],
    )
    by_hub = dict(zip([hub.pk for hub in hubs], of_hubs, strict=True))
    leaves = _indicators(
        [
            Framework(slug=f"{name}-of-{place}", layer=Layer.EXCHANGE, exchange=exchange)
            for place, exchange in enumerate(exchanges)
        ],
        version,
        [by_hub[exchange.hub_id] for exchange in exchanges],
    )
    _reports(leaves, exchanges, chance)
    wide = _wide_framework(f"{name}-wide", _busiest(exchanges), chance)
    request_recalculation(each.pk for each in (*community, *leaves, *wide))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE evaluation_indicator, evaluation_period, evaluation_update")
    return len(exchanges)


def _exchanges(
    number: int, seed: int, hubs: Sequence[Hub], chance: random.Random
) -> list[Exchange]:
    exchanges = Exchange.objects.bulk_create(
        (
            Exchange(
                hub=chance.choice(hubs),
                title=f"Synthetic exchange {seed}-{each}",
                slug=f"synthetic-{seed}-{each}",
                modality=chance.choice(Modality.values),
                status=ExchangeStatus.COMPLETED,
                sectors=chance.sample(list(codes.SECTORS), 1),
                starts_on=datetime.date(chance.randint(2010, 2024), 1, 1),
                is_published=True,
                is_confirmed=chance.random() < 0.5,
            )
            for each in range(number)
        ),
        batch_size=BATCH,
    )
    Party.objects.bulk_create(
        (
            Party(exchange=exchange, side=side, country=chance.choice(codes.COUNTRIES))
            for exchange in exchanges
            for side in (PartySide.PROVIDER, PartySide.SEEKER)
        ),
        batch_size=BATCH,
    )
    return exchanges


def _version(name: str) -> DefinitionVersion:
    definition = IndicatorDefinition.objects.create(code=name)
    version = DefinitionVersion.objects.create(
        definition=definition, title=f"Synthetic indicator {name}", kind=IndicatorKind.COUNT
    )
    definition.current = version
    definition.save(update_fields=["current"])
    return version


def _indicators(
    frameworks: Iterable[Framework],
    version: DefinitionVersion,
    above: Sequence[Indicator | None],
) -> list[Indicator]:
    """Return an indicator of each framework, under those `above`; with its quarters."""
    made = []
    for framework in frameworks:
        framework.title = f"Synthetic framework {framework.slug}"
        framework.starts_on, framework.is_published = START, True
        made.append(framework)
    Framework.objects.bulk_create(made, batch_size=BATCH)
    results = Result.objects.bulk_create(
        (Result(framework=each, kind=ResultKind.OUTPUT, title="Synthetic") for each in made),
        batch_size=BATCH,
    )
    Period.objects.bulk_create(
        (
            Period(framework=each, frequency=Frequency.QUARTER, starts_on=start, ends_on=end)
            for each in made
            for start, end in _quarters()
        ),
        batch_size=BATCH,
    )
    return Indicator.objects.bulk_create(
        (
            Indicator(
                result=result, definition=version, rolls_up_to=parent, frequency=Frequency.QUARTER
            )
            for result, parent in zip(results, above, strict=True)
        ),
        batch_size=BATCH,
    )


def _busiest(exchanges: Sequence[Exchange]) -> Hub:
    """Return the hub that tells most exchanges; of equals, of the first of them."""
    hub, _number = Counter(exchange.hub for exchange in exchanges).most_common(1)[0]
    return hub


def _wide_framework(name: str, hub: Hub, chance: random.Random) -> list[Indicator]:
    """Return the indicators of a hub's framework: each with a baseline, and with a target and a
    report of the hub in each month of a year.
    """
    framework = Framework.objects.create(
        title=f"Synthetic framework {name}",
        slug=name,
        layer=Layer.HUB,
        hub=hub,
        starts_on=START,
        ends_on=datetime.date(START.year, 12, 31),
        is_published=True,
        lock_after_days=20_000,  # so that any month can be reported on
    )
    versions = [_version(f"{name}-{place}") for place in range(WIDE)]
    results = Result.objects.bulk_create(
        Result(framework=framework, kind=ResultKind.OUTPUT, title=f"Synthetic {place}")
        for place in range(WIDE // A_RESULT)
    )
    periods = Period.objects.bulk_create(
        Period(framework=framework, frequency=Frequency.MONTH, starts_on=start, ends_on=end)
        for start, end in _months()
    )
    indicators = Indicator.objects.bulk_create(
        Indicator(
            result=results[place // A_RESULT],
            definition=version,
            frequency=Frequency.MONTH,
            baseline_value=0,
            position=place,
        )
        for place, version in enumerate(versions)
    )
    places = [(indicator, period) for indicator in indicators for period in periods]
    Target.objects.bulk_create(
        Target(indicator=indicator, period=period, value=50) for indicator, period in places
    )
    Update.objects.bulk_create(
        (_approved(indicator, period.pk, chance, hub=hub) for indicator, period in places),
        batch_size=BATCH,
    )
    return indicators


def _months() -> list[tuple[datetime.date, datetime.date]]:
    starts = [START.replace(month=1 + place) for place in range(MONTHS)]
    day = datetime.timedelta(days=1)
    ends = [start - day for start in (*starts[1:], START.replace(year=START.year + 1))]
    return list(zip(starts, ends, strict=True))


def _quarters() -> list[tuple[datetime.date, datetime.date]]:
    starts = [
        datetime.date(START.year + place // 4, place % 4 * 3 + 1, 1) for place in range(REPORTS + 1)
    ]
    day = datetime.timedelta(days=1)
    return [(starts[place], starts[place + 1] - day) for place in range(REPORTS)]


def _reports(
    leaves: Sequence[Indicator], exchanges: Sequence[Exchange], chance: random.Random
) -> None:
    frameworks = [leaf.result.framework_id for leaf in leaves]
    periods: dict[int, list[int]] = {pk: [] for pk in frameworks}
    found = Period.objects.filter(framework__in=frameworks).order_by("starts_on")
    for framework, pk in found.values_list("framework_id", "pk"):
        periods[framework].append(pk)
    Update.objects.bulk_create(
        (
            _approved(leaf, period, chance, exchange=exchange)
            for leaf, exchange in zip(leaves, exchanges, strict=True)
            for period in periods[leaf.result.framework_id]
        ),
        batch_size=BATCH,
    )


def _approved(
    indicator: Indicator, period_pk: int, chance: random.Random, **unit: Exchange | Hub
) -> Update:
    now = timezone.now()
    return Update(
        indicator=indicator,
        period_id=period_pk,
        value=chance.randint(0, 100),
        state=UpdateState.APPROVED,
        submitted_at=now,
        approved_at=now,
        is_starter=True,  # nobody of the portal approved it
        **unit,
    )

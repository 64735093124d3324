"""Add synthetic hubs, members, entries, exchanges and threads to measure; only with DEMO=1."""

from __future__ import annotations

import datetime
import random
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Member
from catalogue.models import Entry
from catalogue.synthetic import generate_entries
from community.models import Thread
from community.synthetic import generate_threads
from core import codes
from evaluation.models import Exchange
from evaluation.synthetic import generate_exchanges
from hubs.models import (
    FACT_MODELS,
    CoordinationLink,
    DatedFact,
    ExpertiseSource,
    FundingStream,
    Hub,
    InstitutionalArrangement,
    InstitutionalModel,
    MonitoringPractice,
    Organisation,
    Presence,
    Source,
    Statement,
)

FACTS_A_KIND = 3
_WORDS = (
    "agency budget capacity city council data exchange expert farm fund guide health learning "
    "market ministry network office partner peer policy practice programme public region reform "
    "result school sector service study team training treasury visit water"
)
WORDS = _WORDS.split()


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hubs", type=int, default=0)
        parser.add_argument("--members", type=int, default=0)
        parser.add_argument("--entries", type=int, default=0)
        parser.add_argument("--exchanges", type=int, default=0)
        parser.add_argument("--threads", type=int, default=0)
        parser.add_argument("--seed", type=int, default=1)

    @transaction.atomic
    def handle(
        self,
        *args: object,
        hubs: int,
        members: int,
        entries: int,
        exchanges: int,
        threads: int,
        seed: int,
        verbosity: int,
        **options: object,
    ) -> None:
        if not settings.DEMO:
            raise CommandError("Synthetic content needs DEMO=1, never on a real portal.")
        if min(hubs, members, entries, exchanges, threads) < 0:
            raise CommandError("Numbers cannot be negative.")
        wanted = {Hub: hubs, Member: members, Entry: entries, Exchange: exchanges}
        self._refuse_twice(seed, {**wanted, Thread: threads})
        chance = random.Random(seed)  # noqa: S311 -- the same content for the same seed
        made = self._hubs(hubs, seed, chance)
        if made:
            self._facts(made, seed, chance)
        Member.objects.bulk_create(
            Member(
                email=f"synthetic-{seed}-{number}@demo.example",
                name=f"Synthetic member {seed}-{number}",
                slug=f"synthetic-{seed}-{number}",
                status=Member.Status.ACTIVE,
                password="!",  # noqa: S106 -- nobody can sign in
            )
            for number in range(members)
        )
        if entries and not generate_entries(entries, seed=seed):
            raise CommandError("Entries need a published hub; add --hubs 1.")
        if exchanges and not generate_exchanges(exchanges, seed=seed):
            raise CommandError("Exchanges need a published hub; add --hubs 1.")
        generate_threads(threads, seed=seed)
        if verbosity:
            self.stdout.write(
                f"Added {len(made)} hubs, {members} members, {entries} entries,"
                f" {exchanges} exchanges and {threads} threads."
            )

    def _refuse_twice(self, seed: int, wanted: dict[Any, int]) -> None:
        for model, number in wanted.items():
            made = model.objects.filter(slug__startswith=f"synthetic-{seed}-")
            if number and made.exists():
                name = str(model._meta.verbose_name_plural).capitalize()
                raise CommandError(f"{name} of seed {seed} are there already; choose another.")

    def _hubs(self, number: int, seed: int, chance: random.Random) -> list[Hub]:
        return Hub.objects.bulk_create(
            Hub(
                name=f"{' '.join(chance.sample(WORDS, 3)).title()} {seed}-{each}",
                acronym=f"S{seed}{each}",
                slug=f"synthetic-{seed}-{each}",
                countries=chance.sample(codes.COUNTRIES, chance.randint(1, 3)),
                sectors=chance.sample(list(codes.SECTORS), chance.randint(1, 4)),
                level=chance.choice(Hub.Level.values),
                founded_year=chance.randint(1950, 2020),
                summary=f"Synthetic. {' '.join(chance.choices(WORDS, k=60))}.",
                is_published=True,
            )
            for each in range(number)
        )

    def _facts(self, hubs: list[Hub], seed: int, chance: random.Random) -> None:
        InstitutionalModel.objects.get_or_create(
            code="synthetic-model", defaults={"name": "Synthetic model"}
        )
        organisations = Organisation.objects.bulk_create(
            Organisation(
                name=f"Synthetic organisation {seed}-{each}",
                slug=f"synthetic-{seed}-{each}",
                kind=chance.choice(Organisation.Kind.values),
            )
            for each in range(20)
        )
        sources = Source.objects.bulk_create(
            Source(
                title=f"Synthetic source {seed}-{each}",
                publisher="Nobody",
                address=f"https://synthetic.example/{seed}/{each}",
                dated_on=datetime.date(chance.randint(2000, 2024), 1, 1),
            )
            for each in range(40)
        )
        for model in FACT_MODELS:
            facts = model.objects.bulk_create(
                self._fact(model, hub, organisations, chance)
                for hub in hubs
                for _each in range(FACTS_A_KIND)
            )
            through = model.sources.through
            column = f"{model._meta.model_name}_id"
            through._default_manager.bulk_create(
                through(**{column: fact.pk, "source_id": source.pk})
                for fact in facts
                for source in chance.sample(sources, 2)
            )

    def _fact(
        self,
        model: type[DatedFact],
        hub: Hub,
        organisations: list[Organisation],
        chance: random.Random,
    ) -> DatedFact:
        year = chance.randint(1990, 2024)
        columns: dict[type[DatedFact], dict[str, object]] = {
            Statement: {"topic": "other", "text": " ".join(chance.choices(WORDS, k=8))},
            InstitutionalArrangement: {"model_id": "synthetic-model"},
            CoordinationLink: {
                "organisation": chance.choice(organisations),
                "role": chance.choice(CoordinationLink.Role.values),
                "government_level": chance.choice(CoordinationLink.Level.values),
            },
            ExpertiseSource: {"kind": chance.choice(ExpertiseSource.Kind.values)},
            FundingStream: {
                "source_type": chance.choice(FundingStream.SourceType.values),
                "provider": chance.choice(organisations),
                "spent": chance.randint(1, 10_000_000),
                "currency": "USD",
            },
            MonitoringPractice: {"approach": chance.choice(MonitoringPractice.Approach.values)},
            Presence: {"country": chance.choice(codes.COUNTRIES), "kind": "office"},
        }
        return model(
            hub=hub,
            valid_from=datetime.date(year, 1, 1),
            valid_from_precision="year",
            note="Synthetic.",
            **columns[model],
        )

"""Load the starter content; a second time changes nothing, and people's edits stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from catalogue.models import Entry
from core.dates import Precision, parse_partial_date
from evaluation.models import (
    Cell,
    DefinitionVersion,
    Dimension,
    Evidence,
    Exchange,
    Framework,
    Frequency,
    ImpactStory,
    Indicator,
    IndicatorDefinition,
    Layer,
    Party,
    Period,
    Result,
    RungClaim,
    Update,
)
from evaluation.services.finding import index_exchanges
from evaluation.services.outbox import request_recalculation
from evaluation.services.rungs import settle_story
from hubs.models import Hub, Organisation, Source, StarterRow
from hubs.starter.loader import digest_of, is_untouched, load_once

CONTENT = Path(__file__).with_name("content.json")
LOCK = 7_201_201_209  # of the database, so that two loads never run at once
WHOLE = "evaluation-content"
REASON = "Starter content"


def load_starter_results(text: str | None = None) -> Counter[str]:
    """Bring exchanges and results up to this release's content; return what was written, by kind.

    A row that a person edited or removed is left as it is; an exchange whose hub is gone is left
    out. Figures are owed to the worker.
    """
    text = CONTENT.read_text(encoding="utf-8") if text is None else text
    return load_once(text, whole=WHOLE, lock=LOCK, load=_loaded)


def _loaded(content: Any) -> Counter[str]:
    load = _Load(content)
    load.run()
    return load.written


class _Load:
    """One pass over the content."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.written: Counter[str] = Counter()
        self.known = {row.key: row for row in StarterRow.objects.all()}
        self.hubs = {hub.slug: hub for hub in Hub.objects.all()}
        self.organisations: dict[str, Organisation] = {}
        self.sources = {each.address: each for each in Source.objects.all()}
        self.versions: dict[str, DefinitionVersion] = {}

    def run(self) -> None:
        for row in self.content["organisations"]:
            Organisation.objects.get_or_create(slug=row["slug"], defaults=row)
        self.organisations = {each.slug: each for each in Organisation.objects.all()}
        for row in self.content["dimensions"]:
            self._dimension(row)
        for row in self.content["library"]:
            self._definition(row)
        community = self._community(self.content["community"])
        self._template(self.content["template"])
        for row in self.content["exchanges"]:
            self._exchange(row, community)
        self._story(self.content["story"])
        known = Exchange.objects.filter(is_starter=True).values_list("pk", flat=True)
        index_exchanges(list(known))

    # What is remembered (ADR 0009)

    def _row_for(self, model: Any, key: str, digest: str, **lookup: Any) -> Any:
        """Return the row to write; None where it is as it should be, or a person made, edited or
        removed it.
        """
        known = self.known.get(key)
        if known is not None and known.digest == digest:
            return None
        row = model.objects.select_for_update(no_key=True, of=("self",)).filter(**lookup).first()
        if row is None:
            return model(**lookup) if known is None else None
        return row if known is not None and is_untouched(row) else None

    def _remember(self, row: Any, key: str, digest: str) -> None:
        name = str(row._meta.model_name)
        StarterRow.objects.update_or_create(
            key=key, defaults={"model": name, "object_pk": row.pk, "digest": digest}
        )
        self.written[str(row._meta.verbose_name_plural)] += 1

    def _cited(self, addresses: list[str]) -> list[Source]:
        return [self.sources[address] for address in addresses if address in self.sources]

    # The library

    def _dimension(self, row: Mapping[str, Any]) -> None:
        dimension, _made = Dimension.objects.get_or_create(
            code=row["code"], defaults={"name": row["name"], "kind": row["kind"]}
        )
        for position, (code, name) in enumerate(row["cells"]):
            Cell.objects.get_or_create(
                dimension=dimension, code=code, defaults={"name": name, "position": position}
            )

    def _definition(self, row: Mapping[str, Any]) -> None:
        key, digest = f"indicator:{row['code']}", digest_of(row)
        definition = self._row_for(IndicatorDefinition, key, digest, code=row["code"])
        if definition is None:
            found = IndicatorDefinition.objects.filter(code=row["code"]).first()
            if found is not None and found.current is not None:
                self.versions[row["code"]] = found.current
            return
        definition.is_starter = True
        definition.save()
        columns = {name: row[name] for name in row if name not in ("code", "dimensions")}
        newest = definition.versions.order_by("-number").first()
        version = DefinitionVersion(
            definition=definition, number=newest.number + 1 if newest else 1, **columns
        )
        version.full_clean()
        version.save()
        version.dimensions.set(Dimension.objects.filter(code__in=row.get("dimensions", ())))
        definition.current = version
        definition.save()
        self.versions[row["code"]] = version
        self._remember(definition, key, digest)

    # Frameworks

    def _community(self, row: Mapping[str, Any]) -> Indicator | None:
        """Return the community's indicator into which people trained are added up."""
        key, digest = f"framework:{row['slug']}", digest_of(row)
        framework = self._row_for(Framework, key, digest, slug=row["slug"])
        if framework is None:
            return Indicator.objects.filter(result__framework__slug=row["slug"]).first()
        self._write_framework(framework, row, layer=Layer.COMMUNITY)
        result, _made = Result.objects.get_or_create(
            framework=framework, title=row["result"], kind="outcome"
        )
        Period.objects.get_or_create(
            framework=framework, frequency=Frequency.ONCE, starts_on=framework.starts_on
        )
        indicator, _made = Indicator.objects.get_or_create(
            result=result,
            definition=self.versions["people-trained"],
            defaults={"frequency": Frequency.ONCE},
        )
        self._remember(framework, key, digest)
        return indicator

    def _write_framework(self, framework: Framework, row: Mapping[str, Any], **more: Any) -> None:
        for name in ("title", "language", "summary"):
            setattr(framework, name, row[name])
        for name in ("starts_on", "ends_on"):
            text = row.get(name) or ""
            setattr(framework, name, parse_partial_date(text)[0] if text else None)
        for name, value in more.items():
            setattr(framework, name, value)
        framework.is_starter = framework.is_published = True
        framework.full_clean(validate_unique=False)
        framework._change_reason = REASON  # type: ignore[attr-defined]  # read by the history
        framework.save()

    def _template(self, row: Mapping[str, Any]) -> None:
        key, digest = f"framework:{row['slug']}", digest_of(row)
        framework = self._row_for(Framework, key, digest, slug=row["slug"])
        if framework is None:
            return
        self._write_framework(framework, row, layer=Layer.HUB, is_template=True)
        framework.sources.set(self._cited(row["sources"]))
        framework.results.all().delete()
        made: list[Result] = []
        for position, each in enumerate(row["results"]):
            above = None if each["above"] is None else made[each["above"]]
            result = Result.objects.create(
                framework=framework,
                kind=each["kind"],
                title=each["title"],
                contributes_to=above,
                position=position,
            )
            made.append(result)
            Indicator.objects.bulk_create(
                Indicator(
                    result=result,
                    definition=self.versions[code],
                    frequency=frequency,
                    position=place,
                )
                for place, (code, frequency) in enumerate(each["indicators"])
            )
        self._remember(framework, key, digest)

    # Exchanges

    def _exchange(self, row: Mapping[str, Any], community: Indicator | None) -> None:
        key, digest = f"exchange:{row['slug']}", digest_of(row)
        hub = self.hubs.get(row["hub"])
        exchange = self._row_for(Exchange, key, digest, slug=row["slug"]) if hub else None
        if exchange is None:
            return
        for name in ("title", "language", "modality", "status", "instruments", "sectors", "sdgs"):
            setattr(exchange, name, row[name])
        exchange.summary = row["summary"][:2_000]
        for name in ("starts_on", "ends_on"):
            self._set_date(exchange, name, row[name])
        exchange.hub = hub
        exchange.is_starter = exchange.is_published = True
        exchange.full_clean(validate_unique=False)
        exchange._change_reason = REASON
        exchange.save()
        exchange.sources.set(self._cited(row["sources"]))
        exchange.entries.set(Entry.objects.filter(slug=row["entry"], state="published"))
        self._set_parties(exchange, row["parties"])
        self._results(exchange, row, community)
        self._remember(exchange, key, digest)

    @staticmethod
    def _set_date(row: Any, name: str, text: str) -> None:
        value, precision = None, str(Precision.DAY)
        if text:
            value, precision = parse_partial_date(text, end=name == "ends_on")
        setattr(row, name, value)
        setattr(row, f"{name}_precision", precision)

    def _set_parties(self, exchange: Exchange, rows: list[Mapping[str, str]]) -> None:
        """Add parties and take out those that are told no more. Those that are the same stay, and
        with them what people confirmed and planned; so does one of which they did.
        """
        wanted = {_said_of(party): party for party in self._parties(exchange, rows)}
        there = {_said_of(party): party.pk for party in exchange.parties.all()}
        gone = [pk for said, pk in there.items() if said not in wanted]
        idle = exchange.parties.filter(pk__in=gone, confirmations=None, action_plan=None)
        Party.objects.filter(pk__in=list(idle.values_list("pk", flat=True))).delete()
        Party.objects.bulk_create(wanted[said] for said in wanted if said not in there)

    def _parties(self, exchange: Exchange, rows: list[Mapping[str, str]]) -> list[Party]:
        found = []
        for row in rows:
            party = Party(exchange=exchange, side=row["side"], country=row.get("country", ""))
            party.hub = self.hubs.get(row.get("hub", ""))
            party.organisation = self.organisations.get(row.get("organisation", ""))
            if party.body or party.country:  # a hub that somebody took out has no part any more
                found.append(party)
        return found

    def _results(
        self, exchange: Exchange, row: Mapping[str, Any], community: Indicator | None
    ) -> None:
        """Write what sources state of results as approved reports, each with its source; what no
        source gives a period for cannot be reported and stays in the catalogue's entry.
        """
        stated = [each for each in row["results"] if each["from"]]
        if not stated:
            return
        start = min(parse_partial_date(each["from"])[0] for each in stated)
        if exchange.starts_on:
            start = min(start, exchange.starts_on)
        framework = Framework.objects.filter(exchange=exchange, is_starter=True).first()
        if framework is not None:
            return  # reports are superseded by people, never written anew
        framework = Framework(slug=f"{row['slug']}-results", exchange=exchange)
        texts = {"title": row["title"], "language": row["language"], "summary": ""}
        self._write_framework(framework, texts | {"starts_on": start.isoformat()}, layer="exchange")
        framework.sources.set(exchange.sources.all())
        touched = [self._report(framework, each, community) for each in stated]
        request_recalculation(touched)

    def _report(
        self, framework: Framework, row: Mapping[str, Any], community: Indicator | None
    ) -> int:
        code = {"words": "change-in-words"}.get(row["kind"], row["kind"])
        output = row["level"] in ("output", "input", "scale", "target")
        result = Result.objects.create(
            framework=framework,
            kind="output" if output else "outcome",
            title=row["statement"][:300],
            position=row["number"],
        )
        is_summed = code == "people-trained" and community is not None
        indicator = Indicator.objects.create(
            result=result,
            definition=self.versions[code],
            frequency=Frequency.ONCE,
            rolls_up_to=community if is_summed else None,
        )
        start, _precision = parse_partial_date(row["from"])
        end, _precision = parse_partial_date(row["to"], end=True)
        label = row["from"] if row["from"] == row["to"] else f"{row['from']}–{row['to']}"
        period, _made = Period.objects.get_or_create(
            framework=framework,
            frequency=Frequency.ONCE,
            starts_on=start,
            defaults={"ends_on": end, "label": label},
        )
        now = timezone.now()
        number = None if row["value"] is None else Decimal(row["value"])
        update = Update.objects.create(
            indicator=indicator,
            period=period,
            exchange=framework.exchange,
            value=number,
            narrative=row["statement"],
            state="approved",
            submitted_at=now,
            approved_at=now,
            is_starter=True,
        )
        update.sources.set(self._cited([row["source"]]))
        return indicator.pk

    # The story

    def _story(self, row: Mapping[str, Any]) -> None:
        key, digest = f"story:{row['slug']}", digest_of(row)
        exchange = Exchange.objects.filter(slug=row["exchange"], is_starter=True).first()
        story = self._row_for(ImpactStory, key, digest, slug=row["slug"]) if exchange else None
        if story is None or exchange is None:
            return
        for name in ("title", "language", "summary", "other_explanations", "what_did_not_work"):
            setattr(story, name, row[name])
        story.exchange, story.is_starter = exchange, True
        story.state, story.published_at = "published", timezone.now()
        story._change_reason = REASON
        story.save()
        story.sources.set(exchange.sources.all())
        for each in row["claims"]:
            claim, _made = RungClaim.objects.update_or_create(
                story=story,
                rung=each["rung"],
                defaults={
                    "statement": each["statement"],
                    "dated_on": parse_partial_date(each["dated_on"])[0],
                },
            )
            evidence, _made = Evidence.objects.get_or_create(exchange=exchange, **each["evidence"])
            claim.evidence.set([evidence])
        settle_story(story, reason=REASON, by=None)
        self._remember(story, key, digest)


def _said_of(party: Party) -> tuple[str, int | None, int | None, str]:
    return party.side, party.hub_id, party.organisation_id, party.country

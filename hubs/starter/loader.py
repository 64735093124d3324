"""Load the starter content; a second time changes nothing, and people's edits stand."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from core.dates import parse_partial_date
from hubs.models import (
    CoordinationLink,
    DatedFact,
    FundingStream,
    Hub,
    InstitutionalArrangement,
    InstitutionalModel,
    Network,
    NetworkMembership,
    Organisation,
    Source,
    StarterRow,
)
from hubs.profile import SECTIONS

CONTENT = Path(__file__).with_name("content.json")
LOCK = 7_201_201_207  # of the database, so that two loads never run at once
WHOLE = "content"
_FACTS: dict[str, type[DatedFact]] = {section.slug: section.model for section in SECTIONS}
_FOREIGN_KEYS: dict[tuple[type[models.Model], str], type[models.Model]] = {
    (InstitutionalArrangement, "model"): InstitutionalModel,
    (CoordinationLink, "organisation"): Organisation,
    (FundingStream, "provider"): Organisation,
}
_DATES = ("valid_from", "valid_to", "stated_on")


@transaction.atomic
def load_starter_content(text: str | None = None) -> Counter[str]:
    """Bring the database up to this release's content; return what was added, by kind.

    A row that a person edited or removed is left as it is. Content that was loaded already
    costs two statements.
    """
    text = CONTENT.read_text(encoding="utf-8") if text is None else text
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    digest = _digest(text)
    if StarterRow.objects.filter(key=WHOLE, digest=digest).exists():
        return Counter()
    load = _Load(json.loads(text))
    load.run()
    StarterRow.objects.update_or_create(
        key=WHOLE, defaults={"model": "", "object_pk": 0, "digest": digest}
    )
    return load.added


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class _Load:
    """One pass over the content."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.known = {row.key: row for row in StarterRow.objects.all()}
        self.added: Counter[str] = Counter()
        self.sources: dict[str, Source] = {}

    def run(self) -> None:
        """Write what is new, in the order in which rows point at each other."""
        for row in self.content["models"]:
            self._named(InstitutionalModel, row, "code")
        for row in self.content["sources"]:
            self._source(row)
        for row in self.content["organisations"]:
            self._named(Organisation, row, "slug")
        for row in self.content["hubs"]:
            self._hub(row)
        for row in self.content["networks"]:
            self._network(row)

    def _named(self, model: type[models.Model], row: dict[str, Any], key: str) -> None:
        """Add a row that its natural key finds; one that is there is never touched."""
        manager = model._default_manager
        if manager.filter(**{key: row[key]}).exists():
            return
        thing = model(**row)
        thing.full_clean()
        thing.save()
        self.added[str(model._meta.verbose_name_plural)] += 1

    def _source(self, row: dict[str, Any]) -> None:
        source = Source.objects.filter(address=row["address"]).first()
        if source is None:
            columns = {name: row[name] for name in ("address", "title", "publisher")}
            source = Source(**columns)
            if row["date"]:
                source.dated_on, source.dated_on_precision = parse_partial_date(row["date"])
            source.full_clean()
            source.save()
            self.added["sources"] += 1
        self.sources[row["address"]] = source

    def _hub(self, row: dict[str, Any]) -> None:
        columns = {name: value for name, value in row.items() if name != "facts"}
        hub = Hub.objects.filter(slug=row["slug"]).first() or Hub(slug=row["slug"])
        if not self._write(f"hub:{row['slug']}", hub, {**columns, "is_published": True}):
            hub = Hub.objects.filter(slug=row["slug"]).first() or hub
        if hub.pk is None:
            return  # a person removed it
        for kind, facts in row["facts"].items():
            for number, fact in enumerate(facts):
                self._fact(hub, f"fact:{row['slug']}:{kind}:{number}", _FACTS[kind], fact)

    def _fact(self, hub: Hub, key: str, model: type[DatedFact], row: dict[str, Any]) -> None:
        sources = [self.sources[address] for address in row["sources"]]
        columns: dict[str, Any] = {"hub": hub}
        for name, value in row.items():
            related = _FOREIGN_KEYS.get((model, name))
            if name in _DATES and value:
                day, precision = parse_partial_date(value, end=name == "valid_to")
                columns |= {name: day, f"{name}_precision": precision}
            elif related is not None and value:
                lookup = "code" if related is InstitutionalModel else "slug"
                columns[name] = related._default_manager.get(**{lookup: value})
            elif name != "sources":
                columns[name] = value
        if "stated_on" not in columns:
            columns |= _stated(sources)
        known = self.known.get(key)
        fact = (known and model.objects.filter(pk=known.object_pk).first()) or model()
        if self._write(key, fact, columns, digest_of=row):
            fact.sources.set(sources)

    def _network(self, row: dict[str, Any]) -> None:
        if Network.objects.filter(slug=row["slug"]).exists():
            return
        columns = ("slug", "name", "acronym", "description", "website")
        network = Network(**{name: row[name] for name in columns})
        network.secretariat = Hub.objects.filter(slug=row["secretariat"]).first()
        network.full_clean()
        network.save()
        network.sources.set(self.sources[address] for address in row["sources"])
        for hub in Hub.objects.filter(slug__in=row["hubs"]):
            NetworkMembership.objects.create(network=network, hub=hub)
        self.added["networks"] += 1

    def _write(self, key: str, thing: Any, columns: dict[str, Any], digest_of: Any = None) -> bool:
        """Save a hub or fact if its content is new and nobody has edited it."""
        digest = _digest(json.dumps(digest_of or columns, sort_keys=True, default=str))
        known = self.known.get(key)
        if known is not None:
            is_removed = thing.pk is None
            if known.digest == digest or is_removed or not thing.is_starter:
                return False
        elif thing.pk is not None:
            return False  # somebody made it before the starter content came
        for name, value in columns.items():
            setattr(thing, name, value)
        thing.is_starter = True
        thing.full_clean()
        thing.save()
        StarterRow.objects.update_or_create(
            key=key,
            defaults={"model": thing._meta.model_name, "object_pk": thing.pk, "digest": digest},
        )
        self.added[str(thing._meta.verbose_name_plural)] += known is None
        return True


def _stated(sources: list[Source]) -> dict[str, Any]:
    """Return the date of the earliest source that has one, as that of the statement."""
    dated = [(source.dated_on, source.dated_on_precision) for source in sources if source.dated_on]
    if not dated:
        return {}
    day, precision = min(dated)
    return {"stated_on": day, "stated_on_precision": precision}

"""Load the starter content; a second time changes nothing, and people's edits stand."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from core.dates import parse_partial_date
from core.naming import one_at_a_time
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
REASON = "Starter content"
_FACTS: dict[str, type[DatedFact]] = {section.slug: section.model for section in SECTIONS}
_DATES = ("valid_from", "valid_to", "stated_on")
_HUB_COLUMNS = (
    *("name", "acronym", "native_name", "native_language", "slug", "countries", "level"),
    *("sectors", "languages", "website", "founded_year", "status", "summary"),
)
# What the portal keeps of a fact itself; every other column comes from the content.
_KEPT = {"id", "hub", "recorded_on", "known_from", "is_starter", "version"}
_KEPT |= {"is_published", "created_at", "updated_at"}


class _Register(NamedTuple):
    """A model whose rows many facts share, and what finds a row that people made before."""

    model: type[models.Model]
    columns: tuple[str, ...]
    natural_keys: tuple[str, ...]


_MODELS = _Register(InstitutionalModel, ("code", "name"), ("code",))
_SOURCES = _Register(
    Source, ("address", "title", "publisher", "dated_on", "dated_on_precision"), ("address",)
)
_ORGANISATIONS = _Register(
    Organisation,
    ("slug", "name", "acronym", "kind", "country", "website", "iati_identifier"),
    ("slug", "name__iexact"),
)
_NETWORKS = _Register(
    Network, ("slug", "name", "acronym", "description", "website"), ("slug", "name")
)
_POINTERS: dict[tuple[type[DatedFact], str], _Register] = {
    (InstitutionalArrangement, "model"): _MODELS,
    (CoordinationLink, "organisation"): _ORGANISATIONS,
    (FundingStream, "provider"): _ORGANISATIONS,
}


def load_starter_content(text: str | None = None) -> Counter[str]:
    """Bring the database up to this release's content; return what was written, by kind.

    A row that a person edited or removed is left as it is; one that the content no longer
    has goes, unless a person edited it.
    """
    text = CONTENT.read_text(encoding="utf-8") if text is None else text
    return load_once(text, whole=WHOLE, lock=LOCK, load=_loaded)


def _loaded(content: Any) -> Counter[str]:
    load = _Load()
    load.run(content)
    return load.written


@transaction.atomic
def load_once(
    text: str, *, whole: str, lock: int, load: Callable[[Any], Counter[str]]
) -> Counter[str]:
    """Let `load` bring what a text of JSON holds into the database; return what it wrote.

    `whole` is the name under which the text is remembered: one that was loaded already costs
    two statements. Two loads with one `lock` never run at once.
    """
    one_at_a_time(lock)
    digest = digest_of(text)
    if StarterRow.objects.filter(key=whole, digest=digest).exists():
        return Counter()
    written = load(json.loads(text))
    StarterRow.objects.update_or_create(
        key=whole, defaults={"model": "", "object_pk": 0, "digest": digest}
    )
    return written


def digest_of(value: Any) -> str:
    """Return the SHA-256 of a text, or of a value as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class _Load:
    """One pass over the content."""

    def __init__(self) -> None:
        self.known = {row.key: row for row in StarterRow.objects.all()}
        self.rows: dict[str, StarterRow] = {}  # to be written at the end, at once
        self.met: set[str] = set()
        self.written: Counter[str] = Counter()
        # By register and natural key; None for a row that a person removed.
        self.shared: dict[tuple[_Register, str], Any] = {}

    def run(self, content: Mapping[str, Any]) -> None:
        """Write what is new, in the order in which rows point at each other."""
        for row in content["models"]:
            self._share(_MODELS, row)
        for row in content["sources"]:
            self._share(_SOURCES, _dated(row, ["dated_on"]))
        for row in content["organisations"]:
            self._share(_ORGANISATIONS, row)
        for row in content["hubs"]:
            self._hub(row)
        for row in content["networks"]:
            self._network(row)
        self._withdraw()
        StarterRow.objects.bulk_create(
            self.rows.values(),
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["model", "object_pk", "digest"],
        )

    def _share(self, register: _Register, row: Mapping[str, Any]) -> bool:
        """Write a row of a register unless it is there; return whether it was added."""
        natural = row[register.natural_keys[0]]
        key = f"{register.model._meta.model_name}:{_short(natural)}"
        blank = register.model()
        columns = {name: row.get(name, getattr(blank, name)) for name in register.columns}
        known = self.known.get(key)
        thing = self._found(register, columns, known)
        self.shared[register, natural] = thing
        if thing is None and known is not None:
            return False  # a person removed it
        if thing is not None:
            now = digest_of({name: getattr(thing, name) for name in register.columns})
            if known is None or known.digest != now or now == digest_of(columns):
                return False
        is_new = thing is None
        thing = thing or blank
        self._save(key, thing, columns, digest_of(columns))
        self.shared[register, natural] = thing
        return is_new

    def _found(
        self, register: _Register, columns: Mapping[str, Any], known: StarterRow | None
    ) -> Any:
        rows = register.model._default_manager
        if known is not None and known.object_pk:
            return rows.filter(pk=known.object_pk).first()
        same = Q()
        for lookup in register.natural_keys:
            same |= Q(**{lookup: columns[lookup.partition("__")[0]]})
        return rows.filter(same).first()

    def _hub(self, row: Mapping[str, Any]) -> None:
        key = f"hub:{row['slug']}"
        columns = {name: row[name] for name in _HUB_COLUMNS}
        if key in self.known:
            hub = self._brought_up(key, Hub, columns, digest_of(columns))
        elif Hub.objects.filter(slug=row["slug"]).exists():
            return  # people described this hub before the starter content came
        else:
            hub = Hub(is_published=True)
            self._save(key, hub, columns, digest_of(columns))
        if hub is None:
            return  # a person removed it
        before = self.written.total()
        for kind, facts in row["facts"].items():
            for fact in facts:
                self._fact(hub, f"fact:{row['slug']}:{kind}:{fact['key']}", _FACTS[kind], fact)
        if self.written.total() > before:
            _touch(hub.pk)

    def _fact(self, hub: Hub, key: str, model: type[DatedFact], row: Mapping[str, Any]) -> None:
        """Write a fact, unless what it points at, or all its sources, were removed."""
        self.met.add(key)
        cited = [self.shared[_SOURCES, address] for address in row["sources"]]
        sources = [source for source in cited if source is not None]
        columns = self._fact_columns(model, row)
        if columns is None or not sources:
            return
        if columns["stated_on"] is None:
            columns |= _stated(sources)
        # A source that is dated otherwise in a new release dates its facts otherwise too.
        digest = digest_of([row, columns["stated_on"]])
        if key not in self.known:
            fact: Any = model(hub=hub)
            self._save(key, fact, columns, digest)
            fact.sources.set(sources)
        elif self.known[key].digest != digest:
            fact = self._brought_up(key, model, columns, digest)
            if fact is not None and self.known[key].digest == digest:
                fact.sources.set(sources)

    def _fact_columns(
        self, model: type[DatedFact], row: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """Return every column of a fact; None if it points at a row that a person removed."""
        given = _dated(row, _DATES)
        columns = {
            field.name: given.get(field.name, field.get_default())
            for field in model._meta.concrete_fields
            if field.name not in _KEPT
        }
        for name, value in columns.items():
            register = _POINTERS.get((model, name))
            if register is not None and value:
                columns[name] = self.shared[register, value]
                if columns[name] is None:
                    return None
        return columns

    def _network(self, row: Mapping[str, Any]) -> None:
        if not self._share(_NETWORKS, row):
            return
        network = self.shared[_NETWORKS, row["slug"]]
        network.secretariat = Hub.objects.filter(slug=row["secretariat"]).first()
        network.save()
        cited = [self.shared[_SOURCES, address] for address in row["sources"]]
        network.sources.set(source for source in cited if source is not None)
        for hub in Hub.objects.filter(slug__in=row["hubs"]):
            NetworkMembership.objects.create(network=network, hub=hub)

    def _brought_up(
        self, key: str, model: type[models.Model], columns: Mapping[str, Any], digest: str
    ) -> Any:
        """Return the hub or fact that `key` became, with `columns` if nobody has edited it.

        None if a person removed it.
        """
        known = self.known[key]
        rows = model._default_manager.select_for_update(no_key=True, of=("self",))
        thing = rows.filter(pk=known.object_pk).first()
        if thing is not None and known.digest != digest and is_untouched(thing):
            self._save(key, thing, columns, digest)
        return thing

    def _save(self, key: str, thing: Any, columns: Mapping[str, Any], digest: str) -> None:
        for name, value in columns.items():
            setattr(thing, name, value)
        if hasattr(thing, "is_starter"):
            thing.is_starter = True
        if hasattr(thing, "version") and not thing._state.adding:
            thing.version += 1
        # The database holds the constraints; asking each beforehand is a query apiece.
        thing.full_clean(validate_unique=False, validate_constraints=False)
        thing._change_reason = REASON
        thing.save()
        pk = thing.pk if isinstance(thing.pk, int) else 0
        row = StarterRow(key=key, model=thing._meta.model_name, object_pk=pk, digest=digest)
        self.known[key] = self.rows[key] = row
        self.written[str(thing._meta.verbose_name_plural)] += 1

    def _withdraw(self) -> None:
        """Remove the facts that the content no longer has and nobody has edited."""
        by_name = {model._meta.model_name: model for model in _FACTS.values()}
        for key, row in self.known.items():
            if not key.startswith("fact:") or key in self.met:
                continue
            rows = by_name[row.model].objects.select_for_update(no_key=True, of=("self",))
            fact: Any = rows.filter(pk=row.object_pk).first()
            if fact is not None and is_untouched(fact):
                fact._change_reason = REASON
                fact.delete()
                _touch(fact.hub_id)
                self.written[str(fact._meta.verbose_name_plural)] += 1
                row.delete()


def _touch(hub_pk: int) -> None:
    """Note that facts of a hub changed: `updated_since` follows."""
    Hub.objects.filter(pk=hub_pk).update(updated_at=timezone.now())


def _short(natural: str) -> str:
    """Return a key for StarterRow, which holds 200 characters; addresses may have more."""
    return natural if len(natural) <= 100 else digest_of(natural)


def _dated(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return `row` with its partial dates ("2012", "2018-04") as dates and precisions."""
    columns = dict(row)
    for name in names:
        if columns.get(name):
            day, precision = parse_partial_date(columns[name], end=name == "valid_to")
            columns |= {name: day, f"{name}_precision": precision}
    return columns


def _stated(sources: Iterable[Source]) -> dict[str, Any]:
    """Return the date of the earliest source that has one, as that of the statement."""
    dated = [(source.dated_on, source.dated_on_precision) for source in sources if source.dated_on]
    if not dated:
        return {}
    day, precision = min(dated)
    return {"stated_on": day, "stated_on_precision": precision}


def is_untouched(thing: Any) -> bool:
    """Return whether no person has ever saved this row of the starter content."""
    return thing.is_starter and not thing.history.filter(history_user__isnull=False).exists()

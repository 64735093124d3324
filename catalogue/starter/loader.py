"""Load the starter entries; a second time changes nothing, and people's edits stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalogue.models import Entry, EntryPartner, ResultRow
from catalogue.services import publish_content
from hubs.models import Hub, Organisation, Source, StarterRow
from hubs.starter.loader import digest_of, is_untouched, load_once

CONTENT = Path(__file__).with_name("content.json")
LOCK = 7_201_201_208  # of the database, so that two loads never run at once
WHOLE = "catalogue-content"
REASON = "Starter content"
PARTS = ("hub", "partners", "results", "sources")


def load_starter_entries(text: str | None = None) -> Counter[str]:
    """Bring the entries up to this release's content; return what was written, by kind.

    An entry that a person edited or removed is left as it is, one whose hub is gone is left
    out.
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
        self.known = {row.key: row for row in StarterRow.objects.filter(key__startswith="entry:")}
        self.hubs = {hub.slug: hub for hub in Hub.objects.all()}
        self.organisations = {each.slug: each for each in Organisation.objects.all()}
        self.sources: dict[str, Source] = {}

    def run(self) -> None:
        self._sources()
        for row in self.content["entries"]:
            self._entry(row)

    def _sources(self) -> None:
        cited = {address for row in self.content["entries"] for address in row["sources"]}
        new = [Source(**row) for row in self.content["sources"]]
        Source.objects.bulk_create(new, ignore_conflicts=True)
        self.sources = {each.address: each for each in Source.objects.filter(address__in=cited)}

    def _entry(self, row: Mapping[str, Any]) -> None:
        key, digest = f"entry:{row['slug']}", digest_of(row)
        known, hub = self.known.get(key), self.hubs.get(row["hub"])
        if hub is None or (known is not None and known.digest == digest):
            return
        entry = self._row_for(row["slug"], known)
        if entry is None:
            return
        for name, value in row.items():
            if name not in PARTS:
                setattr(entry, name, value)
        entry.hub = hub
        entry.is_starter = True
        entry.full_clean(validate_unique=False, validate_constraints=False)
        entry._change_reason = REASON
        entry.save()
        self._parts(entry, row)
        publish_content(entry, by=None)
        StarterRow.objects.update_or_create(
            key=key, defaults={"model": "entry", "object_pk": entry.pk, "digest": digest}
        )
        self.written[str(Entry._meta.verbose_name_plural)] += 1

    def _row_for(self, slug: str, known: StarterRow | None) -> Any:
        """Return the entry to write; None where a person made, edited or removed it."""
        entry = Entry.objects.select_for_update(no_key=True).filter(slug=slug).first()
        if entry is None:
            return Entry(slug=slug) if known is None else None
        return entry if known is not None and is_untouched(entry) else None

    def _parts(self, entry: Entry, row: Mapping[str, Any]) -> None:
        cited = [self.sources.get(address) for address in row["sources"]]
        entry.sources.set(source for source in cited if source is not None)  # one may be gone
        entry.partners.all().delete()
        EntryPartner.objects.bulk_create(
            EntryPartner(entry=entry, position=number, **self._body(partner))
            for number, partner in enumerate(row["partners"])
        )
        entry.results.all().delete()
        ResultRow.objects.bulk_create(
            ResultRow(
                entry=entry,
                position=number,
                **result
                | {
                    "value": None if result["value"] is None else Decimal(result["value"]),
                    "source": self.sources.get(result["source"]),
                },
            )
            for number, result in enumerate(row["results"])
        )

    def _body(self, partner: Mapping[str, str]) -> dict[str, Any]:
        """Return the columns of a partner; a body that is gone leaves its name in addresses."""
        columns: dict[str, Any] = {"role": partner["role"]}
        for name, register in (("hub", self.hubs), ("organisation", self.organisations)):
            slug = partner.get(name)
            if slug is None:
                continue
            found: Any = register.get(slug)
            return columns | ({name: found} if found else {"name": slug})
        return columns | {"name": partner["name"]}

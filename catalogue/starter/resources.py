"""Load the starter library; a second time changes nothing, and people's edits stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalogue.models import Entry, Resource, ResourceLink
from catalogue.services import index_rows
from catalogue.starter.loader import LOCK, REASON
from hubs.models import Source, StarterRow
from hubs.starter.loader import digest_of, is_untouched, load_once

CONTENT = Path(__file__).with_name("resources.json")
WHOLE = "catalogue-resources"
PARTS = ("links", "sources")


def load_starter_resources(text: str | None = None) -> Counter[str]:
    """Bring the library up to this release's content; return what was written, by kind.

    To be called after the entries were loaded: a resource documents those that cite its
    address. One that a person edited or removed is left as it is.
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
        rows = StarterRow.objects.filter(key__startswith="resource:")
        self.known = {row.key: row for row in rows}
        self.sources: dict[str, Source] = {}

    def run(self) -> None:
        cited = {address for row in self.content["resources"] for address in row["sources"]}
        new = [Source(**row) for row in self.content["sources"]]
        Source.objects.bulk_create(new, ignore_conflicts=True)
        self.sources = {each.address: each for each in Source.objects.filter(address__in=cited)}
        for row in self.content["resources"]:
            self._resource(row)
        index_rows("resource")

    def _resource(self, row: Mapping[str, Any]) -> None:
        key, digest = f"resource:{row['slug']}", digest_of(row)
        known = self.known.get(key)
        if known is not None and known.digest == digest:
            return
        resource = self._row_for(row["slug"], known)
        if resource is None:
            return
        for name, value in row.items():
            if name not in PARTS:
                setattr(resource, name, value)
        resource.is_starter = resource.is_published = True
        resource.full_clean(validate_unique=False, validate_constraints=False)
        resource._change_reason = REASON
        resource.save()
        self._parts(resource, row)
        StarterRow.objects.update_or_create(
            key=key, defaults={"model": "resource", "object_pk": resource.pk, "digest": digest}
        )
        self.written[str(Resource._meta.verbose_name_plural)] += 1

    def _row_for(self, slug: str, known: StarterRow | None) -> Any:
        """Return the resource to write; None where a person made, edited or removed it."""
        found = Resource.objects.select_for_update(no_key=True).filter(slug=slug).first()
        if found is None:
            return Resource(slug=slug) if known is None else None
        return found if known is not None and is_untouched(found) else None

    def _parts(self, resource: Any, row: Mapping[str, Any]) -> None:
        resource.sources.set(
            self.sources[address] for address in row["sources"] if address in self.sources
        )
        resource.links.all().delete()
        ResourceLink.objects.bulk_create(
            ResourceLink(resource=resource, position=number, **link)
            for number, link in enumerate(row["links"])
        )
        addresses = [link["address"] for link in row["links"]]
        resource.entries.set(Entry.objects.filter(sources__address__in=addresses).distinct())

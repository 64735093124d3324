"""An entry's page, and each of its versions as it was published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.codelists import SDGS, Instrument, ResultLevel
from catalogue.models import Entry, EntryVersion, PartnerRole
from catalogue.querysets import EntryQuerySet
from catalogue.services import TEXTS
from catalogue.views.entries import years_of
from catalogue.views.related import blocks_of, with_same_block
from core import codes
from core.footnotes import SourceNumbers
from core.shared_pages import shared_page
from core.text import render_markdown

RELATED = 5  # entries named below an entry
MAX_NUMBER = 1_000_000  # of a version; beyond it the database would not understand


@require_safe
@shared_page
def entry_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/catalogue/<slug>/: the entry as it was last published."""
    entry: Any = get_object_or_404(
        Entry.objects.visible_to(request.user).select_related("hub").with_source_list(), slug=slug
    )
    entries = Entry.objects.visible_to(request.user)
    blocks = blocks_of(entry, request.user)
    same_block = list(with_same_block(entry, entries, blocks, RELATED))
    by_pk = {source["pk"]: source for source in entry.source_list}
    numbers = SourceNumbers()
    context = {
        "entry": entry,
        "facts": list(facts_of(entry)),
        "partners": entry.partners.visible_to(request.user).with_bodies(),
        "results": [
            {
                "row": result,
                "level": result.get_level_display(),
                "source_list": [by_pk[result.source_id]] if result.source_id in by_pk else [],
            }
            for result in entry.results.all()
        ],
        "texts": list(texts_of(entry)),
        "sources": entry.source_list,
        "numbers": numbers,
        "versions": entry.versions.newest_first().values("number", "published_at"),
        "blocks": blocks,
        "related": _once([*same_block, *related_to(entry, entries)]),
    }
    return render(request, "catalogue/entry_detail.html", context)


@require_safe
@shared_page
def entry_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """/catalogue/<slug>/v/<n>/: what the entry said in its version `number`, for good."""
    if number > MAX_NUMBER:
        raise Http404
    version = get_object_or_404(
        EntryVersion.objects.visible_to(request.user).select_related("entry__hub"),
        entry__slug=slug,
        number=number,
    )
    said = Entry(**{name: version.content[name] for name in TEXTS}, hub=version.entry.hub)
    context = {
        "version": version,
        "entry": version.entry,
        "said": said,
        "hub_name": version.content["hub"]["name"],
        "facts": list(facts_of(said)),
        "texts": list(texts_of(said)),
        "partners": [
            {"role": PartnerRole(row["role"]).label, "name": row["name"]}
            for row in version.content["partners"]
        ],
        "results": [
            row | {"level": ResultLevel(row["level"]).label if row["level"] else ""}
            for row in version.content["results"]
        ],
        "sources": version.content["sources"],
    }
    return render(request, "catalogue/entry_version.html", context)


def facts_of(entry: Entry) -> Iterator[dict[str, Any]]:
    """Give what the entry states in codes, in words: term, values, whether our own coding."""
    years = years_of(entry)
    rows: tuple[tuple[str, object, list[object]], ...] = (
        ("provider_countries", _("Shared by"), _countries(entry.provider_countries)),
        ("countries", _("Partner countries"), _countries(entry.countries)),
        ("year_from", _("Years"), [years] if years else []),
        ("sectors", _("Sectors"), [codes.SECTORS[code] for code in entry.sectors]),
        ("sdgs", _("Goals"), [f"{code}. {SDGS[code]}" for code in entry.sdgs]),
        ("instruments", _("Instruments"), [Instrument(code).label for code in entry.instruments]),
        (
            "working_languages",
            _("Languages of the exchange"),
            [codes.language_name(code) for code in entry.working_languages],
        ),
    )
    for column, term, values in rows:
        yield {"term": term, "values": values, "is_editorial": entry.is_editorial(column)}


def texts_of(entry: Entry) -> Iterator[dict[str, Any]]:
    """Give the parts of the text that there are: anchor, heading, HTML."""
    for column, heading in (
        ("challenge", _("The challenge")),
        ("what_was_done", _("What was done")),
        ("lessons", _("Lessons")),
    ):
        text = getattr(entry, column)
        yield {"id": column.replace("_", "-"), "heading": heading, "html": render_markdown(text)}


def related_to(entry: Entry, entries: EntryQuerySet) -> Iterator[dict[str, Any]]:
    """Give published entries that share a sector and an instrument, with those as reason; the
    ones with a partner country in common first.
    """
    found = (
        entries.published()
        .exclude(pk=entry.pk)
        .filter(sectors__overlap=entry.sectors, instruments__overlap=entry.instruments)
        .annotate(
            is_near=ExpressionWrapper(
                Q(countries__overlap=entry.countries), output_field=BooleanField()
            )
        )
        .for_list()
        .order_by("-is_near", "-published_at", "pk")[:RELATED]
    )
    for other in found:
        sectors = [str(codes.SECTORS[code]) for code in other.sectors if code in entry.sectors]
        shared = [
            str(Instrument(code).label) for code in other.instruments if code in entry.instruments
        ]
        yield {"entry": other, "reasons": [*sectors, *shared]}


def _once(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first `RELATED` lines, each entry once, with all its reasons."""
    found: dict[int, dict[str, Any]] = {}
    for line in lines:
        known = found.setdefault(line["entry"].pk, line | {"reasons": []})
        known["reasons"] += line["reasons"]
    return list(found.values())[:RELATED]


def _countries(countries: list[str]) -> list[object]:
    return [codes.country_name(code) for code in countries]

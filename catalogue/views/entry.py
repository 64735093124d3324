"""An entry's page, and each of its versions as it was published."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from catalogue.codelists import Instrument
from catalogue.content import attachments_of
from catalogue.models import Entry, EntryVersion, Resource, ResultRow, SearchRow, Translation
from catalogue.querysets import EntryQuerySet
from catalogue.views.adoption_lists import adapted_from, adopted_by
from catalogue.views.related import blocks_of, with_same_block
from catalogue.views.resources import documents_of
from catalogue.views.telling import facts_of, in_language, texts_of, told
from core import codes
from core.footnotes import SourceNumbers
from core.shared_pages import shared_page

LOOKED_THROUGH = 2_000  # entries among which related ones are looked for
RELATED = 5  # entries named below an entry


@require_safe
@shared_page
def entry_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/catalogue/<slug>/: the entry as it was last published, or why it was withdrawn."""
    entries: Any = Entry.objects.visible_to(request.user).select_related("hub")
    entry: Any = entries.with_source_list().filter(slug=slug).first()
    if entry is None:
        return _tombstone(request, slug)
    entries = Entry.objects.visible_to(request.user)
    blocks = blocks_of(entry, request.user)
    same_block = list(with_same_block(entry, entries, blocks, RELATED))
    translations: list[Any] = list(entry.translations.with_is_stale())
    said, translation, languages = in_language(entry, translations, _language(request))
    by_pk = {source["pk"]: source for source in entry.source_list}
    numbers = SourceNumbers()
    context = {
        "entry": entry,
        "said": said,
        "languages": languages,
        "translation": translation,
        "told_in": _told_in(entry, translations, translation),
        "facts": list(facts_of(entry, request.user)),
        "partners": entry.partners.visible_to(request.user).with_bodies(),
        "results": [
            {
                "row": result,
                "statement": statement,
                "level": result.get_level_display(),
                "source_list": [by_pk[result.source_id]] if result.source_id in by_pk else [],
            }
            for result, statement in _results(entry, translation)
        ],
        "texts": list(texts_of(said, languages)),
        "sources": entry.source_list,
        "numbers": numbers,
        "attachments": _attachments(entry, translation),
        "documents": documents_of(entry, Resource.objects.visible_to(request.user)),
        "versions": entry.versions.newest_first().values("number", "published_at"),
        "rights": _rights(request, entry),
        "permanent": _permanent(entry),
        "blocks": blocks,
        "adopted": adopted_by(entry, request.user),
        "adapted_from": adapted_from(entry, request.user),
        "related": _once([*same_block, *related_to(entry, entries)]),
    }
    return render(request, "catalogue/entry_detail.html", context)


@require_safe
@shared_page
def entry_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """/catalogue/<slug>/v/<n>/: what the entry said in its version `number`, for good."""
    versions = EntryVersion.objects.visible_to(request.user).select_related("entry__hub")
    version: Any = versions.filter(entry__slug=slug, number=number).first()
    if version is None:
        return _tombstone(request, slug)
    context = told(version.content, hub=version.entry.hub, user=request.user) | {
        "version": version,
        "entry": version.entry,
    }
    return render(request, "catalogue/entry_version.html", context)


def _language(request: HttpRequest) -> str:
    """Return the language to tell in: the one asked for, else the reader's."""
    asked = request.GET.get("lang", "")
    return asked if asked in codes.LANGUAGES else (get_language() or "en").partition("-")[0]


def _told_in(
    entry: Entry, translations: list[Translation], translation: Translation | None
) -> list[dict[str, Any]]:
    """Return the languages in which the entry can be read, where there are several."""
    if not translations:
        return []
    now = translation.language if translation else entry.language
    return [
        {"code": code, "name": codes.language_name(code), "is_current": code == now}
        for code in (entry.language, *(each.language for each in translations))
    ]


def _results(entry: Entry, translation: Translation | None) -> list[tuple[ResultRow, str]]:
    """Return the result rows with what they say, translated only where the rows are the same."""
    rows = list(entry.results.all())
    said = translation.texts.get("results", []) if translation else []
    is_same = translation is not None and translation.from_version == entry.latest_version
    if not is_same or len(said) != len(rows):
        said = [""] * len(rows)
    return [(row, text or row.statement) for row, text in zip(rows, said, strict=True)]


def _attachments(entry: Entry, translation: Translation | None) -> list[dict[str, Any]]:
    """Return the files and pictures, with captions translated where they are, and `language`."""
    captions = translation.texts.get("captions", {}) if translation else {}
    return [
        each
        | (
            {"caption": captions[key], "language": translation.language}
            if translation and (key := str(each["pk"])) in captions
            else {"language": entry.language}
        )
        for each in attachments_of(entry)
    ]


def _permanent(entry: Entry) -> str:
    """Return the address that will always show the text as it is now; "" before publication."""
    if not entry.latest_version:
        return ""
    path = reverse("catalogue:entry_version", args=[entry.slug, entry.latest_version])
    return f"{settings.SITE_URL}{path}"


def _tombstone(request: HttpRequest, slug: str) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.tombstones().select_related("hub"), slug=slug)
    return render(request, "catalogue/tombstone.html", {"entry": entry}, status=HTTPStatus.GONE)


def _rights(request: HttpRequest, entry: Entry) -> dict[str, bool]:
    """Return what the reader may do with the entry; visitors nothing, at no query."""
    if not request.user.is_authenticated:
        return {}
    return {
        "revise": Entry.objects.revisable_by(request.user).contains(entry),
        "translate": Entry.objects.translatable_by(request.user).contains(entry),
        "contest": Entry.objects.contestable_by(request.user).contains(entry),
    }


def related_to(entry: Entry, entries: EntryQuerySet) -> Iterator[dict[str, Any]]:
    """Give published entries that share a sector and an instrument, with those as reason; the
    ones with a partner country in common first. Of very many, the newest are looked through.
    """
    newest = SearchRow.objects.filter(kind="entry").order_by("-published_at", "object_pk")
    found = (
        entries.published()
        .filter(pk__in=newest.values("object_pk")[:LOOKED_THROUGH])
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

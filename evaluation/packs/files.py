"""The files of a report pack: tables, what their columns mean, and a text to read first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.api.responses import iso
from core.csv import csv_lines
from core.dates import partial_isoformat
from evaluation.models import PartySide
from evaluation.packs.content import Pack
from evaluation.packs.meanings import FILES
from evaluation.serializers.frameworks import figure_row

Row = dict[str, Any]


def pack_files(pack: Pack, *, root: str) -> Iterator[tuple[str, Iterator[str]]]:
    """Give each file of the pack: its name, and its text in portions. No queries."""
    yield "README.txt", iter([readme(pack, root=root)])
    for name, columns in FILES.items():
        yield name, csv_lines(list(columns), pack_rows(pack, name, root=root))
    yield "dictionary.csv", csv_lines(["file", "column", "meaning"], _dictionary())


def pack_rows(pack: Pack, name: str, *, root: str) -> Iterator[Row]:
    """Give the rows of one of the tables."""
    return {
        "exchanges.csv": _exchanges,
        "contributions.csv": _contributions,
        "frameworks.csv": _frameworks,
        "figures.csv": _figures,
        "updates.csv": _updates,
        "stories.csv": _stories,
    }[name](pack, root)


def readme(pack: Pack, *, root: str) -> str:
    """Return what the pack is of, from where, and what is not in it."""
    scope = pack.scope
    lines = [
        _("Report pack of %(hub)s, %(year)s") % {"hub": scope.hub.name, "year": scope.year},
        _("As of %(moment)s (UTC)") % {"moment": iso(scope.moment)},
        f"{root}{scope.hub.get_absolute_url()}",
        "",
        _("For the hub’s people: it names what is confidential. Do not pass it on.")
        if scope.is_internal
        else _("For everybody: what is confidential is counted and not named."),
        "",
        *(f"{label}: {number}" for label, number in counts(pack)),
        "",
        _("An empty cell is “not stated” or “not reported”, never zero."),
        _("Each figure has the address that explains what it was made of."),
        _("The same moment gives the same figures whenever the pack is made."),
        _("dictionary.csv says what each column means."),
    ]
    return "\n".join(lines) + "\n"


def counts(pack: Pack) -> list[tuple[str, int]]:
    """Return how many of each thing the pack names, and how many it does not."""
    return [
        (_("Exchanges"), len(pack.exchanges)),
        (_("Exchanges not named (confidential or withdrawn)"), pack.unnamed_exchanges),
        (_("Exchanges without any date, in no year’s pack"), pack.undated_exchanges),
        (_("Frameworks"), len(pack.frameworks)),
        (_("Frameworks not named"), pack.unnamed_frameworks),
        (_("Approved reports"), len(pack.updates)),
        (_("Approved reports not named"), pack.unnamed_updates),
        (_("Impact stories"), len(pack.stories)),
        (_("Impact stories not named"), pack.unnamed_stories),
    ]


def _dictionary() -> Iterator[Mapping[str, object]]:
    for name, columns in FILES.items():
        for column, meaning in columns.items():
            yield {"file": name, "column": column, "meaning": str(meaning)}


def _exchanges(pack: Pack, root: str) -> Iterator[Row]:
    same = (
        *("slug", "title", "language", "summary", "modality", "status", "is_confirmed"),
        *("instruments", "sectors", "sdgs"),
    )
    for exchange in pack.exchanges:
        parties = pack.parties.get(exchange.pk, [])
        yield {
            **{name: getattr(exchange, name) for name in same},
            "starts_on": partial_isoformat(exchange.starts_on, exchange.starts_on_precision),
            "ends_on": partial_isoformat(exchange.ends_on, exchange.ends_on_precision),
            **{
                f"{side}s": [str(party) for party in parties if party.side == side]
                for side in PartySide.values
            },
            "participations": pack.participations.get(exchange.pk),
            "url": f"{root}{exchange.get_absolute_url()}",
        }


def _contributions(pack: Pack, root: str) -> Iterator[Row]:
    slugs = {exchange.pk: exchange.slug for exchange in pack.exchanges}
    same = ("kind", "quantity", "amount", "currency", "stage", "dated_on", "note")
    for given in pack.contributions:
        yield {
            "exchange": slugs[given.exchange_id],
            "party": str(given.party),
            "side": given.party.side,
            **{name: getattr(given, name) for name in same},
        }


def _frameworks(pack: Pack, root: str) -> Iterator[Row]:
    slugs = {exchange.pk: exchange.slug for exchange in pack.exchanges}
    for each in pack.frameworks:
        framework = each.framework
        same = ("slug", "title", "layer", "summary", "starts_on", "ends_on")
        yield {
            **{name: getattr(framework, name) for name in same},
            "exchange": slugs.get(framework.exchange_id or 0, ""),
            "url": f"{root}{framework.get_absolute_url()}",
        }


def _figures(pack: Pack, root: str) -> Iterator[Row]:
    for each in pack.frameworks:
        for spot in each.spots:
            row = figure_row(each.framework, spot, root)
            cell = spot.figure.cell if spot.figure else None
            part = {"dimension": cell.dimension.code, "cell": cell.code} if cell else {}
            if cell:  # baselines and targets are of the whole
                row |= {"baseline": None, "target": None, "progress_percent": None}
            yield {"dimension": "", "cell": ""} | row | part


def _updates(pack: Pack, root: str) -> Iterator[Row]:
    same = (
        *("value", "numerator", "denominator", "score", "distinct_people", "not_available"),
        *("narrative", "approved_at"),
    )
    for row in pack.updates:
        yield {
            "id": row.pk,
            "framework": row.indicator.result.framework.slug,
            "indicator": row.indicator_id,
            "indicator_title": row.indicator.definition.title,
            "period": row.period.plain_name,
            "starts_on": row.period.starts_on,
            "ends_on": row.period.ends_on,
            "hub": row.hub.slug if row.hub else "",
            "exchange": row.exchange.slug if row.exchange else "",
            **{name: getattr(row, name) for name in same},
            "sources": [source.address for source in row.sources.all()],
        }


def _stories(pack: Pack, root: str) -> Iterator[Row]:
    same = (
        *("slug", "title", "language", "summary", "strength", "no_change_found"),
        *("what_did_not_work", "other_explanations", "published_at"),
    )
    for story in pack.stories:
        yield {
            **{name: getattr(story, name) for name in same},
            "exchange": story.exchange.slug,
            "rung": story.reached,
            "url": f"{root}{story.get_absolute_url()}",
        }

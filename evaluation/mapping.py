"""Which part of a dimension below counts into which part of one above, framework by framework."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q, QuerySet

from evaluation.models import Cell, CellMapping, DefinitionVersion, Dimension, Framework, Indicator

if TYPE_CHECKING:
    from hubs.querysets import User

MAPPING_COLUMNS = (
    *("id", "part_dimension", "part", "part_name", "into_dimension", "into", "into_name"),
)
_VERSIONS = 0x7FFFFFFF  # as many as a form and a header take


class Pair(NamedTuple):
    """A dimension of indicators below, and one of the indicators that these roll up to."""

    source: Dimension
    target: Dimension


def ties_of(framework: Framework) -> QuerySet[Indicator]:
    """Return the indicators of a framework that roll up, and those that roll up to one of it."""
    ties: QuerySet[Indicator] = Indicator.objects.filter(
        Q(result__framework=framework) | Q(rolls_up_to__result__framework=framework),
        rolls_up_to__isnull=False,
    )
    return ties


def pairs_of(framework: Framework, user: User) -> list[Pair]:
    """Return between which dimensions parts of a framework's figures are carried, of the ties
    whose two ends `user` may see: three queries.

    A dimension that both ends have carries its own parts and needs no mapping.
    """
    seen = Indicator.objects.visible_to(user)
    ties = ties_of(framework).filter(pk__in=seen, rolls_up_to__in=seen)
    found = set(ties.values_list("definition", "rolls_up_to__definition"))
    carried = carried_between(found)
    dimensions = Dimension.objects.in_bulk({pk for pair in carried for pk in pair})
    pairs = [Pair(dimensions[source], dimensions[target]) for source, target in carried]
    return sorted(pairs, key=lambda pair: (pair.source.code, pair.target.code))


def carried_between(versions: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the keys of the dimensions, below and above, between which parts are carried where
    an indicator of one version rolls up to one of another: one query.
    """
    of: dict[int, set[int]] = defaultdict(set)
    used = {pk for pair in versions for pk in pair}
    rows = DefinitionVersion.dimensions.through._default_manager.filter(definitionversion__in=used)
    for version, dimension in rows.values_list("definitionversion", "dimension"):
        of[version].add(dimension)
    return {
        (source, target)
        for below, above in versions
        for source in of[below] - of[above]
        for target in of[above] - of[below]
    }


def mapped(pairs: Collection[Pair]) -> dict[int, dict[int, CellMapping]]:
    """Return how parts are mapped between these dimensions: by the key of the dimension above and
    of the part below; one query. Of several the first counts, as for the engine.
    """
    wanted = Q(pk__in=[])
    for pair in pairs:
        wanted |= Q(source__dimension=pair.source, target__dimension=pair.target)
    found: dict[int, dict[int, CellMapping]] = defaultdict(dict)
    for row in CellMapping.objects.filter(wanted).select_related("target").order_by("pk"):
        found[row.target.dimension_id].setdefault(row.source_id, row)
    return found


def mapping_rows(pairs: Collection[Pair]) -> list[dict[str, Any]]:
    """Return one row for each part below, by pair of dimensions; without a target it has no place
    above and is listed there, not counted (rule 6). Two queries, however many.
    """
    places = mapped(pairs)
    cells: dict[int, list[Cell]] = defaultdict(list)
    sources = Cell.objects.filter(dimension__in=[pair.source for pair in pairs])
    for cell in sources.order_by("position", "pk"):
        cells[cell.dimension_id].append(cell)
    return [
        _row(pair, cell, places[pair.target.pk].get(cell.pk))
        for pair in pairs
        for cell in cells[pair.source.pk]
    ]


def _row(pair: Pair, cell: Cell, mapping: CellMapping | None) -> dict[str, Any]:
    target = mapping.target if mapping else None
    return {
        "id": mapping.pk if mapping else None,
        "part_dimension": pair.source.code,
        "part": cell.code,
        "part_name": cell.name,
        "into_dimension": pair.target.code,
        "into": target.code if target else "",
        "into_name": target.name if target else "",
    }


def version_of(places: Collection[tuple[str, str]]) -> int:
    """Return a number that differs when parts are mapped otherwise; which part goes where."""
    text = "\n".join(sorted(f"{source} {target}" for source, target in places))
    return zlib.crc32(text.encode()) & _VERSIONS


def pair_version(pair: Pair) -> int:
    """Return the version of how the parts of one dimension are mapped into another."""
    rows = CellMapping.objects.filter(source__dimension=pair.source, target__dimension=pair.target)
    return version_of(list(rows.values_list("source__code", "target__code")))

"""What the engine is given to compute a tree of indicators, read from the database."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q

from evaluation import figures
from evaluation.models import (
    Cell,
    CellMapping,
    DefinitionVersion,
    Indicator,
    IndicatorKind,
    Period,
    Update,
    UpdateCell,
    UpdateState,
)

NO_END = datetime.date.max  # of a period that is open
_TREE = """
WITH RECURSIVE up(id) AS (
    SELECT id FROM evaluation_indicator WHERE id = ANY(%s)
    UNION
    SELECT above.rolls_up_to_id FROM up JOIN evaluation_indicator above ON above.id = up.id
    WHERE above.rolls_up_to_id IS NOT NULL
), down(id) AS (
    SELECT id FROM up
    UNION
    SELECT below.id FROM down JOIN evaluation_indicator below ON below.rolls_up_to_id = down.id
)
SELECT id FROM down ORDER BY id
"""
_INDICATOR = (
    *("pk", "rolls_up_to_id", "is_excluded", "exclusion_reason", "frequency", "definition_id"),
    *("result__framework_id", "result__framework__hub_id", "result__framework__exchange_id"),
    *("result__framework__is_published", "result__framework__exchange__is_published"),
)
_UPDATE = (
    *("pk", "indicator_id", "period_id", "hub_id", "exchange_id", "source_name"),
    *("state", "value", "numerator", "denominator", "score", "distinct_people"),
    *("narrative", "not_available", "submitted_at", "approved_at", "comment", "is_additive"),
)
_STATES = (UpdateState.APPROVED, UpdateState.SUPERSEDED, UpdateState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Inputs:
    """A tree, with the keys of the cells that the engine knows by name."""

    tree: figures.Tree
    cells: Mapping[figures.Cell, int]
    partitions: Mapping[int, tuple[str, ...]]  # indicator -> its dimensions that add up
    has_pending: bool


def tree_of(indicator_pks: Iterable[int]) -> list[int]:
    """Return the keys of these indicators and of all that is connected with them, sorted."""
    with connection.cursor() as cursor:
        cursor.execute(_TREE, [list(indicator_pks)])
        return [int(pk) for (pk,) in cursor.fetchall()]


def load(indicator_pks: list[int]) -> Inputs:
    """Return what the figures of these indicators, a whole tree, are made of: eight queries.

    A draft framework brings nothing to a published one above it. A superseded report is listed
    where a later one stands in its place; where that was withdrawn, nothing stands.
    """
    rows = list(Indicator.objects.filter(pk__in=indicator_pks).order_by("pk").values(*_INDICATOR))
    definitions = {
        version.pk: version
        for version in DefinitionVersion.objects.filter(
            pk__in={row["definition_id"] for row in rows}
        ).prefetch_related("dimensions")
    }
    dimensions = {
        pk: {
            each.code: figures.DimensionKind(each.kind)
            for each in sorted(version.dimensions.all(), key=lambda found: found.code)
        }
        for pk, version in definitions.items()
    }
    cells = _cells({code for found in dimensions.values() for code in found})
    names = {pk: cell for cell, pk in cells.items()}
    periods = _periods(rows)
    edges = tuple(_edges(rows, dimensions, cells, _mappings(names)))
    counted_under = {edge.parent for edge in edges if not edge.is_excluded}
    nodes = tuple(
        figures.Node(
            id=row["pk"],
            definition=_definition(definitions[row["definition_id"]]),
            periods=periods[row["result__framework_id"], row["frequency"]],
            expected=() if row["pk"] in counted_under else _expected(row),
            dimensions=dimensions[row["definition_id"]],
        )
        for row in rows
    )
    kinds = {row["pk"]: definitions[row["definition_id"]].kind for row in rows}
    reports = _standing(indicator_pks)
    updates = tuple(_updates(reports, kinds, names))
    return Inputs(
        figures.Tree(nodes, edges, updates),
        cells,
        {
            node.id: tuple(
                code
                for code, kind in (node.dimensions or {}).items()
                if kind is figures.DimensionKind.PARTITION
            )
            for node in nodes
        },
        any(row["state"] == UpdateState.SUBMITTED for row in reports),
    )


def _definition(version: DefinitionVersion) -> figures.Definition:
    return figures.Definition(
        kind=figures.Kind(version.kind.replace("-", "_")),
        time_op=figures.TimeOp(version.time_op),
        space_op=figures.SpaceOp(version.space_op),
        accumulates=version.accumulates,
        direction=figures.Direction(version.direction),
        distinct_people=version.distinct_people,
        decimals=version.decimals,
        allow_negative=version.allow_negative,
        factor=version.factor,
        scale=tuple(str(level) for level in version.scale),
        unit=version.unit,
    )


def _cells(dimensions: set[str]) -> dict[figures.Cell, int]:
    found = Cell.objects.filter(dimension__code__in=dimensions).order_by("pk")
    return {
        figures.Cell(dimension, code): pk
        for pk, dimension, code in found.values_list("pk", "dimension__code", "code")
    }


def _mappings(names: Mapping[int, figures.Cell]) -> dict[figures.Cell, list[figures.Cell]]:
    found = CellMapping.objects.filter(source__in=names, target__in=names).order_by("pk")
    mappings = defaultdict(list)
    for source, target in found.values_list("source_id", "target_id"):
        mappings[names[source]].append(names[target])
    return mappings


def _periods(rows: list[dict[str, Any]]) -> Mapping[tuple[int, str], tuple[figures.Period, ...]]:
    found: dict[tuple[int, str], list[figures.Period]] = defaultdict(list)
    of_frameworks = Period.objects.filter(
        framework__in={row["result__framework_id"] for row in rows}
    )
    columns = ("pk", "framework_id", "frequency", "starts_on", "ends_on")
    for pk, framework, frequency, start, end in of_frameworks.values_list(*columns):
        found[framework, frequency].append(figures.Period(pk, start, end or NO_END))
    return defaultdict(tuple, {key: tuple(periods) for key, periods in found.items()})


def _edges(
    rows: list[dict[str, Any]],
    dimensions: Mapping[int, Mapping[str, figures.DimensionKind]],
    cells: Iterable[figures.Cell],
    mappings: Mapping[figures.Cell, list[figures.Cell]],
) -> Iterator[figures.Edge]:
    by_pk = {row["pk"]: row for row in rows}
    by_dimension = defaultdict(list)
    for cell in cells:
        by_dimension[cell.dimension].append(cell)
    made: dict[tuple[int, int], dict[figures.Cell, figures.Cell]] = {}
    for row in rows:
        above = by_pk.get(row["rolls_up_to_id"])
        if above is None or (_is_told(above) and not _is_told(row)):
            continue
        pair = (row["definition_id"], above["definition_id"])
        if pair not in made:
            inside = [cell for code in dimensions[pair[0]] for cell in by_dimension[code]]
            made[pair] = dict(_mapped(inside, dimensions[pair[1]], mappings))
        yield figures.Edge(
            child=row["pk"],
            parent=above["pk"],
            is_excluded=row["is_excluded"],
            reason=row["exclusion_reason"],
            cells=made[pair],
        )


def _mapped(
    inside: Iterable[figures.Cell],
    above: Mapping[str, object],
    mappings: Mapping[figures.Cell, list[figures.Cell]],
) -> Iterator[tuple[figures.Cell, figures.Cell]]:
    """Give where each cell rolls up to: itself where it is known above, else what it maps to."""
    for cell in inside:
        targets = [cell, *mappings.get(cell, ())]
        target = next((each for each in targets if each.dimension in above), None)
        if target is not None:
            yield cell, target


def _is_told(row: Mapping[str, Any]) -> bool:
    """Say whether others than its writers see its framework."""
    of_exchange = row["result__framework__exchange_id"] is not None
    told = bool(row["result__framework__is_published"])
    return told and (not of_exchange or bool(row["result__framework__exchange__is_published"]))


def unit_key(hub: int | None, exchange: int | None) -> int:
    """Return one number for a reporting unit: hubs are even, exchanges odd."""
    return 2 * hub if hub is not None else 2 * (exchange or 0) + 1


def _expected(row: Mapping[str, Any]) -> tuple[figures.Expected, ...]:
    """Return who should report where nothing rolls up: the exchange or hub it belongs to."""
    hub, exchange = row["result__framework__hub_id"], row["result__framework__exchange_id"]
    if exchange is not None:
        return (figures.Expected(unit_key(None, exchange)),)
    return () if hub is None else (figures.Expected(unit_key(hub, None)),)


def _standing(indicator_pks: list[int]) -> list[dict[str, Any]]:
    """Return the reports that were approved, or wait for it."""
    rows = list(
        Update.objects.filter(indicator__in=indicator_pks, state__in=_STATES)
        .order_by("pk")
        .values(*_UPDATE)
    )
    approved = {_series(row) for row in rows if row["state"] == UpdateState.APPROVED}
    return [
        row for row in rows if row["state"] != UpdateState.SUPERSEDED or _series(row) in approved
    ]


def _series(row: Mapping[str, Any]) -> tuple[Any, ...]:
    names = ("indicator_id", "period_id", "hub_id", "exchange_id", "source_name")
    return tuple(row[name] for name in names)


def _updates(
    rows: list[dict[str, Any]],
    kinds: Mapping[int, str],
    names: Mapping[int, figures.Cell],
) -> Iterator[figures.Update]:
    parts = defaultdict(list)
    of_reports = UpdateCell.objects.filter(
        Q(update__state__in=_STATES), update__indicator__in=list(kinds)
    ).order_by("pk")
    columns = ("update_id", "cell_id", "value", "numerator", "denominator")
    for update, *part in of_reports.values_list(*columns):
        parts[update].append(part)
    sources: dict[str, int] = {}
    for row in rows:
        source = sources.setdefault(row["source_name"], len(sources))
        yield _update(row, _reported(row, kinds[row["indicator_id"]]), source)
        for cell, value, numerator, denominator in parts[row["pk"]]:
            if cell in names:
                said = figures.Reported(value, numerator, denominator, reason=row["not_available"])
                yield _update(row, said, source, names[cell])


def _reported(row: Mapping[str, Any], kind: str) -> figures.Reported:
    value = row["value"]
    if kind == IndicatorKind.ORDINAL:
        value = None if row["score"] is None else Decimal(row["score"])
    people = row["distinct_people"]
    return figures.Reported(
        value=value,
        numerator=row["numerator"],
        denominator=row["denominator"],
        text=row["narrative"],
        reason=row["not_available"],
        distinct=None if people is None else Decimal(people),
    )


def _update(
    row: Mapping[str, Any],
    reported: figures.Reported,
    source: int,
    cell: figures.Cell | None = None,
) -> figures.Update:
    is_waiting = row["state"] == UpdateState.SUBMITTED
    return figures.Update(
        id=row["pk"],
        indicator=row["indicator_id"],
        reporter=unit_key(row["hub_id"], row["exchange_id"]),
        period=row["period_id"],
        reported=reported,
        state=figures.State.SUBMITTED if is_waiting else figures.State.APPROVED,
        cell=cell,
        submitted_at=row["submitted_at"],
        approved_at=row["approved_at"],
        comment=row["comment"],
        source=source,
        is_additive=row["is_additive"],
    )

"""From rows to the engine: everything that the figures of some indicators depend on."""

from __future__ import annotations

import datetime
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from evaluation import figures
from evaluation.models import (
    Cell,
    CellMapping,
    DefinitionVersion,
    Framework,
    Indicator,
    Period,
    Update,
    UpdateCell,
    UpdateState,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

# Approved ones that were superseded stay approved for the engine, which takes the latest (rule 2).
_STATES = {
    "submitted": figures.State.SUBMITTED,
    "approved": figures.State.APPROVED,
    "superseded": figures.State.APPROVED,
}
_EXCHANGES = 1 << 40  # added to an exchange's number: reporters are hubs and exchanges


class _Row(NamedTuple):
    """What the engine reads of an `Update`: a third of what a whole one costs."""

    id: int
    indicator_id: int
    period_id: int
    hub_id: int | None
    exchange_id: int | None
    source_name: str
    is_additive: bool
    state: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    score: int | None
    distinct_people: int | None
    narrative: str
    not_available: str
    comment: str
    submitted_at: datetime.datetime | None
    approved_at: datetime.datetime | None


def family_of(indicator_pks: Iterable[int]) -> tuple[set[int], set[int]]:
    """Return the indicators whose figures follow from those named (they and all above them),
    and all that these depend on (those and everything below); a query a layer.
    """
    affected, layer = set(indicator_pks), set(indicator_pks)
    while layer:
        above = Indicator.objects.filter(children__in=layer)
        layer = set(above.values_list("pk", flat=True)) - affected
        affected |= layer
    whole, layer = set(affected), set(affected)
    while layer:
        below = Indicator.objects.filter(rolls_up_to__in=layer).values_list("pk", flat=True)
        layer = set(below) - whole
        whole |= layer
    return affected, whole


def tree_of(indicator_pks: Collection[int]) -> figures.Tree:
    """Return the engine's tree of these indicators: ten queries, whatever their number.

    One that is a draft, or of a hub that is hidden, brings nothing to a published one above it.
    """
    indicators = list(
        Indicator.objects.filter(pk__in=indicator_pks).select_related(
            "definition", "result__framework__hub", "result__framework__exchange__hub"
        )
    )
    dimensions = _dimensions({each.definition_id for each in indicators})
    periods = _periods({each.result.framework_id for each in indicators})
    told = {each.pk: _is_told(each.result.framework) for each in indicators}
    definitions = {each.pk: dimensions[each.definition_id] for each in indicators}
    tied = list(_ties(indicators, told))
    counted_under = {above for each, above in tied if not each.is_excluded}
    nodes = tuple(
        figures.Node(
            id=each.pk,
            definition=engine_definition(each.definition),
            periods=periods[each.result.framework_id, each.frequency],
            dimensions=dimensions[each.definition_id],
            expected=() if each.pk in counted_under else _expected(each.result.framework),
        )
        for each in indicators
    )
    mappings = _mappings()
    edges = tuple(
        figures.Edge(
            child=each.pk,
            parent=above,
            is_excluded=each.is_excluded,
            reason=each.exclusion_reason,
            cells=mappings.between(definitions[each.pk], definitions[above]),
        )
        for each, above in tied
    )
    return figures.Tree(nodes, edges, tuple(_updates(indicator_pks)))


def _ties(
    indicators: Iterable[Indicator], told: dict[int, bool]
) -> Iterator[tuple[Indicator, int]]:
    """Give each indicator that rolls up, with the key of the one above; to what is published
    none of a draft does.
    """
    for each in indicators:
        above = each.rolls_up_to_id
        if above is not None and above in told and (told[each.pk] or not told[above]):
            yield each, above


def engine_definition(version: DefinitionVersion) -> figures.Definition:
    """Return what the engine needs to know of a definition."""
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
        scale=tuple(version.scale),
        band=(version.band_low, version.band_high),
        unit=version.unit,
    )


def _is_told(framework: Framework) -> bool:
    """Say whether others than its writers may see it."""
    hub, exchange = framework.hub, framework.exchange
    is_hidden = hub is not None and not hub.is_published
    if exchange is not None:
        is_hidden = is_hidden or not (exchange.is_published and exchange.hub.is_published)
    return framework.is_published and not is_hidden


def _expected(framework: Framework) -> tuple[figures.Expected, ...]:
    """Return who should report where nothing rolls up: the exchange or hub it belongs to."""
    if framework.exchange_id is not None:
        return (figures.Expected(reporter_number(None, framework.exchange_id)),)
    if framework.hub_id is not None:
        return (figures.Expected(reporter_number(framework.hub_id, None)),)
    return ()


def reporter_number(hub_id: int | None, exchange_id: int | None) -> int:
    """Return the engine's one number for a reporting unit."""
    return hub_id if hub_id is not None else _EXCHANGES + (exchange_id or 0)


class _Mappings:
    """Which cell rolls up into which: into itself, or as moderators mapped it."""

    def __init__(self, cells: dict[int, figures.Cell], pairs: Iterable[tuple[int, int]]) -> None:
        self._of_dimension: dict[str, list[figures.Cell]] = defaultdict(list)
        for cell in cells.values():
            self._of_dimension[cell.dimension].append(cell)
        self._pairs = [(cells[source], cells[target]) for source, target in pairs]

    def between(
        self,
        child: dict[str, figures.DimensionKind],
        parent: dict[str, figures.DimensionKind],
    ) -> dict[figures.Cell, figures.Cell]:
        found = {
            cell: cell
            for dimension in child.keys() & parent.keys()
            for cell in self._of_dimension[dimension]
        }
        for source, target in self._pairs:
            if source.dimension in child and target.dimension in parent:
                found.setdefault(source, target)
        return found


def _mappings() -> _Mappings:
    return _Mappings(
        {cell.pk: cell_key(cell) for cell in Cell.objects.select_related("dimension")},
        CellMapping.objects.order_by("pk").values_list("source", "target"),
    )


def cell_key(cell: Cell) -> figures.Cell:
    """Return how the engine names a cell."""
    return figures.Cell(cell.dimension.code, cell.code)


def _dimensions(version_pks: set[int]) -> dict[int, dict[str, figures.DimensionKind]]:
    found: dict[int, dict[str, figures.DimensionKind]] = defaultdict(dict)
    rows = DefinitionVersion.objects.filter(pk__in=version_pks, dimensions__isnull=False)
    for pk, code, kind in rows.values_list("pk", "dimensions__code", "dimensions__kind"):
        found[pk][code] = figures.DimensionKind(kind)
    return found


def _periods(framework_pks: set[int]) -> dict[tuple[int, str], tuple[figures.Period, ...]]:
    found: dict[tuple[int, str], list[figures.Period]] = defaultdict(list)
    rows = Period.objects.filter(framework__in=framework_pks).order_by("starts_on", "pk")
    for framework, frequency, pk, start, end in rows.values_list(
        "framework_id", "frequency", "pk", "starts_on", "ends_on"
    ):
        period = figures.Period(pk, start, end or datetime.date.max)
        found[framework, frequency].append(period)
    return defaultdict(tuple, {key: tuple(rows) for key, rows in found.items()})


def _updates(indicator_pks: Collection[int]) -> Iterator[figures.Update]:
    """Give each counted or waiting row once for its total and once for each of its cells.

    A superseded one is there where a later one stands in its place; where that was withdrawn,
    the earlier does not come back.
    """
    rows = Update.objects.filter(indicator__in=indicator_pks, state__in=_STATES)
    # What is not shown brings nothing to frameworks that belong to no hub; its own keep it.
    shared = Q(indicator__result__framework__hub=None, indicator__result__framework__exchange=None)
    hidden = Q(hub__is_published=False) | Q(exchange__hub__is_published=False)
    rows = rows.exclude(shared & (hidden | Q(exchange__is_published=False)))
    cells: dict[int, list[UpdateCell]] = defaultdict(list)
    parts = UpdateCell.objects.filter(update__in=rows).select_related("cell__dimension")
    for part in parts:
        cells[part.update_id].append(part)
    sources: dict[str, int] = {}
    found = [_Row(*row) for row in rows.order_by("pk").values_list(*_Row._fields)]
    standing = {_series(row) for row in found if row.state == UpdateState.APPROVED}
    for row in found:
        if row.state == UpdateState.SUPERSEDED and _series(row) not in standing:
            continue
        source = sources.setdefault(row.source_name, len(sources))
        yield _engine_update(row, row, None, source)
        for part in cells.get(row.id, ()):
            yield _engine_update(row, part, cell_key(part.cell), source)


def _series(row: _Row) -> tuple[object, ...]:
    return row.indicator_id, row.period_id, row.hub_id, row.exchange_id, row.source_name


def _engine_update(
    row: _Row, part: _Row | UpdateCell, cell: figures.Cell | None, source: int
) -> figures.Update:
    value, distinct, text, reason = part.value, None, "", ""
    if isinstance(part, _Row):
        value = part.value if part.score is None else _decimal(part.score)
        distinct = None if part.distinct_people is None else _decimal(part.distinct_people)
        text, reason = part.narrative, part.not_available
    return figures.Update(
        id=row.id,
        indicator=row.indicator_id,
        reporter=reporter_number(row.hub_id, row.exchange_id),
        period=row.period_id,
        reported=figures.Reported(
            value=value,
            numerator=part.numerator,
            denominator=part.denominator,
            text=text,
            reason=reason,
            distinct=distinct,
            is_distinct_unknown=distinct is None and cell is None,
        ),
        state=_STATES[row.state],
        cell=cell,
        submitted_at=row.submitted_at,
        approved_at=row.approved_at,
        comment=row.comment,
        source=source,
        is_additive=row.is_additive,
    )


def _decimal(number: int) -> Decimal:
    return Decimal(number)

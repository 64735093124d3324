"""What the engine is given: plain rows with numbers for keys, in any order."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from evaluation.figures.definition import Definition
from evaluation.figures.values import Reported


class Cell(NamedTuple):
    """One category of one dimension; a cross table is a dimension of its own ("sex by age")."""

    dimension: str
    category: str


class DimensionKind(StrEnum):
    PARTITION = "partition"
    OVERLAPPING = "overlapping"


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Period:
    """A period of one indicator; both days are inside it."""

    id: int
    start: datetime.date
    end: datetime.date


@dataclass(frozen=True, slots=True)
class Expected:
    """A reporter that should report on an indicator, from `since` until `until` where set."""

    reporter: int
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One indicator of one framework; `dimensions` says of each by which it is broken down what
    kind it is, `expected` who reports on it directly.
    """

    id: int
    definition: Definition
    periods: tuple[Period, ...]
    expected: tuple[Expected, ...] = ()
    dimensions: Mapping[str, DimensionKind] | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """`child` rolls up to `parent`.

    `cells` maps the child's cells to the parent's: what is not in it is unmapped. `periods` maps
    the ids of periods; None maps each to the shortest period of the parent that contains it.
    """

    child: int
    parent: int
    is_excluded: bool = False
    reason: str = ""
    cells: Mapping[Cell, Cell] | None = None
    periods: Mapping[int, int] | None = None
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """What a reporter stated on an indicator for a period, for one cell or (None) for the total.

    One row of the database becomes one of these for its total and one for each of its cells, all
    with its id. `source` tells apart sources of one reporter that may be declared additive.
    """

    id: int
    indicator: int
    reporter: int
    period: int
    reported: Reported
    state: State
    cell: Cell | None = None
    submitted_at: datetime.datetime | None = None
    approved_at: datetime.datetime | None = None
    returned_at: datetime.datetime | None = None
    comment: str = ""
    source: int | None = None
    is_additive: bool = False


@dataclass(frozen=True, slots=True)
class SharedPeople:
    """A statement that `people` of those summed in a figure are the same as others in it.

    `is_complete` says that no others are. Example 10: hubs with 10 and 12 people and 3 known to
    be the same give 19 distinct people.
    """

    indicator: int
    period: int | None
    people: Decimal
    is_complete: bool = True
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """Everything that the figures of some indicators depend on."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()
    updates: tuple[Update, ...] = ()
    shared: tuple[SharedPeople, ...] = ()


def same_cells(*cells: Cell) -> dict[Cell, Cell]:
    """Return the mapping of cells to themselves, for a child broken down as its parent is."""
    return {cell: cell for cell in cells}


def holds(since: datetime.datetime | None, until: datetime.datetime | None,
          as_of: datetime.datetime | None) -> bool:  # fmt: skip
    """Say whether something that began `since` and ended `until` was so at the moment `as_of`;
    without one, whether it has no end.
    """
    if as_of is None:
        return until is None
    return (since is None or since <= as_of) and (until is None or as_of < until)

"""The figures engine: values in, values out; no models, no queries, no floating point.

`evaluate(Tree(...))` gives every figure with the lines that it was made of; `progress`,
`check_targets`, `money` and `warnings.check` judge single numbers. See `docs/figures.md`.
"""

from evaluation.figures.definition import (
    Definition,
    Direction,
    Kind,
    SpaceOp,
    TimeOp,
    can_roll_up,
    problems_of,
)
from evaluation.figures.inputs import (
    Cell,
    DimensionKind,
    Edge,
    Expected,
    Node,
    Period,
    SharedPeople,
    State,
    Tree,
    Update,
    same_cells,
)
from evaluation.figures.progress import (
    Progress,
    ProgressStatus,
    Standing,
    Thresholds,
    elapsed,
    progress,
    standing,
)
from evaluation.figures.results import (
    Breakdown,
    Coverage,
    Figure,
    FigureKey,
    FigureStatus,
    Line,
    LineStatus,
    Result,
)
from evaluation.figures.targets import check_targets
from evaluation.figures.tree import evaluate
from evaluation.figures.values import Amount, People, Reported, as_decimal, rounded
from evaluation.figures.warnings import Limits, QualityWarning, check

__all__ = [
    "Amount",
    "Breakdown",
    "Cell",
    "Coverage",
    "Definition",
    "DimensionKind",
    "Direction",
    "Edge",
    "Expected",
    "Figure",
    "FigureKey",
    "FigureStatus",
    "Kind",
    "Limits",
    "Line",
    "LineStatus",
    "Node",
    "People",
    "Period",
    "Progress",
    "ProgressStatus",
    "QualityWarning",
    "Reported",
    "Result",
    "SharedPeople",
    "SpaceOp",
    "Standing",
    "State",
    "Thresholds",
    "TimeOp",
    "Tree",
    "Update",
    "as_decimal",
    "can_roll_up",
    "check",
    "check_targets",
    "elapsed",
    "evaluate",
    "problems_of",
    "progress",
    "rounded",
    "same_cells",
    "standing",
]

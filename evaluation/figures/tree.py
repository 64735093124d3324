"""Evaluate a tree of indicators: every figure of every period, of whole lives and of cells."""

from __future__ import annotations

import datetime

from evaluation.figures.inputs import Tree
from evaluation.figures.results import Result


def evaluate(
    tree: Tree, *, as_of: datetime.datetime | None = None, with_pending: bool = False
) -> Result:
    """Return all figures of the tree, as they were published at the moment `as_of` (rule 12).

    With `with_pending`, as if what then waited for approval had been approved: a second series
    that is always labelled (rule 1).
    """
    raise NotImplementedError

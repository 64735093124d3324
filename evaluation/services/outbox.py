"""Asking for figures to be computed anew, in the transaction of what changed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.tasks import enqueue
from evaluation.models import Recalculation
from evaluation.tasks import recalculate_figures

if TYPE_CHECKING:
    from collections.abc import Iterable


def request_recalculation(indicator_pks: Iterable[int]) -> None:
    """Owe the worker a computation of these indicators and of all that they roll up to.

    Call it inside the transaction of the change; the worker is woken after its commit.
    """
    rows = [Recalculation(indicator_id=pk) for pk in sorted(set(indicator_pks))]
    Recalculation.objects.bulk_create(rows)
    if rows:
        enqueue(recalculate_figures)

"""Asking for figures to be computed anew, in the transaction of what changed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from core.tasks import enqueue
from evaluation.models import Indicator, Recalculation, Update
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


def recalculate_hub(hub_pk: int) -> None:
    """Owe what a hub that was shown or hidden measures or reports, itself or by the exchanges that
    it tells: hidden, it brings nothing to frameworks that others share.
    """
    framework = Q(result__framework__hub=hub_pk) | Q(result__framework__exchange__hub=hub_pk)
    of_hub = Q(hub=hub_pk) | Q(exchange__hub=hub_pk)
    reported = Q(Exists(Update.objects.filter(of_hub, indicator=OuterRef("pk"))))
    request_recalculation(
        Indicator.objects.filter(framework | reported).values_list("pk", flat=True)
    )

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
    _recalculate_what("hub", "exchange__hub", key=hub_pk)


def recalculate_exchange(exchange_pk: int) -> None:
    """Owe what is measured of an exchange that was shown or hidden, or reported by it: hidden, it
    brings nothing to the frameworks above.
    """
    _recalculate_what("exchange", key=exchange_pk)


def _recalculate_what(*paths: str, key: int) -> None:
    """Owe the indicators of frameworks that have `key` at one of `paths`, and those on which an
    update was made that has it.
    """
    framework, update = Q(), Q()
    for path in paths:
        framework |= Q(**{f"result__framework__{path}": key})
        update |= Q(**{path: key})
    reported = Q(Exists(Update.objects.filter(update, indicator=OuterRef("pk"))))
    request_recalculation(
        Indicator.objects.filter(framework | reported).values_list("pk", flat=True)
    )

"""The rows by which exchanges and their stories are found, kept in step with who may see them."""

from __future__ import annotations

from collections.abc import Collection

from catalogue.services import index_rows
from evaluation.models import Exchange, ImpactStory
from evaluation.registers import EXCHANGES_CHANGED


def index_exchanges(pks: Collection[int]) -> None:
    """Write the rows of exchanges and of their stories as everybody may see them now, or remove
    them; the apps above follow with what belongs to them.
    """
    if not pks:
        return
    index_rows("exchange", list(pks))
    stories = ImpactStory.objects.filter(exchange__in=pks, published_at__isnull=False)
    keys = list(stories.values_list("pk", flat=True))
    if keys:
        index_rows("story", keys)
    for follow in EXCHANGES_CHANGED:
        follow(pks)


def index_exchanges_of_hub(hub_pk: int) -> None:
    """Do so for those that a hub, which was shown, hidden or renamed, tells or is party to."""
    index_exchanges(list(Exchange.objects.of_hub(hub_pk).values_list("pk", flat=True)))

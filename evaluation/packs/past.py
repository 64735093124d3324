"""Rows as they were at a moment, from the history that is kept of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    import datetime


def as_it_was(model: Any, moment: datetime.datetime, condition: Q | None = None) -> list[Any]:
    """Return the rows of `model` as they were at `moment`, by number: two queries.

    `condition` is asked of the columns as they were, the number among them as `id` (in the
    history `pk` is another). A row of whose beginning no history is kept
    (it was brought in bulk) is as it is now, if it has been there that long.
    """
    condition = condition or Q()
    known = model.history.filter(Q(history_date__lte=moment) | Q(history_type="+"))
    never_changed = model.objects.filter(condition).exclude(pk__in=known.values("id"))
    if any(field.name == "created_at" for field in model._meta.fields):
        never_changed = never_changed.filter(created_at__lte=moment)
    rows = [*model.history.as_of(moment).filter(condition), *never_changed]
    return sorted(rows, key=lambda row: row.pk)

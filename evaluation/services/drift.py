"""Rule 11: everything derived can be computed again, and what differs is listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from accounts.querysets import is_moderator
from accounts.services import record_activity
from core.errors import DomainError
from core.naming import one_at_a_time
from evaluation.models import Drift, Figure, FigureLine, Indicator, Recalculation
from evaluation.services.figure_inputs import tree_of
from evaluation.services.figures import (
    FIGURE_COLUMNS,
    FigureRow,
    LineRow,
    RowKey,
    compute,
    keep,
)
from evaluation.services.outbox import request_recalculation
from evaluation.services.recalculating import TREE_LOCK

logger = structlog.get_logger(__name__)

LONGEST = 120  # characters of what a drift says
Sums = tuple[int, Decimal, Decimal, Decimal]  # lines; values, numerators, denominators


def check_figures() -> int:
    """Compute every figure again; list those that are kept otherwise, each once; return how many
    are newly listed. A tree for which a computation is owed is left to that.
    """
    found = sum(_check(tree) for tree in _trees())
    if found:
        logger.warning("figures_adrift", figures=found)
    return found


def _trees() -> Iterator[list[int]]:
    left = set(Indicator.objects.values_list("pk", flat=True))
    while left:
        tree = tree_of([min(left)])
        yield tree
        left.difference_update(tree)


@transaction.atomic
def _check(tree: list[int]) -> int:
    if not tree:
        return 0
    one_at_a_time(TREE_LOCK + tree[0])
    if Recalculation.objects.owed().filter(indicator__in=tree).exists():
        return 0
    rows = compute(tree)
    sums = _sums(tree)
    kept: dict[RowKey, Figure] = {
        RowKey(figure.indicator_id, figure.period_id, figure.cell_id, figure.series): figure
        for figure in Figure.objects.current().filter(indicator__in=tree)
    }
    if rows.keys() - kept.keys():
        request_recalculation(tree[:1])
    listed = set(
        Drift.objects.open().filter(figure__indicator__in=tree).values_list("figure_id", flat=True)
    )
    drifts = [
        Drift(figure=figure, stored=stored[:LONGEST], computed=computed[:LONGEST])
        for key, figure in kept.items()
        if figure.pk not in listed
        for stored, computed in _differences(figure, rows.get(key), sums[figure.pk])
    ]
    Drift.objects.bulk_create(drifts)
    return len(drifts)


def _sums(tree: list[int]) -> dict[int, Sums]:
    """Return how many lines each current figure has, and what the counted ones add up to."""
    lines = FigureLine.objects.filter(figure__indicator__in=tree, figure__superseded_at=None)
    found: dict[int, Sums] = defaultdict(lambda: (0, Decimal(0), Decimal(0), Decimal(0)))
    for figure, number in lines.values_list("figure").annotate(Count("pk")).order_by():
        found[figure] = (number, *found[figure][1:])
    numbers = [Sum(name) for name in ("value", "numerator", "denominator")]
    for figure, *sums in lines.counted().values_list("figure").annotate(*numbers).order_by():
        value, numerator, denominator = (each or Decimal(0) for each in sums)
        found[figure] = (found[figure][0], value, numerator, denominator)
    return found


def _differences(figure: Figure, row: FigureRow | None, sums: Sums) -> Iterator[tuple[str, str]]:
    """Give what is kept and what is computed where they are not the same; once at most."""
    if row is None:
        yield _text(figure.value, figure.status), _("nothing")
        return
    computed = dict(zip(FIGURE_COLUMNS, row.columns, strict=True))
    for name in FIGURE_COLUMNS:
        if getattr(figure, name) != computed[name]:
            stored, other = getattr(figure, name), computed[name]
            yield f"{name}: {_text(stored)}", f"{name}: {_text(other)}"
            return
    expected = _sums_of(row.lines)
    if sums != expected:
        yield _sums_text(sums), _sums_text(expected)
    elif figure.digest != row.digest:
        yield _("made of other reports"), _("the same number")


def _sums_of(lines: list[LineRow]) -> Sums:
    counted = [line for line in lines if line.role == "counted"]
    return (
        len(lines),
        sum((line.value or Decimal(0) for line in counted), Decimal(0)),
        sum((line.numerator or Decimal(0) for line in counted), Decimal(0)),
        sum((line.denominator or Decimal(0) for line in counted), Decimal(0)),
    )


def _sums_text(sums: Sums) -> str:
    number, *values = sums
    said = " / ".join(_text(value) for value in values if value)
    return _("%(number)s lines, %(sum)s") % {"number": number, "sum": said or "0"}


def _text(value: Any, otherwise: str = "") -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return otherwise or _("not stated") if value is None else str(value)


@transaction.atomic
def settle_drift(drift: Drift, *, note: str, by: Member, replace: bool = False) -> Drift:
    """Settle a drift with a note; with `replace`, compute the figure anew in its place.

    Raise `PermissionDenied` if `by` does not moderate, `DomainError` if it is settled already or
    the note says nothing.
    """
    if not is_moderator(by):
        raise PermissionDenied
    current: Drift = (
        Drift.objects.select_for_update(of=("self",))
        .select_related("figure__indicator")
        .get(pk=drift.pk)
    )
    if not Drift.objects.settleable_by(by).filter(pk=current.pk).exists():
        raise DomainError(_("This drift is settled already."))
    if not note.strip():
        raise DomainError(_("Say what was found."))
    if replace:
        _replace(current.figure)
    current.settled_at, current.settled_by = timezone.now(), by
    current.note = note.strip()[:500]
    current.save(update_fields=["settled_at", "settled_by", "note"])
    record_activity(
        "figures.settled",
        current.figure.indicator,
        by=by,
        url=current.figure.get_absolute_url(),
        audience=ActivityAudience.MODERATORS,
    )
    return current


def _replace(figure: Figure) -> None:
    """Put a newly computed figure in the place of one that is not trusted."""
    first = tree_of([figure.indicator_id])[0]
    one_at_a_time(TREE_LOCK + first)
    tree = tree_of([figure.indicator_id])
    above = Figure.objects.current().filter(lines__child=figure.pk)
    # What names the distrusted figure as its line is made anew with it.
    distrusted = {figure.pk}
    while more := set(above.values_list("pk", flat=True)) - distrusted:
        distrusted |= more
        above = Figure.objects.current().filter(lines__child__in=more)
    keep(tree, compute(tree), distrusted)

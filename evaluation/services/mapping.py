"""Mapping parts of dimensions: which part below counts into which part above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.querysets import is_moderator
from core.errors import DomainError
from core.naming import one_at_a_time
from evaluation.mapping import Pair, carried_between, pair_version
from evaluation.models import Cell, CellMapping, DimensionKind, Framework, Indicator
from evaluation.services.framework_records import refuse_others, touch_framework
from evaluation.services.outbox import request_recalculation
from hubs.services.rows import lock, refuse_stale

if TYPE_CHECKING:
    from accounts.models import Member

PREFIX = "part-"  # of the fields of a form, before the codes of the parts
MAPPING_LOCK = 5_014_024  # key of the advisory lock under which parts are mapped


class _Mapped:
    """How the parts of a pair are mapped now, as what `refuse_stale` compares."""

    def __init__(self, pair: Pair) -> None:
        self.version = pair_version(pair)


@transaction.atomic
def map_parts(
    framework: Framework,
    pair: Pair,
    places: Mapping[str, str],
    *,
    expected_version: int,
    by: Member,
) -> int:
    """Let parts of a dimension below count into parts of one above, by their codes; "" gives a
    part no place. Parts that `places` leaves out stay. Return how many changed.

    A mapping is shared by all frameworks that carry parts between the two dimensions. Raises
    `PermissionDenied` for who does not write the framework, `StaleEdit`; `DomainError` if figures
    of frameworks hang on it of which `by` writes neither end (moderators keep what is shared), or
    if parts that overlap would be added up (rule 6); `ValidationError` by part for unknown ones.
    """
    one_at_a_time(MAPPING_LOCK)
    current: Framework = lock(framework)
    refuse_others(current, by=by)
    refuse_stale(_Mapped(pair), expected_version, _saved(pair))
    ties = _ties(pair)
    _refuse_shared(ties, by)
    rows = _asked(pair, places)
    before = _places(pair)
    changed = {source: target for source, target in rows.items() if before.get(source) != target}
    if not changed:
        return 0
    _refuse_overlap(pair, before | changed)
    there = CellMapping.objects.filter(target__dimension=pair.target)
    there.filter(source__in=changed).delete()
    CellMapping.objects.bulk_create(
        CellMapping(source_id=source, target_id=target)
        for source, target in changed.items()
        if target is not None
    )
    request_recalculation({above for _child, above in ties})
    text = f"{pair.source} → {pair.target}: {_told(pair, changed)}"
    touch_framework(current, by=by, field="mapping of parts", text=text)
    return len(changed)


def _ties(pair: Pair) -> list[tuple[int, int]]:
    """Return the indicators, below and above, whose parts are carried between a pair."""
    tied = Indicator.objects.filter(
        definition__dimensions=pair.source, rolls_up_to__definition__dimensions=pair.target
    )
    columns = ("pk", "rolls_up_to", "definition", "rolls_up_to__definition")
    rows = list(tied.values_list(*columns))
    wanted = (pair.source.pk, pair.target.pk)
    kept = {ends for ends in {row[2:] for row in rows} if wanted in carried_between([ends])}
    return [(row[0], row[1]) for row in rows if row[2:] in kept]


def _refuse_shared(ties: list[tuple[int, int]], by: Member) -> None:
    if is_moderator(by):
        return
    ends = {pk for tie in ties for pk in tie}
    own = set(Indicator.objects.editable_by(by).filter(pk__in=ends).values_list("pk", flat=True))
    if any(own.isdisjoint(tie) for tie in ties):
        raise DomainError(
            _("Figures of other frameworks hang on this, too. A moderator can change it.")
        )


def _asked(pair: Pair, places: Mapping[str, str]) -> dict[int, int | None]:
    """Return what is asked for by the keys of cells; raise `ValidationError` by code of a part."""
    below = dict(Cell.objects.filter(dimension=pair.source).values_list("code", "pk"))
    above = dict(Cell.objects.filter(dimension=pair.target).values_list("code", "pk"))
    problems: dict[str, Any] = {
        source[:60]: [_("There is no such part.")]
        for source, target in places.items()
        if source not in below or (target and target not in above)
    }
    if problems:
        raise ValidationError(problems)
    return {below[source]: above.get(target) for source, target in places.items()}


def _places(pair: Pair) -> dict[int, int | None]:
    rows = CellMapping.objects.filter(source__dimension=pair.source, target__dimension=pair.target)
    return dict(rows.order_by("-pk").values_list("source", "target"))


def _told(pair: Pair, changed: Mapping[int, int | None]) -> str:
    names = dict(
        Cell.objects.filter(dimension__in=[pair.source, pair.target]).values_list("pk", "name")
    )
    return "; ".join(
        f"{names[source]} → {names[target] if target is not None else '–'}"
        for source, target in sorted(changed.items())
    )


def _saved(pair: Pair) -> dict[str, object]:
    rows = CellMapping.objects.filter(source__dimension=pair.source, target__dimension=pair.target)
    names = dict(rows.order_by("-pk").values_list("source__code", "target__name"))
    return {f"{PREFIX}{code}": name for code, name in names.items()}


def _refuse_overlap(pair: Pair, places: Mapping[int, int | None]) -> None:
    if pair.source.kind != DimensionKind.OVERLAPPING:
        return
    makers = Counter(target for target in places.values() if target is not None)
    if makers and pair.target.kind == DimensionKind.PARTITION:
        raise DomainError(_("Parts that overlap do not make parts that add up to the whole."))
    if any(number > 1 for number in makers.values()):
        raise DomainError(_("Parts that overlap are never added up: give each a part of its own."))

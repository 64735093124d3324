"""/evaluation/figures/<key>/explain/: what stands behind a figure, down to each report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.csv import stream_csv
from core.http import root_of
from core.shared_pages import shared_page
from core.views import page_number
from evaluation.filters.figures import MAX_MOMENT, moment_asked_for
from evaluation.models import Figure, FigureLine, LineRole, Series
from evaluation.serializers.figures import LEAF_COLUMNS, leaf_rows
from evaluation.wording import (
    coverage_text,
    exact_text,
    figure_text,
    formula_text,
    people_text,
    reason_text,
)

if TYPE_CHECKING:
    from evaluation.models import DefinitionVersion

LINES = 50  # on a page
MAX_KEY = 2**63 - 1
# Lines are kept to six places: so much each may differ where the exact share does not end.
ROUNDING = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the page shows it."""

    line: FigureLine
    amount: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sum:
    """How many lines play a part and what they add up to; of these, those not shown."""

    role: str
    lines: int
    amount: str
    hidden: int
    hidden_amount: str


@require_safe
@shared_page
def figure_explain(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show what a figure is made of; `?as_of=` shows the one that was published then."""
    if pk > MAX_KEY:
        raise Http404
    asked: Figure = get_object_or_404(Figure.objects.visible_to(request.user).for_list(), pk=pk)
    if request.GET.get("export") == "csv":
        rows = leaf_rows(asked, user=request.user, root=root_of(request))
        return stream_csv(f"figure-{asked.pk}.csv", LEAF_COLUMNS, rows)
    text = request.GET.get("as_of", "").strip()[:MAX_MOMENT]
    error, figure = "", None
    try:
        figure = _published(asked, text, request.user) if text else asked
    except ValidationError as refusal:
        error = " ".join(refusal.messages)
    context: dict[str, Any] = {
        "asked": asked,
        "figure": figure,
        "as_of": text.replace("\x00", ""),
        "as_of_error": error,
        "definition": asked.indicator.definition,
        "framework": asked.indicator.result.framework,
    }
    if figure is not None:
        context |= _explanation(request, figure)
    return render(request, "evaluation/figure_explain.html", context)


def _published(figure: Figure, text: str, user: Any) -> Figure | None:
    """Return the figure that stood in the place of this one at a moment; None if none did."""
    same = _same_place(figure, user).filter(series=figure.series)
    found: Figure | None = same.as_of(moment_asked_for(text)).for_list().first()
    return found


def _same_place(figure: Figure, user: Any) -> Any:
    return Figure.objects.visible_to(user).filter(
        indicator=figure.indicator_id, period=figure.period_id, cell=figure.cell_id
    )


def _explanation(request: HttpRequest, figure: Figure) -> dict[str, Any]:
    """Return what is shown of one figure: five queries, whatever it is made of."""
    user, definition = request.user, figure.indicator.definition
    lines = FigureLine.objects.filter(figure=figure.pk)
    totals = [
        row
        for row in lines.with_is_seen(user).summed("role", "is_seen")
        if row["is_seen"] or row["role"] != LineRole.PENDING
    ]
    paginator = Paginator(
        lines.visible_to(user).with_evidence(user).for_page().in_telling_order(), LINES
    )
    # Known already; counting once more would cost a query.
    paginator.count = sum(row["lines"] for row in totals if row["is_seen"])
    page = paginator.get_page(page_number(request))
    current = {each.series: each for each in _same_place(figure, user).current()}
    other = Series.APPROVED if figure.series == Series.WITH_PENDING else Series.WITH_PENDING
    leaves = FigureLine.objects.leaves_of(figure.pk).numbers_of_reports()
    return {
        "result": figure_text(figure, definition),
        "people": people_text(figure),
        "coverage": coverage_text(figure),
        "formula": formula_text(definition, is_life=figure.period_id is None),
        "page_obj": page,
        "rows": [_row(line, definition) for line in page.object_list],
        "sums": _sums(totals, definition),
        "adds_up": adds_up(figure, totals),
        "leaves": leaves,
        "current": current.get(figure.series),
        "sibling": current.get(other),
        "is_provisional": figure.series == Series.WITH_PENDING,
        "parts": _parts(figure, user),
        "unknown": [
            (dimension, exact_text(Decimal(number)))
            for dimension, number in sorted(figure.unknown.items())
        ],
    }


def _parts(figure: Figure, user: Any) -> list[tuple[Figure, str]]:
    """Return the figures of the parts that were published with this one."""
    if figure.cell_id is not None:
        return []
    parts = Figure.objects.visible_to(user).as_of(figure.computed_at)
    rows = (
        parts.filter(
            indicator=figure.indicator_id,
            period=figure.period_id,
            series=figure.series,
            cell__isnull=False,
        )
        .select_related("cell__dimension")
        .order_by("cell__dimension", "cell__position", "pk")
    )
    return [(each, figure_text(each, figure.indicator.definition)) for each in rows]


def _row(line: FigureLine, definition: DefinitionVersion) -> Row:
    amount = _brought(definition, line.value, line.numerator, line.denominator)
    return Row(line, amount, reason_text(line))


def _brought(
    definition: DefinitionVersion,
    value: Decimal | None,
    numerator: Decimal | None,
    denominator: Decimal | None,
) -> str:
    """Return what lines bring: a number, or a numerator over a denominator."""
    if numerator is not None and denominator is not None:
        return f"{exact_text(numerator)} / {exact_text(denominator)}"
    if value is None:
        return ""
    return f"{exact_text(value)} {definition.unit}".strip()


def _sums(totals: Sequence[dict[str, Any]], definition: DefinitionVersion) -> list[Sum]:
    """Return the sum of each part played, in the order of telling."""
    found = []
    for role in LineRole:
        rows = [row for row in totals if row["role"] == role]
        hidden = [row for row in rows if not row["is_seen"]]
        if rows:
            found.append(
                Sum(
                    str(role.label),
                    sum(row["lines"] for row in rows),
                    _brought(definition, *_added(rows)),
                    sum(row["lines"] for row in hidden),
                    _brought(definition, *_added(hidden)),
                )
            )
    return found


def _added(rows: Sequence[dict[str, Any]]) -> Iterator[Decimal | None]:
    for name in ("value_sum", "numerator_sum", "denominator_sum"):
        known = [row[name] for row in rows if row[name] is not None]
        yield sum(known, Decimal(0)) if known else None


def adds_up(figure: Figure, totals: Sequence[dict[str, Any]]) -> bool | None:
    """Say whether the counted lines add up to the figure (rule 11); None where nothing counts."""
    counted = [row for row in totals if row["role"] == LineRole.COUNTED]
    if not counted:
        return None
    value, numerator, denominator = _added(counted)
    pairs = [(figure.value, value)]
    if figure.denominator is not None:
        pairs = [(figure.numerator, numerator), (figure.denominator, denominator)]
    most = ROUNDING * sum(row["lines"] for row in counted)
    return all(
        kept is not None and summed is not None and abs(kept - summed) <= most
        for kept, summed in pairs
    )

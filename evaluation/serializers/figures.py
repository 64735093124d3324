"""Figures and what they are made of as plain rows: the same for the API and the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import F, QuerySet
from rest_framework import serializers

from core.http import numbered
from evaluation.models import Figure, FigureLine, FigureStatus, LineRole, Series

FIGURE_ROW = {
    "id": "pk",
    "framework": "indicator__result__framework__slug",
    "indicator": "indicator_id",
    "definition": "indicator__definition__definition__code",
    "title": "indicator__definition__title",
    "kind": "indicator__definition__kind",
    "unit": "indicator__definition__unit",
    "period_start": "period__starts_on",
    "period_end": "period__ends_on",
    "dimension": "cell__dimension__code",
    "cell": "cell__code",
    **{
        name: name
        for name in (
            *("series", "status", "value", "numerator", "denominator", "distinct_low"),
            *("distinct_high", "unknown", "reported", "expected", "leaf_reported"),
            *("leaf_expected", "computed_at", "superseded_at"),
        )
    },
}
FIGURE_FIELDS = (*FIGURE_ROW, "url", "api_url")
_LEAF_ROW = {
    "role": "role",
    "reason": "reason",
    "framework": "figure__indicator__result__framework__slug",
    "indicator": "figure__indicator_id",
    "title": "figure__indicator__definition__title",
    "period_start": "figure__period__starts_on",
    "period_end": "figure__period__ends_on",
    "cell": "figure__cell__code",
    "hub": "update__hub__slug",
    "exchange": "update__exchange__slug",
    "exchange_is_confirmed": "update__exchange__is_confirmed",
    "value": "value",
    "numerator": "numerator",
    "denominator": "denominator",
    "approved_at": "update__approved_at",
    "update_id": "update_id",
    "figure": "figure_id",
    "child": "child_id",
    "child_title": "child_indicator__definition__title",
    "child_framework": "child_indicator__result__framework__slug",
}
LEAF_COLUMNS = (
    *("role", "reason", "framework", "indicator", "title", "period_start", "period_end"),
    *("cell", "hub", "exchange", "exchange_is_confirmed", "value", "numerator", "denominator"),
    *("approved_at", "evidence", "update_id", "lines", "explain_url"),
)
PORTION = 500  # rows that are fetched at a time
NOT_SHOWN = "not-shown"  # the reason of rows that count what the reader may not see


def figure_values(figures: Any, columns: Sequence[str]) -> QuerySet[Any]:
    """Return `figures` as dictionaries of what `columns` need: one query."""
    sources = {f"row_{name}": F(path) for name, path in FIGURE_ROW.items() if name in columns}
    rows: QuerySet[Any] = figures.values("pk", **sources)
    return rows


def completed_figures(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `figure_values` with `columns` only."""
    for row in rows:
        addresses = {
            "url": explain_url(root, row["pk"]),
            "api_url": f"{root}{numbered('figure-detail', row['pk'])}",
        }
        yield {
            name: addresses[name] if name in addresses else row[f"row_{name}"] for name in columns
        }


def explain_url(root: str, pk: int) -> str:
    """Return the address of the page that says what a figure is made of."""
    return f"{root}{numbered('evaluation:figure_explain', pk)}"


def leaf_rows(figure: Figure, *, user: Any, root: str) -> Iterator[dict[str, Any]]:
    """Give every report at the bottom of a figure, and what was left out on the way; what the
    reader may not see is counted in rows of its own, never named.
    """
    leaves: Any = FigureLine.objects.leaves_of(figure.pk)
    lines = leaves.with_is_seen(user).with_evidence(user).in_telling_order()
    rows = lines.values_list("is_seen", "evidence", *_LEAF_ROW.values())
    hidden = _Hidden()
    for is_seen, evidence, *told in rows.iterator(chunk_size=PORTION):
        row = dict(zip(_LEAF_ROW, told, strict=True))
        if is_seen:
            yield _leaf(row, evidence, root)
        else:
            hidden.add(row)
    yield from hidden.rows()


class _Hidden:
    """What `hidden_rows` says, counted on the way: asking once more would take as long again."""

    def __init__(self) -> None:
        self.sums: dict[str, dict[str, Any]] = {}

    def add(self, row: dict[str, Any]) -> None:
        if row["role"] == LineRole.PENDING:
            return
        nothing = {"role": row["role"], "reason": NOT_SHOWN, "lines": 0}
        told = self.sums.setdefault(row["role"], dict.fromkeys(LEAF_COLUMNS) | nothing)
        told["lines"] += 1
        for name in ("value", "numerator", "denominator"):
            if row[name] is not None:
                told[name] = row[name] + (told[name] or 0)

    def rows(self) -> Iterator[dict[str, Any]]:
        for role in sorted(self.sums):
            yield self.sums[role]


def hidden_rows(lines: Any, user: Any) -> list[dict[str, Any]]:
    """Return how many of `lines` the reader may not see, and their sums, by the part played; of
    what waits for approval not even that.
    """
    hidden = lines.with_is_seen(user).filter(is_seen=False).exclude(role=LineRole.PENDING)
    return [
        {
            "role": row["role"],
            "lines": row["lines"],
            "value": row["value_sum"],
            "numerator": row["numerator_sum"],
            "denominator": row["denominator_sum"],
        }
        for row in hidden.summed("role").order_by("role")
    ]


def _leaf(row: dict[str, Any], evidence: int, root: str) -> dict[str, Any]:
    """Return `row` with `LEAF_COLUMNS`, and some more."""
    row["evidence"] = evidence if row["update_id"] else None
    row["lines"] = 1
    row["explain_url"] = explain_url(root, row["child"] or row["figure"])
    if row["child_title"]:
        row["title"], row["framework"] = row["child_title"], row["child_framework"]
    return row


def line_rows(lines: Any) -> list[dict[str, Any]]:
    """Return lines, with `evidence` annotated, as the API tells them: one query."""
    rows = lines.values(
        *("role", "reason", "value", "numerator", "denominator", "evidence", "update_id"),
        row_figure=F("child_id"),
        hub=F("update__hub__slug"),
        exchange=F("update__exchange__slug"),
        exchange_is_confirmed=F("update__exchange__is_confirmed"),
        indicator=F("child_indicator_id"),
        approved_at=F("update__approved_at"),
    )
    found = []
    for row in rows:
        row["figure"] = row["row_figure"]
        row["evidence"] = None if row["update_id"] is None else row["evidence"]
        found.append({name: row[name] for name in LINE_FIELDS})
    return found


class FigureSerializer(serializers.Serializer[Any]):
    """A figure of an indicator, as it was computed and published."""

    id = serializers.IntegerField()
    framework = serializers.SlugField()
    indicator = serializers.IntegerField(help_text="Number of the indicator; never changes.")
    definition = serializers.SlugField(help_text="Its code in the indicator library.")
    title = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    period_start = serializers.DateField(allow_null=True, help_text="null: the whole life.")
    period_end = serializers.DateField(allow_null=True)
    dimension = serializers.SlugField(allow_null=True, help_text="null: the whole.")
    cell = serializers.SlugField(allow_null=True)
    series = serializers.ChoiceField(choices=Series.choices)
    status = serializers.ChoiceField(choices=FigureStatus.choices)
    value = serializers.CharField(allow_null=True, help_text="Exact decimal, as text.")
    numerator = serializers.CharField(allow_null=True)
    denominator = serializers.CharField(allow_null=True)
    distinct_low = serializers.CharField(allow_null=True, help_text="Different people, at least.")
    distinct_high = serializers.CharField(allow_null=True, help_text="Different people, at most.")
    unknown = serializers.DictField(
        child=serializers.CharField(), help_text="Of the whole in no part, by dimension."
    )
    reported = serializers.IntegerField(help_text="Who reported, of those expected.")
    expected = serializers.IntegerField()
    leaf_reported = serializers.IntegerField(help_text="Reports at the bottom, of those due.")
    leaf_expected = serializers.IntegerField()
    computed_at = serializers.DateTimeField()
    superseded_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField(help_text="The page that explains it.")
    api_url = serializers.URLField()


class FigureLineSerializer(serializers.Serializer[Any]):
    """One line of what a figure is made of."""

    role = serializers.ChoiceField(choices=LineRole.choices)
    reason = serializers.CharField(allow_blank=True)
    update_id = serializers.IntegerField(allow_null=True, help_text="The report.")
    hub = serializers.SlugField(allow_null=True)
    exchange = serializers.SlugField(allow_null=True)
    exchange_is_confirmed = serializers.BooleanField(
        allow_null=True, help_text="By both sides; null: it is no report of an exchange."
    )
    indicator = serializers.IntegerField(allow_null=True, help_text="The indicator below.")
    value = serializers.CharField(allow_null=True)
    numerator = serializers.CharField(allow_null=True)
    denominator = serializers.CharField(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    evidence = serializers.IntegerField(allow_null=True)
    figure = serializers.IntegerField(allow_null=True, help_text="The figure below.")


LINE_FIELDS = tuple(FigureLineSerializer().fields)


class HiddenLinesSerializer(serializers.Serializer[Any]):
    """How many lines the reader may not see, and what they add up to."""

    role = serializers.ChoiceField(choices=LineRole.choices)
    lines = serializers.IntegerField()
    value = serializers.CharField(allow_null=True)
    numerator = serializers.CharField(allow_null=True)
    denominator = serializers.CharField(allow_null=True)


class FigureDetailSerializer(FigureSerializer):
    """A figure with the first of its lines; the whole is the CSV of its page."""

    lines = FigureLineSerializer(many=True)
    hidden = HiddenLinesSerializer(many=True)
    has_more = serializers.BooleanField(help_text="There are more lines than are told here.")
    csv_url = serializers.URLField(help_text="Every report at the bottom, as CSV.")

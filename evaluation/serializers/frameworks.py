"""Frameworks as rows, and one in full: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from rest_framework import serializers

from core.api.views import RowShape
from evaluation.figures import as_decimal
from evaluation.matrix import Spot, baseline_of, matrices_of, number_of, spots_of
from evaluation.models import Framework
from evaluation.services.storing import SIX
from hubs.serializers import Addresses
from hubs.serializers.fields import SourceSerializer

if TYPE_CHECKING:
    from hubs.querysets import User

FRAMEWORK_COLUMNS = (
    *("slug", "title", "language", "layer", "country", "hub", "network", "exchange", "summary"),
    *("starts_on", "ends_on", "is_template", "is_published", "is_starter", "updated_at"),
    *("url", "api_url"),
)
# One row an indicator and period; without a period, the whole life.
FIGURE_COLUMNS = (
    *("framework", "result", "result_kind", "indicator", "indicator_title", "unit", "period"),
    *("starts_on", "ends_on", "baseline", "target", "status", "actual", "numerator"),
    *("denominator", "distinct_low", "distinct_high", "reported", "expected", "progress_percent"),
    *("computed_at", "explain_url"),
)
_NAMED = {"hub": "hub__slug", "network": "network__slug", "exchange": "exchange__slug"}


def framework_values(frameworks: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Return `frameworks` as dictionaries of what `columns` need: one query."""
    stored = [_NAMED.get(name, name) for name in columns if name not in ("url", "api_url")]
    rows: QuerySet[Any] = frameworks.values(*dict.fromkeys(["pk", "slug", *stored]))
    return rows


def completed_frameworks(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `framework_values` with `columns` only: others by slug, the addresses."""
    named = (row | {name: row.get(column) or "" for name, column in _NAMED.items()} for row in rows)
    return Addresses(root, "framework", "evaluation").complete(named, columns)


def framework_rows(
    frameworks: QuerySet[Any], *, root: str, columns: Sequence[str] = FRAMEWORK_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every framework as a row, fetched in portions: what a CSV needs."""
    rows = framework_values(frameworks, columns).iterator(chunk_size=500)
    return completed_frameworks(rows, root=root, columns=columns)


FRAMEWORKS = RowShape("frameworks", FRAMEWORK_COLUMNS, framework_values, completed_frameworks)


def figure_rows(framework: Framework, *, user: User, root: str) -> Iterator[dict[str, Any]]:
    """Give one row for each indicator and period of a framework, and for each whole life."""
    for spot in spots_of(matrices_of(framework, user)):
        yield figure_row(framework, spot, root)


def figure_row(framework: Framework, spot: Spot, root: str) -> dict[str, Any]:
    """Return one figure as a row: exact, with what it is measured against."""
    figure, definition, period = spot.figure, spot.definition, spot.period
    percent = spot.progress.percent
    # What is not reported stays empty: never 0 (evaluation rule 4).
    number = number_of(figure, definition) if figure else None
    return {
        "framework": framework.slug,
        "result": spot.indicator.result.title,
        "result_kind": spot.indicator.result.kind,
        "indicator": spot.indicator.pk,
        "indicator_title": definition.title,
        "unit": definition.unit,
        "period": period.plain_name if period else "",
        "starts_on": period.starts_on if period else framework.starts_on,
        "ends_on": period.ends_on if period else framework.ends_on,
        "baseline": plain_number(baseline_of(spot.indicator)),
        "target": plain_number(number_of(spot.target, definition)) if spot.target else None,
        "status": figure.status if figure else "missing",
        "actual": plain_number(number),
        "numerator": figure.numerator if figure else None,
        "denominator": figure.denominator if figure else None,
        "distinct_low": figure.distinct_low if figure else None,
        "distinct_high": figure.distinct_high if figure else None,
        "reported": figure.reported if figure else 0,
        "expected": figure.expected if figure else 0,
        "progress_percent": None if percent is None else f"{percent:.2f}",
        "computed_at": figure.computed_at if figure else None,
        "explain_url": f"{root}{spot.explain_url}" if figure else "",
    }


def plain_number(number: Any) -> str | None:
    """Return a number with six places at most and no exponent; None stays None."""
    if number is None:
        return None
    exact = as_decimal(Fraction(number))
    text = format((exact or Decimal(0)).quantize(SIX), "f")
    return text.rstrip("0").rstrip(".")


class FrameworkSerializer(serializers.Serializer[Any]):
    """A tree of results with indicators."""

    slug = serializers.SlugField()
    title = serializers.CharField()
    language = serializers.CharField()
    layer = serializers.CharField(help_text="community, country, hub or exchange.")
    country = serializers.CharField(help_text="Of a country's framework: ISO 3166-1 alpha-2.")
    hub = serializers.CharField(help_text="Slug of the hub that keeps it; empty: the community.")
    network = serializers.CharField()
    exchange = serializers.CharField(help_text="Slug of the exchange that it is of.")
    summary = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    is_template = serializers.BooleanField()
    is_published = serializers.BooleanField()
    is_starter = serializers.BooleanField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class FrameworkDetailSerializer(FrameworkSerializer):
    """A tree of results with indicators, with its sources."""

    version = serializers.IntegerField(help_text="What If-Match compares.")
    lock_after_days = serializers.IntegerField(
        allow_null=True, help_text="Days after which its periods lock; null: as the portal says."
    )
    sources = SourceSerializer(many=True)


class FrameworkFigureSerializer(serializers.Serializer[Any]):
    """One indicator in one period; without a period, in the whole life."""

    framework = serializers.SlugField()
    result = serializers.CharField()
    result_kind = serializers.CharField()
    indicator = serializers.IntegerField()
    indicator_title = serializers.CharField()
    unit = serializers.CharField()
    period = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    baseline = serializers.CharField(allow_null=True)
    target = serializers.CharField(allow_null=True)
    status = serializers.CharField(help_text="ok, missing, not_available, no_denominator …")
    actual = serializers.CharField(allow_null=True, help_text="Exact; null is not reported.")
    numerator = serializers.CharField(allow_null=True)
    denominator = serializers.CharField(allow_null=True)
    distinct_low = serializers.CharField(allow_null=True)
    distinct_high = serializers.CharField(allow_null=True)
    reported = serializers.IntegerField()
    expected = serializers.IntegerField()
    progress_percent = serializers.CharField(allow_null=True)
    computed_at = serializers.DateTimeField(allow_null=True)
    explain_url = serializers.CharField()

"""/evaluation/: what the community's results come to, with charts, tables and files."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.csv import stream_csv
from core.http import root_of
from core.shared_pages import shared_page
from evaluation.dashboard import (
    BREAKDOWNS,
    RUNGS,
    chart_of,
    community_figures,
    community_parts,
    exchange_numbers,
    label_of,
    rung_chart,
    rung_label,
    story_numbers,
)
from evaluation.serializers.figures import FIGURE_FIELDS, completed_figures, figure_values

STORY_COLUMNS = ("code", "category", "stories")
EXCHANGE_COLUMNS = ("code", "category", "confirmed", "reported_by_one_side")


@require_safe
@shared_page
def dashboard(request: HttpRequest) -> HttpResponseBase:
    """Show the dashboard; with `?export=csv&of=` one table of it as a file."""
    if request.GET.get("export") == "csv":
        return _file(request, request.GET.get("of", "figures"))
    numbers = exchange_numbers()
    both = sum(confirmed for confirmed, _one in numbers["modality"].values())
    one = sum(reported for _both, reported in numbers["modality"].values())
    stories = story_numbers()
    context = {
        "stories": sum(stories.values()),
        "rung_chart": rung_chart(stories),
        "parts": community_parts(request.user),
        "charts": [
            (f"chart-{name}", chart_of(name, numbers[name]), f"?export=csv&of={name}")
            for name in BREAKDOWNS
        ],
        "confirmed": both,
        "one_side": one,
        "has_exchanges": both + one > 0,
    }
    return render(request, "evaluation/dashboard.html", context)


def _file(request: HttpRequest, name: str) -> HttpResponseBase:
    if name == "figures":
        figures = community_figures(request.user)
        rows = completed_figures(
            figure_values(figures, FIGURE_FIELDS).order_by("pk").iterator(chunk_size=500),
            root=root_of(request),
            columns=FIGURE_FIELDS,
        )
        return stream_csv("community-figures.csv", FIGURE_FIELDS, rows)
    if name == RUNGS:
        told = story_numbers().items()
        stories = ((code, rung_label(code), number) for code, number in told)
        return stream_csv(
            "stories-by-rung.csv",
            STORY_COLUMNS,
            (dict(zip(STORY_COLUMNS, row, strict=True)) for row in stories),
        )
    if name not in BREAKDOWNS:
        return HttpResponse(
            _("There is no such table. There are: %(known)s.")
            % {"known": ", ".join(("figures", *BREAKDOWNS, RUNGS))},
            status=HTTPStatus.BAD_REQUEST,
            content_type="text/plain; charset=utf-8",
        )
    numbers = exchange_numbers()[name]
    return stream_csv(
        f"exchanges-by-{name}.csv",
        EXCHANGE_COLUMNS,
        [
            dict(zip(EXCHANGE_COLUMNS, (code, label_of(name, code), *both), strict=True))
            for code, both in numbers.items()
        ],
    )

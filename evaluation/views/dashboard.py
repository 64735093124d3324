"""/evaluation/: what the community's results come to, with charts, tables and files."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
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
    hidden_exchanges,
    hidden_stories,
    label_of,
    rung_chart,
    rung_label,
    story_numbers,
)
from evaluation.filters.dashboard import BoardFilter
from evaluation.serializers.figures import FIGURE_FIELDS, completed_figures, figure_values

STORY_COLUMNS = ("code", "category", "stories")
EXCHANGE_COLUMNS = ("code", "category", "confirmed", "reported_by_one_side")


@require_safe
@shared_page
def dashboard(request: HttpRequest) -> HttpResponseBase:
    """Show the dashboard, exchanges and stories narrowed down as asked for; with
    `?export=csv&of=` one table of it as a file.
    """
    asked = BoardFilter(request.GET, request.user)
    if request.GET.get("export") == "csv":
        return _file(request, request.GET.get("of", "figures"), asked)
    context = {
        "form": asked.form,
        "is_valid": asked.is_valid(),
        "is_narrowed": asked.is_narrowed,
        "facets": asked.facets(),
        "chips": asked.chips(),
        "parts": community_parts(request.user),
        **_of_exchanges(asked),
        **_of_stories(asked),
    }
    return render(request, "evaluation/dashboard.html", context)


def _of_exchanges(asked: BoardFilter) -> dict[str, object]:
    exchanges = asked.exchanges()
    numbers = exchange_numbers(exchanges)
    both = sum(confirmed for confirmed, _one in numbers["modality"].values())
    one = sum(reported for _both, reported in numbers["modality"].values())
    hidden = (0, 0) if asked.is_narrowed else hidden_exchanges(exchanges, asked.user)
    listed = reverse("evaluation:exchange_list")
    return {
        "charts": [
            (
                f"chart-{name}",
                chart_of(name, numbers[name]),
                asked.with_query(export="csv", of=name),
            )
            for name in BREAKDOWNS
        ],
        "confirmed": both,
        "one_side": one,
        "hidden_confirmed": hidden[0],
        "hidden_one_side": hidden[1],
        "confirmed_url": f"{listed}{asked.with_query(counted='yes', confirmed='yes')}",
        "one_side_url": f"{listed}{asked.with_query(counted='yes', confirmed='no')}",
        "has_exchanges": both + one > 0,
    }


def _of_stories(asked: BoardFilter) -> dict[str, object]:
    stories = asked.stories()
    numbers = story_numbers(stories)
    return {
        "stories": sum(numbers.values()),
        "hidden_stories": 0 if asked.is_narrowed else hidden_stories(stories, asked.user),
        "stories_url": f"{reverse('evaluation:story_list')}{asked.with_query(counted='yes')}",
        "rung_chart": rung_chart(numbers),
        "rung_csv_url": asked.with_query(export="csv", of=RUNGS),
    }


def _file(request: HttpRequest, name: str, asked: BoardFilter) -> HttpResponseBase:
    if name == "figures":
        figures = community_figures(request.user)
        rows = completed_figures(
            figure_values(figures, FIGURE_FIELDS).order_by("pk").iterator(chunk_size=500),
            root=root_of(request),
            columns=FIGURE_FIELDS,
        )
        return stream_csv("community-figures.csv", FIGURE_FIELDS, rows)
    if name in (RUNGS, *BREAKDOWNS) and not asked.is_valid():
        return HttpResponse(
            asked.form.errors.as_text(),
            status=HTTPStatus.BAD_REQUEST,
            content_type="text/plain; charset=utf-8",
        )
    if name == RUNGS:
        told = story_numbers(asked.stories()).items()
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
    numbers = exchange_numbers(asked.exchanges())[name]
    return stream_csv(
        f"exchanges-by-{name}.csv",
        EXCHANGE_COLUMNS,
        [
            dict(zip(EXCHANGE_COLUMNS, (code, label_of(name, code), *both), strict=True))
            for code, both in numbers.items()
        ],
    )

"""What the community's results come to, and which exchanges there are: figures and charts.

Nothing here puts countries in an order of merit: regions stand in the order of their codes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import codes
from core.svg import Chart, Series, bar_chart
from evaluation.models import Exchange, Figure, ImpactStory, Layer, Modality, Rung
from evaluation.models import Series as FigureSeries
from evaluation.querysets.exchanges import party_countries
from evaluation.wording import coverage_text, figure_text, people_text

if TYPE_CHECKING:
    from evaluation.models import Framework, Indicator
    from evaluation.querysets import ExchangeQuerySet, FigureQuerySet, StoryQuerySet
    from hubs.querysets import User

# M49: Africa, Oceania, Americas, Asia, Europe.
CONTINENTS = ("002", "009", "019", "142", "150")
BREAKDOWNS = {
    "year": gettext_lazy("Exchanges by the year of their start"),
    "modality": gettext_lazy("Exchanges by modality"),
    "region": gettext_lazy("Exchanges by region of the parties"),
}
RUNGS = "rung"  # the breakdown of stories, beside those of exchanges
NO_CHANGE, NO_RUNG = "no-change-found", ""
CHARTED_YEARS = 12  # the last ones; the file has all
# Both sides; one side.
Numbers = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Total:
    """A figure in words, with what it counts and how many of those due reported."""

    figure: Figure
    text: str
    people: str
    coverage: str


@dataclass(slots=True)
class Line:
    """One indicator of the community: its life total, where there is one, and its periods."""

    indicator: Indicator
    life: Total | None = None
    periods: list[Total] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """One framework of the community with what its indicators come to."""

    framework: Framework
    lines: list[Line] = field(default_factory=list)


def community_figures(user: User) -> FigureQuerySet:
    """Return the totals of the community's frameworks that hold now; one query."""
    found: FigureQuerySet = (
        Figure.objects.visible_to(user)
        .current()
        .filter(
            series=FigureSeries.APPROVED,
            cell=None,
            reported__gt=0,
            indicator__result__framework__layer=Layer.COMMUNITY,
            indicator__result__framework__is_published=True,
            indicator__result__framework__is_template=False,
        )
    )
    return found


def community_parts(user: User) -> list[Part]:
    """Return the community's frameworks with their totals, in their own order; one query."""
    figures: dict[int, dict[int, Line]] = defaultdict(dict)
    parts: dict[int, Part] = {}
    found = community_figures(user).for_list()
    for figure in found.order_by(
        "indicator__result__framework__slug",
        "indicator__result__position",
        "indicator__result",
        "indicator__position",
        "indicator",
        "period__starts_on",
        "pk",
    ):
        framework = figure.indicator.result.framework
        part = parts.setdefault(framework.pk, Part(framework))
        lines = figures[framework.pk]
        if figure.indicator_id not in lines:
            lines[figure.indicator_id] = Line(figure.indicator)
            part.lines.append(lines[figure.indicator_id])
        line = lines[figure.indicator_id]
        total = Total(figure, figure_text(figure), people_text(figure), coverage_text(figure))
        if figure.period_id is None:
            line.life = total
        else:
            line.periods.append(total)
    return list(parts.values())


def exchange_numbers(exchanges: ExchangeQuerySet) -> Mapping[str, Numbers]:
    """Return how many of `exchanges` there are by each breakdown: confirmed by both sides, and
    reported by one side; one query.
    """
    rows = (
        exchanges.order_by()
        .annotate(of_parties=party_countries())
        .values_list("modality", "starts_on", "is_confirmed", "of_parties")
    )
    counted: dict[str, Counter[tuple[str, bool]]] = {name: Counter() for name in BREAKDOWNS}
    for modality, starts_on, is_confirmed, countries in rows:
        counted["modality"][modality, is_confirmed] += 1
        counted["year"][str(starts_on.year) if starts_on else "", is_confirmed] += 1
        regions = codes.regions_of(countries) & set(CONTINENTS)
        for region in regions or {""}:
            counted["region"][region, is_confirmed] += 1
    return {name: _numbers(name, counts) for name, counts in counted.items()}


def hidden_exchanges(exchanges: ExchangeQuerySet, user: User) -> tuple[int, int]:
    """Return how many of `exchanges` no list shows to `user`, of those confirmed by both sides and
    of those reported by one: they are confidential, or a hub in them is not public. One query.
    """
    seen = Exchange.objects.visible_to(user).values("pk")
    rows = exchanges.exclude(pk__in=seen).order_by().values_list("is_confirmed")
    found = dict(rows.annotate(Count("pk")))
    return found.get(True, 0), found.get(False, 0)


def _numbers(name: str, counts: Counter[tuple[str, bool]]) -> Numbers:
    known = {code for code, _is_confirmed in counts}
    if name == "year":
        years = [int(code) for code in known if code]
        order = [str(year) for year in range(min(years), max(years) + 1)] if years else []
    else:
        order = list(Modality.values if name == "modality" else CONTINENTS)
    if "" in known:
        order.append("")
    return {code: (counts[code, True], counts[code, False]) for code in order}


def label_of(name: str, code: str) -> str:
    """Return what a category of a breakdown is called."""
    if not code:
        return _("not stated")
    if name == "modality":
        return str(Modality(code).label)
    return codes.region_name(code) if name == "region" else code


def chart_of(name: str, numbers: Numbers) -> Chart:
    """Return a breakdown drawn, with its table; of years the last ones."""
    shown = list(numbers.items())
    if name == "year":
        shown = shown[-CHARTED_YEARS:]
    return bar_chart(
        str(BREAKDOWNS[name]),
        [label_of(name, code) for code, _both in shown],
        [
            Series(_("Confirmed by both sides"), [both for _code, (both, _one) in shown]),
            Series(_("Reported by one side"), [one for _code, (_both, one) in shown]),
        ],
        unit=_("exchanges; those with parties of several regions stand in each")
        if name == "region"
        else _("exchanges"),
        category_title={
            "year": _("Year"),
            "modality": _("Modality"),
            "region": _("Region"),
        }[name],
    )


def story_numbers(stories: StoryQuerySet) -> dict[str, int]:
    """Return how many of `stories` reached each rung, found no change, or show no rung now; each
    stands once. One query.
    """
    counts: Counter[str] = Counter()
    for reached, no_change_found in stories.order_by().values_list("reached", "no_change_found"):
        counts[NO_CHANGE if no_change_found else reached] += 1
    order = [*Rung.values, NO_CHANGE, *([NO_RUNG] if counts[NO_RUNG] else [])]
    return {code: counts[code] for code in order}


def hidden_stories(stories: StoryQuerySet, user: User) -> int:
    """Return how many of `stories` no list shows to `user`; one query."""
    seen = ImpactStory.objects.visible_to(user).values("pk")
    return int(stories.exclude(pk__in=seen).count())


def rung_label(code: str) -> str:
    """Return what a category of `story_numbers` is called."""
    if code == NO_CHANGE:
        return _("No change found")
    return str(Rung(code).label) if code else _("No rung is shown now")


def rung_chart(numbers: Mapping[str, int]) -> Chart:
    """Return the stories by rung drawn, with its table."""
    return bar_chart(
        _("Impact stories by the rung that they reached"),
        [rung_label(code) for code in numbers],
        [Series(_("Stories"), list(numbers.values()))],
        unit=_("stories"),
        category_title=_("Rung"),
    )

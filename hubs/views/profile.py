"""A hub's page on the five dimensions, and its dated history."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Activity
from core import codes
from core.dates import format_partial_date
from core.footnotes import SourceNumbers
from core.svg import Chart, Series, bar_chart
from hubs.models import Hub, Pillar, SelfAssessment
from hubs.profile import DIMENSIONS, PRESENCES, Profile, profiles_of
from hubs.views.dates import AsOfForm
from hubs.wording import details, headline, when

CHANGES_SHOWN = 100  # newest recorded changes on the history page


@require_safe
def hub_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/hubs/<slug>/, today or as of a day."""
    hub = get_object_or_404(
        Hub.objects.visible_to(request.user)
        .with_can_edit(request.user)
        .select_related("verified_by", "successor"),
        slug=slug,
    )
    form = AsOfForm(request.GET)
    as_of = form.cleaned_data["as_of"] if form.is_valid() else None
    (profile,) = profiles_of([hub], user=request.user, as_of=as_of)
    numbers = SourceNumbers()
    context = {
        "hub": hub,
        "form": form,
        "as_of": as_of,
        "numbers": numbers,
        "identity": identity_rows(profile),
        "summary_sources": _sources_of(profile.about("summary")),
        "sections": [
            (section, [fact_line(fact) for fact in profile.facts[section.slug]])
            for section in DIMENSIONS
        ],
        "charts": [
            (f"funding-chart-{number}", chart)
            for number, chart in enumerate(funding_charts(profile))
        ],
        "presences": [fact_line(fact) for fact in profile.facts[PRESENCES.slug]],
        "statements": [fact_line(fact) for fact in profile.about("reach", "size", "other")],
        "assessment": _assessment(hub, request),
        "networks": hub.network_memberships.select_related("network"),
        "events": list(timeline(profile)),
        "successor": _visible_successor(hub, request),
    }
    status = HTTPStatus.OK if form.is_valid() else HTTPStatus.BAD_REQUEST
    return render(request, "hubs/hub_detail.html", context, status=status)


@require_safe
def hub_history(request: HttpRequest, slug: str) -> HttpResponse:
    """/hubs/<slug>/history/: what held when, and what was changed here by whom."""
    hub = get_object_or_404(Hub.objects.visible_to(request.user), slug=slug)
    (profile,) = profiles_of([hub], user=request.user)
    numbers = SourceNumbers()
    changes = (
        Activity.objects.visible_to(request.user)
        .about(app="hubs", model="hub", pk=hub.pk)
        .for_list()[:CHANGES_SHOWN]
    )
    context = {
        "hub": hub,
        "form": AsOfForm(),
        "numbers": numbers,
        "sections": [
            (section, [fact_line(fact) for fact in profile.facts[section.slug]])
            for section in (*DIMENSIONS, PRESENCES)
        ],
        "events": list(timeline(profile)),
        "changes": changes,
    }
    return render(request, "hubs/hub_history.html", context)


def fact_line(fact: Any) -> dict[str, Any]:
    """Return a fact as the profile shows it."""
    return {
        "fact": fact,
        "text": headline(fact),
        "details": details(fact),
        "when": when(fact),
        "source_list": fact.source_list,
    }


def identity_rows(profile: Profile) -> list[dict[str, Any]]:
    """Return the rows of the definition list that says who the hub is."""
    hub = profile.hub
    return [
        _row(_("Name in its own language"), [hub.native_name], profile.about("name")),
        _row(_("Level"), [hub.get_level_display()], profile.about("level")),
        _row(
            _("Countries"),
            [codes.country_name(code) for code in hub.countries],
            profile.about("countries"),
        ),
        _row(
            _("Founded"),
            [str(hub.founded_year) if hub.founded_year else ""],
            profile.about("founding"),
        ),
        _row(
            _("Sectors"),
            [codes.sector_name(code) for code in hub.sectors],
            profile.about("sectors"),
        ),
        _row(_("Working languages"), [codes.language_name(code) for code in hub.languages], []),
        _row(_("Status"), [hub.get_status_display()], []),
    ]


def _row(term: str, texts: Iterable[object], facts: list[Any]) -> dict[str, Any]:
    """Return one term; the facts' sources stand behind the last value, their notes below."""
    values: list[dict[str, Any]] = [
        {"text": str(text), "source_list": []} for text in texts if text
    ]
    if values and facts:
        values[-1]["source_list"] = _sources_of(facts)
        values[-1]["note"] = " ".join(fact.note for fact in facts if fact.note)
    return {"term": term, "values": values}


def _sources_of(facts: Iterable[Any]) -> list[dict[str, Any]]:
    found = {source["pk"]: source for fact in facts for source in fact.source_list}
    return list(found.values())


def funding_charts(profile: Profile) -> Iterator[Chart]:
    """Give the funding mix by year: shares first, then one chart for each currency.

    Only what is stated is drawn; streams without a year cannot be placed and stay in the list.
    """
    streams = [stream for stream in profile.facts["funding-streams"] if stream.valid_from]
    shares = [(stream, stream.share) for stream in streams if stream.share is not None]
    if shares:
        yield _chart(_("Funding by source, share of each year"), shares, "%", is_percent=True)
    for currency in sorted({stream.currency for stream in streams if stream.currency}):
        amounts = [
            (stream, _amount(stream))
            for stream in streams
            if stream.currency == currency and _amount(stream) is not None
        ]
        if amounts:
            title = _("Funding by source in %(currency)s") % {
                "currency": codes.currency_name(currency)
            }
            yield _chart(title, amounts, currency)


def _amount(stream: Any) -> Decimal | None:
    """Return the figure that says most: spent, else committed, else pledged."""
    for value in (stream.spent, stream.committed, stream.pledged):
        if value is not None:
            return Decimal(value)
    return None


def _chart(
    title: str, figures: list[tuple[Any, Decimal | None]], unit: str, *, is_percent: bool = False
) -> Chart:
    years = sorted({stream.valid_from.year for stream, _value in figures})
    kinds = list(dict.fromkeys(stream.source_type for stream, _value in figures))
    series = []
    for kind in kinds:
        label = next(
            str(stream.get_source_type_display())
            for stream, _value in figures
            if stream.source_type == kind
        )
        series.append(Series(label, [_sum(figures, kind, year) for year in years]))
    return bar_chart(title, [str(year) for year in years], series, unit=unit, is_percent=is_percent)


def _sum(figures: list[tuple[Any, Decimal | None]], kind: str, year: int) -> Decimal | None:
    values = [
        value
        for stream, value in figures
        if value is not None and stream.source_type == kind and stream.valid_from.year == year
    ]
    return sum(values, Decimal(0)) if values else None


def timeline(profile: Profile) -> Iterator[dict[str, Any]]:
    """Give the dated beginnings and ends in the life of a hub, newest first."""
    events: list[tuple[datetime.date, dict[str, Any]]] = []
    for fact in profile.all_facts():
        for day, precision, word in (
            (fact.valid_from, fact.valid_from_precision, _("Began")),
            (fact.valid_to, fact.valid_to_precision, _("Ended")),
        ):
            if day is not None:
                title = f"{fact._meta.verbose_name}: {headline(fact)}"
                event = {
                    "when": format_partial_date(day, precision),
                    "title": title[:1].upper() + title[1:],
                    "text": word,
                    "source_list": fact.source_list,
                }
                events.append((day, event))
    for _day, event in sorted(events, key=lambda pair: pair[0], reverse=True):
        yield event


def _assessment(hub: Hub, request: HttpRequest) -> dict[str, Any] | None:
    newest = (
        SelfAssessment.objects.visible_to(request.user)
        .filter(hub=hub)
        .prefetch_related("scores")
        .first()
    )
    if newest is None:
        return None
    scores = {score.pillar: score for score in newest.scores.all()}
    pillars = [(label, scores.get(value)) for value, label in Pillar.choices]
    return {"row": newest, "pillars": pillars}


def _visible_successor(hub: Hub, request: HttpRequest) -> Hub | None:
    if hub.successor is None or not hub.successor.is_published:
        return None
    return hub.successor

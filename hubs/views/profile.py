"""A hub's page: who it is, and the five dimensions, today or as of a day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import codes
from core.badges import Badge, badge_of, badge_response
from core.footnotes import SourceNumbers
from core.http import root_of
from core.images import picture_response
from core.shared_pages import shared_page
from hubs.models import FundingStream, Hub, NetworkMembership, Pillar, SelfAssessment
from hubs.profile import DIMENSIONS, PRESENCES, Profile, profiles_of
from hubs.views.dates import AsOfForm
from hubs.views.funding import funding_charts
from hubs.views.history import sources_of, timeline
from hubs.wording import fact_line, headline, is_past

GLANCE = 4  # values of a dimension named in the overview
LEVELS = range(1, 5)  # of a self-assessment, above none


@require_safe
@shared_page
def hub_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/hubs/<slug>/, today or as of a day."""
    hub: Any = get_object_or_404(
        Hub.objects.visible_to(request.user)
        .with_can_edit(request.user)
        .with_can_assess(request.user)
        .select_related("verified_by"),
        slug=slug,
    )
    form = AsOfForm(request.GET)
    as_of = form.cleaned_data["as_of"] if form.is_valid() else None
    (profile,) = profiles_of([hub], user=request.user, as_of=as_of)
    context = {
        "hub": hub,
        "form": form,
        "as_of": as_of,
        "numbers": SourceNumbers(),
        "identity": identity_rows(profile),
        "summary_sources": sources_of(profile.about("summary")),
        "website_sources": sources_of(profile.about("website")),
        "glance": list(glance(profile)),
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
        "assessment": _assessment(hub, request, as_of),
        "networks": _networks(hub, as_of),
        "events": list(timeline(profile)),
        "successor": _successor(hub, request),
        "badge": _badge(hub, request) if hub.can_edit and hub.is_published else None,
    }
    status = HTTPStatus.OK if form.is_valid() else HTTPStatus.BAD_REQUEST
    return render(request, "hubs/hub_detail.html", context, status=status)


@require_safe
def hub_logo(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/hubs/<slug>/logo/: the logo, for those who may see the hub."""
    hub = get_object_or_404(Hub.objects.visible_to(request.user).exclude(logo=""), slug=slug)
    return picture_response(hub.logo, "image/png")


def _badge(hub: Hub, request: HttpRequest) -> Badge:
    badge = reverse("hubs:hub_badge", args=[hub.slug])
    page = hub.get_absolute_url()
    return badge_of(root_of(request), page=page, badge=badge, name=hub.short_name)


@require_safe
def hub_badge(request: HttpRequest, slug: str) -> HttpResponse:
    """/hubs/<slug>/badge.svg: a published hub as a picture for other sites."""
    hub = get_object_or_404(Hub.objects.published(), slug=slug)
    countries = ", ".join(codes.country_name(code) for code in hub.countries)
    return badge_response(request, name=hub.short_name, line=countries or _("Knowledge hub"))


def glance(profile: Profile) -> Iterator[dict[str, Any]]:
    """Give each dimension with a few values that hold, else with those that did."""
    for section in DIMENSIONS:
        facts = profile.facts[section.slug]
        current = [fact for fact in facts if not is_past(fact)]
        values = dict.fromkeys(_short(fact) for fact in current or facts)
        yield {
            "section": section,
            "values": list(values)[:GLANCE],
            "more": max(len(values) - GLANCE, 0),
            "is_past": bool(facts) and not current,
        }


def _short(fact: Any) -> str:
    if isinstance(fact, FundingStream):
        return str(fact.get_source_type_display())
    return headline(fact)


def identity_rows(profile: Profile) -> list[dict[str, Any]]:
    """Return the rows of the definition list that says who the hub is."""
    hub = profile.hub
    rare = [(_("IATI organisation identifier"), hub.iati_identifier)]
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
        *(_row(label, [value], []) for label, value in rare if value),
    ]


def _row(term: str, texts: Iterable[object], facts: list[Any]) -> dict[str, Any]:
    """Return one term; the facts' sources stand behind the last value, their notes below."""
    values: list[dict[str, Any]] = [
        {"text": str(text), "source_list": []} for text in texts if text
    ]
    if values and facts:
        values[-1]["source_list"] = sources_of(facts)
        values[-1]["note"] = " ".join(fact.note for fact in facts if fact.note)
    return {"term": term, "values": values}


def _assessment(
    hub: Hub, request: HttpRequest, as_of: datetime.date | None
) -> dict[str, Any] | None:
    """Return the newest self-assessment that the reader may see, by pillar."""
    seen = SelfAssessment.objects.visible_to(request.user).filter(hub=hub)
    if as_of is not None:
        seen = seen.filter(assessed_on__lte=as_of)
    newest = seen.prefetch_related("scores").first()
    if newest is None:
        return None
    scores = {score.pillar: score for score in newest.scores.all()}
    pillars = [(label, scores.get(value)) for value, label in Pillar.choices]
    return {"row": newest, "pillars": pillars, "levels": LEVELS}


def _networks(hub: Hub, as_of: datetime.date | None) -> QuerySet[NetworkMembership]:
    memberships = NetworkMembership.objects.filter(hub=hub).select_related("network")
    if as_of is not None:
        memberships = memberships.filter(
            Q(joined_on=None) | Q(joined_on__lte=as_of), Q(left_on=None) | Q(left_on__gte=as_of)
        )
    return memberships.order_by("network__name", "pk")


def _successor(hub: Hub, request: HttpRequest) -> Hub | None:
    if hub.successor_id is None:
        return None
    successor: Hub | None = Hub.objects.visible_to(request.user).filter(pk=hub.successor_id).first()
    return successor

"""The board of a hub: what runs, what is late, whose answer is awaited, what overlaps."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import codes
from core.dates import today
from evaluation.facts import with_facts
from evaluation.models import Exchange, Party, Step
from evaluation.standing import newest_confirmations, standing_of
from hubs.models import Hub

if TYPE_CHECKING:
    from hubs.querysets import User

MOST = 100  # exchanges of a hub that the board looks at, the newest
NEAR_DAYS = 60  # days between two exchanges that could be made one
MOST_NEAR = 500  # exchanges of others that are compared with those of the hub


@require_safe
def exchange_board(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/exchanges/board/<hub>/: of what the reader may see, in ten queries or so."""
    user = request.user
    hub: Any = get_object_or_404(Hub.objects.visible_to(user), slug=slug)
    mine = Exchange.objects.visible_to(user).of_hub(hub)
    running = list(with_facts(mine.running().order_by("ends_on", "pk"))[:MOST])
    late_keys = set(mine.late(today()).values_list("pk", flat=True))
    late_steps = _late_steps(running)
    context = {
        "hub": hub,
        "running": [each for each in running if each.pk not in late_keys],
        "late": [
            {"exchange": each, "steps": late_steps.get(each.pk, [])}
            for each in running
            if each.pk in late_keys
        ],
        "awaited": _awaited(mine, user),
        "overlaps": list(_overlaps(running, hub, user)),
        "can_begin": Hub.objects.assessable_by(user).contains(hub),
    }
    return render(request, "evaluation/exchanges/board.html", context)


def _late_steps(exchanges: Iterable[Any]) -> dict[int, list[Step]]:
    overdue = Step.objects.overdue(today()).filter(exchange__in=[each.pk for each in exchanges])
    found: dict[int, list[Step]] = {}
    for step in overdue.order_by("ends_on", "pk"):
        found.setdefault(step.exchange_id, []).append(step)
    return found


def _awaited(mine: Any, user: User) -> list[dict[str, Any]]:
    """Return the exchanges of which an answer is to come; those that wait for the user first."""
    waiting = mine.published().filter(is_confirmed=False).exclude(status="cancelled")
    exchanges = list(with_facts(waiting.order_by("-updated_at", "pk"))[:MOST])
    confirmations = newest_confirmations(exchanges)
    own = set(
        Party.objects.confirmable_by(user)
        .filter(exchange__in=[each.pk for each in exchanges])
        .values_list("pk", flat=True)
    )
    lines = []
    for exchange in exchanges:
        standing = standing_of(exchange, confirmations)
        parties = [
            {"party": party, "open": standing.open_count(party), "is_mine": party.pk in own}
            for party in standing.awaited()
        ]
        if parties:
            is_mine = any(each["is_mine"] for each in parties)
            lines.append({"exchange": exchange, "parties": parties, "is_mine": is_mine})
    return sorted(lines, key=lambda line: not line["is_mine"])


def _overlaps(running: list[Any], hub: Hub, user: User) -> Iterator[dict[str, Any]]:
    """Give the pairs of a running exchange of the hub and another one that share a sector and a
    country of a party other than this hub, at most `NEAR_DAYS` apart.
    """
    dated = [each for each in running if each.starts_on is not None]
    if not dated:
        return
    sectors = sorted(set(chain.from_iterable(each.sectors for each in dated)))
    near = datetime.timedelta(days=NEAR_DAYS)
    begin = min(each.starts_on for each in dated) - near
    end = max(each.ends_on or each.starts_on for each in dated) + near
    in_time = Q(ends_on__gte=begin) | Q(ends_on=None, starts_on__gte=begin)
    others = (
        Exchange.objects.visible_to(user)
        .exclude(status="cancelled")
        .filter(in_time, starts_on__lte=end, sectors__overlap=sectors)
        .prefetch_related("parties__hub", "parties__organisation")
        .order_by("starts_on", "pk")[:MOST_NEAR]
    )
    seen: set[frozenset[int]] = set()
    for other in others:
        for each in dated:
            pair = frozenset((each.pk, other.pk))
            if len(pair) < 2 or pair in seen or not _is_near(each, other, near):
                continue
            countries = _countries(each, hub) & _countries(other, hub)
            shared = set(each.sectors) & set(other.sectors)
            if countries and shared:
                seen.add(pair)
                yield {
                    "exchange": each,
                    "other": other,
                    "countries": sorted(map(codes.country_name, countries)),
                    "sectors": sorted(map(codes.sector_name, shared)),
                }


def _is_near(one: Any, other: Any, near: datetime.timedelta) -> bool:
    first = (one.ends_on or one.starts_on) + near
    second = (other.ends_on or other.starts_on) + near
    return bool(other.starts_on <= first and one.starts_on <= second)


def _countries(exchange: Any, hub: Hub) -> set[str]:
    """Return the countries of the parties other than `hub`."""
    others = (party for party in exchange.parties.all() if party.hub_id != hub.pk)
    return set[str]().union(*(party.countries for party in others))

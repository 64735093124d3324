"""The events of an exchange, for its page."""

from __future__ import annotations

from typing import Any

from django import template

from community.event_times import told_days
from community.models import Event
from evaluation.models import Exchange

register = template.Library()

NEWEST = 10  # events named on the page of an exchange


@register.inclusion_tag("community/_exchange_events.html", takes_context=True)
def exchange_events(context: template.Context, exchange: Exchange) -> dict[str, Any]:
    """Return the newest events of an exchange that the reader may see; one query."""
    seen = Event.objects.visible_to(context["request"].user).filter(exchange=exchange)
    newest = seen.order_by("-starts_at", "pk")[:NEWEST]
    return {"events": [(event, told_days(event)) for event in newest]}

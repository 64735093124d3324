"""A hub's exchanges, results and stories, for its page in the app below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from evaluation.models import Exchange, Framework

if TYPE_CHECKING:
    from hubs.models import Hub

register = template.Library()

NEWEST = 5  # exchanges named on the page of a hub


@register.inclusion_tag("evaluation/_hub_results.html", takes_context=True)
def hub_results(context: template.Context, hub: Hub) -> dict[str, Any]:
    """Return the newest exchanges in which the hub takes part, and its frameworks; two queries,
    only of what the reader may see.
    """
    user = context["request"].user
    exchanges = Exchange.objects.visible_to(user).of_hub(hub)
    newest = list(exchanges.order_by("-starts_on", "-pk")[: NEWEST + 1])
    frameworks = Framework.objects.visible_to(user).filter(hub=hub.pk, is_template=False)
    return {
        "hub": hub,
        "exchanges": newest[:NEWEST],
        "has_more": len(newest) > NEWEST,
        "frameworks": list(frameworks.order_by("slug")),
    }

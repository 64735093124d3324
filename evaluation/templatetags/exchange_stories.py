"""What came of an exchange, for its page: its stories, and the way to its follow-up."""

from __future__ import annotations

from typing import Any

from django import template

from evaluation.models import Exchange, ImpactStory

register = template.Library()

NEWEST = 10  # stories named on the page of an exchange


@register.inclusion_tag("evaluation/_exchange_stories.html", takes_context=True)
def exchange_stories(context: template.Context, exchange: Exchange) -> dict[str, Any]:
    """Return the newest stories that the reader may see, and what they may begin: one query for
    visitors, three for members.
    """
    user = context["request"].user
    stories = ImpactStory.objects.visible_to(user).filter(exchange=exchange)
    same = Exchange.objects.filter(pk=exchange.pk)
    return {
        "exchange": exchange,
        "stories": list(stories.order_by("-pk")[:NEWEST]),
        "can_begin": user.is_authenticated and same.tellable_by(user).exists(),
        "can_follow": user.is_authenticated and same.followable_by(user).exists(),
    }

"""The bell of the header, and the way to follow what a page is about."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.models import Member
from community.followed import kind_of
from community.models import Follow, FollowLevel
from community.services.notice_reading import COUNTED, unread_count

register = template.Library()


@register.inclusion_tag("components/_bell.html")
def bell(user: Any) -> dict[str, Any]:
    """Return how many notices the reader did not read; one query if there is none, none for
    visitors.
    """
    takes_part = isinstance(user, Member) and user.takes_part
    number = unread_count(user) if isinstance(user, Member) and takes_part else 0
    text = f"{COUNTED - 1}+" if number >= COUNTED else str(number)
    return {"takes_part": takes_part, "number": number, "text": text}


@register.inclusion_tag("components/_follow.html", takes_context=True)
def follow(context: template.Context, thing: Any) -> dict[str, Any]:
    """Return how closely the reader follows `thing`; one query, none for visitors."""
    user = context["request"].user
    kind = kind_of(thing)
    level = None
    if user.is_authenticated and user.takes_part:
        own = Follow.objects.filter(member=user.pk, **{kind.name: thing.pk})
        level = own.values_list("level", flat=True).first()
    return {
        "kind": kind.name,
        "key": getattr(thing, kind.key),
        "may": not user.is_authenticated or user.takes_part,
        "is_visitor": not user.is_authenticated,
        "level": FollowLevel(level).label if level else "",
        "is_muted": level == FollowLevel.MUTE,
    }

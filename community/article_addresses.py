"""From the address of a page of this portal to the thing that is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from community.models import Article
from community.querysets.articles import things_for

if TYPE_CHECKING:
    from hubs.querysets import User

# The name of a page in addresses, and what is on it.
_PAGES = {
    "hubs:hub_detail": "hub",
    "catalogue:entry_detail": "entry",
    "catalogue:resource_detail": "resource",
    "evaluation:exchange_detail": "exchange",
    "evaluation:story_detail": "story",
    "community:event_detail": "event",
    "community:thread_detail": "thread",
}


def thing_at(address: str, user: User) -> Any:
    """Return what is on the page at `address` (whole, or a path of this portal) and can have an
    article about it; None if `user` sees no such thing. One query at most.
    """
    route, key = _page_at(address)
    name = _PAGES.get(route)
    return things_for(name, user).filter(**key).first() if name else None


def article_at(address: str, user: User) -> Article | None:
    """Return the article at `address`; None if `user` sees none there."""
    route, key = _page_at(address)
    if route != "community:article_detail":
        return None
    return Article.objects.visible_to(user).filter(**key).first()


def _page_at(address: str) -> tuple[str, dict[str, Any]]:
    """Return the name of the page at an address of this portal, and the key of what is on it."""
    try:
        parts = urlsplit(address.strip())
        if parts.netloc and parts.netloc != urlsplit(settings.SITE_URL).netloc:
            return "", {}
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        return "", {}
    key = "pk" if "pk" in match.kwargs else "slug"
    return match.view_name, {key: match.kwargs[key]} if key in match.kwargs else {}

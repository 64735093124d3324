"""What members wrote about a thing, for its page in the apps below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from community.followed import kind_of
from community.models import Post, Thread
from core.text import harmless

if TYPE_CHECKING:
    from django.db.models import Model

register = template.Library()

NEWEST = 3  # comments on the page of a thing


@register.inclusion_tag("community/_comments.html", takes_context=True)
def comments(context: template.Context, thing: Model) -> dict[str, Any]:
    """Return the newest comments on `thing`, which the reader may see, oldest of them first: at
    most two queries.
    """
    name = kind_of(thing).name
    found: Any = Thread.objects.filter(**{name: thing.pk, "space": None})
    thread = found.open_to_readers().first()
    posts: list[dict[str, Any]] = []
    if thread is not None and thread.post_count:
        shown: Any = Post.objects.shown().filter(thread=thread).order_by("-number")[:NEWEST]
        columns = ("pk", "number", "author__name", "author__slug", "html", "written_at")
        posts = [row | {"html": harmless(row["html"])} for row in shown.values(*columns)][::-1]
    return {
        "name": name,
        "slug": getattr(thing, "slug", ""),
        "thread": thread,
        "posts": posts,
        "is_open": thread is None or (thread.state == "open" and not thread.is_locked),
    }

"""Whom one can name with "@" in a thread, offered while one writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import Member
from accounts.reached import Standing
from community.models import Post, SpacePerson, Thread
from hubs.querysets import by_name

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST_OFFERED = 8
MOST_BEGUN = 60  # characters of a name
PLAIN = Standing(is_authenticated=True, takes_part=True)  # somebody without any role


def people_to_name(thread: Thread, begun: str, *, by: Member) -> QuerySet[Any]:
    """Return at most `MOST_OFFERED` members whose name, or name in addresses, has a word that
    begins so; who wrote in the thread comes first, and without a beginning nobody else.

    Of a thread that not every member may read only those are offered who wrote there or whom the
    space shows to `by`: who else may read it is not told.
    """
    wrote = Exists(Post.objects.shown().filter(thread=thread, author=OuterRef("pk")))
    found: Any = Member.objects.taking_part().exclude(pk=by.pk).annotate(wrote=wrote)
    begun = begun.strip()[:MOST_BEGUN]
    if not begun:
        found = found.filter(wrote=True)
    elif not Thread.objects.alone(thread).visible_to(PLAIN).exists():  # type: ignore[arg-type]
        people = SpacePerson.objects.visible_to(by).filter(space=thread.space_id)
        found = found.filter(Q(wrote=True) | Q(pk__in=people.values("member")))
    named = Q(slug__startswith=begun.lower()) | Q(name__unaccent__istartswith=begun)
    found = found.filter(named | Q(name__unaccent__icontains=f" {begun}"))
    return found.order_by("-wrote", by_name(), "pk")[:MOST_OFFERED]  # type: ignore[no-any-return]

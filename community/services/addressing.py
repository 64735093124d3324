"""Who is told of a post whatever they follow: whom it names, and whom it answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from community.models import Post, PostMention, Reason

if TYPE_CHECKING:
    from accounts.models import Activity


def addressed(activity: Activity) -> Iterator[tuple[int, Reason]]:
    """Give the numbers of the members to be told of a post that was written, and why: who is
    mentioned, and who wrote what it answers or began the thread.
    """
    found: Any = Post.objects.filter(pk=activity.object_pk)
    columns = ("answers__author", "thread__author", "number")
    for answered, asking, number in found.values_list(*columns):
        for member in {answered, asking if number > 1 else None} - {None}:
            yield member, Reason.ANSWERED
    for member in PostMention.objects.filter(post=activity.object_pk).values_list("member"):
        yield member[0], Reason.MENTIONED

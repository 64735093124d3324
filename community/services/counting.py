"""What a thread says of its posts, counted anew whenever one of them comes, goes or moves."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from community.models import Post, Thread
from community.services.finding import index_new_post, index_threads


def keep_counts(current: Thread, *names: str) -> None:
    """Save columns of a locked thread that are counted: no history is written of them."""
    Thread.objects.filter(pk=current.pk).update(**{name: getattr(current, name) for name in names})


def count_shown(current: Thread) -> None:
    """Set what a locked thread says of the posts that are shown, and let the search follow: what
    is found is what is shown.
    """
    shown = Post.objects.shown().filter(thread=current).order_by("-number")
    last: Any = shown.values("number", "author", "written_at").first()
    current.post_count = shown.count()
    current.last_shown = last["number"] if last else 0
    if last:
        current.last_author_id, current.last_post_at = last["author"], last["written_at"]
    _keep(current)
    index_threads([current.pk])


def count_one_more(current: Thread, post: Post) -> None:
    """Do so after `post`, which is shown, came as the newest: no need to read the others."""
    current.post_count += 1
    current.last_shown = post.number
    current.last_author_id, current.last_post_at = post.author_id, post.written_at
    _keep(current)
    index_new_post(current, post)


def _keep(current: Thread) -> None:
    current.updated_at = timezone.now()
    keep_counts(
        current,
        *("post_count", "last_number", "last_shown", "last_author_id", "last_post_at"),
        "updated_at",
    )

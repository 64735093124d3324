"""What a thread says of its posts, counted anew whenever one of them comes, goes or moves."""

from __future__ import annotations

from django.db.models import Count, Max

from community.models import Post, Thread
from community.services.finding import index_threads


def count_shown(current: Thread) -> None:
    """Set what a locked thread says of the posts that are shown, and let the search follow: what
    is found is what is shown.
    """
    shown = Post.objects.shown().filter(thread=current).order_by()
    told = shown.aggregate(shown=Count("pk"), last=Max("number"))
    current.post_count, current.last_shown = told["shown"], told["last"] or 0
    names = ["post_count", "last_shown", "updated_at"]
    last = shown.filter(number=current.last_shown).first()
    if last is not None:
        current.last_author, current.last_post_at = last.author, last.written_at
        names += ["last_author", "last_post_at"]
    current.save(update_fields=names)
    index_threads([current.pk])

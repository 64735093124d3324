"""Threads in the search: what may be found there follows what everybody may read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from catalogue.services import LONGEST, index_more, index_rows
from community.models import ABOUT, Post, Thread

FOUND_BY = 50  # posts, the first of a thread, by whose words it is found
LONG = LONGEST // FOUND_BY - 100  # characters of a post

# Where the hub stands of whose being shown it depends whether a thread is.
_HUBS = (
    *("space__hub", "hub", "entry__hub", "resource__hub", "exchange__hub"),
    "story__exchange__hub",
)


def index_threads(keys: Iterable[int]) -> None:
    """Write the rows of threads anew, or remove them."""
    index_rows("thread", list(keys))


def index_new_post(thread: Thread, post: Post) -> None:
    """Let the newest post of a thread be found, whose row is written anew only where it may have
    none yet, or where the post is so long that fifty like it would be cut.
    """
    if thread.post_count == 1 or len(post.text) > LONG:
        index_threads([thread.pk])
    elif thread.post_count <= FOUND_BY:
        index_more("thread", thread.pk, post.text)


def _index(found: Any) -> None:
    keys = list(found.values_list("pk", flat=True))
    if keys:
        index_threads(keys)


def index_threads_about(kind: str, keys: Sequence[int]) -> None:
    """Do so for threads about the things `keys` of a kind, which were published or withdrawn."""
    if kind in ABOUT:
        _index(Thread.objects.filter(**{f"{kind}__in": keys}))


def index_threads_of_hub(pk: int) -> None:
    """Do so for threads about a hub, and about what is the hub's."""
    of_hub = Q()
    for column in _HUBS:
        of_hub |= Q((column, pk))
    _index(Thread.objects.filter(of_hub))


def index_threads_in(space: int) -> None:
    """Do so for threads of a space."""
    _index(Thread.objects.filter(space=space))

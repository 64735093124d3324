"""Synthetic threads in any number, for measurements."""

from __future__ import annotations

import random
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from accounts.models import Member
from community.models import Post, Space, Thread
from core.copying import copy_create
from core.text import render_markdown

POSTS = 10  # of a thread
LONGEST = 2_000  # posts of the first thread
BATCH = 1_000  # rows written at once
_WORDS = (
    "agency budget city council data exchange farm health learning market ministry network "
    "partner policy practice reform region school sector service team training water"
)
WORDS = _WORDS.split()


def generate_threads(number: int, *, seed: int) -> int:
    """Add `number` threads of `POSTS` posts each to a space of their own, the first with
    `LONGEST`; return how many were added. They are not found by the search.
    """
    if not number:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout TO 0")  # a page's limit, and this is none
    chance = random.Random(seed)  # noqa: S311 -- the same content for the same seed
    space = Space.objects.create(
        slug=f"synthetic-{seed}", name=f"Synthetic space {seed}", description="For measurements."
    )
    authors = _authors(seed)
    for first in range(0, number, BATCH):
        batch = range(first, min(first + BATCH, number))
        threads = [_thread(each, seed, space, authors, chance) for each in batch]
        copy_create(threads)
        posts = [post for thread in threads for post in _posts(thread, authors, chance)]
        for start in range(0, len(posts), BATCH * POSTS):
            copy_create(posts[start : start + BATCH * POSTS])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE community_thread, community_post")
    return number


def _authors(seed: int) -> list[Member]:
    return [
        Member.objects.create_user(
            f"synthetic-talker-{seed}-{number}@demo.example",
            None,
            name=f"Synthetic talker {seed}-{number}",
            slug=f"synthetic-talker-{seed}-{number}",
            status=Member.Status.ACTIVE,
        )
        for number in range(20)
    ]


def _thread(
    number: int, seed: int, space: Space, authors: list[Member], chance: random.Random
) -> Thread:
    posts = LONGEST if number == 0 else POSTS
    begun = timezone.now() - timedelta(minutes=number)
    author = chance.choice(authors)
    return Thread(
        space=space,
        title=f"Synthetic thread {seed}-{number} on {chance.choice(WORDS)}",
        slug=f"synthetic-{seed}-{number}",
        author=author,
        last_author=author,
        post_count=posts,
        last_number=posts,
        last_shown=posts,
        created_at=begun,
        last_post_at=begun,
        updated_at=begun,
    )


def _posts(thread: Thread, authors: list[Member], chance: random.Random) -> list[Post]:
    made = []
    for number in range(1, thread.post_count + 1):
        words = " ".join(chance.choices(WORDS, k=30))
        text = f"We tried *{words}*.\n\n- {chance.choice(WORDS)}\n- {chance.choice(WORDS)}\n"
        author = chance.choice(authors)
        html = render_markdown(text)
        made.append(Post(thread=thread, number=number, author=author, text=text, html=html))
    return made

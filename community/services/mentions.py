"""Whom a post names, and the HTML that is made of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.models import Member
from community.models import Post, PostMention, PostRevision, Thread
from community.services.finding import index_threads
from core.text import handles_in, render_markdown

MOST_MENTIONS = 10  # in one post; others stay words
FORMER = "former-member"


def people_named(thread: Thread, text: str) -> dict[str, Member]:
    """Return whom `text` names, by handle, of those who may see the thread.

    A handle is a member's name in addresses, or its beginning where only one of those who wrote
    in the thread has it, or else only one of all members.
    """
    found = {}
    for handle in handles_in(text)[:MOST_MENTIONS]:
        member = _member(thread, handle)
        if member is not None and Thread.objects.visible_to(member).contains(thread):
            found[handle] = member
    return found


def _member(thread: Thread, handle: str) -> Member | None:
    alike = Member.objects.taking_part().filter(Q(slug=handle) | Q(slug__startswith=f"{handle}-"))
    likely: list[Any] = list(alike.order_by("slug")[:50])
    exact = [each for each in likely if each.slug == handle]
    if exact or len(likely) < 2:
        found = exact or likely
        return found[0] if found else None
    wrote = set(
        Post.objects.shown()
        .filter(thread=thread, author__in=[each.pk for each in likely])
        .values_list("author", flat=True)
    )
    here = [each for each in likely if each.pk in wrote]
    return here[0] if len(here) == 1 else None


def rendered(text: str, people: dict[str, Member]) -> str:
    """Return the HTML of a post that names `people`."""
    known = {handle: (each.name, each.get_absolute_url()) for handle, each in people.items()}
    return render_markdown(text, people=known)


def note_mentions(post: Post, people: dict[str, Member]) -> None:
    """Keep whom a post names, and only them."""
    by_member = {each.pk: handle for handle, each in people.items()}
    PostMention.objects.filter(post=post).exclude(member__in=by_member).delete()
    PostMention.objects.bulk_create(
        [PostMention(post=post, member_id=pk, handle=handle) for pk, handle in by_member.items()],
        update_conflicts=True,
        unique_fields=["post", "member"],
        update_fields=["handle"],
    )


def rename_mentioned(pk: int) -> None:
    """Write posts that name member `pk` anew: their name changed."""
    for mention in PostMention.objects.filter(member=pk).select_related("post"):
        post = mention.post
        mentions = post.mentions.select_related("member")
        post.html = rendered(post.text, {each.handle: each.member for each in mentions})
        post.save(update_fields=["html"])


def forget_mentioned(pk: int) -> None:
    """Take the name of member `pk`, who closes their account, out of what others wrote."""
    for mention in PostMention.objects.filter(member=pk).select_related("post"):
        written = f"@{mention.handle}"
        post = mention.post
        rows: list[Any] = [post, *PostRevision.objects.filter(post=post)]
        for row in rows:
            row.text = _without(row.text, written)
            row.save(update_fields=["text"])
        mention.handle = FORMER
        mention.save(update_fields=["handle"])
        index_threads([post.thread_id])
    rename_mentioned(pk)


def _without(text: str, written: str) -> str:
    start = text.lower().find(written)
    while start >= 0:
        text = f"{text[:start]}@{FORMER}{text[start + len(written) :]}"
        start = text.lower().find(written, start + len(FORMER))
    return text

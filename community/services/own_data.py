"""What belongs to a member in the community: to take away, and what goes with the account."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from community.models import Post, PostDraft, SpacePerson, SpaceRole, ThreadRead, UsefulMark
from community.services.mentions import forget_mentioned

_POST = ("thread", "thread__title", "number", "text", "state", "written_at", "edited_at")


def _rows(found: QuerySet[Any], *names: str) -> list[dict[str, object]]:
    return [dict(row) for row in found.order_by("pk").values(*names)]


def posts_of(pk: int) -> list[dict[str, object]]:
    """Return what member `pk` wrote."""
    return _rows(Post.objects.filter(author=pk), *_POST)


def drafts_of(pk: int) -> list[dict[str, object]]:
    """Return what member `pk` has not sent."""
    return _rows(PostDraft.objects.filter(member=pk), "thread__title", "text", "saved_at")


def marks_of(pk: int) -> list[dict[str, object]]:
    """Return what member `pk` found useful."""
    return _rows(UsefulMark.objects.filter(member=pk), "post", "at")


def spaces_of(pk: int) -> list[dict[str, object]]:
    """Return the spaces that member `pk` belongs to."""
    return _rows(SpacePerson.objects.filter(member=pk), "space__slug", "role", "added_at")


def forget(pk: int) -> None:
    """End what only member `pk` had: what they wrote stays, under no name."""
    PostDraft.objects.filter(member=pk).delete()
    ThreadRead.objects.filter(member=pk).delete()
    _leave_spaces(pk)
    forget_mentioned(pk)


def _leave_spaces(pk: int) -> None:
    """Take member `pk` out of all spaces; who has belonged to one longest keeps it then, if
    nobody else does: nobody outside could name another moderator of a closed one.
    """
    for person in SpacePerson.objects.filter(member=pk).select_related("space"):
        people = person.space.people.exclude(pk=person.pk).order_by("pk")
        person.delete()
        heir = people.first()
        if heir is not None and not people.filter(role=SpaceRole.MODERATOR).exists():
            heir.role = SpaceRole.MODERATOR
            heir.save(update_fields=["role"])

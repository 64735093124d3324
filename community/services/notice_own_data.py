"""What the community keeps of a member, for their download."""

from __future__ import annotations

from typing import Any

from community.followed import FOLLOWED
from community.models import Follow, Notification


def follows_of(member_pk: int) -> list[dict[str, object]]:
    """Return what a member follows, each thing by its name in addresses."""
    names = [f"{each.name}__{each.key}" for each in FOLLOWED]
    rows = Follow.objects.filter(member=member_pk).order_by("pk")
    return list(rows.values("level", "created_at", *names))


def notices_of(member_pk: int) -> list[dict[str, object]]:
    """Return what a member was told, and when they read it; not what was done to what: they may
    not be allowed to read that any more.
    """
    rows: Any = Notification.objects.filter(member=member_pk).order_by("pk")
    return list(rows.values("activity__verb", "reason", "created_at", "read_at"))

"""What belongs to a member of moderation: to take away, and what goes with the account."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from community.models import Appeal, Claim, Decision, Flag


def _rows(found: QuerySet[Any], *names: str) -> list[dict[str, object]]:
    return [dict(row) for row in found.order_by("pk").values(*names)]


def flags_of(pk: int) -> list[dict[str, object]]:
    """Return what member `pk` reported."""
    return _rows(Flag.objects.filter(member=pk), "reason", "text", "state", "made_at")


def decisions_about(pk: int) -> list[dict[str, object]]:
    """Return what was decided about member `pk` and what they wrote, and whether they read it."""
    found = Decision.objects.filter(member=pk)
    return _rows(found, "act", "measure", "reason", "at", "undone_at", "warning__seen_at")


def appeals_of(pk: int) -> list[dict[str, object]]:
    """Return the appeals of member `pk`."""
    return _rows(Appeal.objects.filter(member=pk), "text", "state", "made_at", "reason")


def forget(pk: int) -> None:
    """End what member `pk` had taken on; what was decided stays, under no name."""
    Claim.objects.filter(moderator=pk).delete()

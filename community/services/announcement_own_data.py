"""What the portal keeps of announcements for a member: to take away, and to forget."""

from __future__ import annotations

from typing import Any

from community.models import Announcement, AnnouncementRecipient, RecipientState


def written_by(pk: int) -> list[dict[str, object]]:
    """Return the announcements that member `pk` wrote."""
    rows: Any = Announcement.objects.filter(written_by=pk).order_by("pk")
    return list(rows.values("subject", "body", "language", "state", "created_at", "started_at"))


def got_by(pk: int) -> list[dict[str, object]]:
    """Return which announcements came to member `pk`, and which did not and why."""
    rows: Any = AnnouncementRecipient.objects.filter(member=pk).order_by("pk")
    return list(rows.values("announcement__subject", "state", "turned_at"))


def leave(pk: int) -> None:
    """Leave member `pk` out of what is still to come to them, as they close their account."""
    due = [RecipientState.WAITING, RecipientState.GATHERED]
    rows = AnnouncementRecipient.objects.filter(member=pk, state__in=due)
    rows.update(state=RecipientState.SKIPPED)

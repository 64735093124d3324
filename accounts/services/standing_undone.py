"""What the standing of a member was, and putting that back when a decision is undone."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import Activity, Member
from accounts.models.member import MemberStatus
from accounts.services.standing import decidable, record_standing

# What is recorded whenever the standing of a member changes.
STANDING_VERBS = (
    *("member.approved", "member.declined", "member.limited", "member.suspended"),
    *("member.reinstated", "member.measure_undone", "member.closed"),
)


def standing_of(member: Member) -> dict[str, str | None]:
    """Return what `undo_standing` puts back, as JSON can keep it."""
    return {
        "status": member.status,
        "reason": member.status_reason,
        "until": member.status_until.isoformat() if member.status_until else None,
        "approved_at": member.approved_at.isoformat() if member.approved_at else None,
    }


def last_of_standing(member: Member) -> Activity | None:
    """Return what was recorded when the standing of `member` changed last."""
    found = Activity.objects.filter(subject=member, verb__in=STANDING_VERBS)
    return found.order_by("-pk").first()


@transaction.atomic
def undo_standing(member: Member, before: Mapping[str, str | None], *, by: Member) -> Member:
    """Put the standing of a member back to what it was `before` a decision, and tell them.

    An undo is no move of its own: it may lead back to where no decision leads, to waiting. A
    measure that would be over by now is not put back. Raises `PermissionDenied` if `by` may not
    decide over them.
    """
    current = decidable(member, by=by)
    old = current.get_status_display()
    until = _moment(before["until"])
    is_over = until is not None and until <= timezone.now()
    status = MemberStatus.ACTIVE if is_over else MemberStatus(str(before["status"]))
    current.status = status
    current.status_reason = "" if is_over else str(before["reason"] or "")
    current.status_until = None if is_over else until
    current.approved_at = _moment(before["approved_at"])
    current.save(update_fields=["status", "status_reason", "status_until", "approved_at"])
    return record_standing(current, "member.measure_undone", old=str(old), by=by)


def _moment(text: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None

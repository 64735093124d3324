"""Taking something in the queue on, so that two do not read it at once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from accounts.models import Member
from community.models import Claim
from community.models.moderation import CLAIM_HOLDS
from community.querysets.moderation import waiting_for
from core.errors import DomainError


def claims_in_force() -> Any:
    """Return those that have not ended by themselves."""
    return Claim.objects.filter(claimed_at__gt=timezone.now() - CLAIM_HOLDS)


@transaction.atomic
def claim(kind: str, pk: int, *, by: Member) -> Claim:
    """Take something on for half an hour; a second time it begins anew.

    Raises `PermissionDenied` if it does not wait for `by`, `DomainError` if somebody else has
    taken it on.
    """
    if not waiting_for(kind, by).filter(pk=pk).exists():
        raise PermissionDenied
    rows = Claim.objects.filter(kind=kind, object_pk=pk)
    Claim.objects.bulk_create([Claim(kind=kind, object_pk=pk, moderator=by)], ignore_conflicts=True)
    current = rows.select_for_update(no_key=True, of=("self",)).get()
    if current.moderator_id != by.pk and current.until > timezone.now():
        raise taken(current)
    current.moderator, current.claimed_at = by, timezone.now()
    current.save(update_fields=["moderator", "claimed_at"])
    return current


@transaction.atomic
def let_go(kind: str, pk: int, *, by: Member) -> None:
    """Leave something to the others again; what one has not taken on stays."""
    Claim.objects.filter(kind=kind, object_pk=pk, moderator=by).delete()


def refuse_claimed(kind: str, pk: int, *, by: Member) -> None:
    """Raise `DomainError` if somebody else has taken it on."""
    found = claims_in_force().filter(kind=kind, object_pk=pk).exclude(moderator=by)
    current = found.select_related("moderator").first()
    if current is not None:
        raise taken(current)


def taken(current: Claim) -> DomainError:
    """Return that somebody else is at it, and until when, in words."""
    until = time_format(timezone.localtime(current.until))
    words = {"name": current.moderator.name, "time": until}
    return DomainError(_("%(name)s has taken this on, until %(time)s.") % words)

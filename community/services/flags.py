"""Flags: members report something; a decision settles what was reported."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from accounts.services import record_activity
from community.models import Decision, Flag, FlagReason, FlagState
from community.querysets.moderation import flaggable_by
from community.services.moderation_mail import tell_moderators
from core.errors import DomainError

MOST_FLAGS = 20  # of a member in a day
NEEDS_WORDS = (FlagReason.WRONG_FACTS, FlagReason.OTHER)  # say nothing by themselves
DAY = datetime.timedelta(days=1)


@transaction.atomic
def flag(kind: str, thing: Any, *, reason: str, text: str = "", by: Member) -> Flag:
    """Report a thing to those who moderate it, and return the report; who has reported it and
    waits for a decision gets that one back.

    Raises `PermissionDenied` for what `by` may not see and for their own, `DomainError` for the
    21st report of a day, `ValidationError` without words where the reason needs some.
    """
    if not flaggable_by(kind, by).filter(pk=thing.pk).exists():
        raise PermissionDenied
    mine = Flag.objects.open().about(kind, thing).filter(member=by).first()
    if mine is not None:
        return mine
    recent = Flag.objects.filter(member=by, made_at__gt=timezone.now() - DAY)
    if recent.count() >= MOST_FLAGS:
        text_ = _("You have reported %(number)d things today. Please write to the moderators.")
        raise DomainError(text_ % {"number": MOST_FLAGS})
    if reason == FlagReason.WATCHED:  # the portal's own
        raise PermissionDenied
    if reason in NEEDS_WORDS and not text.strip():
        raise ValidationError({"text": _("Say in a few words what is wrong.")})
    return _save(kind, thing, reason=reason, text=text, by=by)


def flag_for_words(kind: str, thing: Any, words: str) -> Flag:
    """Report what holds watched words, as the portal itself, unless that waits already."""
    found = Flag.objects.open().about(kind, thing).filter(member=None).first()
    return found or _save(kind, thing, reason=FlagReason.WATCHED, text=words, by=None)


def _save(kind: str, thing: Any, *, reason: str, text: str, by: Member | None) -> Flag:
    new = Flag(member=by, reason=reason, text=text.strip(), **{kind: thing})
    new.clean_fields()
    waiting = set(Flag.objects.open().about(kind, thing).values_list("reason", flat=True))
    is_sensitive = reason == FlagReason.SENSITIVE and FlagReason.SENSITIVE not in waiting
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError:  # the same click a moment ago
        return Flag.objects.open().about(kind, thing).get(member=by)
    record_activity(
        "flag.raised", new, by=by, audience=ActivityAudience.MODERATORS, label="", url=""
    )
    if is_sensitive or not waiting:
        tell_moderators(kind, thing, new)
    return new


def settle(decision: Decision, state: str) -> list[Flag]:
    """Give the open reports of what was decided on their end, and return them."""
    found = Flag.objects.open().about(decision.kind, decision.thing)
    flags: list[Flag] = list(found.select_for_update(of=("self",)).order_by("pk"))
    for each in flags:
        each.state, each.decision = state, decision
        each.save(update_fields=["state", "decision"])
    return flags


def reopen(decision: Decision) -> list[Flag]:
    """Let the reports that a decision settled wait again, but for those of members who have
    reported the thing anew; return them.
    """
    flags: list[Flag] = []
    waiting = Flag.objects.open().about(decision.kind, decision.thing)
    again = set(waiting.values_list("member", flat=True))
    for each in decision.flags_settled.select_for_update(of=("self",)).order_by("pk"):
        if each.member_id not in again:
            each.state, each.decision = FlagState.OPEN, None
            each.save(update_fields=["state", "decision"])
            flags.append(each)
    return flags

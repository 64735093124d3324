"""From activities to notices: everybody who follows is told once, whatever ends on the way."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Activity, MailAddress, MailPace
from community.followed import KINDS
from community.gathering import line_of
from community.models import FanOut, Follow, FollowLevel, Notification, Reason
from community.models.notification import KIND_OF_MAIL, MOST_ATTEMPTS
from community.news import Link, all_links, is_news, links_of, told_to
from community.services.holding import HOLD, send_held, those_to_hold
from community.services.notice_lines import Line
from community.services.notice_mail import mail_of, send_mails
from community.services.notice_reading import Telling, members_by_key, readable
from community.services.quoting import written_in
from community.tasks import tell_followers as task
from core.tasks import enqueue_once

logger = structlog.get_logger(__name__)
PORTION = 20  # activities of one transaction
_Since = tuple[FollowLevel, datetime.datetime]


class _Why(NamedTuple):
    """How and why a member is told."""

    reason: Reason
    level: FollowLevel
    line: str = ""


def owe_telling(activities: Sequence[Activity]) -> None:
    """Note, in the transaction of the activities, that their followers are to be told, and wake
    the worker once after its commit.
    """
    owed = [FanOut(activity=each) for each in activities if is_news(each)]
    if owed:
        FanOut.objects.bulk_create(owed)
        enqueue_once(task)


def tell_followers() -> int:
    """Tell all who follow of all that is owed, and send the mail that was held back for a while;
    return of how many activities.

    Several workers share the work: what one has claimed the others pass over.
    """
    total = 0
    while number := _portion():
        total += number
    send_held()
    return total


def _portion() -> int:
    try:
        with transaction.atomic():
            return _tell(_claimed(PORTION))
    except Exception:
        logger.exception("telling_failed")
    return _one_by_one()


def _one_by_one() -> int:
    """Tell of each by itself, so that one which cannot be told does not keep the others waiting;
    count the attempts at that one.
    """
    done = 0
    for pk in list(_owed().order_by("pk").values_list("pk", flat=True)[:PORTION]):
        try:
            with transaction.atomic():
                done += _tell(_claimed(1, pk=pk))
        except Exception:
            logger.exception("telling_failed", fan_out=pk)
            FanOut.objects.filter(pk=pk).update(attempts=F("attempts") + 1)
    return done


def _owed() -> Any:
    return FanOut.objects.filter(attempts__lt=MOST_ATTEMPTS)


def _claimed(number: int, **which: Any) -> list[FanOut]:
    owed = _owed().filter(**which).select_for_update(skip_locked=True, of=("self",))
    return list(owed.select_related("activity").order_by("pk")[:number])


def _tell(owed: Sequence[FanOut]) -> int:
    """Write the notices of what was claimed, and the mail that is owed at once."""
    activities = [each.activity for each in owed]
    if activities:
        told = _told(activities)
        members = members_by_key({member for each in told.values() for member in each})
        tellings = [
            Telling(members[member], activity)
            for activity in activities
            for member in told[activity.pk]
            if member in members
        ]
        may_read = readable(tellings)
        tellings = [each for each in tellings if (each.member.pk, each.activity.pk) in may_read]
        _write(tellings, told)
        FanOut.objects.filter(pk__in=[each.pk for each in owed]).delete()
    return len(activities)


def _told(activities: Sequence[Activity]) -> dict[int, dict[int, _Why]]:
    """Return by activity who is to be told, and why: never who did it, nor for whom it is muted."""
    links = links_of(activities)
    follows = _follows(links)
    also = told_to(activities)
    found: dict[int, dict[int, _Why]] = {}
    for activity in activities:
        belongs_to = links.get(activity.pk, [])
        levels: dict[int, tuple[FollowLevel, Link]] = {}
        for link in belongs_to:
            for member, (level, since) in follows.get(link, {}).items():
                if since <= activity.at:
                    levels.setdefault(member, (level, link))  # what is nearest decides
        why = {
            member: _followed(activity, level, link, belongs_to[0])
            for member, (level, link) in levels.items()
            if level != FollowLevel.MUTE
        }
        for member, reason in also.get(activity.pk, {}).items():
            why[member] = _Why(reason, FollowLevel.WATCH)
        why.pop(activity.actor_id or 0, None)
        found[activity.pk] = why
    return found


def _followed(activity: Activity, level: FollowLevel, followed: Link, nearest: Link) -> _Why:
    is_quiet = level == FollowLevel.DIGEST
    line = line_of(activity, followed, nearest, is_quiet=is_quiet)
    return _Why(Reason.FOLLOWS, level, line)


def _follows(links: Mapping[int, list[Link]]) -> dict[Link, dict[int, _Since]]:
    """Return who follows each thing, how closely and since when: one query for each kind."""
    found: dict[Link, dict[int, _Since]] = {}
    for name, pks in all_links(links).items():
        rows = Follow.objects.of(KINDS[name], pks).order_by()
        for pk, member, level, at in rows.values_list(name, "member", "level", "created_at"):
            found.setdefault((name, pk), {})[member] = (FollowLevel(level), at)
    return found


def _write(tellings: Sequence[Telling], told: Mapping[int, Mapping[int, _Why]]) -> None:
    emails = {each.member.email for each in tellings}
    dead = set(
        MailAddress.objects.dead().filter(address__in=emails).values_list("address", flat=True)
    )
    notices, at_once = [], []
    for each in tellings:
        why = told[each.activity.pk][each.member.pk]
        pace = each.member.mail_pace(KIND_OF_MAIL[why.reason])
        is_quiet = why.level == FollowLevel.DIGEST
        leaves = pace == MailPace.AT_ONCE and not is_quiet and each.member.email not in dead
        notice = Notification(
            member=each.member,
            activity=each.activity,
            reason=why.reason,
            is_quiet=is_quiet,
            waits_for_mail=pace != MailPace.OFF and not leaves,
            line=why.line,
        )
        notices.append(notice)
        if leaves:
            at_once.append(notice)
    held = those_to_hold(at_once)
    until = timezone.now() + HOLD
    for notice in at_once:
        if (notice.member_id, notice.line) in held:
            notice.held_until = until
    Notification.objects.bulk_create(notices, ignore_conflicts=True, batch_size=1_000)
    _mail([notice for notice in at_once if notice.held_until is None])


def _mail(notices: Sequence[Notification]) -> None:
    """Owe the mail of each of these at once."""
    written = written_in(each.activity for each in notices)
    send_mails(mail_of(Line(each.member, [each]), written) for each in notices)

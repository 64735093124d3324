"""From activities to notices: everybody who follows is told once, whatever ends on the way."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Activity, MailAddress, MailPace, OutgoingMail
from accounts.services.notify import off_address, with_ways_out
from accounts.services.record import subject_line
from accounts.tasks import send_outgoing_mail
from community.followed import KINDS
from community.models import FanOut, Follow, FollowLevel, Notification, Reason
from community.models.notification import KIND_OF_MAIL
from community.news import Link, address_of, all_links, is_news, links_of, sentence_of, told_to
from community.reply_addresses import reply_address
from community.services.notice_reading import Telling, members_by_key, readable
from community.services.quoting import Written, said_of, written_in
from community.tasks import tell_followers as task
from core.tasks import enqueue, enqueue_once

logger = structlog.get_logger(__name__)
PORTION = 20  # activities of one transaction
_Since = tuple[FollowLevel, datetime.datetime]
MOST_ATTEMPTS = 5  # at an activity that cannot be told, before a person has to look


class _Why(NamedTuple):
    """How and why a member is told."""

    reason: Reason
    level: FollowLevel


def owe_telling(activities: Sequence[Activity]) -> None:
    """Note, in the transaction of the activities, that their followers are to be told, and wake
    the worker once after its commit.
    """
    owed = [FanOut(activity=each) for each in activities if is_news(each)]
    if owed:
        FanOut.objects.bulk_create(owed)
        enqueue_once(task)


def tell_followers() -> int:
    """Tell all who follow of all that is owed; return of how many activities.

    Several workers share the work: what one has claimed the others pass over.
    """
    total = 0
    while number := _portion():
        total += number
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
        levels: dict[int, FollowLevel] = {}
        for link in links.get(activity.pk, ()):
            for member, (level, since) in follows.get(link, {}).items():
                if since <= activity.at:
                    levels.setdefault(member, level)  # what is nearest decides
        why = {
            member: _Why(Reason.FOLLOWS, level)
            for member, level in levels.items()
            if level != FollowLevel.MUTE
        }
        for member, reason in also.get(activity.pk, {}).items():
            why[member] = _Why(reason, FollowLevel.WATCH)
        why.pop(activity.actor_id or 0, None)
        found[activity.pk] = why
    return found


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
    notices, mails = [], []
    written = written_in(each.activity for each in tellings)
    for each in tellings:
        why = told[each.activity.pk][each.member.pk]
        pace = each.member.mail_pace(KIND_OF_MAIL[why.reason])
        is_quiet = why.level == FollowLevel.DIGEST
        at_once = pace == MailPace.AT_ONCE and not is_quiet and each.member.email not in dead
        notices.append(
            Notification(
                member=each.member,
                activity=each.activity,
                reason=why.reason,
                is_quiet=is_quiet,
                waits_for_mail=pace != MailPace.OFF and not at_once,
            )
        )
        if at_once:
            mails.append(_mail(each, why.reason, written))
    Notification.objects.bulk_create(notices, ignore_conflicts=True, batch_size=1_000)
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=1_000)
    _send([mail.key for mail in mails])


def _send(keys: Iterable[str]) -> None:
    owed = OutgoingMail.objects.filter(key__in=list(keys), sent_at=None)
    for pk in owed.values_list("pk", flat=True):
        enqueue(send_outgoing_mail, pk)


def _mail(telling: Telling, reason: Reason, written: Written) -> OutgoingMail:
    member, activity = telling.member, telling.activity
    answered = written.get(activity.pk)
    with translation.override(member.language):
        off = off_address(member, KIND_OF_MAIL[reason])
        sentence = sentence_of(activity)
        text = _("%(what)s\n\n%(address)s\n\nWhy you are told: %(reason)s.") % {
            "what": sentence,
            "address": f"{settings.SITE_URL}{address_of(activity)}",
            "reason": reason.label,
        }
        return OutgoingMail(
            key=f"notice:{member.pk}:{activity.pk}",
            to=member.email,
            subject=subject_line(sentence),
            body=with_ways_out(said_of(answered, member, text), off),
            unsubscribe=off,
            reply_to=reply_address(answered.post, member.pk) if answered else "",
        )

"""Mail at once that waits a little, so that what happens often is told in one mail."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import structlog
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from accounts.models import MailAddress, MailPace, Member
from community.gathering import doing_of
from community.models import FanOut, Notification, Reason
from community.models.notification import KIND_OF_MAIL, MOST_ATTEMPTS
from community.services.notice_lines import lines_of
from community.services.notice_mail import mail_of, send_mails
from community.services.notice_reading import Telling, members_by_key, readable
from community.services.quoting import written_in

logger = structlog.get_logger(__name__)
HOLD = datetime.timedelta(minutes=5)  # in which nothing more of a line came
PORTION = 50  # lines of one transaction
MOST = 1_000  # lines of one call
Key = tuple[int, str]  # a member's number, and the name of a line


def those_to_hold(notices: Collection[Notification]) -> set[Key]:
    """Return the lines of these unsaved notices of which more came, comes with them or is owed:
    their mail waits. Three queries at most.
    """
    keys = Counter((each.member_id, each.line) for each in notices if each.line)
    if not keys:
        return set()
    held = {key for key, number in keys.items() if number > 1}
    # What is owed first: another worker may write its notices between the two questions.
    owed = _owed_often({doing_of(line) for _member, line in keys})
    held |= {key for key in keys if doing_of(key[1]) in owed}
    known = Notification.objects.filter(
        member__in={member for member, _line in keys}, line__in={line for _member, line in keys}
    )
    return held | (set(known.order_by().values_list("member", "line").distinct()) & keys.keys())


def _owed_often(doings: Collection[tuple[str, int]], above: int = 1) -> set[tuple[str, int]]:
    """Return what somebody did of which more than `above` activities are still to be told."""
    owed = FanOut.objects.filter(
        attempts__lt=MOST_ATTEMPTS,
        activity__verb__in={verb for verb, _actor in doings},
        activity__actor__in={actor for _verb, actor in doings},
    )
    rows = owed.order_by().values("activity__verb", "activity__actor").annotate(number=Count("pk"))
    often = rows.filter(number__gt=above)
    return set(often.values_list("activity__verb", "activity__actor")) & set(doings)


def send_held(now: datetime.datetime | None = None) -> int:
    """Owe the mail of lines to which nothing was added for a while, and of which nothing is
    still to be told; return how many mails.
    """
    now = now or timezone.now()
    due = _due(now)
    return sum(
        _release_or_log(due[start : start + PORTION], now) for start in range(0, len(due), PORTION)
    )


def _due(now: datetime.datetime) -> list[Key]:
    rows = Notification.objects.filter(held_until__isnull=False).order_by()
    lines = rows.values("member", "line").annotate(until=Max("held_until"))
    quiet = lines.filter(until__lte=now).order_by("until", "member")[:MOST]
    keys = list(quiet.values_list("member", "line"))
    owed = _owed_often({doing_of(line) for _member, line in keys}, above=0) if keys else set()
    return [key for key in keys if doing_of(key[1]) not in owed]


def _release_or_log(keys: Sequence[Key], now: datetime.datetime) -> int:
    """Release a portion of lines; if that fails, each by itself, so that none waits for one whose
    mail cannot be made: that stays held.
    """
    try:
        return _release(keys, now)
    except Exception:
        logger.exception("held_mail_failed", lines=list(keys))
        if len(keys) == 1:
            return 0
    return sum(_release_or_log([key], now) for key in keys)


@transaction.atomic
def _release(keys: Sequence[Key], now: datetime.datetime) -> int:
    """Mail what is held in these lines; two workers take turns, and the second finds nothing."""
    held = Notification.objects.filter(
        member__in={member for member, _line in keys},
        line__in={line for _member, line in keys},
        held_until__lte=now,
    )
    locked = held.select_for_update(of=("self",)).select_related("activity__subject")
    rows = [row for row in locked.order_by("-pk") if (row.member_id, row.line) in set(keys)]
    members = members_by_key({row.member_id for row in rows})
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(held_until=None)
    at_once, later = _by_pace(rows, members)
    Notification.objects.filter(pk__in=later).update(waits_for_mail=True)
    seen = readable(Telling(members[row.member_id], row.activity) for row in at_once)
    told = [row for row in at_once if (row.member_id, row.activity_id) in seen]
    written = written_in(row.activity for row in told)
    mails = [mail_of(line, written) for line in lines_of(told, members)]
    send_mails(mails)
    return len(mails)


def _by_pace(
    rows: Sequence[Notification], members: Mapping[int, Member]
) -> tuple[list[Notification], list[int]]:
    """Return what is mailed now, and the numbers of what waits for the mail that gathers all:
    what they chose meanwhile counts. Who takes no part any more gets none.
    """
    emails = {member.email for member in members.values()}
    dead = MailAddress.objects.dead().filter(address__in=emails)
    addresses = set(dead.values_list("address", flat=True))
    at_once, later = [], []
    for row in rows:
        member = members.get(row.member_id)
        pace = member.mail_pace(KIND_OF_MAIL[Reason(row.reason)]) if member else MailPace.OFF
        if member is None or pace == MailPace.OFF:
            continue
        if pace == MailPace.AT_ONCE and member.email not in addresses:
            at_once.append(row)
        else:
            later.append(row.pk)
    return at_once, later

"""The mail of the day and of the week: one for each member, at their morning, never empty."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import structlog
from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from accounts.models import DigestItem, MailAddress, MailPace, Member, OutgoingMail
from accounts.registers import DIGEST_SOURCES
from accounts.services.digest_text import News, write_digest
from accounts.tasks import send_outgoing_mail
from core.tasks import enqueue

logger = structlog.get_logger(__name__)
LOCK = 7_201_204_000_000  # of the database, plus the member's key
MORNING = 6  # o'clock, where the member lives
PORTION = 200  # members of one transaction
_LOCKS = """
SELECT pg_advisory_xact_lock(%s + each)
FROM (SELECT unnest(%s::bigint[]) AS each ORDER BY each) AS members
"""


class Due(NamedTuple):
    """A member whose mail is due, and of which day it is."""

    member: Member
    day: datetime.date
    until: Mapping[str, datetime.datetime]  # by kind: up to when what waits is told

    @property
    def key(self) -> str:
        return f"digest:{self.member.pk}:{self.day:%Y-%m-%d}"


def send_digests(now: datetime.datetime | None = None) -> int:
    """Owe each member whose morning has come, and for whom something waits, the one mail of this
    day; return how many.

    What comes once a week is told on Mondays. A morning that was missed is made up for; what
    comes after it waits for the next one.
    """
    now = now or timezone.now()
    due = _due(now)
    return sum(_tell(due[start : start + PORTION]) for start in range(0, len(due), PORTION))


def morning_of(member: Member, now: datetime.datetime) -> tuple[datetime.datetime, ...]:
    """Return the last morning and the last Monday's morning before `now` where the member is."""
    there = now.astimezone(zoneinfo.ZoneInfo(member.time_zone))
    morning = there.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if morning > there:
        morning -= datetime.timedelta(days=1)
    return morning, morning - datetime.timedelta(days=morning.weekday())


def _due(now: datetime.datetime) -> list[Due]:
    waiting: dict[int, dict[str, datetime.datetime]] = {}
    for pk, kind, since in chain(_items_waiting(), *(each.waiting() for each in DIGEST_SOURCES)):
        waiting.setdefault(pk, {})[kind] = since
    dead = MailAddress.objects.dead().values("address")
    members = Member.objects.taking_part().filter(pk__in=waiting).exclude(email__in=dead)
    found = (_due_to(member, waiting[member.pk], now) for member in members.order_by("pk"))
    return [due for due in found if due is not None]


def _items_waiting() -> Iterable[tuple[int, str, datetime.datetime]]:
    rows = DigestItem.objects.filter(told_at=None).order_by().values("member", "kind")
    return rows.annotate(since=Min("created_at")).values_list("member", "kind", "since")


def _due_to(
    member: Member, since: Mapping[str, datetime.datetime], now: datetime.datetime
) -> Due | None:
    daily, weekly = morning_of(member, now)
    until = {kind: weekly if member.mail_pace(kind) == MailPace.WEEKLY else daily for kind in since}
    until = {kind: moment for kind, moment in until.items() if since[kind] < moment}
    return Due(member, daily.date(), until) if until else None


def _tell(portion: Sequence[Due]) -> int:
    """Tell a portion of members; if that fails, each by themselves, so that nobody waits for one
    whose mail cannot be made.
    """
    try:
        return _tell_together(portion)
    except Exception:
        logger.exception("digests_failed", members=[each.member.pk for each in portion])
        if len(portion) == 1:
            return 0
    return sum(_tell([each]) for each in portion)


@transaction.atomic
def _tell_together(portion: Sequence[Due]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LOCKS, [LOCK, [each.member.pk for each in portion]])
    has_one = set(
        OutgoingMail.objects.filter(key__in=[each.key for each in portion]).values_list(
            "key", flat=True
        )
    )
    portion = [each for each in portion if each.key not in has_one]  # the rest waits for the next
    until = {(each.member.pk, kind): at for each in portion for kind, at in each.until.items()}
    items, news = _items_of(until), _news_of(portion, until)
    mails, told = [], []
    for each in portion:
        pk = each.member.pk
        written = write_digest(each.member, each.key, items.get(pk, []), news.get(pk, []))
        told += written.told
        mails += [written.mail] if written.mail else []
    DigestItem.objects.filter(pk__in=told).update(told_at=timezone.now(), body="")
    for mail in OutgoingMail.objects.bulk_create(mails):
        enqueue(send_outgoing_mail, mail.pk)
    return len(mails)


def _items_of(until: Mapping[tuple[int, str], datetime.datetime]) -> dict[int, list[DigestItem]]:
    """Return what waits for each member, read again: another worker may just have told it."""
    found: dict[int, list[DigestItem]] = {}
    members = {pk for pk, _kind in until}
    for item in DigestItem.objects.filter(member__in=members, told_at=None).order_by("pk"):
        moment = until.get((item.member_id, item.kind))
        if moment is not None and item.created_at < moment:
            found.setdefault(item.member_id, []).append(item)
    return found


def _news_of(
    portion: Sequence[Due], until: Mapping[tuple[int, str], datetime.datetime]
) -> dict[int, list[News]]:
    """Return what the apps above have to say to each member, but for what they want no more."""
    members = {each.member.pk: each.member for each in portion}
    found: dict[int, list[News]] = {}
    for source in DIGEST_SOURCES:
        for (pk, kind), said in source.take(members, until).items():
            if said and members[pk].mail_pace(kind) != MailPace.OFF:
                found.setdefault(pk, []).append(News(said, source.more))
    return found

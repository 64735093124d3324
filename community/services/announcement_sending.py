"""The worker's part in announcements: portion by portion into the outbox, each member once."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import structlog
from django.db import transaction
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone

from accounts.models import ActivityAudience, MailKind, MailPace, Member, OutgoingMail
from accounts.registers import DigestSource
from accounts.services import record_activity
from accounts.tasks import MAX_ATTEMPTS, send_outgoing_mail
from community.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementState,
    RecipientState,
)
from community.querysets.announcements import reachable
from community.services.announcement_mail import mail_to, parts_of, said
from community.tasks import send_announcements as task
from core.tasks import enqueue
from hubs.services.rows import sign

logger = structlog.get_logger(__name__)
PORTION = 50  # recipients of one transaction: less than a second, for who stops it waits
UNDER_WAY = 400  # mails of an announcement in the outbox at most, so that it can be stopped
LOOK_AFTER = 2  # seconds, where the outbox is full


def send_announcements() -> int:
    """Take the turns of all who wait for an announcement that is being sent, as long as there is
    room in the outbox, and end what is done; return of how many members.

    One worker is at an announcement at a time; others pass it over. Killed, it leaves a portion
    as it was, and the scheduler asks again.
    """
    total = 0
    for pk in list(Announcement.objects.sending().order_by("pk").values_list("pk", flat=True)):
        try:
            while number := _portion(pk):
                total += number
        except Exception:  # one that cannot be sent must not keep the others waiting
            logger.exception("announcement_failed", announcement=pk)
    return total


@transaction.atomic
def _portion(pk: int) -> int:
    rows = Announcement.objects.sending().select_for_update(
        no_key=True, skip_locked=True, of=("self",)
    )
    current = rows.filter(pk=pk).select_related("hub").first()
    if current is None:
        return 0
    settle(current)
    owed = current.recipients.filter(state=RecipientState.OWED)
    room = UNDER_WAY - owed.filter(mail__attempts=0).count()
    waiting = current.recipients.waiting().order_by("pk")
    if room <= 0:
        enqueue(task, after=LOOK_AFTER)
        return 0
    turns = list(waiting[: min(room, PORTION)])
    if turns:
        _turn(current, turns)
    elif not owed.exists():
        _end(current)
    return len(turns)


def _turn(current: Announcement, turns: Sequence[AnnouncementRecipient]) -> None:
    """Owe each the mail, leave it to the mail of their day or week, or leave out who takes no
    announcements any more.
    """
    members = reachable(Member.objects.all()).in_bulk([each.member_id for each in turns])
    parts, now = parts_of(current), timezone.now()
    mails: dict[int, OutgoingMail] = {}
    for each in turns:
        member = members.get(each.member_id)
        each.turned_at = now
        if member is None:
            each.state = RecipientState.SKIPPED
        elif member.mail_pace(MailKind.ANNOUNCEMENTS) != MailPace.AT_ONCE:
            each.state = RecipientState.GATHERED
        else:
            each.state = RecipientState.OWED
            key = f"announcement:{current.pk}:{each.member_id}"
            mails[each.pk] = mail_to(member, current, parts, key=key)
    OutgoingMail.objects.bulk_create(mails.values())
    for each in turns:
        each.mail = mails.get(each.pk)
    AnnouncementRecipient.objects.bulk_update(turns, ["state", "mail", "turned_at"])
    for mail in mails.values():
        enqueue(send_outgoing_mail, mail.pk)


def settle(announcement: Announcement) -> None:
    """Note of the mails that were owed which have left and which will not: the outbox knows."""
    owed = announcement.recipients.filter(state=RecipientState.OWED)
    owed.filter(mail__sent_at__isnull=False).update(state=RecipientState.MAILED)
    owed.filter(mail__attempts__gte=MAX_ATTEMPTS).update(state=RecipientState.FAILED)
    owed.filter(mail=None).update(state=RecipientState.SKIPPED)  # the account was closed


def _end(current: Announcement) -> None:
    current.state, current.ended_at = AnnouncementState.SENT, timezone.now()
    current.version += 1
    sign(current, None)
    current.save()
    record_activity("announcement.ended", current, by=None, audience=ActivityAudience.MODERATORS)


_Key = tuple[int, str]


def _waiting() -> Iterable[tuple[int, str, datetime.datetime]]:
    """Give who waits for announcements in the mail of their day or week, and since when."""
    rows = AnnouncementRecipient.objects.gathered().order_by().values("member")
    since = rows.annotate(since=Min("turned_at")).values_list("member", "since")
    return ((pk, MailKind.ANNOUNCEMENTS.value, moment) for pk, moment in since)


def _take(
    members: Mapping[int, Member], until: Mapping[_Key, datetime.datetime]
) -> dict[_Key, Sequence[Callable[[], str]]]:
    """Note that what waits is told, and return it. Whoever stops an announcement waits for this,
    or comes first: then it is told to nobody here.
    """
    kind = MailKind.ANNOUNCEMENTS.value
    rows = AnnouncementRecipient.objects.gathered().filter(member__in=members)
    due = []
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        moment = until.get((row.member_id, kind))
        if moment is not None and row.turned_at is not None and row.turned_at < moment:
            due.append(row)
    for row in due:
        is_off = members[row.member_id].mail_pace(kind) == MailPace.OFF
        row.state = RecipientState.SKIPPED if is_off else RecipientState.TOLD
    AnnouncementRecipient.objects.bulk_update(due, ["state"])
    announcements = Announcement.objects.in_bulk({row.announcement_id for row in due})
    found: dict[_Key, list[Callable[[], str]]] = {}
    for row in due:
        text = partial(said, announcements[row.announcement_id])
        found.setdefault((row.member_id, kind), []).append(text)
    return dict(found)


def _more() -> str:
    return reverse("community:announcements_got")


DIGEST_SOURCE = DigestSource(waiting=_waiting, take=_take, more=_more)

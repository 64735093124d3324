"""What waits in the queue, as moderators are told of it in their mail of the day or of the week."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from accounts.models import MailKind, MailPace, Member
from accounts.registers import DigestSource
from community.models import QueueTelling, SpacePerson, SpaceRole
from community.querysets.moderation import queue_for
from community.services.queue import WHYS

if TYPE_CHECKING:
    from accounts.querysets import MemberQuerySet

_Key = tuple[int, str]


def _deciding() -> MemberQuerySet:
    """Return who moderates the portal or a space."""
    spaces = SpacePerson.objects.filter(role=SpaceRole.MODERATOR).values("member")
    elevated = Member.objects.moderators().values("pk")
    found: MemberQuerySet = Member.objects.taking_part()
    return found.filter(Q(pk__in=elevated) | Q(pk__in=spaces))


def _waiting() -> Iterable[tuple[int, str, datetime.datetime]]:
    """Give for whom something waits, and since when: since they were last told, if it waited then
    already. One query for each who moderates: each has a queue of their own.
    """
    told = dict(QueueTelling.objects.values_list("member", "told_at"))
    for member in _deciding().order_by("pk"):
        if member.mail_pace(MailKind.QUEUE) != MailPace.OFF:
            for oldest in queue_for(member)[:1]:
                since = told.get(member.pk, oldest.since)
                yield member.pk, MailKind.QUEUE.value, max(since, oldest.since)


def _take(
    members: Mapping[int, Member], until: Mapping[_Key, datetime.datetime]
) -> dict[_Key, Sequence[Callable[[], str]]]:
    """Note who is told, and return what waits for each now; nothing for whom nothing does."""
    due = [members[pk] for pk, kind in until if kind == MailKind.QUEUE]
    before = dict(QueueTelling.objects.filter(member__in=due).values_list("member", "told_at"))
    said: dict[_Key, Sequence[Callable[[], str]]] = {}
    for member in due:
        rows = list(queue_for(member))
        if rows:
            say = partial(_say, rows, before.get(member.pk))
            said[member.pk, MailKind.QUEUE.value] = [say]
    now = timezone.now()
    QueueTelling.objects.bulk_create(
        [QueueTelling(member_id=pk, told_at=now) for pk, _kind in said],
        update_conflicts=True,
        unique_fields=["member"],
        update_fields=["told_at"],
    )
    return said


def _say(rows: Sequence[Any], before: datetime.datetime | None) -> str:
    """Return how much waits, of which reasons and since when; nothing that anybody wrote."""
    number = len(rows)
    oldest = date_format(timezone.localtime(rows[0].since), "DATE_FORMAT")
    waits = ngettext(
        "%(number)d thing waits for your decision, since %(date)s.",
        "%(number)d things wait for your decision, the oldest since %(date)s.",
        number,
    ) % {"number": number, "date": oldest}
    numbers = Counter(row.why for row in rows)
    reasons = [f"– {label}: {numbers[why]}" for why, label in WHYS.items() if numbers[why]]
    lines = [waits, *reasons]
    new = sum(1 for row in rows if before is not None and row.since > before)
    if before is not None:
        came = ngettext(
            "%(number)d came since you were last told.",
            "%(number)d came since you were last told.",
            new,
        )
        lines.append(came % {"number": new})
    return "\n".join([*lines, f"{settings.SITE_URL}{_more()}"])


def _more() -> str:
    return reverse("community:moderation")


def forget(pk: int) -> None:
    """Forget when member `pk`, who closes their account, was told of the queue."""
    QueueTelling.objects.filter(member=pk).delete()


QUEUE_SOURCE = DigestSource(waiting=_waiting, take=_take, more=_more)

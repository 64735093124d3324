"""A member's notices: read, summed up by mail, forgotten."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Min, Q
from django.urls import reverse
from django.utils import timezone

from accounts.registers import DigestSource
from community.models import Follow, Notification, Reason
from community.models.notification import KIND_OF_MAIL
from community.services.notice_lines import lines_of
from community.services.notice_mail import said_in_digest
from community.services.notice_reading import Telling, readable
from community.services.quoting import written_in

if TYPE_CHECKING:
    from accounts.models import Member

KEPT_FOR = datetime.timedelta(days=180)  # after it was read
PORTION = 5_000  # notices removed in one transaction
_Key = tuple[int, str]


@transaction.atomic
def mark_read(notices: Any, *, by: Member) -> int:
    """Note that `by` read these of their notices; return how many they had not read."""
    own = Notification.objects.filter(member=by.pk, read_at=None, pk__in=notices.values("pk"))
    return int(own.update(read_at=timezone.now()))


@transaction.atomic
def mark_line_read(newest: int, *, by: Member) -> int:
    """Note that `by` read notice `newest` and those of its line before it: what came to the line
    since the page was drawn was not shown.
    """
    own = Notification.objects.filter(member=by.pk)
    line = own.exclude(line="").filter(pk=newest).values("line")
    shown = own.filter(Q(pk=newest) | Q(line__in=line, pk__lt=newest), read_at=None)
    return int(shown.update(read_at=timezone.now()))


@transaction.atomic
def mark_all_read(*, by: Member, up_to: int) -> int:
    """Note that `by` read all up to notice `up_to`, the newest that they were shown; return how
    many they had not read. Of what they may not read any more nothing is kept for later either.
    """
    own = Notification.objects.filter(member=by.pk, read_at=None, pk__lte=up_to)
    return int(own.update(read_at=timezone.now()))


def forget_old_notices() -> int:
    """Remove notices that were read long ago and of which no mail is owed; return how many."""
    old = Notification.objects.filter(
        read_at__lt=timezone.now() - KEPT_FOR, waits_for_mail=False
    ).order_by("pk")
    total = 0
    while pks := list(old.values_list("pk", flat=True)[:PORTION]):
        total += Notification.objects.filter(pk__in=pks).delete()[0]
    return total


def forget_member(pk: int) -> None:
    """Forget what a member follows and was told, as they close their account."""
    Notification.objects.filter(member=pk).delete()
    Follow.objects.filter(member=pk).delete()


def _waiting() -> Iterable[tuple[int, str, datetime.datetime]]:
    """Give who waits for mail of which kind, and since when."""
    rows = Notification.objects.filter(waits_for_mail=True).order_by().values("member", "reason")
    oldest: dict[_Key, datetime.datetime] = {}
    for pk, reason, since in rows.annotate(since=Min("created_at")).values_list(
        "member", "reason", "since"
    ):
        key = (pk, KIND_OF_MAIL[Reason(reason)].value)
        oldest[key] = min(since, oldest.get(key, since))
    return ((pk, kind, since) for (pk, kind), since in oldest.items())


def _take(
    members: Mapping[int, Member], until: Mapping[_Key, datetime.datetime]
) -> dict[_Key, Sequence[Callable[[], str]]]:
    """Note that what waits is told, and return what of it may be read now."""
    rows = Notification.objects.filter(waits_for_mail=True, member__in=members)
    due = []
    for row in rows.select_related("activity__subject").order_by("-pk"):
        kind = KIND_OF_MAIL[Reason(row.reason)]
        moment = until.get((row.member_id, kind.value))
        if moment is not None and row.created_at < moment:
            due.append((kind, row))
    Notification.objects.filter(pk__in=[row.pk for _kind, row in due]).update(waits_for_mail=False)
    seen = readable(Telling(members[row.member_id], row.activity) for _kind, row in due)
    told = [row for _kind, row in due if (row.member_id, row.activity_id) in seen]
    written = written_in(row.activity for row in told)
    said: dict[_Key, list[Callable[[], str]]] = {}
    for line in lines_of(told, members):
        key = (line.member.pk, KIND_OF_MAIL[Reason(line.newest.reason)].value)
        said.setdefault(key, []).append(partial(said_in_digest, line, written))
    return dict(said)


def _more() -> str:
    return reverse("community:notification_list")


DIGEST_SOURCE = DigestSource(waiting=_waiting, take=_take, more=_more)

"""What stands in the mail of the day: plain text, in the member's language, of limited length."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import DigestItem, MailPace, Member, OutgoingMail
from accounts.services.notify import DIGEST, off_address, with_ways_out
from accounts.services.record import subject_line

MOST_BYTES = 30_000  # of a mail
ROOM = MOST_BYTES - 2_500  # for what is told; the rest is how to have less of it
_BETWEEN = "\n\n\n"


class News(NamedTuple):
    """What an app says, each by a function, and the path of the page that has all of it."""

    said: Sequence[Callable[[], str]]
    more: Callable[[], str]


class Written(NamedTuple):
    """The mail, None if there is nothing to tell, and the items that wait no longer."""

    mail: OutgoingMail | None
    told: list[int]


class _Sheet:
    """Text that grows as long as there is room for it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.number = 0
        self.left = ROOM

    def takes(self, text: str) -> bool:
        """Add a thing that is told; return whether there was room."""
        length = len(text.encode()) + len(_BETWEEN)
        if length > self.left:
            return False
        self.parts.append(text)
        self.left -= length
        self.number += 1
        return True


def write_digest(
    member: Member, key: str, items: Sequence[DigestItem], news: Sequence[News]
) -> Written:
    """Write the mail of a member. Items for which there is no room wait for the next one; of
    news that do not fit it is said how many there are and where.
    """
    sheet = _Sheet()
    with translation.override(member.language), timezone.override(_zone(member)):
        told = _write_items(sheet, member, items)
        for each in news:
            _write_news(sheet, each)
        mail = _mail(sheet, member, key) if sheet.parts else None
    return Written(mail, told)


def _zone(member: Member) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(member.time_zone)


def _write_items(sheet: _Sheet, member: Member, items: Sequence[DigestItem]) -> list[int]:
    told = []
    for item in items:
        if member.mail_pace(item.kind) != MailPace.OFF:
            text = f"{item.subject}\n\n{item.body}"
            if not sheet.takes(text):
                if sheet.parts:
                    break
                sheet.takes(_cut(text))
        told.append(item.pk)
    return told


def _cut(text: str) -> str:
    """Return as much of a text that is too long by itself as there is room for."""
    return text.encode()[: ROOM - 100].decode("utf-8", "ignore") + " […]"


def _write_news(sheet: _Sheet, news: News) -> None:
    texts = list(dict.fromkeys(say() for say in news.said))  # the same twice is told once
    for number, text in enumerate(texts):
        if not sheet.takes(text):
            left = len(texts) - number
            more = ngettext(
                "and %(number)d more: %(address)s", "and %(number)d more: %(address)s", left
            )
            sheet.parts.append(
                more % {"number": left, "address": f"{settings.SITE_URL}{news.more()}"}
            )
            sheet.number += left
            return


def _mail(sheet: _Sheet, member: Member, key: str) -> OutgoingMail:
    number = sheet.number
    subject = ngettext("%(number)d item", "%(number)d items", number) % {"number": number}
    off = off_address(member, DIGEST)
    body = with_ways_out(_BETWEEN.join(sheet.parts), off)
    return OutgoingMail(
        key=key,
        to=member.email,
        subject=subject_line(
            _("%(site)s: %(what)s") % {"site": settings.SITE_NAME, "what": subject}
        ),
        body=body,
        unsubscribe=off,
    )

"""Telling members by mail, as soon as they want it: at once, once a day, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import DigestItem, MailKind, MailPace, Member, OutgoingMail
from accounts.services.record import queue_mail, subject_line
from core.errors import StaleEdit
from core.naming import one_at_a_time

DIGEST = "digest"  # beside the kinds: all that come once a day
DIGEST_LOCK = 7_201_204_000_000  # of the database, plus the member's key
_SALT = "accounts.mail.off"


def notify(member: Member, kind: MailKind, *, key: str, subject: str, body: str) -> None:
    """Tell `member` something in their language, in the running transaction.

    `key` names the effect, as that of `queue_mail`: it is told once, whatever they choose
    meanwhile.
    """
    pace = member.mail_pace(kind)
    if pace == MailPace.DAILY and not OutgoingMail.objects.filter(key=key).exists():
        item = {"member": member, "kind": kind, "subject": subject_line(subject), "body": body}
        DigestItem.objects.get_or_create(key=key, defaults=item)
    elif pace == MailPace.AT_ONCE and not DigestItem.objects.filter(key=key).exists():
        _queue(member, kind, key=key, subject=subject, body=body)


def _queue(member: Member, kind: str, *, key: str, subject: str, body: str) -> None:
    off = off_address(member, kind)
    end = _("How soon you get such mail: %(choose)s\nNever again: %(off)s") % {
        "choose": f"{settings.SITE_URL}{reverse('accounts:mail_choices')}",
        "off": off,
    }
    body = f"{body}\n\n--\n{end}"
    queue_mail(key=key, to=member.email, subject=subject, body=body, unsubscribe=off)


def off_address(member: Member, kind: str) -> str:
    """Return the address that ends mail of a kind, or the digest, for whoever has the mail."""
    token = signing.dumps([member.pk, str(kind)], salt=_SALT)
    return f"{settings.SITE_URL}{reverse('accounts:mail_off', args=[token])}"


def ended_by(token: str) -> tuple[Member, str] | None:
    """Return whose mail of which kind `token` ends; None for a forged one, or once the account
    is closed.
    """
    try:
        pk, kind = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    member = Member.objects.exclude(status=Member.Status.CLOSED).filter(pk=pk).first()
    is_known = kind == DIGEST or kind in MailKind.values
    return (member, kind) if member and is_known else None


@transaction.atomic
def change_mail_choices(
    member: Member, choices: Mapping[str, str], *, expected_version: int
) -> Member:
    """Set how soon `member` wants mail of each kind; what is not in `choices` stays.

    Raises `StaleEdit` if they saved meanwhile.
    """
    current: Member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if current.version != expected_version:
        raise StaleEdit(
            _("You saved this in another window meanwhile. Nothing was saved now."),
            saved={kind: current.mail_pace(kind).value for kind in MailKind.values},
            version=current.version,
        )
    return _set_choices(current, choices)


@transaction.atomic
def end_mail(member: Member, kind: str) -> Member:
    """Send no more mail of a kind, or none that comes once a day. A second time changes
    nothing.
    """
    current: Member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    return _set_choices(current, dict.fromkeys(_kinds_of(current, kind), MailPace.OFF.value))


def gets_mail(member: Member, kind: str) -> bool:
    """Return whether anything is left to be ended by `end_mail`."""
    return any(member.mail_pace(each) != MailPace.OFF for each in _kinds_of(member, kind))


def _kinds_of(member: Member, kind: str) -> list[str]:
    if kind != DIGEST:
        return [kind]
    return [each for each in MailKind.values if member.mail_pace(each) == MailPace.DAILY]


def _set_choices(current: Member, choices: Mapping[str, str]) -> Member:
    before = current.mail_choices
    current.mail_choices = before | {kind: MailPace(pace).value for kind, pace in choices.items()}
    if current.mail_choices != before:
        current.version += 1
        current.save(update_fields=["mail_choices", "version"])
    return current


def send_digests() -> int:
    """Owe each member for whom something waits the one mail of this day; return how many."""
    waiting = DigestItem.objects.filter(told_at=None).order_by()
    members = waiting.values_list("member", flat=True).distinct()
    return sum(_digest(pk) for pk in list(members))


@transaction.atomic
def _digest(pk: int) -> int:
    one_at_a_time(DIGEST_LOCK + pk)
    now = timezone.now()
    key = f"digest:{pk}:{now:%Y-%m-%d}"
    member = Member.objects.taking_part().filter(pk=pk).first()
    if member is None or OutgoingMail.objects.filter(key=key).exists():
        return 0  # what came since the mail of this day waits for the next one
    items = list(DigestItem.objects.filter(member=member, told_at=None).order_by("pk"))
    wanted = [each for each in items if member.mail_pace(each.kind) != MailPace.OFF]
    if wanted:
        with translation.override(member.language):
            number = len(wanted)
            subject = ngettext("%(number)d item today", "%(number)d items today", number)
            subject = f"{settings.SITE_NAME}: {subject % {'number': number}}"
            body = "\n\n\n".join(f"{each.subject}\n\n{each.body}" for each in wanted)
            _queue(member, DIGEST, key=key, subject=subject, body=body)
    told: Any = DigestItem.objects.filter(pk__in=[each.pk for each in items])
    told.update(told_at=now, body="")
    return int(bool(wanted))

"""Telling members by mail, as soon as they want it: at once, once a day or week, or never."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import DigestItem, MailKind, MailPace, Member, OutgoingMail
from accounts.models.mail import GATHERED
from accounts.registers import decides
from accounts.returned import is_dead
from accounts.services.record import queue_mail, subject_line
from core.errors import StaleEdit

Words = Mapping[str, object]

DIGEST = "digest"  # beside the kinds: all that come in one mail
_SALT = "accounts.mail.off"


def notify(member: Member, kind: MailKind, *, key: str, subject: str, body: str) -> None:
    """Tell `member` something in their language, in the running transaction.

    `key` names the effect, as that of `queue_mail`: it is told once, whatever they choose
    meanwhile.
    """
    pace = member.mail_pace(kind)
    if pace != MailPace.OFF:
        _owe(member, kind, key, subject, body, waits=pace in GATHERED)


def notify_now(member: Member, kind: MailKind, *, key: str, subject: str, body: str) -> None:
    """Tell `member` something that cannot wait for the mail that gathers all: as `notify`, but
    at once for all who want mail of this kind.
    """
    if member.mail_pace(kind) != MailPace.OFF:
        _owe(member, kind, key, subject, body, waits=False)


def notify_each(
    people: Iterable[Member],
    kind: MailKind,
    *,
    key: str,
    subject: Promise | str,
    body: Promise | str,
    words: Words | Callable[[Member], Words],
    path: str = "/",
    by: Member | None = None,
    at_once: bool = False,
) -> None:
    """Tell each of `people` but `by` something in their language, in the running transaction:
    as `notify`, or as `notify_now` what is to be told `at_once`.

    `key` names the effect; whom it is told is added. The texts are filled with `words`, or what
    they are for a member, in whose language they are asked; with `by`, the name of whoever did
    it; and with `address`, the whole one of `path`.
    """
    tell = notify_now if at_once else notify
    around = {
        "by": by.name if by else settings.SITE_NAME,
        "address": f"{settings.SITE_URL}{path}",
    }
    for member in {each.pk: each for each in people}.values():
        if by is not None and member.pk == by.pk:
            continue
        with translation.override(member.language):
            told = words(member) if callable(words) else words
            filled = around | {name: str(word) for name, word in told.items()}
            texts = {"subject": str(subject) % filled, "body": str(body) % filled}
            tell(member, kind, key=f"{key}:{member.pk}", **texts)


def _owe(member: Member, kind: MailKind, key: str, subject: str, body: str, *, waits: bool) -> None:
    if waits or is_dead(member.email):  # then it waits until the address is put right
        if not OutgoingMail.objects.filter(key=key).exists():
            item = {"member": member, "kind": kind, "subject": subject_line(subject), "body": body}
            DigestItem.objects.get_or_create(key=key, defaults=item)
    elif not DigestItem.objects.filter(key=key).exists():
        off = off_address(member, kind)
        text = with_ways_out(body, off)
        queue_mail(key=key, to=member.email, subject=subject, body=text, unsubscribe=off)


def with_ways_out(body: str, off: str) -> str:
    """Return the text of a mail with what lets its reader have less of it, or none."""
    end = _("How soon you get such mail: %(choose)s\nNever again: %(off)s") % {
        "choose": f"{settings.SITE_URL}{reverse('accounts:mail_choices')}",
        "off": off,
    }
    return f"{body}\n\n--\n{end}"


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
    """Send no more mail of a kind, or none of those that come all in one. A second time changes
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
    paces = {each: member.mail_pace(each) for each in MailKind.values}
    # Of news that come at once some may be gathered, too: of what is followed more quietly.
    is_gathered = {each: pace in GATHERED for each, pace in paces.items()}
    is_gathered[MailKind.NEWS] = paces[MailKind.NEWS] != MailPace.OFF
    is_gathered[MailKind.QUEUE] = is_gathered[MailKind.QUEUE] and decides(member)
    return [each for each in MailKind.values if is_gathered[each]]


def _set_choices(current: Member, choices: Mapping[str, str]) -> Member:
    before = current.mail_choices
    current.mail_choices = before | {kind: MailPace(pace).value for kind, pace in choices.items()}
    if current.mail_choices != before:
        current.version += 1
        current.save(update_fields=["mail_choices", "version"])
    return current

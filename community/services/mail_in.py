"""Answers by mail: who sent it, what they wrote, and the post that becomes of it."""

from __future__ import annotations

import datetime
import hashlib
from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.services import queue_mail, receive_bounce
from community.models import MailOutcome, Post, ReceivedMail
from community.reply_addresses import Reply, reply_to
from community.services.posts import write_post
from core.errors import DomainError
from core.incoming_mail import FAULTS, IncomingMail, read_mail

MOST_RAW = 200_000  # bytes that are kept of a mail set aside
KEPT = datetime.timedelta(days=30)  # for which it is known what arrived


class _Fate(NamedTuple):
    """What becomes of a mail."""

    outcome: MailOutcome
    reason: str = ""
    post: Post | None = None


def receive_mail(raw: bytes) -> ReceivedMail:
    """Take a mail as a mail server hands it over; return what became of it.

    Never fails because of what somebody sent. The same mail again changes nothing.
    """
    if _is_report(raw):
        return _noted(raw, None, _Fate(MailOutcome.RETURNED))
    mail = read_mail(raw)
    if mail is None:
        return _noted(raw, None, _Fate(MailOutcome.QUARANTINED, "It cannot be read."))
    return _taken(raw, mail)


def _is_report(raw: bytes) -> bool:
    try:
        return receive_bounce(raw)
    except FAULTS:  # it is read again as any other mail
        return False


@transaction.atomic
def _taken(raw: bytes, mail: IncomingMail) -> ReceivedMail:
    """Note the mail and make the post of it in one transaction: both are there, or neither."""
    row = _noted(raw, mail, _Fate(MailOutcome.DROPPED))
    if row.reason or row.outcome != MailOutcome.DROPPED:
        return row  # it was here before
    fate = _fate(mail, row.digest)
    row.outcome, row.reason, row.post = fate.outcome, fate.reason[:300], fate.post
    if fate.outcome == MailOutcome.QUARANTINED:
        row.raw = raw[:MOST_RAW]
    row.save(update_fields=["outcome", "reason", "post", "raw"])
    return row


def _noted(raw: bytes, mail: IncomingMail | None, fate: _Fate) -> ReceivedMail:
    is_kept = fate.outcome == MailOutcome.QUARANTINED
    row, _is_new = ReceivedMail.objects.get_or_create(
        digest=_digest(raw, mail),
        defaults={
            "outcome": fate.outcome,
            "reason": fate.reason,
            "sender": mail.sender[:254] if mail else "",
            "subject": mail.subject if mail else "",
            "raw": raw[:MOST_RAW] if is_kept else None,
        },
    )
    return row


def _digest(raw: bytes, mail: IncomingMail | None) -> str:
    named = f"{mail.message_id} {mail.recipients}".encode() if mail and mail.message_id else raw
    return hashlib.sha256(named).hexdigest()


def _fate(mail: IncomingMail, digest: str) -> _Fate:
    if mail.is_automatic:
        return _Fate(MailOutcome.DROPPED, "A machine wrote it.")
    reply = next(filter(None, map(reply_to, mail.recipients)), None)
    if reply is None:
        return _Fate(MailOutcome.DROPPED, "It names no post of this portal.")
    member = _writer(reply, mail.sender)
    if member is None:
        return _Fate(MailOutcome.QUARANTINED, "Its sender is not the member it was told.")
    with translation.override(member.language):
        return _posted(mail, reply, member, digest)


def _writer(reply: Reply, sender: str) -> Member | None:
    """Return the member whom the address was given to, if the mail comes from an address that
    they proved to be theirs.
    """
    own = EmailAddress.objects.filter(user=reply.member, email__iexact=sender, verified=True)
    member: Member | None = Member.objects.taking_part().filter(pk=reply.member).first()
    return member if own.exists() else None


def _posted(mail: IncomingMail, reply: Reply, member: Member, digest: str) -> _Fate:
    """Write the post; tell who wrote it why not, with their text, where that is refused."""
    try:
        post = _answer(mail.text, reply, member)
    except (PermissionDenied, Post.DoesNotExist):
        why = _("You cannot answer there any more.")
    except ValidationError as error:
        why = " ".join(error.messages)
    except DomainError as error:
        why = str(error)
    else:
        return _Fate(MailOutcome.POSTED, post=post)
    _tell(mail, member, digest, why)
    return _Fate(MailOutcome.REFUSED, why)


@transaction.atomic
def _answer(text: str, reply: Reply, member: Member) -> Post:
    answered: Post = Post.objects.visible_to(member).select_related("thread").get(pk=reply.post)
    if not text:
        raise DomainError(_("We found no text of yours in it, only what it answers."))
    return write_post(answered.thread, text=text, by=member, answers=answered)


def _tell(mail: IncomingMail, member: Member, digest: str, why: str) -> None:
    body = _(
        "Your mail “%(subject)s” did not become a post.\n\n%(why)s\n\nWhat you wrote:\n\n%(text)s"
    ) % {"subject": mail.subject, "why": why, "text": mail.text[:20_000]}
    queue_mail(
        key=f"mail-in:{digest}",
        to=member.email,
        subject=_("Your answer by mail was not published"),
        body=body,
    )


def forget_received() -> int:
    """Remove what is known of mail that arrived long ago; return of how many."""
    old = ReceivedMail.objects.filter(received_at__lt=timezone.now() - KEPT)
    return old.delete()[0]

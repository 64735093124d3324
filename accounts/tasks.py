"""Background work of accounts: mail leaves here, exactly once."""

import datetime
from io import StringIO
from smtplib import SMTPException, SMTPRecipientsRefused

import structlog
from celery import shared_task
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import OutgoingMail
from accounts.returned import is_dead, message_id, note_bounce

logger = structlog.get_logger(__name__)
MAX_ATTEMPTS = 8  # tries before a mail waits for a person; the sweeper spaces them out
SWEEP_AFTER = datetime.timedelta(seconds=30)  # age at which an unsent mail counts as forgotten
PERMANENT = range(500, 600)  # what a mail server answers to an address that it will never know


@shared_task
def send_outgoing_mail(pk: int) -> int:
    """Send one mail of the outbox, unless it has left already; return how many left.

    The row stays locked while sending, so that two workers never send the same mail.
    """
    with transaction.atomic():
        mail = (
            OutgoingMail.objects.select_for_update(skip_locked=True)
            .filter(pk=pk, sent_at=None, attempts__lt=MAX_ATTEMPTS)
            .first()
        )
        if mail is None:
            return 0
        if mail.unsubscribe and is_dead(mail.to):
            _give_up(mail, "no mail but that about the account goes to this address")
            return 0
        try:
            message_of(mail).send()
        except (SMTPException, OSError) as error:
            if refused := _refused_for_good(error):
                note_bounce(mail.to, key=f"mail:{mail.pk}", code=refused[0], reason=refused[1])
                _give_up(mail, str(error))
                return 0
            mail.attempts += 1
            mail.last_error = str(error)[:300]
            mail.save(update_fields=["attempts", "last_error"])
            logger.warning("mail_failed", mail=pk, attempts=mail.attempts, error=str(error))
            return 0
        mail.sent_at = timezone.now()
        mail.body = mail.html = ""  # it may hold a link that signs somebody in
        mail.unsubscribe = ""
        mail.save(update_fields=["sent_at", "body", "html", "unsubscribe"])
    return 1


def message_of(mail: OutgoingMail) -> EmailMultiAlternatives:
    """Return a mail of the outbox as it leaves: the text first and, if there is one, its form."""
    reply_to = [mail.reply_to] if mail.reply_to else None
    message = EmailMultiAlternatives(
        mail.subject, mail.body, None, [mail.to], headers=_headers(mail), reply_to=reply_to
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _refused_for_good(error: Exception) -> tuple[str, str] | None:
    """Return code and text with which the one recipient was refused for good."""
    if not isinstance(error, SMTPRecipientsRefused):
        return None
    answers = list(error.recipients.values())
    if not answers or any(code not in PERMANENT for code, _text in answers):
        return None
    code, text = answers[0]
    return str(code), text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def _give_up(mail: OutgoingMail, reason: str) -> None:
    """Try it no more, unless a person asks for it."""
    mail.attempts, mail.last_error = MAX_ATTEMPTS, reason[:300]
    mail.save(update_fields=["attempts", "last_error"])
    logger.warning("mail_given_up", mail=mail.pk, error=reason)


def _headers(mail: OutgoingMail) -> dict[str, str]:
    """Return the name by which reports speak of a mail, and what lets a mail program offer
    "Unsubscribe" (RFC 2369, RFC 8058); of what goes to many also that no machine should answer
    (RFC 2919, RFC 3834).
    """
    named = {"Message-ID": message_id(mail.pk)}
    if mail.list_id:
        named |= {
            "List-Id": f"<{mail.list_id}>",
            "Precedence": "bulk",
            "Auto-Submitted": "auto-generated",
        }
    if not mail.unsubscribe:
        return named
    return named | {
        "List-Unsubscribe": f"<{mail.unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


@shared_task
def sweep_outgoing_mail() -> int:
    """Send what no task has sent; return how many left.

    A try that failed waits twice as long as the one before it.
    """
    now = timezone.now()
    waiting = OutgoingMail.objects.filter(
        sent_at=None, attempts__lt=MAX_ATTEMPTS, created_at__lt=now - SWEEP_AFTER
    ).values_list("pk", "attempts", "created_at")
    due = [pk for pk, attempts, at in waiting if now - at >= SWEEP_AFTER * 2**attempts]
    return sum(send_outgoing_mail(pk) for pk in due)


@shared_task
def end_expired_sanctions() -> int:
    """Lift the measures against members whose time is over; return how many."""
    return int(call_command("end_expired_sanctions", stdout=StringIO()) or 0)


@shared_task
def send_digests() -> int:
    """Owe each member whose morning it is the mail of the day or of the week; return how many."""
    return int(call_command("send_digests", stdout=StringIO()) or 0)

"""What a mail says of a line of notices: at once, or in the mail that gathers all."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import OutgoingMail
from accounts.services.notify import off_address, with_ways_out
from accounts.services.record import subject_line
from accounts.tasks import send_outgoing_mail
from community.models import Reason
from community.models.notification import KIND_OF_MAIL
from community.reply_addresses import reply_address
from community.services.notice_lines import Line
from community.services.quoting import Written, said_of
from core.tasks import enqueue

MOST_NAMED = 5  # things, or posts, of a line that a mail names


def mail_of(line: Line, written: Written) -> OutgoingMail:
    """Return the mail that tells of a line, in the language of its reader.

    It is known by the newest activity of the line, so that the same is not told twice.
    """
    member, reason = line.member, Reason(line.newest.reason)
    answered = written.get(line.activity.pk) if line.thing is None else None
    with translation.override(member.language):
        off = off_address(member, KIND_OF_MAIL[reason])
        text = _("%(what)s\n\n%(address)s\n\nWhy you are told: %(reason)s.") % {
            "what": "\n".join([line.text, *_names(line)]),
            "address": f"{settings.SITE_URL}{line.address}",
            "reason": reason.label,
        }
        text = said_of(answered, member, text) + _posts(line, written)
        return OutgoingMail(
            key=f"notice:{member.pk}:{line.activity.pk}",
            to=member.email,
            subject=subject_line(line.text),
            body=with_ways_out(text, off),
            unsubscribe=off,
            reply_to=reply_address(answered.post, member.pk) if answered else "",
        )


def said_in_digest(line: Line, written: Written) -> str:
    """Return what the mail that gathers all says of a line, in the language of now."""
    day = date_format(timezone.localtime(line.activity.at), "DATE_FORMAT")
    what = "\n".join([line.text, *_names(line)])
    text = f"{what}\n{day}\n{settings.SITE_URL}{line.address}"
    if line.thing is None:
        return said_of(written.get(line.activity.pk), line.member, text, names_address=True)
    return text + _posts(line, written)


def send_mails(mails: Iterable[OutgoingMail]) -> None:
    """Owe mails, but for those that were owed before, and have them sent after the commit."""
    made = list(mails)
    OutgoingMail.objects.bulk_create(made, ignore_conflicts=True, batch_size=1_000)
    owed = OutgoingMail.objects.filter(key__in=[mail.key for mail in made], sent_at=None)
    for pk in owed.values_list("pk", flat=True):
        enqueue(send_outgoing_mail, pk)


def _names(line: Line) -> list[str]:
    """Return what some of the gathered things are called, where it is not the same for all."""
    if line.thing is None:
        return []
    labels = dict.fromkeys(each.activity.label for each in line.notices)
    named = [label for label in labels if label and label != str(line.thing)]
    lines = [f"– {label}" for label in named[:MOST_NAMED]]
    return [*lines, "– …"] if len(named) > MOST_NAMED else lines


def _posts(line: Line, written: Written) -> str:
    """Return the words of the newest of the gathered posts, in their order."""
    if line.thing is None:
        return ""
    newest = [written.get(each.activity.pk) for each in line.notices[:MOST_NAMED]]
    return "".join(
        said_of(post, line.member, "", names_address=True) for post in reversed(newest) if post
    )

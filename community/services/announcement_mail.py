"""An announcement as a mail: plain text first, the same with its form, short enough."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import to_locale

from accounts.models import MailKind, Member, OutgoingMail
from accounts.services.notify import off_address, with_ways_out
from accounts.services.record import subject_line
from accounts.tasks import message_of
from community.models import Announcement
from core.text import render_markdown

MOST_BYTES = 30_000  # of a whole mail, as it leaves
# Places of this portal, as texts and pages write them: "](/hubs/x)", 'href="/hubs/x"'.
_OWN_IN_TEXT = re.compile(r"(\]\(<?|^\s*\[[^\]]+\]:\s*<?)(?=/(?!/))", re.MULTILINE)
_OWN_IN_HTML = re.compile(r'(<a [^>]*?href=")(?=/)')


class Parts(NamedTuple):
    """What stands in the two parts of a mail, without what lets its reader have less of it."""

    text: str
    html: SafeString


def parts_of(announcement: Announcement) -> Parts:
    """Return the text as it was written and the same made harmless HTML, with whole addresses."""
    site = settings.SITE_URL
    text = _OWN_IN_TEXT.sub(rf"\g<1>{site}", announcement.body.strip())
    html = _OWN_IN_HTML.sub(rf"\g<1>{site}", render_markdown(announcement.body))
    return Parts(text, mark_safe(html))  # noqa: S308 -- cleaned by `render_markdown`


def direction_of(language: str) -> str:
    """Return "rtl" or "ltr", as a language is written; "auto" if that is not known."""
    try:
        return str(Locale.parse(to_locale(language)).text_direction)
    except (UnknownLocaleError, ValueError):
        return "auto"


def page_of(announcement: Announcement) -> str:
    """Return the whole address at which who got an announcement reads it on the portal."""
    path = reverse("community:announcement_read", args=[announcement.pk])
    return f"{settings.SITE_URL}{path}"


def list_id() -> str:
    """Return how mail programs know all announcements (RFC 2919)."""
    return f"announcements.{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def mail_to(
    member: Member, announcement: Announcement, parts: Parts, *, key: str, is_test: bool = False
) -> OutgoingMail:
    """Return what is owed to `member`, not written yet; what surrounds the text is in their
    language.
    """
    with translation.override(member.language):
        off = off_address(member, MailKind.ANNOUNCEMENTS)
        subject = announcement.subject
        origin = f"{why(announcement)}\n{page_of(announcement)}"
        if is_test:
            subject = _("[Test] %(subject)s") % {"subject": subject}
        return OutgoingMail(
            key=key,
            to=member.email,
            subject=subject_line(subject),
            body=with_ways_out(f"{parts.text}\n\n{origin}", off),
            html=_html(announcement, parts, off),
            unsubscribe=off,
            list_id=list_id(),
        )


def why(announcement: Announcement) -> str:
    """Return, in the active language, from whom an announcement comes."""
    if announcement.hub is not None:
        text = _("An announcement of %(name)s. To read it on the portal:")
        return text % {"name": announcement.hub.name}
    return _("An announcement of %(name)s. To read it on the portal:") % {
        "name": settings.SITE_NAME
    }


def _html(announcement: Announcement, parts: Parts, off: str) -> str:
    context: dict[str, Any] = {
        "announcement": announcement,
        "html": parts.html,
        "direction": direction_of(announcement.language),
        "why": why(announcement),
        "page": page_of(announcement),
        "choices": f"{settings.SITE_URL}{reverse('accounts:mail_choices')}",
        "off": off,
    }
    return render_to_string("community/announcements/mail.html", context)


def refuse_too_long(announcement: Announcement, by: Member) -> None:
    """Raise `ValidationError` for a text with which a mail would be longer than `MOST_BYTES`."""
    unsaved = Announcement(
        pk=announcement.pk or 2**31,
        hub=announcement.hub,
        subject=announcement.subject,
        body=announcement.body,
        language=announcement.language,
    )
    mail = mail_to(by, unsaved, parts_of(unsaved), key="", is_test=True)
    mail.pk = 2**31
    length = len(message_of(mail).message().as_bytes())
    if length > MOST_BYTES:
        text = _(
            "The mail would have %(length)d kB, and %(most)d kB at most are taken. Shorten the "
            "text, or lead with a link to a page that has all of it."
        )
        raise ValidationError(
            {"body": text % {"length": -(-length // 1000), "most": MOST_BYTES // 1000}}
        )


def said(announcement: Announcement) -> str:
    """Return how an announcement stands in a mail that gathers several things."""
    return f"{announcement.subject}\n\n{parts_of(announcement).text}\n\n{page_of(announcement)}"

"""Announcements: drafted, changed, tried out, sent to a segment, stopped, thrown away."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member, OutgoingMail
from accounts.querysets import is_moderator
from accounts.services import record_activity
from accounts.tasks import send_outgoing_mail
from community.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementState,
    RecipientState,
    Thread,
    ThreadKind,
)
from community.querysets.announcements import (
    announcing_hubs,
    may_write,
    meant_by,
    posting_spaces,
    reachable,
)
from community.services.announcement_mail import mail_to, parts_of, refuse_too_long
from community.services.announcement_sending import settle
from community.services.segments import refuse_unknown
from community.services.threads import begin_thread
from community.tasks import send_announcements as task
from core.copying import copy_rows
from core.errors import DomainError
from core.tasks import enqueue
from hubs.services.rows import lock, readable, refuse_stale, save_changed, sign

if TYPE_CHECKING:
    from accounts.services import Change

FIELDS = ("subject", "body", "language", *Announcement.SEGMENT, "space")
OVERLAP_WITHIN = datetime.timedelta(days=14)


@transaction.atomic
def begin_announcement(*, hub: Any = None, by: Member, **columns: Any) -> Announcement:
    """Save the draft of an announcement of `columns` (`FIELDS`), and return it.

    Raises `PermissionDenied` unless `by` moderates the portal or heads `hub`, `ValidationError`
    if a column is wrong.
    """
    is_theirs = is_moderator(by) if hub is None else announcing_hubs(by).contains(hub)
    if not (may_write(by) and is_theirs):
        raise PermissionDenied
    announcement = Announcement(hub=hub, written_by=by, **columns)
    announcement.full_clean()
    _check(announcement, by)
    sign(announcement, by)
    announcement.save()
    _record("announcement.begun", announcement, by=by)
    return announcement


@transaction.atomic
def change_announcement(
    announcement: Announcement, *, changes: Mapping[str, Any], expected_version: int, by: Member
) -> Announcement:
    """Change a draft; return the saved row.

    Raises `PermissionDenied` if `by` may not, `StaleEdit` if it is not at `expected_version` any
    more, `DomainError` once it is sent, `ValidationError` if a column is wrong.
    """
    current: Any = _draft(announcement, by)
    refuse_stale(current, expected_version, readable(current, FIELDS))
    made = save_changed(current, changes, by=by)
    _check(current, by)
    _record("announcement.changed", current, by=by, changes=made)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def discard_announcement(announcement: Announcement, *, expected_version: int, by: Member) -> None:
    """Throw a draft away. Raises as `change_announcement`."""
    current: Any = _draft(announcement, by)
    refuse_stale(current, expected_version, readable(current, FIELDS))
    _record("announcement.discarded", current, by=by, url="")
    sign(current, by)
    current.delete()


@transaction.atomic
def test_announcement(announcement: Announcement, *, by: Member) -> OutgoingMail:
    """Owe `by` one mail as the recipients would get it, marked as a test; return it.

    Raises `PermissionDenied` if `by` may not, `DomainError` if it is no draft any more.
    """
    current = _draft(announcement, by)
    key = f"announcement-test:{current.pk}:{by.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
    mail = mail_to(by, current, parts_of(current), key=key, is_test=True)
    mail.save()
    enqueue(send_outgoing_mail, mail.pk)
    return mail


@transaction.atomic
def send_announcement(
    announcement: Announcement, *, expected_version: int, by: Member
) -> Announcement:
    """Fix who gets a draft, post it in its space if it names one, and let the worker mail it;
    return the saved row. It is sent once, however many ask for it.

    Raises `PermissionDenied` if `by` may not, `StaleEdit` if it is not at `expected_version` any
    more, `DomainError` if it was sent already, if nobody would get it, or if `by` cannot post in
    the space.
    """
    current: Any = _draft(announcement, by)
    refuse_stale(current, expected_version, readable(current, FIELDS))
    _check(current, by)
    members = list(reachable(meant_by(current)).order_by("pk").values_list("pk", flat=True))
    if not members:
        raise DomainError(_("Nobody would get this. Choose other members."))
    current.thread = _posted(current, by)
    current.state, current.started_at, current.started_by = (
        AnnouncementState.SENDING,
        timezone.now(),
        by,
    )
    _save(current, by)
    rows = ((current.pk, pk, RecipientState.WAITING.value) for pk in members)
    copy_rows(AnnouncementRecipient, ("announcement_id", "member_id", "state"), rows)
    _record("announcement.sent", current, by=by)
    enqueue(task)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def stop_announcement(announcement: Announcement, *, by: Member) -> Announcement:
    """Mail it to nobody else; return the saved row. What has left cannot be called back.

    Waits for the mails that are leaving at this moment, and for the portion that the worker is
    at. Raises `PermissionDenied` if `by` may not, `DomainError` if it is not being sent.
    """
    current: Any = _allowed(announcement, by)
    if current.state != AnnouncementState.SENDING:
        raise DomainError(_("This announcement is not being sent."))
    recipients = current.recipients.select_for_update(of=("self",)).order_by("pk")
    kept = [RecipientState.WAITING, RecipientState.GATHERED]
    list(recipients.filter(state__in=[*kept, RecipientState.OWED]).values_list("pk"))
    mails = OutgoingMail.objects.filter(
        announcement_recipient__announcement=current,
        announcement_recipient__state=RecipientState.OWED,
    )
    # A mail that is leaving is locked; once it has left it is not among these any more.
    unsent = list(
        mails.select_for_update(of=("self",)).filter(sent_at=None).values_list("pk", flat=True)
    )
    settle(current)
    ended = current.recipients.filter(state__in=kept) | current.recipients.filter(mail__in=unsent)
    ended.update(state=RecipientState.STOPPED)
    OutgoingMail.objects.filter(pk__in=unsent).delete()
    current.state, current.ended_at = AnnouncementState.STOPPED, timezone.now()
    current.stopped_by = by
    _save(current, by)
    _record("announcement.stopped", current, by=by)
    return current  # type: ignore[no-any-return]


def overlap_of(announcement: Announcement, *, by: Member) -> Any:
    """Return the last announcement of the last `OVERLAP_WITHIN` that went to some of those whom
    this one means, with how many of them: `overlap`; None if there is none that `by` may see.
    """
    others = Announcement.objects.visible_to(by).exclude(pk=announcement.pk)
    since = timezone.now() - OVERLAP_WITHIN
    return others.reaching(reachable(meant_by(announcement)), since=since).first()


def _allowed(announcement: Announcement, by: Member) -> Announcement:
    current = lock(announcement)
    if not Announcement.objects.editable_by(by).contains(current):
        raise PermissionDenied
    return current


def _draft(announcement: Announcement, by: Member) -> Announcement:
    current = _allowed(announcement, by)
    if not current.is_draft:
        raise DomainError(
            _("%(name)s sent this announcement on %(date)s already.")
            % {
                "name": current.started_by,
                "date": date_format(timezone.localtime(current.started_at), "DATETIME_FORMAT"),
            }
        )
    return current


def _check(announcement: Announcement, by: Member) -> None:
    """Raise `ValidationError` for a segment or space that `by` may not name, or a long mail."""
    refuse_unknown(announcement, by)
    space = announcement.space
    if space is not None and not posting_spaces(by).contains(space):
        text = _("You cannot post announcements in this space. Choose another, or none.")
        raise ValidationError({"space": text})
    refuse_too_long(announcement, by)


def _posted(announcement: Announcement, by: Member) -> Thread | None:
    if announcement.space is None:
        return None
    return begin_thread(
        announcement.space,
        title=announcement.subject,
        text=announcement.body,
        kind=ThreadKind.ANNOUNCEMENT,
        language=announcement.language,
        by=by,
    )


def _save(current: Announcement, by: Member) -> None:
    current.version += 1
    current.full_clean()
    sign(current, by)
    current.save()


def _record(
    verb: str,
    announcement: Announcement,
    *,
    by: Member | None,
    changes: Iterable[Change] = (),
    url: str | None = None,
) -> None:
    """Write down what was done; who writes announcements alone may know of it."""
    record_activity(
        verb,
        announcement,
        by=by,
        audience=ActivityAudience.MODERATORS,
        changes=changes,
        url=url,
    )

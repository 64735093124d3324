"""Messages to the moderators."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, ContactMessage, MailKind, Member
from accounts.services.notify import notify_each
from accounts.services.record import record_activity
from core.errors import DomainError


@transaction.atomic
def send_contact_message(
    *, kind: str, text: str, page: str, name: str, email: str, member: Member | None
) -> ContactMessage:
    """Keep a message and mail it to every moderator; no address of theirs is shown.

    Raises `ValidationError` if a column is wrong.
    """
    message = ContactMessage(kind=kind, text=text, page=page, name=name, email=email, member=member)
    message.full_clean()
    message.save()
    record_activity(
        "message.received",
        message,
        by=member,
        audience=ActivityAudience.MODERATORS,
        url=reverse("accounts:messages"),
    )
    notify_each(
        Member.objects.moderators(),
        MailKind.MODERATION,
        key=f"contact:{message.pk}",
        subject="%(kind)s (%(number)s)",
        body="%(sender)s\n%(page)s\n\n%(text)s\n\n%(address)s",
        words=lambda _moderator: {
            "kind": message.get_kind_display(),
            "number": message.pk,
            "sender": member.name if member else name or _("Somebody without an account"),
            "page": page,
            "text": text,
        },
        path=reverse("accounts:messages"),
    )
    return message


@transaction.atomic
def handle_message(message: ContactMessage, *, note: str, by: Member) -> ContactMessage:
    """Mark a message as dealt with. Raises `PermissionDenied` unless `by` moderates,
    `DomainError` if somebody has dealt with it already.
    """
    current = ContactMessage.objects.select_for_update(no_key=True, of=("self",)).get(pk=message.pk)
    if not ContactMessage.objects.visible_to(by).contains(current):
        raise PermissionDenied
    if current.handled_at is not None:
        raise DomainError(_("Somebody has dealt with this message already."))
    current.handled_at = timezone.now()
    current.handled_by = by
    current.note = note
    current.save(update_fields=["handled_at", "handled_by", "note"])
    record_activity(
        "message.handled",
        current,
        by=by,
        audience=ActivityAudience.MODERATORS,
        url=reverse("accounts:messages"),
    )
    return current

"""Asking somebody to join, and letting in who was asked."""

from __future__ import annotations

import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Invitation, Member
from accounts.services.record import queue_mail
from core.errors import DomainError

VALID = datetime.timedelta(days=30)  # for which an invitation can be taken up
MOST_A_DAY = 20  # that one member sends
_SALT = "accounts.invitation"


def may_invite(member: Member) -> bool:
    """Return whether `member` may ask others to join: who takes part, and where people come by
    invitation alone (JOIN_POLICY) the moderators.
    """
    if settings.JOIN_POLICY == "invitation":
        return member.is_moderator
    return member.takes_part


@transaction.atomic
def invite(email: str, *, message: str, language: str, by: Member) -> Invitation:
    """Ask the owner of an address to join, in `language`, and return the invitation.

    Who has an account already is sent nothing, and `by` is not told so. Raises `PermissionDenied`
    if `by` may not invite, `DomainError` after `MOST_A_DAY` in a day, or if they were asked by
    the same member already.
    """
    current: Member = Member.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not may_invite(current):
        raise PermissionDenied
    address = email.strip().lower()
    mine = Invitation.objects.filter(invited_by=current)
    mine.filter(accepted_by=None, sent_at__lt=timezone.now() - VALID).delete()
    if mine.filter(email=address, accepted_by=None).exists():
        raise DomainError(_("You have invited this address already."))
    day = timezone.now() - datetime.timedelta(days=1)
    if mine.filter(sent_at__gte=day).count() >= MOST_A_DAY:
        raise DomainError(_("You have sent many invitations today. Go on tomorrow."))
    made = Invitation(email=address, invited_by=current, language=language, message=message)
    made.full_clean()
    made.save()
    if not EmailAddress.objects.filter(email__iexact=address).exists():
        _send(made)
    return made


def _send(made: Invitation) -> None:
    with translation.override(made.language):
        name = made.invited_by.name
        text = _(
            "%(name)s asks you to join %(site)s.\n\n%(message)s\n\nTo join: %(address)s\n\nThe "
            "invitation holds for 30 days. If you do not know %(name)s, do nothing."
        ) % {
            "name": name,
            "site": settings.SITE_NAME,
            "message": made.message,
            "address": f"{settings.SITE_URL}{invitation_path(made)}",
        }
        subject = _("%(name)s invites you to %(site)s") % {
            "name": name,
            "site": settings.SITE_NAME,
        }
        queue_mail(key=f"invitation:{made.pk}", to=made.email, subject=subject, body=text)


def invitation_path(made: Invitation) -> str:
    """Return the address by which an invitation is taken up."""
    return reverse("accounts:invited", args=[signing.dumps(made.pk, salt=_SALT)])


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation that `token` names; None if it is forged, taken up or over, or if
    who sent it does not take part any more.
    """
    try:
        pk = signing.loads(token, salt=_SALT, max_age=VALID)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Invitation.objects.select_related("invited_by").filter(pk=pk, accepted_by=None).first()
    return found if found is not None and may_invite(found.invited_by) else None


def take_up(member: Member) -> Member | None:
    """Note that somebody invited has come, by any address they proved to be theirs; return the
    moderator whose invitation lets them in, None if there is none.
    """
    proved = EmailAddress.objects.filter(user=member, verified=True).values_list("email", flat=True)
    found = Invitation.objects.select_for_update(of=("self",)).select_related("invited_by")
    opened = found.filter(
        email__in=[address.lower() for address in proved],
        accepted_by=None,
        sent_at__gte=timezone.now() - VALID,
    )
    rows = sorted(opened, key=lambda row: (not row.invited_by.is_moderator, row.pk))
    if not rows:
        return None
    first = rows[0]
    first.accepted_by = member
    first.save(update_fields=["accepted_by"])
    return first.invited_by if first.invited_by.is_moderator else None

"""What belongs to a member: everything about them to take away, and the end of an account."""

from __future__ import annotations

import io
import json
import secrets
import zipfile

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import (
    Activity,
    ActivityAudience,
    Bounce,
    ContactMessage,
    DigestItem,
    Invitation,
    MailAddress,
    Member,
    OutgoingMail,
)
from accounts.models.member import MemberStatus
from accounts.registers import FORGET, MEMBER_CHANGED, OWN_DATA
from accounts.services.record import queue_mail, record_activity
from accounts.services.standing import waiting_key
from core.errors import DomainError, StaleEdit
from core.images import file_follows

# What members write themselves.
OWN_FIELDS = (
    "name",
    "organisation",
    "country",
    "languages",
    "language",
    "time_zone",
    "biography",
    "sectors",
    "photo",
    "visibility",
)
PROFILE_FIELDS = (
    "email",
    "name",
    "organisation",
    "country",
    "languages",
    "language",
    "time_zone",
    "biography",
    "sectors",
    "visibility",
    "mail_choices",
    "role",
    "status",
    "status_reason",
    "status_until",
    "joined_at",
    "approved_at",
    "last_login",
)


def export_own_data(member: Member) -> bytes:
    """Return everything about `member` as a zip with one JSON file."""
    data: dict[str, object] = {
        "profile": {name: getattr(member, name) for name in PROFILE_FIELDS},
        "addresses": list(
            EmailAddress.objects.filter(user=member).values("email", "verified", "primary")
        ),
        "acceptances": list(member.acceptances.values("text__kind", "text__version", "at")),
        "sessions": list(
            UserSession.objects.filter(user=member).values("created_at", "ip", "user_agent")
        ),
        "invitations": list(member.invitations.values("email", "message", "sent_at")),
        "messages_to_the_moderators": list(
            ContactMessage.objects.filter(member=member).values("kind", "text", "created_at")
        ),
        "activity": list(
            Activity.objects.filter(actor=member)
            .order_by("at")
            .values("at", "verb", "object_label", "object_url", "changes")
        ),
        "decisions_about_me": list(
            Activity.objects.about(app="accounts", model="member", pk=member.pk)
            .order_by("at")
            .values("at", "verb", "changes")
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=member).values("type", "created_at", "last_used_at")
        ),
        "mail": list(
            OutgoingMail.objects.filter(to=member.email).values("subject", "created_at", "sent_at")
        ),
        "mail_of_the_day": list(
            DigestItem.objects.filter(member=member).values("subject", "body", "created_at")
        ),
        "mail_that_came_back": list(
            Bounce.objects.filter(address__address=member.email).values("at", "code", "reason")
        ),
        **{name: rows(member.pk) for name, rows in OWN_DATA.items()},
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "my-data.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        )
        if member.photo:
            file.writestr("photo.jpg", member.photo.read())
    return archive.getvalue()


@transaction.atomic
def save_profile(member: Member, *, expected_version: int) -> Member:
    """Save what a member changed in their own profile; a photo they replaced is deleted.

    Raises `StaleEdit` with what is saved if they saved it in another window meanwhile.
    """
    before: Member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if before.version != expected_version:
        raise StaleEdit(
            _("You saved your profile in another window meanwhile. Nothing was saved now."),
            saved=saved_profile(before),
            version=before.version,
        )
    member.version = before.version + 1
    with file_follows(member, "photo", old=before.photo.name):
        member.save(update_fields=[*OWN_FIELDS, "version"])
    if member.name != before.name:
        for follow in MEMBER_CHANGED:
            follow(member.pk)
    return member


def saved_profile(member: Member) -> dict[str, object]:
    """Return what is saved now, by the names of the form's fields; lists of codes joined."""
    texts = [name for name in OWN_FIELDS if name not in ("photo", "visibility")]
    saved = {name: getattr(member, name) for name in texts}
    seen = {f"{name}_visibility": member.visibility_of(name) for name in Member.VISIBILITY_DEFAULTS}
    return {
        name: ", ".join(value) if isinstance(value, list) else value
        for name, value in (saved | seen).items()
    }


@transaction.atomic
def close_account(member: Member, *, by: Member) -> Member:
    """Close one's own account: who they were is wiped, what they contributed stays.

    Raises `PermissionDenied` for anybody else's, `DomainError` for the last administrator.
    """
    if by.pk != member.pk:
        raise PermissionDenied
    # Administrators are locked together, or the last two could leave at the same moment.
    administrators = Member.objects.taking_part().filter(role=Member.Role.ADMINISTRATOR)
    locked = Member.objects.select_for_update().order_by("pk")
    rows = {row.pk: row for row in locked.filter(Q(pk=member.pk) | Q(pk__in=administrators))}
    current: Member = rows.pop(member.pk)
    others = [row for row in rows.values() if row.is_administrator]
    if current.is_administrator and not others:
        raise DomainError(_("You are the only administrator. Name another one first."))
    return _close(current, by=current)


@transaction.atomic
def close_duplicate(member: Member, *, by: Member) -> Member:
    """Close an account whose member goes on with another one; the caller has locked it and
    knows that `by` may. Raises `PermissionDenied` for who is no administrator.
    """
    if not by.is_administrator or member.role != Member.Role.MEMBER:
        raise PermissionDenied
    return _close(member, by=by)


@transaction.atomic
def close_for_good(member: Member, *, by: Member, reason: str) -> Member:
    """Close the account of a member who is suspended: the last measure; they are told why.

    Raises `PermissionDenied` unless `by` is an administrator who decides over them,
    `DomainError` without a reason or for who is not suspended.
    """
    rows = Member.objects.select_for_update().order_by("pk").in_bulk([member.pk, by.pk])
    current, decider = rows[member.pk], rows[by.pk]
    is_theirs = Member.objects.approvable_by(decider).contains(current)
    if not (decider.is_administrator and is_theirs and current.role == Member.Role.MEMBER):
        raise PermissionDenied
    if current.status != MemberStatus.SUSPENDED:
        raise DomainError(_("Only the account of a suspended member can be closed."))
    if not reason.strip():
        raise DomainError(_("Give a reason; the member is told."))
    address, language = current.email, current.language
    closed = _close(current, by=decider)
    with translation.override(language):
        queue_mail(  # to the address that is wiped now: they are to know
            key=f"closed:{closed.pk}",
            to=address,
            subject=_("Your account is closed"),
            body=_("An administrator has closed your account at %(site)s.\n\n%(reason)s")
            % {"site": settings.SITE_NAME, "reason": reason.strip()},
        )
    return closed


def _close(current: Member, *, by: Member) -> Member:
    current.move_to(MemberStatus.CLOSED)
    address = current.email
    token = secrets.token_hex(8)
    current.name = _("Former member")
    current.slug = f"former-member-{token}"
    current.email = f"{token}@closed.invalid"
    for name in ("organisation", "country", "biography", "status_reason"):
        setattr(current, name, "")
    current.languages, current.sectors = [], []
    current.visibility, current.mail_choices = {}, {}
    current.role = Member.Role.MEMBER
    old_photo = current.photo.name
    current.photo = ""
    current.set_unusable_password()
    with file_follows(current, "photo", old=old_photo):
        current.save()
    says_they_wait = Q(key__startswith=f"{waiting_key(current)}:")
    DigestItem.objects.filter(Q(member=current) | says_they_wait).delete()
    OutgoingMail.objects.filter(Q(to=address) | says_they_wait).delete()
    MailAddress.objects.filter(address=address).delete()
    EmailAddress.objects.filter(user=current).delete()
    Authenticator.objects.filter(user=current).delete()
    for session in UserSession.objects.filter(user=current):
        session.end()
    ContactMessage.objects.filter(member=current).update(name="", email="")
    Invitation.objects.filter(invited_by=current, accepted_by=None).delete()
    for forget in FORGET:
        forget(current.pk)
    record_activity("member.closed", current, by=by, audience=ActivityAudience.MODERATORS)
    return current

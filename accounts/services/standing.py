"""The standing of members: approval, sanctions and roles."""

from __future__ import annotations

import datetime
import secrets

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Activity, ActivityAudience, MailKind, Member
from accounts.models.member import MemberRole, MemberStatus
from accounts.registers import APPEAL_ADDRESS, MEMBER_CHANGED
from accounts.services.inviting import take_up
from accounts.services.notify import notify_each
from accounts.services.record import queue_mail, record_activity
from core.errors import DomainError

SLUG_LENGTH = 60
MEASURES = (MemberStatus.LIMITED, MemberStatus.SUSPENDED)


def free_slug(name: str) -> str:
    """Return a name for addresses, made from `name` and a few random characters.

    Random rather than counted: two people of one name who sign up at once do not collide.
    """
    return f"{slugify(name)[:SLUG_LENGTH] or 'member'}-{secrets.token_hex(4)}"


def waiting_key(member: Member) -> str:
    """Return the key of what the moderators are told of a new member."""
    return f"member-waiting:{member.pk}"


@transaction.atomic
def settle_verified_member(member: Member) -> Member:
    """Let in a member who has verified an address, by JOIN_POLICY or since a moderator invited
    them, or tell the moderators.

    Does nothing for a member who is past that.
    """
    current = _lock(member)
    if current.status != MemberStatus.PENDING:
        return current
    inviting = take_up(current)
    if settings.JOIN_POLICY == "open" or inviting is not None:
        return _approve(current, by=inviting)
    notify_each(
        Member.objects.moderators(),
        MailKind.MODERATION,
        key=waiting_key(current),
        subject=gettext_lazy("%(name)s asks to join"),
        body=gettext_lazy(
            "%(name)s has verified an e-mail address and waits for approval.\n\n%(address)s"
        ),
        words={"name": current.name},
        path=reverse("accounts:moderation"),
    )
    return current


@transaction.atomic
def approve_member(member: Member, *, by: Member, reason: str = "") -> Member:
    """Let a waiting member in, and tell them.

    Raises `PermissionDenied` if `by` may not decide over them, `DomainError` if they were
    decided already.
    """
    current = decidable(member, by=by)
    if current.status != MemberStatus.PENDING:
        raise DomainError(_("This member was decided already."))
    return _approve(current, by=by, reason=reason)


@transaction.atomic
def admit_member(member: Member, *, by: Member) -> Member:
    """Let a waiting member in, if `by` may, and tell them; return the member as they are now.

    What else gives somebody a place calls it on the way. Does nothing for a member who is past
    waiting, or whom `by` may not let in.
    """
    current, decider = _lock_both(member, by)
    if not Member.objects.admissible_by(decider).contains(current):
        return current
    return _approve(current, by=decider)


@transaction.atomic
def decline_member(member: Member, *, by: Member, reason: str) -> Member:
    """Refuse a waiting member, with a reason that they are told. Raises as `approve_member`."""
    current = decidable(member, by=by)
    if current.status != MemberStatus.PENDING:
        raise DomainError(_("This member was decided already."))
    return _move(current, MemberStatus.SUSPENDED, "member.declined", by=by, reason=reason)


@transaction.atomic
def suspend_member(
    member: Member, *, by: Member, reason: str, until: datetime.datetime | None = None
) -> Member:
    """Shut a member out, for good or until a moment; they are told why.

    Raises `PermissionDenied`, or `DomainError` without a reason or for a closed account.
    """
    current = decidable(member, by=by)
    return _move(
        current, MemberStatus.SUSPENDED, "member.suspended", by=by, reason=reason, until=until
    )


@transaction.atomic
def limit_member(
    member: Member, *, by: Member, reason: str, until: datetime.datetime | None = None
) -> Member:
    """Limit what a member may do; they are told why. Raises as `suspend_member`."""
    current = decidable(member, by=by)
    return _move(current, MemberStatus.LIMITED, "member.limited", by=by, reason=reason, until=until)


@transaction.atomic
def reinstate_member(member: Member, *, by: Member, reason: str = "") -> Member:
    """Make a limited or suspended member active again. Raises as `suspend_member`."""
    current = decidable(member, by=by)
    if current.status == MemberStatus.PENDING:
        raise DomainError(_("This member waits for approval: approve them instead."))
    return _move(
        current,
        MemberStatus.ACTIVE,
        "member.reinstated",
        by=by,
        reason=reason or gettext_lazy("The measure was lifted."),
    )


@transaction.atomic
def change_role(member: Member, *, role: str, by: Member) -> Member:
    """Give a member another platform role; administrators only, and never to themselves."""
    current, decider = _lock_both(member, by)
    if not decider.is_administrator or current.pk == decider.pk:
        raise PermissionDenied
    if not current.takes_part:
        raise DomainError(_("This member's account is not active."))
    old = current.get_role_display()
    current.role = MemberRole(role)
    current.save(update_fields=["role"])
    changes = [{"field": "role", "old": old, "new": current.get_role_display()}]
    record_activity(
        "member.role_changed",
        current,
        by=by,
        audience=ActivityAudience.MODERATORS,
        changes=changes,  # type: ignore[arg-type]  # display texts may be lazy
    )
    return current


@transaction.atomic
def end_expired(member: Member) -> bool:
    """Lift a measure whose time is over; return whether there was one."""
    current = _lock(member)
    is_over = current.status_until is not None and current.status_until <= timezone.now()
    if current.status not in MEASURES or not is_over:
        return False
    over = gettext_lazy("Its time is over.")
    _move(current, MemberStatus.ACTIVE, "member.reinstated", by=None, reason=over)
    return True


def _lock(member: Member) -> Member:
    found: Member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    return found


def _lock_both(member: Member, by: Member) -> tuple[Member, Member]:
    """Return both as they are now, locked: whoever was just suspended decides no more."""
    # One order for everybody, or two administrators deciding over each other would wait forever.
    rows = Member.objects.select_for_update(no_key=True).order_by("pk").in_bulk([member.pk, by.pk])
    return rows[member.pk], rows[by.pk]


def decidable(member: Member, *, by: Member) -> Member:
    """Return the member locked; raise `PermissionDenied` if `by` may not decide over them."""
    current, decider = _lock_both(member, by)
    if not Member.objects.approvable_by(decider).contains(current):
        raise PermissionDenied
    return current


def _approve(member: Member, *, by: Member | None, reason: str = "") -> Member:
    member.approved_at = timezone.now()
    member.save(update_fields=["approved_at"])
    return _move(
        member,
        MemberStatus.ACTIVE,
        "member.approved",
        by=by,
        reason=reason or gettext_lazy("Welcome."),
    )


def _move(
    member: Member,
    status: MemberStatus,
    verb: str,
    *,
    by: Member | None,
    reason: str | Promise,
    until: datetime.datetime | None = None,
) -> Member:
    with translation.override(member.language):  # a reason of the portal's own is for the member
        told = str(reason).strip()[:1_000]
    if not told:
        raise DomainError(_("Give a reason; the member is told."))
    if until is not None and until <= timezone.now():
        raise DomainError(_("The end must be in the future."))
    old = member.get_status_display()
    if member.status == status and status != MemberStatus.SUSPENDED:
        raise DomainError(_("This member is “%(status)s” already.") % {"status": old})
    if member.status != status:
        member.move_to(status)
    member.status_reason = told
    member.status_until = until
    member.save(update_fields=["status", "status_reason", "status_until"])
    return record_standing(member, verb, old=str(old), by=by)


def record_standing(member: Member, verb: str, *, old: str, by: Member | None) -> Member:
    """Let others follow a changed standing, record it and tell the member."""
    for follow in MEMBER_CHANGED:
        follow(member.pk)
    activity = record_activity(
        verb,
        member,
        by=by,
        audience=ActivityAudience.MODERATORS,
        changes=[
            {"field": "status", "old": old, "new": str(member.get_status_display())},
            {"field": "reason", "old": None, "new": member.status_reason},
        ],
    )
    _tell(member, activity)
    return member


def _tell(member: Member, activity: Activity) -> None:
    with translation.override(member.language):
        body = _("Your account at %(site)s is now: %(status)s.\n\n%(reason)s\n\n%(address)s") % {
            "site": settings.SITE_NAME,
            "status": member.get_status_display(),
            "reason": member.status_reason,
            "address": settings.SITE_URL,
        }
        for address in APPEAL_ADDRESS if member.status in MEASURES else ():
            appeal = _("You can ask that another moderator looks at this again: %(address)s")
            told = appeal % {"address": f"{settings.SITE_URL}{address(member.pk, activity.pk)}"}
            body = f"{body}\n\n{told}"
        queue_mail(
            key=f"standing:{activity.pk}",
            to=member.email,
            subject=_("Your account: %(status)s") % {"status": member.get_status_display()},
            body=body,
        )

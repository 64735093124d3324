"""Joining a hub: asked for by the member, decided by its heads or by moderators."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ActivityAudience, MailKind, Member
from accounts.services import admit_member, notify_each, record_activity
from core.dates import today
from core.errors import DomainError
from hubs.models import Hub, Membership
from hubs.services.rows import lock, sign


@transaction.atomic
def request_membership(hub: Hub, *, role: str, message: str, by: Member) -> Membership:
    """Ask for a role in a hub, for oneself; its heads are told, or else the moderators.

    Who waits for approval may ask too: who confirms lets them in. Raises `PermissionDenied`
    if `by` neither takes part nor waits, or may not see the hub, `ValidationError` if the role
    is unknown, held or asked for already.
    """
    # One request at a time a member: two clicks make one request and one refusal.
    Member.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not Member.objects.may_join().contains(by) or not Hub.objects.visible_to(by).contains(hub):
        raise PermissionDenied
    membership = Membership(member=by, hub=hub, role=role, message=message)
    membership.full_clean()
    sign(membership, by)
    membership.save()
    _record("membership.requested", membership, by=by)
    path = reverse("hubs:membership_list", args=[hub.slug])
    _tell(
        _deciders(hub, but=by),
        key=f"membership-requested:{membership.pk}",
        subject=gettext_lazy("%(member)s asks to join %(hub)s"),
        body=gettext_lazy("%(member)s asks to be %(role)s of %(hub)s.\n\nDecide here: %(address)s"),
        membership=membership,
        path=path,
    )
    return membership


@transaction.atomic
def confirm_membership(membership: Membership, *, by: Member) -> Membership:
    """Confirm a membership that was asked for; its rights hold from now on.

    A member who waits for approval is let into the portal with it. Raises `PermissionDenied`
    if `by` neither heads the hub nor moderates or is the member, `DomainError` if it was
    decided already or the member no longer takes part.
    """
    current = _decidable(membership, by=by)
    current.member = admit_member(current.member, by=by)
    if not current.member.takes_part:
        raise DomainError(_("This member's account is not active."))
    current.confirmed_at = timezone.now()
    current.confirmed_by = by
    _save(current, by=by)
    _record("membership.confirmed", current, by=by, audience=ActivityAudience.MEMBERS)
    _tell(
        [current.member],
        key=f"membership-confirmed:{current.pk}",
        subject=gettext_lazy("You are now %(role)s of %(hub)s"),
        body=gettext_lazy("Your role in %(hub)s was confirmed: %(role)s.\n\n%(address)s"),
        membership=current,
        path=current.hub.get_absolute_url(),
    )
    return current


@transaction.atomic
def decline_membership(membership: Membership, *, reason: str, by: Member) -> Membership:
    """Decline a membership that was asked for, with a reason that the member is told.

    Raises as `confirm_membership`, and `DomainError` without a reason.
    """
    current = _decidable(membership, by=by)
    if not reason.strip():
        raise DomainError(_("Say why, so that the member knows."))
    current.declined_at = timezone.now()
    current.decline_reason = reason.strip()
    current.clean_fields()
    _save(current, by=by)
    _record("membership.declined", current, by=by)
    _tell(
        [current.member],
        key=f"membership-declined:{current.pk}",
        subject=gettext_lazy("Your request to join %(hub)s was declined"),
        body=gettext_lazy(
            "You asked to be %(role)s of %(hub)s. This was declined:\n\n%(reason)s\n\n%(address)s"
        ),
        membership=current,
        path=current.hub.get_absolute_url(),
    )
    return current


@transaction.atomic
def end_membership(membership: Membership, *, by: Member) -> Membership:
    """End a membership today, or take back a request; its rights end at once.

    Raises `PermissionDenied` unless it is one's own, or `by` heads the hub or moderates;
    `DomainError` if it has ended or was declined already.
    """
    current: Membership = lock(membership)
    if not Membership.objects.endable_by(by).contains(current):
        raise PermissionDenied
    if current.declined_at is not None or current.has_ended:
        raise DomainError(_("This membership has ended already."))
    if current.confirmed_at is None:
        current.declined_at = timezone.now()
        current.decline_reason = _("Taken back")
    else:
        current.end(today())
    _save(current, by=by)
    _record("membership.ended", current, by=by)
    return current


def _decidable(membership: Membership, *, by: Member) -> Membership:
    current: Membership = lock(membership)
    if not Membership.objects.confirmable_by(by).contains(current):
        raise PermissionDenied
    if current.confirmed_at is not None or current.declined_at is not None:
        raise DomainError(_("This request was decided already."))
    return current


def _save(membership: Membership, *, by: Member) -> None:
    sign(membership, by)
    membership.save()


def _record(
    verb: str,
    membership: Membership,
    *,
    by: Member,
    audience: ActivityAudience = ActivityAudience.MODERATORS,
) -> None:
    url = reverse("hubs:membership_list", args=[membership.hub.slug])
    record_activity(
        verb,
        membership,
        by=by,
        audience=audience,
        url=url,
        label=membership.get_role_display(),
        subject=membership.member,
    )


def _deciders(hub: Hub, *, but: Member) -> list[Member]:
    """Return the hub's heads, or the moderators where it has none."""
    heads = Membership.objects.in_force().filter(hub=hub, role=Membership.Role.HEAD)
    people = Member.objects.taking_part().filter(pk__in=heads.values("member")).exclude(pk=but.pk)
    return list(people or Member.objects.moderators().exclude(pk=but.pk))


def _tell(
    people: Iterable[Member],
    *,
    key: str,
    subject: Promise,
    body: Promise,
    membership: Membership,
    path: str,
) -> None:
    notify_each(
        people,
        MailKind.MEMBERSHIPS,
        key=key,
        subject=subject,
        body=body,
        words=lambda _person: {
            "member": membership.member.name,
            "hub": membership.hub.name,
            "role": membership.get_role_display(),
            "reason": membership.decline_reason,
        },
        path=path,
    )

"""Appeals: a member asks once, another moderator decides once."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Activity, ActivityAudience, Member
from accounts.services import last_of_standing, record_activity, reinstate_member
from community.models import Act, Appeal, AppealState, Claim, Decision
from community.services.claims import refuse_claimed
from community.services.deciding import lock_thing
from community.services.moderation_mail import tell_of_appeal
from community.services.undoing import reverse as reverse_decision
from core.errors import DomainError
from hubs.services.rows import lock

_SALT = "community.appeal"
AGAINST = (Act.REMOVE, Act.DECLINE)  # what is done to a member, besides measures
MEASURES = ("member.limited", "member.suspended", "member.declined")


def appeal_path(member: int, activity: int) -> str:
    """Return where a member appeals against a measure without signing in; for them alone."""
    token = signing.dumps([member, activity], salt=_SALT)
    return reverse("community:appeal_by_link", args=[token])


def measure_of(token: str) -> tuple[Member, Activity] | None:
    """Return whose appeal against which measure `token` opens; None for a forged one, and once
    the account is closed.
    """
    try:
        member, activity = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Activity.objects.filter(pk=activity, subject=member, verb__in=MEASURES).first()
    person = Member.objects.exclude(status=Member.Status.CLOSED).filter(pk=member).first()
    return (person, found) if found and person else None


def may_appeal(decision: Decision) -> bool:
    """Return whether its member can appeal against a decision: it stands, went against them and
    they have not asked yet.
    """
    against = decision.act in AGAINST or decision.measure != ""
    return against and decision.undone_at is None and not hasattr(decision, "appeal")


@transaction.atomic
def appeal(decision: Decision, *, text: str, by: Member) -> Appeal:
    """Ask that another moderator looks at a decision about oneself; a second time the first is
    returned. Raises `PermissionDenied` for that of others, `DomainError` if it stands no more,
    `ValidationError` without words.
    """
    current: Any = lock(decision)
    if current.member_id != by.pk:
        raise PermissionDenied
    found = Appeal.objects.filter(decision=current).first()
    if found is not None:
        return found
    if not may_appeal(current):
        raise DomainError(_("There is nothing in this decision to appeal against any more."))
    return _save(Appeal(member=by, decision=current, text=text.strip()))


@transaction.atomic
def appeal_measure(member: Member, measure: Activity, *, text: str) -> Appeal:
    """Ask so about a measure, for who may be shut out. Raises as `appeal`, and `DomainError` if
    the measure has ended.
    """
    current = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    decision = Decision.objects.filter(sanction=measure).first()
    if decision is not None:
        return appeal(decision, text=text, by=current)
    found = Appeal.objects.filter(measure=measure).first()
    if found is not None:
        return found
    if not is_in_force(current, measure):
        raise DomainError(_("This measure has ended already."))
    return _save(Appeal(member=current, measure=measure, text=text.strip()))


def is_in_force(member: Member, measure: Activity) -> bool:
    """Return whether nothing has changed the standing of `member` since `measure`."""
    last = last_of_standing(member)
    return last is not None and last.pk == measure.pk


def _save(new: Appeal) -> Appeal:
    new.full_clean()
    new.save()
    _record("appeal.made", new, by=new.member)
    return new


@transaction.atomic
def decide_appeal(appeal: Appeal, *, is_granted: bool, reason: str, by: Member) -> Appeal:
    """Grant an appeal, which reverses the decision, or refuse it; the member is told why.

    Raises `PermissionDenied` for who took the decision or may not judge what it is about,
    `DomainError` if it was decided, without a reason, or where it cannot be reversed because
    something else has changed since.
    """
    thing = _locked_thing(appeal, by)
    current: Any = lock(appeal)
    if current.state != AppealState.OPEN:
        told = _("%(name)s has decided on this appeal already: %(state)s")
        words = {"name": current.decided_by.name, "state": current.get_state_display()}
        raise DomainError(told % words)
    if not Appeal.objects.decidable_by(by).filter(pk=current.pk).exists():
        raise PermissionDenied
    refuse_claimed("appeal", current.pk, by=by)
    if not reason.strip():
        raise DomainError(_("Say why. The member is told."))
    if is_granted:
        _grant(current, thing, reason.strip(), by)
    current.state = AppealState.GRANTED if is_granted else AppealState.REFUSED
    current.decided_by, current.decided_at = by, timezone.now()
    current.reason = reason.strip()[:500]
    current.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    _log(current, thing, by)
    Claim.objects.filter(kind="appeal", object_pk=current.pk).delete()
    _record("appeal.decided", current, by=by)
    tell_of_appeal(current)
    return current  # type: ignore[no-any-return]


def _locked_thing(appeal: Appeal, by: Member) -> Any:
    decision = appeal.decision
    kind, thing = (decision.kind, decision.thing) if decision else ("person", appeal.member)
    return lock_thing(kind, thing, by=by)


def _grant(current: Any, thing: Any, reason: str, by: Member) -> None:
    if current.decision is not None:
        decision: Any = lock(current.decision)
        if decision.undone_at is None:
            reverse_decision(decision, thing, by=by)
    elif is_in_force(current.member, current.measure):
        reinstate_member(current.member, by=by, reason=reason)


def _log(current: Any, thing: Any, by: Member) -> None:
    """Write the decision on an appeal among those on what it is about."""
    kind = current.decision.kind if current.decision else "person"
    Decision.objects.create(
        act=Act.GRANTED if current.state == AppealState.GRANTED else Act.REFUSED,
        reason=current.reason,
        moderator=by,
        member=current.member,
        **{kind: thing},
    )


def _record(verb: str, appeal: Appeal, *, by: Member) -> None:
    audience = ActivityAudience.MODERATORS
    record_activity(verb, appeal, by=by, audience=audience, label="", url="")
